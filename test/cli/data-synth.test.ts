import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { CandleStore } from '../../adapters/candle-store.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { registerDataSynth } from '../../cli/commands/data-synth.ts';
import { UserError } from '../../cli/user-error.ts';
import { columnsOf, SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { exchangeOf, instrumentKey } from '../../engine/model/instrument.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';

const { calendar, contracts } = readReference();
const sessions = {
  knownFrom: calendar.firstDay,
  windowsOn: (on: ReturnType<typeof day>, underlying: 'NIFTY') => {
    return calendar.sessionOn(on, exchangeOf(underlying))?.windows ?? [];
  },
};

const root = mkdtempSync(join(tmpdir(), 'sim-synth-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs `sim data synth` with some flags and returns what it printed. */
async function synth(...flags: string[]): Promise<string> {
  const printed: string[] = [];
  const write = process.stdout.write;
  const quiet = process.stderr.write;
  process.stdout.write = ((text: string) => printed.push(text) > 0) as typeof write;
  process.stderr.write = (() => true) as typeof quiet;
  try {
    const program = new Command().exitOverride();
    registerDataSynth(program);
    await program.parseAsync(['node', 'sim', 'synth', ...flags]);
    return printed.join('');
  } finally {
    process.stdout.write = write;
    process.stderr.write = quiet;
  }
}

async function loaded(store: string, on: string): Promise<DayCandles> {
  const archive = new CandleArchive({ store, sessions: sessions as never });
  try {
    return await archive.loadDay({ day: day(on), intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] });
  } finally {
    archive.close();
  }
}

describe('sim data synth', () => {
  test('writes a store whose candles are those of the generator, and says synthetic', async () => {
    const store = join(root, 'whole');
    const printed = await synth('--from', '2025-03-05', '--to', '2025-03-08', '--seed', '3', '--store', store);
    expect(printed).toMatch(/^wrote 3 SYNTHETIC days of NIFTY \(\d+ candles, seed 3\) in /);
    expect(printed.trimEnd().split('\n').at(-1)).toBe(store);
    expect(JSON.parse(readFileSync(join(store, 'store.json'), 'utf8'))).toEqual({
      format: 1,
      kind: 'synthetic',
      note: 'synthetic market, version 2, seed 3, 2 expiries + 1 monthly, 12 strikes + 2 moves a side',
    });

    const stored = await loaded(store, '2025-03-06');
    const made = new SyntheticMarket({ seed: 3, underlying: 'NIFTY', calendar, contracts }).day(day('2025-03-06'))!;
    expect(stored.instruments.map(instrumentKey)).toEqual(made.instruments.map(instrumentKey));
    const [left, right] = [columnsOf(stored), columnsOf(made)];
    for (let c = 0; c < left.length; c += 1) {
      const valid = made.columns.valid;
      expect(left[c]!.filter((_, cell) => valid[cell] === 1)).toEqual(right[c]!.filter((_, cell) => valid[cell] === 1));
    }
    expect([...stored.columns.valid]).toEqual([...made.columns.valid]);
  });

  test('stores the official closes and the volatility index', async () => {
    const store = join(root, 'closes');
    const flags = ['--strikes', '1', '--expiries', '1', '--seed', '3', '--store', store];
    await synth('--from', '2025-03-05', '--to', '2025-03-07', ...flags);
    const archive = new CandleArchive({ store, sessions: sessions as never });
    const market = new SyntheticMarket({ seed: 3, underlying: 'NIFTY', calendar, contracts });
    const closes = await archive.dailyValues({ name: 'NIFTY' });
    expect(closes.map(({ day: on, close }) => [on, close])).toEqual(
      ['2025-03-05', '2025-03-06', '2025-03-07'].map((on) => [on, market.officialClose(day(on))]),
    );
    expect((await archive.dailyValues({ name: 'INDIA VIX' })).length).toBe(3);
    archive.close();
  });

  test('adds days to its own store and refuses another seed there', async () => {
    const store = join(root, 'grown');
    const flags = ['--store', store, '--strikes', '2', '--expiries', '1'];
    await synth('--from', '2025-03-04', '--to', '2025-03-04', ...flags);
    await synth('--from', '2025-03-04', '--to', '2025-03-05', ...flags);
    expect(new CandleStore(store).days({ intervalMs: MINUTE_MS, underlying: 'NIFTY' })).toEqual([
      '2025-03-04',
      '2025-03-05',
    ]);
    await expect(synth('--from', '2025-03-04', '--to', '2025-03-05', '--seed', '2', ...flags)).rejects.toThrow(
      /holds another market \(synthetic market, version 2, seed 1, .*\), not .*seed 2.*; name another folder with --store$/,
    );
  });

  test('refuses a store with real candles, carded or not', async () => {
    const real = join(root, 'real');
    mkdirSync(real);
    writeFileSync(join(real, 'store.json'), '{"format": 1, "kind": "real", "note": ""}');
    const flags = ['--from', '2025-03-04', '--to', '2025-03-04', '--store'];
    await expect(synth(...flags, real)).rejects.toThrow('is a real store and takes no synthetic rows');

    const nameless = join(root, 'nameless');
    mkdirSync(join(nameless, 'candles', 'interval=1m', 'underlying=NIFTY', 'date=2025-03-04'), { recursive: true });
    await expect(synth(...flags, nameless)).rejects.toThrow('holds candles of unknown origin');
  });

  test('the benchmark market has the index and 42 options', async () => {
    const store = join(root, 'bench');
    await synth('--bench', '--from', '2025-03-05', '--to', '2025-03-05', '--store', store);
    expect((await loaded(store, '2025-03-05')).instruments.length).toBe(43);
  });

  test('a store that cannot be made is named in one sentence', async () => {
    writeFileSync(join(root, 'file'), '');
    const store = join(root, 'file', 'store');
    const told = await synth('--from', '2025-03-04', '--to', '2025-03-04', '--store', store).catch((error) => error);
    expect(String(told)).toContain(`${store} cannot be made: something else stands there`);
  });

  test('prints one JSON object on request', async () => {
    const store = join(root, 'json');
    const flags = ['--from', '2025-03-04', '--to', '2025-03-04', '--strikes', '1', '--expiries', '1', '--store', store];
    expect(JSON.parse(await synth(...flags, '--json'))).toMatchObject({ kind: 'synthetic', seed: 1, days: 1 });
  });

  test.each([
    [['--to', '2025-03-04'], '--from is missing; it must be a day, YYYY-MM-DD'],
    [
      ['--from', '2025-02-30', '--to', '2025-03-04'],
      '--from must be a day of the calendar, YYYY-MM-DD, was "2025-02-30"',
    ],
    [['--from', '2025-03-05', '--to', '2025-03-04'], '--from must not be after --to, was 2025-03-05 after 2025-03-04'],
    [
      ['--from', '2018-03-05', '--to', '2019-03-04'],
      '--from must be 2019-01-01 or later, where the calendar begins, was 2018-03-05',
    ],
    [
      ['--from', '2025-03-08', '--to', '2025-03-09'],
      'no session with NIFTY options lies between 2025-03-08 and 2025-03-09',
    ],
    [
      ['--from', '2019-03-04', '--to', '2019-03-08', '--underlying', 'FINNIFTY'],
      'no session with FINNIFTY options lies between 2019-03-04 and 2019-03-08',
    ],
    [
      ['--from', '2025-03-04', '--to', '2025-03-04', '--underlying', 'NIFTY,DAX'],
      '--underlying must be among NIFTY, BANKNIFTY, SENSEX, FINNIFTY, MIDCPNIFTY, BANKEX, was "DAX"',
    ],
    [
      ['--from', '2025-03-04', '--to', '2025-03-04', '--seed', '1.5'],
      '--seed must be a whole number of at most 15 digits, was "1.5"',
    ],
    [
      ['--from', '2025-03-04', '--to', '2025-03-04', '--interval', '5m'],
      '--interval must be 1m, the only one that is generated, was "5m"',
    ],
    [
      ['--from', '2025-03-04', '--to', '2025-03-04', '--strikes', '0'],
      '--strikes must be a whole number from 1 to 60, was "0"',
    ],
  ])('refuses %j in one sentence', async (flags, sentence) => {
    const told = await synth(...flags, '--store', join(root, 'never')).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(UserError);
    expect((told as UserError).message).toBe(sentence);
    expect(new CandleStore(join(root, 'never')).exists).toBe(false);
  });
});
