/** A day whose future is replaced by noise: whoever looks ahead acts otherwise. */
import type { CandleColumns, DayCandles } from '../../engine/model/candle-frame.ts';
import { TICK } from '../../engine/model/units.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { streamOf } from '../../engine/prng.ts';

export interface NoiseChoice {
  readonly seed: number;
  /**
   * What of a running minute is replaced in its first third: its second extreme and its close, or its close alone, since the rule for
   * pairs of stop and target reads both extremes of the minute being played. Its volume belongs to the venue, which may know it.
   */
  readonly extremes: 'replace' | 'keep';
}

/** The same day up to an instant and noise after it; the path of the minute that runs then stays as it was up to the instant. */
export function noisyAfter(day: DayCandles, cut: number, choice: NoiseChoice): DayCandles {
  const columns = copied(day.columns);
  const noisy = { ...day, columns };
  const chance = streamOf(choice.seed, `noise after ${cut}`);
  day.starts.forEach((start, minute) => {
    if (start >= cut) replaceMinute(noisy, minute, chance);
    else if (start + day.intervalMs > cut) replaceRest(noisy, { minute, played: cut - start, chance, choice });
  });
  return noisy;
}

function copied({ open, high, low, close, volume, oi, valid }: CandleColumns): CandleColumns {
  return {
    open: open.slice(),
    high: high.slice(),
    low: low.slice(),
    close: close.slice(),
    volume: volume.slice(),
    oi: oi.slice(),
    valid: valid.slice(),
  };
}

function replaceMinute({ columns, instruments }: DayCandles, minute: number, chance: ChanceStream): void {
  for (let slot = 0; slot < instruments.length; slot += 1) {
    const cell = minute * instruments.length + slot;
    const draw = chance();
    const level = Math.max(TICK, TICK * Math.round(((columns.close[cell] ?? 0) * (0.6 + 0.8 * draw)) / TICK));
    columns.open[cell] = level;
    columns.low[cell] = Math.max(TICK, level - TICK * Math.floor(draw * 70));
    columns.high[cell] = level + TICK * Math.floor(draw * 90);
    columns.close[cell] = draw < 0.5 ? (columns.high[cell] ?? level) : (columns.low[cell] ?? level);
    columns.volume[cell] = Math.floor(draw * 1_000_000);
    columns.oi[cell] = Math.floor(draw * 2_000_000);
    columns.valid[cell] = draw < 0.9 ? 1 : 0;
  }
}

interface RunningMinute {
  readonly minute: number;
  readonly played: number;
  readonly chance: ChanceStream;
  readonly choice: NoiseChoice;
}

/** In the first third the line is on its way to the first extreme, in the second to the other, in the last to the close. */
function replaceRest(day: DayCandles, { minute, played, chance, choice }: RunningMinute): void {
  const { columns, instruments, intervalMs } = day;
  if (played > (2 * intervalMs) / 3) return;
  const highFirst = firstExtremes(day, minute);
  for (let slot = 0; slot < instruments.length; slot += 1) {
    const cell = minute * instruments.length + slot;
    if (columns.valid[cell] !== 1) continue;
    if (played <= intervalMs / 3 && choice.extremes === 'replace') {
      const isIndex = instruments[slot]?.kind === 'index';
      replaceSecond(columns, cell, { isHighFirst: highFirst[slot] === true, isIndex, chance });
    }
    const [low, high] = [columns.low[cell] ?? 0, columns.high[cell] ?? 0];
    columns.close[cell] = Math.min(high, low + TICK * Math.floor((chance() * (high - low + TICK)) / TICK));
    columns.oi[cell] = Math.floor(chance() * 1_000_000);
  }
}

/** Whether each slot's high comes before its low: nearer extreme of the index first, puts the other way round. */
function firstExtremes({ columns, instruments }: DayCandles, minute: number): readonly boolean[] {
  const base = minute * instruments.length;
  return instruments.map(({ underlying, ...instrument }) => {
    const index = instruments.findIndex((each) => each.kind === 'index' && each.underlying === underlying);
    const cell = base + index;
    const [open, high, low] = [columns.open[cell] ?? 0, columns.high[cell] ?? 0, columns.low[cell] ?? 0];
    const isHighFirst = index >= 0 && columns.valid[cell] === 1 && high - open < open - low;
    return 'right' in instrument && instrument.right === 'PE' ? !isHighFirst : isHighFirst;
  });
}

/** The index keeps which of its extremes is the nearer one, since that is part of the path already walked. */
function replaceSecond(
  { open, high, low }: CandleColumns,
  cell: number,
  {
    isHighFirst,
    isIndex,
    chance,
  }: { readonly isHighFirst: boolean; readonly isIndex: boolean; readonly chance: ChanceStream },
): void {
  const from = open[cell] ?? 0;
  const reach = TICK * Math.ceil((chance() * from * 0.3) / TICK);
  if (isHighFirst) {
    const least = isIndex ? 2 * from - (high[cell] ?? 0) - TICK : from;
    low[cell] = Math.max(TICK, least - reach);
  } else {
    const least = isIndex ? 2 * from - (low[cell] ?? 0) : from;
    high[cell] = least + reach;
  }
}
