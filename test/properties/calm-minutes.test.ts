import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyMarket, anyScript } from '../support/any-script.ts';
import type { ScriptedRun } from '../support/scripted-run.ts';
import { playScripts } from '../support/scripted-run.ts';
import { cases, isSoak } from '../support/soak.ts';

const numRuns = cases({ ci: 25, soak: 2_000 });
/** A target that nobody reaches: it acts on nothing, but with it every mark is announced, so no minute is played straight through. */
const WATCHED = { profitPerDayTarget: 1_000_000_000_000 };

test('minutes that concern nobody leave the same journal and money as when every quote is announced', {
  timeout: isSoak ? 1_800_000 : 120_000,
}, () => {
  fc.assert(
    fc.property(anyMarket, anyScript, anyScript, fc.constantFrom('free', 'limited'), (shape, script, other, pace) => {
      const run: ScriptedRun = { shape, scripts: [script, { ...other, name: 'other' }], pace };
      const calm = playScripts(run).played;
      const watched = playScripts({ ...run, risk: WATCHED }).played;
      expect(calm.text).toBe(watched.text);
      expect(calm.money).toEqual(watched.money);
    }),
    { numRuns },
  );
});
