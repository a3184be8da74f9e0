/** Stores that are absent, empty, foreign or short of days: the sentence names the days and the remedy. */
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
const DAYS = ['--from', '2025-01-06', '--to', '2025-01-10'];

/** A store whose folders say which days are there; what is in them is not looked at before the days are right. */
function emptyDays(cwd: string, days: Readonly<Record<string, readonly string[]>>, underlying = 'NIFTY'): string {
  const store = join(cwd, 'candles-here');
  for (const [interval, dates] of Object.entries(days))
    for (const date of dates)
      mkdirSync(join(store, 'candles', `interval=${interval}`, `underlying=${underlying}`, `date=2025-01-${date}`), {
        recursive: true,
      });
  writeFileSync(join(store, 'store.json'), '{"format": 1, "kind": "real", "note": ""}');
  return 'candles-here';
}

async function expectRefused(cwd: string, words: readonly string[], sentence: string): Promise<void> {
  const ended = await sim.run(['backtest', ...DAYS, ...words], cwd);
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
  expect(existsSync(join(cwd, 'runs'))).toBe(false);
}

describe('a named store', () => {
  test.concurrent('that is absent', async () => {
    const cwd = sim.fresh('absent');
    const remedy = (store: string) =>
      `the store ${store} does not exist; make it with: sim data import PATH --store ${store}`;
    await expectRefused(cwd, ['--store', 'mine'], remedy('mine'));
    await expectRefused(cwd, ['--data', 'store'], remedy('./data'));
    expect(existsSync(join(cwd, 'mine'))).toBe(false);
  });

  test.concurrent('that is empty, the default one too', async () => {
    const cwd = sim.fresh('empty');
    mkdirSync(join(cwd, 'data'));
    const sentence = 'the store ./data holds no candles; fill it with: sim data import PATH --store ./data';
    await expectRefused(cwd, [], sentence);
  });

  test.concurrent('that is a file, or a folder of other things', async () => {
    const cwd = sim.fresh('foreign');
    writeFileSync(join(cwd, 'letter.txt'), 'dear');
    await expectRefused(
      cwd,
      ['--store', 'letter.txt'],
      '--store must name a folder of imported candles, was the file letter.txt',
    );
    await expectRefused(
      cwd,
      ['--store', '.'],
      '--store must name a folder of imported candles, was ., which holds other things',
    );
  });

  test.concurrent('that is short of days', async () => {
    const cwd = sim.fresh('short');
    const store = emptyDays(cwd, { '1m': ['06', '08', '10'] });
    await expectRefused(
      cwd,
      ['--store', store],
      `${store} has no candles of NIFTY on 2025-01-07, 2025-01-09; add them with: sim data import PATH --store ${store}, or leave them out with --skip-missing`,
    );
    await expectRefused(
      cwd,
      ['--store', store, '--segments', 'BANKNIFTY', '--skip-missing'],
      `${store} has no candles of BANKNIFTY on 2025-01-06, 2025-01-07, 2025-01-08, 2025-01-09, 2025-01-10; add them with: sim data import PATH --store ${store}, or leave them out with --skip-missing`,
    );
  });

  test.concurrent('whose days have different intervals', async () => {
    const cwd = sim.fresh('mixed');
    const store = emptyDays(cwd, { '1m': ['06', '07'], '5m': ['08', '09', '10'] });
    await expectRefused(
      cwd,
      ['--store', store],
      `${store} has no one interval on all days for NIFTY: NIFTY at 1m on 2 of 5 days, NIFTY at 5m on 3 of 5 days; choose one with --interval, and --skip-missing leaves out the days without it`,
    );
    await expectRefused(
      cwd,
      ['--store', store, '--interval', '5m'],
      `${store} has no candles of NIFTY at 5m on 2025-01-06, 2025-01-07; add them with: sim data import PATH --store ${store}, or leave them out with --skip-missing`,
    );
    await expectRefused(
      cwd,
      ['--store', store, '--interval', '3m'],
      `--interval must be one that ${store} has on these days, was 3m; it has NIFTY at 1m on 2 of 5 days, NIFTY at 5m on 3 of 5 days`,
    );
  });
});

describe('a synthetic store', { timeout: 120_000 }, () => {
  test('short of a day is played without it on request, and its runs say so', async () => {
    const cwd = sim.fresh('synthetic');
    const synth = ['data', 'synth', '--store', 'made', '--expiries', '1', '--strikes', '3', '--seed', '7'];
    for (const day of ['2025-01-06', '2025-01-08'])
      expect((await sim.run([...synth, '--from', day, '--to', day], cwd)).code).toBe(0);
    const asked = ['--store', 'made', '--from', '2025-01-06', '--to', '2025-01-08'];
    await expectRefused(
      cwd,
      asked,
      'made has no candles of NIFTY on 2025-01-07; add them with: sim data synth --store made, or leave them out with --skip-missing',
    );

    const ran = await sim.run(['backtest', ...asked, '--skip-missing', '--no-report'], cwd);
    expect(ran.code).toBe(0);
    expect(ran.stderr.split('\n').slice(0, 3)).toEqual([
      'atm-straddle on NIFTY, 1 lot a leg; capital Rs 1000000',
      '2 days in candles of 1m from made',
      'left out, without candles: 1 day',
    ]);
    expect(ran.stdout).toMatch(/^SYNTHETIC data/);
    expect(ran.stdout).toContain('Missing days            2025-01-07\n');
    const folder = join(cwd, ran.stdout.trimEnd().split('\n').at(-1) ?? '');
    const passport = JSON.parse(readFileSync(join(folder, 'passport.json'), 'utf8')) as {
      run: { data: { kind: string; missingDays: string[] } };
    };
    expect(passport.run.data).toMatchObject({ kind: 'synthetic', missingDays: ['2025-01-07'] });
  });

  test('is not changed by half a Parquet file, a truncated CSV or a path that is not there', async () => {
    const cwd = sim.fresh('halves');
    const synth = ['data', 'synth', '--from', '2025-01-06', '--to', '2025-01-06', '--expiries', '1', '--strikes', '1'];
    expect((await sim.run([...synth, '--store', 'made'], cwd)).code).toBe(0);
    const folder = 'made/candles/interval=1m/underlying=NIFTY/date=2025-01-06';
    const half = join(folder, readdirSync(join(cwd, folder))[0] ?? '');
    truncateSync(join(cwd, half), 500);
    writeFileSync(join(cwd, 'cut.csv'), 'date,open,high,low,close,vol');
    const answers = await Promise.all(
      [half, 'cut.csv', 'nothing.csv'].map((path) => sim.run(['data', 'import', path, '--store', 'real'], cwd)),
    );
    for (const [index, { code, stdout, stderr }] of answers.entries()) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      const sentences = stderr.split('\n').filter((line) => line.startsWith('sim: '));
      expect(sentences).toHaveLength(1);
      expect(sentences[0]).toContain([half, 'cut.csv', 'nothing.csv'][index]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(existsSync(join(cwd, 'real/candles'))).toBe(false);
  });
});
