import { z } from 'zod';
import { intervalMsOf } from '../candle-row.ts';
import type { CandlePreset, StampRule } from './preset.ts';

/**
 * A column map, for candles in a shape that is not recognised. As YAML:
 *
 *     time: { column: ts, format: epoch-ms }        # or { columns: [date, time], zone: IST, label: end }
 *     instrument: { column: ticker }                # or { symbol: NIFTY }, or { symbol: NIFTY 2025-01-30 23500 CE }
 *     columns: { open: o, high: h, low: l, close: c, volume: v, oi: oi }
 *     prices: rupees                                # or paise
 *     volume: per-candle                            # or cumulative, or auto
 *     interval: 1m                                  # left out: the commonest distance of stamps
 */
export const ColumnMap = z.strictObject({
  time: z
    .strictObject({
      column: z.string().optional(),
      columns: z.array(z.string()).length(2).optional(),
      format: z.enum(['text', 'epoch-s', 'epoch-ms']).default('text'),
      zone: z.enum(['IST', 'UTC', 'stated']).default('IST'),
      date: z.enum(['year-first', 'compact', 'day-first']).default('year-first'),
      label: z.enum(['start', 'end', 'auto']).default('auto'),
    })
    .refine((time) => (time.column === undefined) !== (time.columns === undefined), {
      message: 'give either column (one column) or columns (date and time)',
    })
    .refine((time) => time.format === 'text' || time.column !== undefined, {
      message: 'an epoch stands in one column',
    }),
  instrument: z
    .strictObject({ column: z.string().optional(), symbol: z.string().optional() })
    .refine((one) => (one.column === undefined) !== (one.symbol === undefined), {
      message: 'give either column or symbol',
    }),
  columns: z.strictObject({
    open: z.string(),
    high: z.string(),
    low: z.string(),
    close: z.string(),
    volume: z.string().optional(),
    oi: z.string().optional(),
  }),
  prices: z.enum(['rupees', 'paise']).default('rupees'),
  volume: z.enum(['auto', 'per-candle', 'cumulative']).default('auto'),
  interval: z
    .string()
    .refine((text) => intervalMsOf(text) !== undefined, { message: 'an interval reads 1m, 5m, 1h or 1d' })
    .optional(),
});
export type ColumnMap = z.infer<typeof ColumnMap>;

/** The preset that a map describes. */
export function presetOfMap(map: ColumnMap): CandlePreset {
  const { column, symbol } = map.instrument;
  return {
    shape: 'candles',
    name: 'column map',
    stamp: stampOf(map.time),
    label: map.time.label,
    instrument: column === undefined ? { kind: 'fixed', symbol: symbol ?? '' } : { kind: 'column', column },
    open: map.columns.open,
    high: map.columns.high,
    low: map.columns.low,
    close: map.columns.close,
    volume: map.columns.volume,
    oi: map.columns.oi,
    priceUnit: map.prices,
    volumeIs: map.volume,
    intervalMs: map.interval === undefined ? undefined : intervalMsOf(map.interval),
  };
}

/** Columns that the map names and the source lacks. */
export function missingColumns(preset: CandlePreset, columns: readonly string[]): string[] {
  const stamp = preset.stamp.kind === 'epoch' ? [preset.stamp.column] : preset.stamp.columns;
  const instrument = preset.instrument.kind === 'column' ? [preset.instrument.column] : [];
  const named = [...stamp, ...instrument, preset.open, preset.high, preset.low, preset.close, preset.volume, preset.oi];
  return named.filter((name): name is string => name !== undefined && !columns.includes(name));
}

function stampOf(time: ColumnMap['time']): StampRule {
  if (time.format !== 'text') {
    return { kind: 'epoch', column: time.column ?? '', unit: time.format === 'epoch-s' ? 's' : 'ms' };
  }
  const zone = { IST: 'ist', UTC: 'utc', stated: 'stated' } as const;
  return { kind: 'text', columns: time.columns ?? [time.column ?? ''], zone: zone[time.zone], date: time.date };
}
