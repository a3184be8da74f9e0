/**
 * Days of a market that nobody imagined, from a seed: one index and a few option strikes that jump, gap, fall silent and trade in
 * volumes of every kind. Prices follow the index roughly, so that parity gives a level where the index is silent; nothing else is kept
 * from looking absurd.
 */
import { candleStarts } from '../../datasets/candle-row.ts';
import { invariant } from '../../engine/assert.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { emptyDay, UNKNOWN } from '../../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../../engine/model/instrument.ts';
import { compareInstruments, exchangeOf, option } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';
import { paise, TICK } from '../../engine/model/units.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { streamOf } from '../../engine/prng.ts';
import { testReference } from './play.ts';

/** What kind of day is drawn; percentages are of cells or minutes. */
export interface MarketShape {
  readonly seed: number;
  readonly date: string;
  readonly underlying: Underlying;
  readonly strikesEachSide: number;
  /** Minutes that an option does not trade in. */
  readonly missingPct: number;
  /** Minutes that the index has no candle in; 100 leaves the index out. */
  readonly indexMissingPct: number;
  /** Minutes that open away from the last close, and candles that reach far to both sides. */
  readonly jumpPct: number;
  readonly wildPct: number;
  readonly volume: 'unknown' | 'deep' | 'thin' | 'mixed';
  /** A day of its first so many minutes; whole where absent. */
  readonly minutes?: number;
}

/** Every cell trades, in volume nobody knows, during this many last minutes, so that whatever has to end can end. */
const QUIET_MINUTES = 25;
const BASE: Partial<Record<Underlying, number>> = { NIFTY: 2_200_000, BANKNIFTY: 4_800_000, SENSEX: 7_400_000 };

export function randomDay(shape: MarketShape): DayCandles {
  const on = day(shape.date);
  const candles = emptyDay({
    day: on,
    intervalMs: MINUTE_MS,
    instruments: instrumentsOf(shape, on),
    starts: Float64Array.from(startsOf(on, shape.underlying).slice(0, shape.minutes)),
  });
  candles.instruments.forEach((instrument, slot) => {
    if (instrument.kind === 'index') writeIndex(candles, shape, slot);
  });
  const spots = spotsOf(shape, candles.starts.length);
  candles.instruments.forEach((instrument, slot) => {
    if (instrument.kind === 'option')
      writeOption(candles, { shape, slot, spots, strike: instrument.strike, isCall: instrument.right === 'CE' });
  });
  return candles;
}

function startsOf(on: Day, underlying: Underlying): readonly number[] {
  const session = testReference().calendar.sessionOn(on, exchangeOf(underlying));
  invariant(session !== undefined, `${on} has no session`);
  return candleStarts(session.windows, MINUTE_MS);
}

function instrumentsOf({ underlying, strikesEachSide, indexMissingPct }: MarketShape, on: Day): Instrument[] {
  const { contracts } = testReference();
  const expiry = contracts.expiryOf({ day: on, underlying, rule: 'nearest' })?.expiry;
  invariant(expiry !== undefined, `${underlying} has no expiry on ${on}`);
  const step = contracts.strikeStepOf(underlying);
  const middle = step * Math.round((BASE[underlying] ?? 0) / step);
  const list: Instrument[] = indexMissingPct === 100 ? [] : [{ kind: 'index', underlying }];
  for (let away = -strikesEachSide; away <= strikesEachSide; away += 1) {
    for (const right of ['CE', 'PE'] as const)
      list.push(option(underlying, expiry, paise(middle + away * step), right));
  }
  return list.sort(compareInstruments);
}

/** Opens and closes of the index, minute by minute: a walk with jumps. */
function spotsOf(shape: MarketShape, minutes: number): readonly (readonly [open: number, close: number])[] {
  const chance = streamOf(shape.seed, `${shape.date} ${shape.underlying} walk`);
  const base = BASE[shape.underlying] ?? 0;
  let last = base;
  return Array.from({ length: minutes }, () => {
    const open = last + (chance() * 100 < shape.jumpPct ? Math.round((chance() - 0.5) * base * 0.006) : 0);
    const pull = (base - open) * 0.01;
    last = Math.round(open + pull + (chance() - 0.5) * base * 0.0012);
    return [open, last] as const;
  });
}

function writeIndex(candles: DayCandles, shape: MarketShape, slot: number): void {
  const chance = streamOf(shape.seed, `${shape.date} ${shape.underlying} index`);
  spotsOf(shape, candles.starts.length).forEach(([open, close], minute) => {
    const reach = (BASE[shape.underlying] ?? 0) * (chance() * 100 < shape.wildPct ? 0.004 : 0.0003);
    const high = Math.max(open, close) + Math.round(chance() * reach);
    const low = Math.min(open, close) - Math.round(chance() * reach);
    const isAbsent = chance() * 100 < shape.indexMissingPct;
    if (!isAbsent) write(candles, { slot, minute }, [open, high, low, close, UNKNOWN]);
  });
}

interface OptionJob {
  readonly shape: MarketShape;
  readonly slot: number;
  readonly strike: number;
  readonly isCall: boolean;
  readonly spots: readonly (readonly [number, number])[];
}

function writeOption(candles: DayCandles, { shape, slot, strike, isCall, spots }: OptionJob): void {
  const chance = streamOf(shape.seed, `${shape.date} ${shape.underlying} ${strike} ${isCall}`);
  spots.forEach(([spotOpen, spotClose], minute) => {
    const isQuiet = minute >= spots.length - QUIET_MINUTES;
    const [open, close] = [spotOpen, spotClose].map((spot) => {
      const noise = 1 + (chance() - 0.5) * (chance() * 100 < shape.jumpPct ? 0.8 : 0.04);
      return onTick(worthOf(isCall ? spot - strike : strike - spot) * noise);
    }) as [number, number];
    const reach = chance() * 100 < shape.wildPct ? 0.7 : 0.04;
    const high = onTick(Math.max(open, close) * (1 + chance() * reach));
    const low = onTick(Math.min(open, close) * (1 - chance() * reach));
    const isAbsent = chance() * 100 < shape.missingPct;
    const volume = volumeOf(shape, chance);
    if (isQuiet) write(candles, { slot, minute }, [open, high, low, close, UNKNOWN]);
    else if (!isAbsent) write(candles, { slot, minute }, [open, high, low, close, volume]);
  });
}

/** A smooth step from nothing to what the option is worth inside the money; call less put is the distance from the strike. */
function worthOf(distance: number): number {
  return 0.5 * (distance + Math.sqrt(distance * distance + 800_000_000));
}

function onTick(price: number): number {
  return Math.max(TICK, Math.round(price / TICK) * TICK);
}

function volumeOf({ volume }: MarketShape, chance: ChanceStream): number {
  const draw = chance();
  switch (volume) {
    case 'unknown':
      return UNKNOWN;
    case 'deep':
      return 10_000_000;
    case 'thin':
      return Math.floor(draw * 3_000);
    default:
      return [UNKNOWN, 0, Math.floor(draw * 3_000), 10_000_000][Math.floor(chance() * 4)] ?? 0;
  }
}

/** Puts a candle into a day: open, high, low, close, volume. */
function write(
  { columns, instruments }: DayCandles,
  { slot, minute }: { readonly slot: number; readonly minute: number },
  [open, high, low, close, volume]: readonly [number, number, number, number, number],
): void {
  const cell = minute * instruments.length + slot;
  columns.open[cell] = open;
  columns.high[cell] = high;
  columns.low[cell] = low;
  columns.close[cell] = close;
  columns.volume[cell] = volume;
  columns.valid[cell] = 1;
}
