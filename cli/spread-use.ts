import type { SpreadReference } from '../datasets/reference-spreads.ts';
import type { JournalRecord } from '../engine/journal.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { instrumentOfKey } from '../engine/model/instrument.ts';
import type { OrderId } from '../engine/model/order.ts';
import type { Config } from './config.ts';

/** Where the half-spreads of a run's fills came from; fills at an order's own limit paid none. */
export interface SpreadUse {
  readonly measured: number;
  readonly pooled: number;
  readonly assumed: number;
  /** The assumed ones by underlying. */
  readonly assumedOf: ReadonlyMap<Underlying, number>;
}

export function spreadUse(records: readonly JournalRecord[]): SpreadUse {
  const counts = { measured: 0, pooled: 0, assumed: 0, none: 0 };
  const contracts = new Map<OrderId, string>();
  const assumedOf = new Map<Underlying, number>();
  for (const record of records) {
    if (record.kind === 'order-placed') contracts.set(record.order, record.contract);
    if (record.kind !== 'order-filled') continue;
    const { spread } = record.fill.steps;
    counts[spread] += 1;
    const contract = contracts.get(record.fill.order);
    if (spread !== 'assumed' || contract === undefined) continue;
    const { underlying } = instrumentOfKey(contract);
    assumedOf.set(underlying, (assumedOf.get(underlying) ?? 0) + 1);
  }
  return { ...counts, assumedOf };
}

/** A sentence where fills paid a half-spread that nobody measured, although a table was to say it. */
export function spreadWarning(
  use: SpreadUse,
  { costs }: Config,
  spreads: SpreadReference | undefined,
): readonly string[] {
  if (use.assumed === 0 || spreads === undefined) return [];
  const all = use.measured + use.pooled + use.assumed;
  const names = [...use.assumedOf].map(([underlying, count]) => `${underlying} ${count}`).join(', ');
  return [
    `${use.assumed} of ${all} fills in cells without measurement (${names}) paid the assumed half-spread, the larger of 0.05 and ${costs.halfSpreadPct} % of premium`,
  ];
}
