/** What a strategy cannot do without must stand in the store, and `--trace` tells what it decided by. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { addDays, day } from '../../engine/model/time.ts';
import { indexStore } from '../support/index-store.ts';
import { testReference } from '../support/play.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
const FROM = day('2025-03-03');
const DAYS = testReference().calendar.tradingDays(FROM, addDays(FROM, 4));
const OWN = `
import { defineStrategy, z } from 'sim/strategy';
const needs = ['open-interest', 'option-volume', 'future', 'future-volume', 'vix'];
export default defineStrategy({
  name: 'needy', version: 1, description: 'Needs one thing.', segments: ['NIFTY'],
  params: z.strictObject({ need: z.enum(needs) }),
  universe: ({ need }, underlying) => ({ underlying, expiries: ['nearest'], strikesAround: 2, recentreSteps: 2, needs: [need] }),
  create: () => ({ onMinute(ctx) { ctx.trace('level', { spot: ctx.spot ?? null }); } }),
});
`;
let [here, store] = ['', ''];

beforeAll(async () => {
  here = sim.fresh('needs');
  store = join(here, 'indices');
  const lines = ['C', 'P'].flatMap((right) =>
    [15, 16].map((minute) => `NIFTY250306${right}22300,2025-03-05 09:${minute}:00,90,91,89,90`),
  );
  await indexStore(store, { indices: [{ underlying: 'NIFTY', days: DAYS, seed: 9 }], lines });
  writeFileSync(join(here, 'needy.ts'), OWN);
});

const WORDS = {
  'open-interest': 'open interest of options',
  'option-volume': 'traded volume of options',
  future: 'the near future',
  'future-volume': 'traded volume of the near future',
  vix: 'closes of India VIX',
};

test.each(Object.entries(WORDS))(
  'a store without what %s asks for is refused before anything is played',
  async (need, words) => {
    const asked = ['--from', '2025-03-05', '--to', '2025-03-05', '--strategy', './needy.ts', '--set', `need=${need}`];
    const { code, stdout, stderr } = await sim.run(['backtest', '--store', store, ...asked], here);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      `needy on NIFTY needs ${words}, which ${store} does not hold on 2025-03-05; import them, or set its parameters so that it does without`,
    );
  },
);

test.each([
  ['oi-breakout', [], 'the near future'],
  ['oi-breakout', ['volumeRule=off', 'oiRule=off'], 'open interest of options'],
  ['key-zone-reversal', [], 'the near future'],
  ['key-zone-reversal', ['volumeRule=off', 'walls=2'], 'open interest of options'],
  ['ema-trend', [], 'the near future'],
  ['straddle-vwap', [], 'traded volume of options'],
  ['straddle-vwap-spread', [], 'traded volume of options'],
  ['batman', [], 'traded volume of options'],
  ['swing-break', [], 'traded volume of options'],
] as const)('%s with %j is refused on a store without %s', async (strategy, settings, words) => {
  const cwd = sim.fresh('lacking');
  const asked = ['--from', '2025-03-05', '--to', '2025-03-05', '--strategy', strategy];
  const set = settings.flatMap((setting) => ['--set', setting]);
  const { code, stdout, stderr } = await sim.run(['backtest', '--store', store, ...asked, ...set], cwd);
  expect([code, stdout, stderr.trimEnd().split('\n').at(-1)]).toEqual([
    2,
    '',
    `sim: ${strategy} on NIFTY needs ${words}, which ${store} does not hold on 2025-03-05; import them, or set its parameters so that it does without`,
  ]);
  expect(readdirSync(cwd)).toEqual([]);
});

test('the synthetic market holds all of it, and the trace has a line for each minute that was decided', async () => {
  const asked = ['--from', '2025-03-05', '--to', '2025-03-05', '--data', 'synthetic', '--trace', '--no-report'];
  for (const need of Object.keys(WORDS).filter((word) => word !== 'vix')) {
    const ran = await sim.run(['backtest', ...asked, '--strategy', './needy.ts', '--set', `need=${need}`], here);
    expect(ran.code, ran.stderr).toBe(0);
    const run = ran.stdout.trim().split('\n').at(-1) ?? '';
    const lines = readFileSync(join(here, run, 'trace.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(375);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ts: '2025-03-05T09:16:01.000+05:30',
      agent: 'needy/NIFTY',
      kind: 'level',
    });
  }
});

test('swing-break is refused on a store without candles of a minute', async () => {
  const cwd = sim.fresh('five');
  const five = join(cwd, 'five');
  const lines = ['C', 'P'].flatMap((right) =>
    [15, 20, 25].map((minute) => `NIFTY250306${right}22300,2025-03-05 09:${minute}:00,90,91,89,90`),
  );
  await indexStore(five, { indices: [{ underlying: 'NIFTY', days: DAYS, seed: 9, intervalMs: 300_000 }], lines });
  const asked = ['--from', '2025-03-05', '--to', '2025-03-05', '--strategy', 'swing-break'];
  const { code, stderr } = await sim.run(['backtest', '--store', five, ...asked], cwd);
  expect([code, stderr]).toEqual([2, 'sim: swing-break needs candles of 1m, which cannot be made of candles of 5m\n']);
});
