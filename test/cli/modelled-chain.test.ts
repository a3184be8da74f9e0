/** `--chain modelled`: its label on everything it makes, and what a person may get wrong. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays, day } from '../../engine/model/time.ts';
import { indexStore } from '../support/index-store.ts';
import { testReference } from '../support/play.ts';
import { programForTests } from '../support/program.ts';
import { repositoryRoot, requireShared } from '../support/require-tools.ts';
import { readBook } from '../support/xlsx-cells.ts';

const sim = programForTests();
/** Two weeks of March 2025, weekends and the holiday of the 14th left out. */
const FROM = day('2025-03-03');
const DAYS = testReference().calendar.tradingDays(FROM, addDays(FROM, 11));
const SPAN = ['--from', '2025-03-06', '--to', '2025-03-13'];
const VIX = { '2025-03-10': 13.99, '2025-03-11': 14.07 };
let store: string;
let here: string;

beforeAll(async () => {
  here = sim.fresh('modelled');
  store = join(here, 'indices');
  const lines = [15, 16].map((minute) => `NIFTY250313C22300,2025-03-12 09:${minute}:00,90,91,89,90`);
  await indexStore(store, { indices: [{ underlying: 'NIFTY', days: DAYS, seed: 9 }], vix: VIX, lines });
});

async function refused(words: readonly string[], cwd = here): Promise<string> {
  const { code, stdout, stderr } = await sim.run(['backtest', '--runs', join(here, 'none'), ...words], cwd);
  expect([code, stdout]).toEqual([2, '']);
  return stderr;
}

describe('a run on a modelled chain', () => {
  test('says MODELLED on the console, in the passport, on the first page of the workbook and on the page', async () => {
    const ran = await sim.run(['backtest', ...SPAN, '--chain', 'modelled', '--store', store], here);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^MODELLED data: option prices were computed from the index, not traded\./);
    const run = ran.stdout.trim().split('\n').at(-1) ?? '';
    const passport = JSON.parse(readFileSync(join(here, run, 'passport.json'), 'utf8'));
    expect(passport.run.data).toMatchObject({ kind: 'modelled', days: 6, missingDays: [] });
    expect(passport.run.settings).toMatchObject({ data: { chain: 'modelled' } });
    expect(passport.run.models[0]).toMatchObject({ name: 'chain', version: '2' });
    expect(passport.run.models[0].assumption).toContain('Option prices are MODELLED, not traded');
    expect(passport.run.warnings.slice(0, 4)).toEqual([
      'MODELLED option prices: computed from the index, not traded',
      'MODELLED option prices of NIFTY: volatility from India VIX of the session before on 2 days and from trailing realised volatility of the index on 4 days; on 4 days fewer than 20 sessions lay before, so the level leans on a long-run India VIX of 16.2 %',
      "the store's own options of NIFTY on 1 day are not used: the modelled chain replaces them wholly",
      expect.stringMatching(
        /^MODELLED levels from realised volatility are rough: .* Import daily closes of India VIX: sim data import PATH$/,
      ),
    ]);
    const book = readBook(readFileSync(join(here, run, 'report.xlsx')));
    expect(String(book.get('Summary')!.get('B4')!.value)).toContain('MODELLED');
    const hasLabel = readFileSync(join(here, run, 'report.html'), 'utf8').includes('>MODELLED</strong>');
    expect(hasLabel).toBe(true);

    // One straddle a day, each fill marked for what it is.
    const journal = readFileSync(join(here, run, 'orders.jsonl'), 'utf8');
    expect(journal.match(/"grade":"(?!modelled)/g)).toBeNull();
    expect(journal.match(/"grade":"modelled"/g)!.length).toBe(passport.results.trades * 2);
    expect(passport.results.structures).toBe(6);
  });

  test('is the same to the byte when it is run again', async () => {
    const hashes = [0, 1].map(async () => {
      const words = ['backtest', ...SPAN, '--chain', 'modelled', '--store', store, '--no-report'];
      const { stdout } = await sim.run([...words, '--runs', sim.fresh('again')], here);
      const passport = JSON.parse(readFileSync(join(stdout.trim().split('\n').at(-1) ?? '', 'passport.json'), 'utf8'));
      return passport.hash as string;
    });
    const [one, other] = await Promise.all(hashes);
    expect(one).toBe(other);
  });

  test('is a setting of the file too, and is explained', async () => {
    writeFileSync(join(here, 'desk.yaml'), 'data: { chain: modelled }\n');
    const explained = await sim.run(['backtest', '--config', 'desk.yaml', '--explain'], here);
    expect(explained.stdout).toContain('\n  chain: modelled # desk.yaml:1\n');
    const plain = await sim.run(['backtest', '--explain'], here);
    expect(plain.stdout).toContain('\n  chain: listed\n');
  });
});

describe('what a person may get wrong', () => {
  test('another word', async () => {
    expect(await refused([...SPAN, '--chain', 'guessed', '--store', store])).toBe(
      'sim: --chain must be one of listed, modelled, was "guessed"\n',
    );
  });

  test('the synthetic market, which has a chain of its own', async () => {
    expect(await refused([...SPAN, '--chain', 'modelled', '--data', 'synthetic'])).toBe(
      'sim: --chain modelled must have real index candles to price on, was asked with --data synthetic, whose prices are invented; leave one of them out\n',
    );
  });

  test('a synthetic store', async () => {
    const path = join(here, 'invented');
    const words = ['data', 'synth', '--from', '2025-03-06', '--to', '2025-03-06'];
    const made = await sim.run([...words, '--store', path], here);
    expect(made.code, made.stderr).toBe(0);
    expect(await refused([...SPAN, '--chain', 'modelled', '--store', path])).toBe(
      `sim: --chain modelled must have real index candles to price on, and the store ${path} is SYNTHETIC; name another with --store\n`,
    );
  });

  test('no store at all', async () => {
    const empty = sim.fresh('empty');
    mkdirSync(join(empty, 'elsewhere'));
    expect(await refused([...SPAN, '--chain', 'modelled'], empty)).toBe(
      'sim: --chain modelled must have a store of real index candles to price on, and ./data is not there; make it with: sim data import PATH, or name one with --store\n',
    );
  });

  test('days whose index is not in the store', async () => {
    expect(await refused(['--from', '2025-03-12', '--to', '2025-03-17', '--chain', 'modelled', '--store', store])).toBe(
      `sim: ${store} has no index candles of NIFTY on 2025-03-17; add them with: sim data import PATH --store ${store}, or leave them out with --skip-missing\n`,
    );
  });
});

test('plays a month of shared index candles of 2024, the special Saturday by its own hours', async (ctx) => {
  const folder = requireShared(ctx, 'data', 'index-1min');
  const path = join(here, 'shared');
  const imported = await sim.run(['data', 'import', folder, '--store', path], repositoryRoot);
  expect(imported.code, imported.stderr).toBe(0);
  const words = ['backtest', '--from', '2024-02-26', '--to', '2024-03-11', '--segments', 'NIFTY,BANKNIFTY'];
  const more = ['--chain', 'modelled', '--special-sessions', 'include', '--skip-missing', '--no-report', '--json'];
  const { code, stdout, stderr } = await sim.run([...words, ...more, '--store', path], here);
  expect(code, stderr).toBe(0);
  const passport = JSON.parse(readFileSync(join(here, JSON.parse(stdout).path, 'passport.json'), 'utf8'));
  // 2024-03-04 is not in the source; 2024-03-08 was a holiday; 2024-03-02 is the Saturday.
  expect(passport.run.data).toMatchObject({ kind: 'modelled', days: 10, missingDays: ['2024-03-04'] });
  expect(passport.run.rungs.NIFTY).toEqual({ index: 9 * 375 + 105, parity: 0, future: 0, none: 0 });
  expect(passport.results.structures).toBeGreaterThanOrEqual(18);
});
