import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paise } from '../../engine/model/units.ts';
import { anyMarket, anyScript } from '../support/any-script.ts';
import type { ScriptedRun } from '../support/scripted-run.ts';
import { playScripts } from '../support/scripted-run.ts';
import { cases, isSoak } from '../support/soak.ts';
import { recordsOf } from '../support/tell.ts';

const numRuns = cases({ ci: 25, soak: 2_000 });
const timeout = isSoak ? 1_800_000 : 120_000;
const anyPace = fc.constantFrom('free' as const, 'limited' as const);

/** Ten thousand crores: no script comes near. */
const BOUNDLESS = paise(10_000_000_000_000);

test('a limit of margin that nothing reaches leaves the same journal as none', { timeout }, () => {
  fc.assert(
    fc.property(anyMarket, anyScript, anyScript, anyPace, (shape, script, other, pace) => {
      const run: ScriptedRun = { shape, scripts: [script, { ...other, name: 'other' }], pace };
      const limited = playScripts({ ...run, risk: { capital: BOUNDLESS, marginUseMax: 0.9 } }).played;
      expect(limited.text).toBe(playScripts(run).played.text);
    }),
    { numRuns },
  );
});

test('a denial for margin says what does not fit, and whoever may use nothing sells nothing', { timeout }, () => {
  fc.assert(
    fc.property(anyMarket, anyScript, fc.constantFrom(1, 100_000_00, 500_000_00), (shape, script, capital) => {
      const run: ScriptedRun = { shape, scripts: [script], pace: 'free' };
      const { played } = playScripts({ ...run, risk: { capital: paise(capital), marginUseMax: 1 } });
      for (const { rule, limit, value, reason } of recordsOf(played, 'verdict')) {
        if (rule !== 'margin' || reason?.startsWith('no price of') === true) continue;
        expect(value ?? 0).toBeGreaterThan(limit ?? Number.POSITIVE_INFINITY);
      }
      if (capital === 1) expect(recordsOf(played, 'order-filled')).toEqual([]);
    }),
    { numRuns },
  );
});
