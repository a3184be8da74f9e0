/** The first part of a random day as a session of its own, for the engine and for the second reference. */

import { invariant } from '../../engine/assert.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../engine/model/event.ts';
import { exchangeOf } from '../../engine/model/instrument.ts';
import { epochMs, msOfDay } from '../../engine/model/time.ts';
import { dayEvents } from './day-events.ts';
import { testReference } from './play.ts';
import type { ReferenceCandle, ReferenceDay } from './reference-market.ts';

/** The day cut off after some minutes. */
export function shortened(day: DayCandles, minutes: number): DayCandles {
  const cells = minutes * day.instruments.length;
  const { open, high, low, close, volume, oi, valid } = day.columns;
  return {
    ...day,
    starts: day.starts.slice(0, minutes),
    columns: {
      open: open.slice(0, cells),
      high: high.slice(0, cells),
      low: low.slice(0, cells),
      close: close.slice(0, cells),
      volume: volume.slice(0, cells),
      oi: oi.slice(0, cells),
      valid: valid.slice(0, cells),
    },
  };
}

/** Its inputs, in a session that ends with its last candle. */
export function shortSession(day: DayCandles): InputEvent[] {
  const [first, last] = [day.starts[0], day.starts.at(-1)];
  invariant(first !== undefined && last !== undefined, 'a session has candles');
  const close = epochMs(last + day.intervalMs);
  const windows = [{ open: epochMs(first), close }];
  const session = { windows, planned: windows, special: false, indexLiveUntil: close, settlementAt: close };
  return dayEvents({ session, candles: day, closeGraceMs: 1_000, facts: [], officialCloses: [] });
}

/** The same candles as the second reference reads them. */
export function referenceDayOf(day: DayCandles): ReferenceDay {
  const { columns, instruments, starts } = day;
  const option = instruments.find((instrument) => instrument.kind === 'option');
  invariant(option?.kind === 'option', 'a day of a straddle has options');
  const { underlying, expiry } = option;
  const startMs = msOfDay(epochMs(starts[0] ?? 0));
  const candles = new Map<string, (ReferenceCandle | undefined)[]>();
  instruments.forEach((instrument, slot) => {
    const key = instrument.kind === 'option' ? `${instrument.strike / 100} ${instrument.right}` : instrument.underlying;
    const list = [...starts].map((_, minute) => {
      const cell = minute * instruments.length + slot;
      if (columns.valid[cell] !== 1) return undefined;
      const volume = columns.volume[cell] ?? -1;
      return {
        open: columns.open[cell] ?? 0,
        high: columns.high[cell] ?? 0,
        low: columns.low[cell] ?? 0,
        close: columns.close[cell] ?? 0,
        volume: volume < 0 ? undefined : volume,
      };
    });
    candles.set(key, list);
  });
  return {
    date: day.day,
    underlying: underlying as ReferenceDay['underlying'],
    exchange: exchangeOf(underlying),
    lotSize: testReference().contracts.lotSizeOf({ underlying, expiry, day: day.day })?.lotSize ?? 0,
    startMs,
    endMs: startMs + starts.length * day.intervalMs,
    intervalMs: day.intervalMs,
    candles,
  };
}
