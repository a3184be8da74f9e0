import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { CandleStore } from '../../adapters/candle-store.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import { writeSynthetic } from '../../adapters/synthetic-store.ts';
import { importFactsOf } from '../../datasets/import/import-facts.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { day, epochMs, MINUTE_MS, stampText } from '../../engine/model/time.ts';
import { busyAgent, straddleAgent } from '../support/busy-agents.ts';
import { play, testReference } from '../support/play.ts';
import { repositoryRoot } from '../support/require-tools.ts';
import { syntheticDay, syntheticMarket } from '../support/synthetic-day.ts';
import { dayOfThree, hashOf } from './journal-program.ts';

const ON = '2025-03-06';
const FILES = 2;
/** Packages are found from here. */
const PROGRAM = join(repositoryRoot, 'node_modules/.cache/determinism/program.mjs');
const folder = mkdtempSync(join(tmpdir(), 'sim-determinism-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both kinds of agents on one index. */
const agents = (): readonly AgentPlan[] => [busyAgent('NIFTY'), straddleAgent('NIFTY')];

describe('one day of NIFTY', () => {
  const candles = syntheticDay(ON, ['NIFTY']);
  const expected = hashOf(play({ days: [candles], agents: agents() }));

  test('gives the same bytes when it is played again', () => {
    expect(hashOf(play({ days: [candles], agents: agents() }))).toBe(expected);
    expect(hashOf(play({ days: [syntheticDay(ON, ['NIFTY'])], agents: agents() }))).toBe(expected);
  });

  test.for([1, 7, 1_000])('gives the same bytes when %i inputs are fed at once', (batch) => {
    expect(hashOf(play({ days: [candles], agents: agents(), batch }))).toBe(expected);
  });

  test('gives other bytes when one candle is another', () => {
    const other = syntheticDay(ON, ['NIFTY']);
    const index = other.instruments.findIndex(({ kind }) => kind === 'index');
    const cell = 200 * other.instruments.length + index;
    other.columns.close[cell] = (other.columns.close[cell] ?? 0) + 1;
    expect(hashOf(play({ days: [other], agents: agents() }))).not.toBe(expected);
  });

  test('asks neither clock nor chance', () => {
    const restore = throwers();
    let played: ReturnType<typeof play>;
    try {
      expect(() => Date.now()).toThrow('asked the machine');
      expect(() => new Date()).toThrow('asked the machine');
      expect(() => Math.random()).toThrow('asked the machine');
      expect(() => performance.now()).toThrow('asked the machine');
      played = play({ days: [candles], agents: agents() });
    } finally {
      restore();
    }
    expect(hashOf(played)).toBe(expected);
  });

  describe('from a store', () => {
    const store = join(folder, 'store');
    beforeAll(async () => {
      const order = { store: new CandleStore(store), markets: [syntheticMarket('NIFTY')] };
      await writeSynthetic({ ...order, from: day(ON), to: day(ON) });
    });

    test('gives the same bytes with 1 and with 8 threads, from a cold and from a warm cache', async () => {
      for (const threads of [1, 8]) {
        rmSync(join(store, 'cache'), { recursive: true, force: true });
        expect(await hashFromStore(store, threads)).toBe(expected);
        expect(await hashFromStore(store, threads)).toBe(expected);
      }
    });
  });

  test('gives the same bytes whatever the order in which its files are imported', async () => {
    const files = writeCsv(candles, join(folder, 'csv'));
    const orders = [files, files.toReversed()];
    for (const [index, paths] of orders.entries()) {
      const store = join(folder, `imported-${index}`);
      // One file an import, and the first once more.
      for (const path of [...paths, ...paths.slice(0, 1)]) await importFiles({ paths: [path], store, facts });
      expect(await hashFromStore(store, 2)).toBe(expected);
    }
  }, 120_000);
});

describe('three indices under one clock and one account', () => {
  test('give the same bytes in New York with Turkish letters as in Kolkata', async () => {
    await build({
      entryPoints: [join(repositoryRoot, 'test/determinism/journal-program.ts')],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outfile: PROGRAM,
      define: { 'import.meta.dirname': JSON.stringify(join(repositoryRoot, 'test/determinism')) },
      logLevel: 'warning',
    });
    const expected = hashOf(dayOfThree());
    expect(runIn({ TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8' })).toEqual({ zone: 300, hash: expected });
    expect(runIn({ TZ: 'Asia/Kolkata', LC_ALL: 'C' })).toEqual({ zone: -330, hash: expected });
  });

  test('leave the records of NIFTY as they are without the others, but for numbers in common', () => {
    const candles = syntheticDay(ON, ['NIFTY', 'BANKNIFTY']);
    const alone = play({ days: [candles], agents: [straddleAgent('NIFTY')] });
    const beside = play({ days: [candles], agents: [straddleAgent('BANKNIFTY'), straddleAgent('NIFTY')] });
    const own = ownRecords(alone.records, 'atm-straddle/NIFTY');
    expect(own.length).toBeGreaterThan(40);
    expect(ownRecords(beside.records, 'atm-straddle/NIFTY')).toEqual(own);
    expect(ownRecords(beside.records, 'atm-straddle/BANKNIFTY').length).toBeGreaterThan(20);
  });
});

const facts = importFactsOf(testReference());

async function hashFromStore(store: string, threads: number): Promise<string> {
  const archive = new CandleArchive({ store, sessions: facts.sessions, threads });
  try {
    const candles = await archive.loadDay({ day: day(ON), intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] });
    return hashOf(play({ days: [candles], agents: agents() }));
  } finally {
    archive.close();
  }
}

/** Replaces what would tell the time or throw dice; gives what puts it back. */
function throwers(): () => void {
  const kept = { Date: globalThis.Date, random: Math.random, now: performance.now };
  const refuse = (): never => {
    throw new Error('asked the machine');
  };
  class Refusing {
    static readonly now = refuse;
    constructor() {
      refuse();
    }
  }
  globalThis.Date = Refusing as unknown as DateConstructor;
  Math.random = refuse;
  performance.now = refuse;
  return () => {
    globalThis.Date = kept.Date;
    Math.random = kept.random;
    performance.now = kept.now;
  };
}

function runIn(environment: Readonly<Record<string, string>>): unknown {
  const { PATH = '' } = process.env;
  return JSON.parse(
    execFileSync(process.execPath, [PROGRAM, 'print'], { env: { PATH, ...environment }, encoding: 'utf8' }),
  );
}

/** The candles in a few CSV files, in the program's own names, each instrument in one of them. */
function writeCsv(candles: DayCandles, to: string): string[] {
  const { columns, instruments, starts } = candles;
  const files = Array.from({ length: FILES }, () => ['symbol,timestamp,open,high,low,close,volume,oi']);
  instruments.forEach((instrument, slot) => {
    starts.forEach((start, minute) => {
      const cell = minute * instruments.length + slot;
      if (columns.valid[cell] !== 1) return;
      const prices = [columns.open, columns.high, columns.low, columns.close].map(
        (column) => (column[cell] ?? 0) / 100,
      );
      const units = [columns.volume, columns.oi].map((column) => ((column[cell] ?? -1) < 0 ? '' : column[cell]));
      const row = [instrumentKey(instrument), stampText(epochMs(start)), ...prices, ...units];
      files[slot % FILES]?.push(row.join());
    });
  });
  mkdirSync(to);
  return files.map((rows, index) => {
    const path = join(to, `part-${index}.csv`);
    writeFileSync(path, `${rows.join('\n')}\n`);
    return path;
  });
}

/** An agent's records with orders and structures numbered anew, without places in the journal. */
function ownRecords(records: ReturnType<typeof play>['records'], agent: string): readonly unknown[] {
  const orders = new Map<number, number>();
  const structures = new Map<number, number>();
  const numbered = (map: Map<number, number>, id: number) => {
    if (!map.has(id)) map.set(id, map.size + 1);
    return map.get(id);
  };
  const own: unknown[] = [];
  for (const record of records) {
    if (record.kind === 'order-placed' && record.agent === agent) numbered(orders, record.order);
    if (record.kind === 'structure-opened' && record.agent === agent) numbered(structures, record.structure);
    const order = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
    const isOwn = 'agent' in record ? record.agent === agent : order !== undefined && orders.has(order);
    if (!isOwn) continue;
    own.push({
      ...record,
      seq: 0,
      ...('order' in record ? { order: orders.get(record.order) } : {}),
      ...('structure' in record ? { structure: structures.get(record.structure) } : {}),
      ...(record.kind === 'order-filled' ? { fill: { ...record.fill, order: orders.get(record.fill.order) } } : {}),
    });
  }
  return own;
}
