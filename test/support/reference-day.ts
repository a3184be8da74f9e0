import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { emptyDay } from '../../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../../engine/model/instrument.ts';
import { compareInstruments, option } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { at, day, istTimeOfMinutes } from '../../engine/model/time.ts';
import type { Right } from '../../engine/model/units.ts';
import { paise } from '../../engine/model/units.ts';
import type { ReferenceDay } from './reference-market.ts';

/** The same candles in the engine's own form, with slots in the engine's order. */
export function dayCandlesOf(reference: ReferenceDay, expiry: Day): DayCandles {
  const underlying = reference.underlying as Underlying;
  const of = day(reference.date);
  const keyed = [...reference.candles].map(([key, candles]) => ({
    instrument: instrumentOf(key, underlying, expiry),
    candles,
  }));
  keyed.sort((a, b) => compareInstruments(a.instrument, b.instrument));
  const minutes = Math.ceil((reference.endMs - reference.startMs) / reference.intervalMs);
  const open = at(of, istTimeOfMinutes(reference.startMs / 60_000));
  const starts = Float64Array.from({ length: minutes }, (_, minute) => open + minute * reference.intervalMs);
  const candles = emptyDay({
    day: of,
    intervalMs: reference.intervalMs,
    instruments: keyed.map(({ instrument }) => instrument),
    starts,
  });
  const { columns } = candles;
  keyed.forEach(({ candles: list }, slot) => {
    list.forEach((candle, minute) => {
      if (candle === undefined) return;
      const cell = minute * keyed.length + slot;
      columns.open[cell] = candle.open;
      columns.high[cell] = candle.high;
      columns.low[cell] = candle.low;
      columns.close[cell] = candle.close;
      columns.volume[cell] = candle.volume ?? -1;
      columns.valid[cell] = 1;
    });
  });
  return candles;
}

function instrumentOf(key: string, underlying: Underlying, expiry: Day): Instrument {
  const [strike, right] = key.split(' ');
  if (right === undefined) return { kind: 'index', underlying };
  return option(underlying, expiry, paise(Number(strike) * 100), right as Right);
}
