import type { CandleArchive } from '../../adapters/candle-archive.ts';
import { ModelledChain } from '../../datasets/modelled/modelled-chain.ts';
import type { DayLevel, SessionMove } from '../../datasets/modelled/volatility-level.ts';
import { emptyColumns } from '../../engine/model/candle-frame.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { compareInstruments, exchangeOf, option } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { at, day, istTime, MINUTE_MS } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { movesOf } from './chain-fit.ts';
import { quantile, reference } from './chain-sets.ts';

/** The straddle is bought at the close of the first candle that ends then or later, and sold at that of the last one by the second time. */
const BOUGHT_FROM = istTime('09:20');
const SOLD_BY = istTime('15:15');

/** Fewer sessions before a day, and its level says more about the long run than about the index. */
const SESSIONS_MIN = 20;

const VIX_ENDS = day('2021-05-14');

/** Spans of index candles. The scale of realised volatility was taken from NIFTY up to the last day of the shared India VIX. */
const SPANS = [
  { underlying: 'NIFTY', minutes: 30, from: day('2019-01-01'), to: VIX_ENDS, name: 'fitted' },
  { underlying: 'BANKNIFTY', minutes: 15, from: day('2019-01-01'), to: VIX_ENDS, name: 'judged' },
  { underlying: 'NIFTY', minutes: 30, from: day('2021-05-18'), to: day('2023-12-29'), name: 'judged' },
  { underlying: 'BANKNIFTY', minutes: 15, from: day('2021-05-18'), to: day('2023-08-04'), name: 'judged' },
  { underlying: 'NIFTY', minutes: 1, from: day('2024-01-01'), to: day('2024-05-31'), name: 'judged' },
  { underlying: 'BANKNIFTY', minutes: 1, from: day('2024-01-01'), to: day('2024-05-31'), name: 'judged' },
  { underlying: 'BANKNIFTY', minutes: 5, from: day('2024-06-03'), to: day('2025-06-30'), name: 'judged' },
  { underlying: 'NIFTY', minutes: 5, from: day('2025-01-20'), to: day('2025-06-30'), name: 'judged' },
] as const;

interface Held {
  readonly day: Day;
  readonly paid: number;
  readonly gained: number;
}

/**
 * What a straddle at the money of the nearest expiry gains from the morning to the afternoon at the model's own prices, without costs:
 * real ones lose a little in the mean. A model that lets their buyer gain is too cheap, and one that lets him lose much is too dear.
 */
export async function printDrift(archive: CandleArchive): Promise<void> {
  const values = await archive.dailyValues({ name: 'INDIA VIX' });
  const vix = new Map(values.map(({ day: on, close }) => [on, close]));
  console.log(
    '\nModelled chain: drift of a straddle at the money of the nearest expiry, bought at 09:20 and sold at 15:15',
  );
  const premiums: string[] = [];
  console.log('| index candles | level from | days | gain, % of premium | t |');
  console.log('| --- | --- | --: | --: | --: |');
  for (const span of SPANS) {
    const moves = await movesOf(archive, {
      underlying: span.underlying,
      intervalMs: span.minutes * MINUTE_MS,
      to: span.to,
    });
    const name = `${span.name}: ${span.underlying}, ${span.minutes} min, ${span.from} to ${span.to}`;
    const [own, led] = (['realised', 'india-vix'] as const).map((source) =>
      heldDays(archive, { ...span, moves, source, vix }),
    ) as [readonly Held[], readonly Held[]];
    if (led.length > 0) console.log(`| ${name} | India VIX | ${driftCells(led)} |`);
    console.log(`| ${name} | realised volatility | ${driftCells(own)} |`);
    if (led.length > 0) premiums.push(`${name}: ${premiumText(own, led)}`);
  }
  console.log('\nPremium of that straddle with the level from realised volatility against that with India VIX');
  for (const text of premiums) console.log(`  ${text}`);
}

/** How far apart the premiums of two sources are on the days that both have. */
function premiumText(own: readonly Held[], led: readonly Held[]): string {
  const paidOn = new Map(led.map(({ day: on, paid }) => [on, paid]));
  const ratios = own.flatMap(({ day: on, paid }) => {
    const other = paidOn.get(on);
    return other === undefined ? [] : [paid / other - 1];
  });
  const misses = ratios.map(Math.abs);
  const [bias, half, most] = [quantile(ratios, 0.5), quantile(misses, 0.5), quantile(misses, 0.9)].map((part) =>
    (100 * part).toFixed(1),
  );
  return `${ratios.length} days, median ${bias} %, half within ${half} %, nine in ten within ${most} %`;
}

interface DriftSpan {
  readonly underlying: Underlying;
  readonly minutes: number;
  readonly from: Day;
  readonly moves: readonly SessionMove[];
  readonly source: DayLevel['from'];
  readonly vix: ReadonlyMap<Day, number>;
}

/** Ordinary days with enough sessions before them, so that both sources speak of the same ones. */
function heldDays(archive: CandleArchive, span: DriftSpan): readonly Held[] {
  return span.moves.flatMap((move, index) => {
    const session = reference.calendar.sessionOn(move.day);
    if (move.day < span.from || index < SESSIONS_MIN || session?.kind !== 'regular') return [];
    return heldOn(archive, { ...span, index, day: move.day }) ?? [];
  });
}

function heldOn(
  archive: CandleArchive,
  {
    underlying,
    minutes,
    moves,
    source,
    vix,
    index: at,
    day: on,
  }: DriftSpan & { readonly index: number; readonly day: Day },
): Held | undefined {
  const chain = new ModelledChain(reference);
  const before = reference.calendar.previousTradingDay(on, { exchange: exchangeOf(underlying) });
  const vixBefore = before === undefined || source === 'realised' ? undefined : vix.get(before);
  if (source === 'india-vix' && vixBefore === undefined) return undefined;
  const level = chain.level({ underlying, vixBefore, sessions: moves.slice(Math.max(0, at - 60), at).toReversed() });
  const intervalMs = minutes * MINUTE_MS;
  const wanted = [{ underlying, index: 'include', futures: [], expiries: [] }] as const;
  const { starts, columns } = archive.readDay({ day: on, intervalMs, wanted });
  const eve = moves[at - 1];
  const closeBefore = eve?.day === before ? eve?.close : undefined;
  const index = { starts, ...columns };
  const of = chain.indexDay({ day: on, underlying, intervalMs, index, level, closeBefore });
  const [expiry] = chain.expiries(on, underlying);
  const [bought, sold] = rowsHeld({ starts, valid: columns.valid, on, intervalMs });
  if (of === undefined || expiry === undefined || bought === undefined || sold === undefined) return undefined;
  const step = reference.contracts.strikeStepOn({ underlying, expiry, day: on });
  const strike = paise(Math.round((columns.close[bought] as number) / step) * step);
  const options = (['CE', 'PE'] as const)
    .map((right) => option(underlying, expiry, strike, right))
    .sort(compareInstruments);
  const prices = emptyColumns(starts.length * 2);
  const rows = Int32Array.from(starts, (_start, row) => row);
  chain.write(of, options, { columns: prices, slots: 2, slot: 0, rows });
  const worth = (row: number): number => (prices.close[2 * row] as number) + (prices.close[2 * row + 1] as number);
  return { day: on, paid: worth(bought), gained: worth(sold) - worth(bought) };
}

/** Rows at whose closes the straddle is bought and sold; undefined where the day has none. */
function rowsHeld(of: {
  readonly starts: ArrayLike<number>;
  readonly valid: ArrayLike<number>;
  readonly on: Day;
  readonly intervalMs: number;
}): readonly [number | undefined, number | undefined] {
  const rows = Array.from(of.starts, (_start, row) => row).filter((row) => of.valid[row] === 1);
  const endOf = (row: number): number => (of.starts[row] as number) + of.intervalMs;
  const bought = rows.find((row) => endOf(row) >= at(of.on, BOUGHT_FROM));
  const sold = rows.findLast((row) => endOf(row) <= at(of.on, SOLD_BY));
  return bought !== undefined && sold !== undefined && sold > bought ? [bought, sold] : [undefined, undefined];
}

/** Days, the gain of all days as a part of all premium, and the mean gain over its standard error. */
function driftCells(held: readonly Held[]): string {
  const sum = (of: (one: Held) => number): number => held.reduce((total, one) => total + of(one), 0);
  const mean = sum(({ gained }) => gained) / held.length;
  const deviation = Math.sqrt(sum(({ gained }) => (gained - mean) ** 2) / (held.length - 1));
  const part = (100 * sum(({ gained }) => gained)) / sum(({ paid }) => paid);
  return `${held.length} | ${part.toFixed(1)} | ${((mean / deviation) * Math.sqrt(held.length)).toFixed(2)}`;
}
