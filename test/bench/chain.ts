import type { CandleArchive } from '../../adapters/candle-archive.ts';
import { FROZEN_CHAIN } from '../../datasets/modelled/chain-parameters.ts';
import { ModelledChain } from '../../datasets/modelled/modelled-chain.ts';
import type { DayLevel, SessionMove } from '../../datasets/modelled/volatility-level.ts';
import { emptyColumns } from '../../engine/model/candle-frame.ts';
import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { daysBetween, MINUTE_MS } from '../../engine/model/time.ts';
import { printDrift } from './chain-drift.ts';
import { movesOf } from './chain-fit.ts';
import type { ChainTruth } from './chain-sets.ts';
import {
  absentFolders,
  candleTruths,
  chainStore,
  openArchive,
  quantile,
  reference,
  SETS,
  snapshotTruths,
  VIX_BEFORE,
} from './chain-sets.ts';

/** Real prices below this are left out of the per cent columns' meaning, and of the table: a tick is more than a tenth of them. */
const PRICE_MIN = 50;

const MONEYNESS = [
  { name: 'at the money, within 1 %', has: (out: number) => Math.abs(out) <= 1 },
  { name: '1 to 3 % out', has: (out: number) => out > 1 && out <= 3 },
  { name: '3 to 6 % out', has: (out: number) => out > 3 && out <= 6 },
  { name: '1 to 6 % in', has: (out: number) => out < -1 && out >= -6 },
] as const;

const TIMES = [
  { name: '0 days', from: 0, to: 0 },
  { name: '1 to 2 days', from: 1, to: 2 },
  { name: '3 to 7 days', from: 3, to: 7 },
  { name: '8 to 30 days', from: 8, to: 30 },
  { name: '31 to 90 days', from: 31, to: 90 },
] as const;

interface JudgedSet {
  readonly name: string;
  readonly truths: readonly ChainTruth[];
  /** What the index did before each day, newest first, for the level without India VIX; undefined where no candles are shared. */
  readonly movesBefore: ((day: Day) => readonly SessionMove[]) | undefined;
  readonly closeBefore: (day: Day) => number | undefined;
}

interface Miss {
  readonly out: number;
  readonly days: number;
  readonly price: number;
  /** Model less real, paise. */
  readonly miss: number;
}

/** How far the modelled chain lies from real ones: on the chain that its numbers were frozen on, and on chains that it never saw. */
export async function benchChain(folder: string): Promise<void> {
  const absent = absentFolders();
  if (absent.length > 0) return console.log(`\nModelled chain: skipped, ${absent.join(', ')} is not in ../shared/data`);
  const store = await chainStore(folder);
  const archive = openArchive(store);
  try {
    for (const set of await setsOf(archive, store)) {
      print(set.name, 'level from India VIX', missesOf(set, 'india-vix'));
      if (set.movesBefore === undefined) {
        console.log('  level from realised volatility: not judged, no index candles before this day are shared');
      } else print(set.name, 'level from realised volatility', missesOf(set, 'realised'));
    }
    await printDrift(archive);
  } finally {
    archive.close();
  }
}

async function setsOf(archive: CandleArchive, store: string): Promise<readonly JudgedSet[]> {
  const { carry } = FROZEN_CHAIN;
  const minutes = MINUTE_MS;
  const bank = await movesOf(archive, {
    underlying: 'BANKNIFTY',
    intervalMs: 15 * minutes,
    to: SETS.bankNifty2023[1] as Day,
  });
  const five = await movesOf(archive, {
    underlying: 'NIFTY',
    intervalMs: 5 * minutes,
    to: SETS.nifty2025.at(-1) as Day,
  });
  const one = await movesOf(archive, { underlying: 'NIFTY', intervalMs: minutes, to: SETS.nifty2025.at(-1) as Day });
  const last = five.at(-1)?.day ?? SETS.snapshots;
  const nifty = [...five, ...one.filter((move) => move.day > last)];
  const before = (moves: readonly SessionMove[]) => (day: Day) => moves.filter((move) => move.day < day).toReversed();
  const close = (moves: readonly SessionMove[]) => (day: Day) => {
    const [move] = before(moves)(day);
    return move !== undefined && move.day === reference.calendar.previousTradingDay(day) ? move.close : undefined;
  };
  const truths = (underlying: Underlying, days: readonly Day[]) => candleTruths(archive, { underlying, days, carry });
  return [
    {
      name: 'frozen on: BANKNIFTY chain, 1 minute, 2023-04-10 and 04-11',
      truths: await truths('BANKNIFTY', SETS.bankNifty2023),
      movesBefore: before(bank),
      closeBefore: close(bank),
    },
    {
      name: 'judged on: NIFTY contracts, 1 minute, 2025-06-23 to 07-08',
      truths: await truths('NIFTY', SETS.nifty2025),
      movesBefore: before(nifty),
      closeBefore: close(nifty),
    },
    {
      name: 'judged on: NIFTY chain snapshots, mid of quotes, 2025-08-29',
      truths: await snapshotTruths(store, { underlying: 'NIFTY', day: SETS.snapshots, carry }),
      movesBefore: undefined,
      closeBefore: () => undefined,
    },
  ];
}

function missesOf(set: JudgedSet, from: DayLevel['from']): readonly Miss[] {
  const chain = new ModelledChain(reference);
  return set.truths.flatMap((truth) => {
    const { day, underlying, index, options, prices } = truth;
    const vixBefore = from === 'india-vix' ? VIX_BEFORE.get(day) : undefined;
    const level = chain.level({ underlying, vixBefore, sessions: set.movesBefore?.(day) ?? [] });
    const of = { day, underlying, intervalMs: MINUTE_MS, index, level, closeBefore: set.closeBefore(day) };
    const indexDay = chain.indexDay(of);
    if (indexDay === undefined) return [];
    const columns = emptyColumns(index.starts.length * options.length);
    const rows = Int32Array.from(index.starts, (_start, row) => row);
    chain.write(indexDay, options, { columns, slots: options.length, slot: 0, rows });
    return Array.from(prices.keys()).flatMap((cell) => {
      const price = prices[cell] as number;
      if (price < PRICE_MIN || columns.valid[cell] !== 1) return [];
      const { strike, right, expiry } = options[cell % options.length] as OptionContract;
      const spot = index.close[Math.floor(cell / options.length)] as number;
      const out = (right === 'CE' ? 1 : -1) * 100 * (strike / spot - 1);
      return [{ out, days: daysBetween(day, expiry), price, miss: (columns.close[cell] as number) - price }];
    });
  });
}

function print(name: string, level: string, misses: readonly Miss[]): void {
  console.log(`\nModelled chain, ${name}; ${level}`);
  console.log(
    '| moneyness | time to expiry | prices | median, points | 90 %, points | median, % | 90 %, % | bias, points |',
  );
  console.log('| --- | --- | --: | --: | --: | --: | --: | --: |');
  for (const moneyness of MONEYNESS) {
    for (const time of TIMES) {
      const some = misses.filter(({ out, days }) => moneyness.has(out) && days >= time.from && days <= time.to);
      if (some.length > 0) console.log(line(`${moneyness.name} | ${time.name}`, some));
    }
  }
  console.log(line('all | all', misses));
}

function line(label: string, misses: readonly Miss[]): string {
  const points = misses.map(({ miss }) => Math.abs(miss) / 100);
  const parts = misses.map(({ miss, price }) => (100 * Math.abs(miss)) / price);
  const signed = misses.map(({ miss }) => miss / 100);
  const cells = [
    misses.length,
    ...[
      quantile(points, 0.5),
      quantile(points, 0.9),
      quantile(parts, 0.5),
      quantile(parts, 0.9),
      quantile(signed, 0.5),
    ].map((value) => value.toFixed(1)),
  ];
  return `| ${label} | ${cells.join(' | ')} |`;
}
