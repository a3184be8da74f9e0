import type { Underlying } from '../engine/model/instrument.ts';
import type { EvidenceGrade } from '../engine/model/order.ts';
import type { FillRow } from './leg-fills.ts';
import type { RunRecords } from './run-records.ts';

/** Minutes of each rung of the underlying ladder. */
export interface RungMinutes {
  readonly underlying: Underlying;
  readonly index: number;
  readonly parity: number;
  readonly future: number;
  readonly none: number;
}

/** How good the ground was that the run stood on. */
export interface DataQuality {
  /** Cells of the universe that had a candle, per cent. */
  readonly coveragePct: number | null;
  readonly rungs: readonly RungMinutes[];
  /** Fills by what the market said at their instant. */
  readonly grades: Readonly<Record<EvidenceGrade, number>>;
  /** Signals that were skipped, by the gate that failed, most frequent first; gates that differ in their figures only are one. */
  readonly skipped: readonly { readonly gate: string; readonly count: number }[];
  readonly taken: number;
}

export function dataQualityOf(records: RunRecords, fills: readonly FillRow[]): DataQuality {
  const rungs = new Map<Underlying, { index: number; parity: number; future: number; none: number }>();
  let cells = 0;
  let present = 0;
  for (const fact of records.facts) {
    const sum = rungs.get(fact.underlying) ?? { index: 0, parity: 0, future: 0, none: 0 };
    for (const rung of ['index', 'parity', 'future', 'none'] as const) sum[rung] += fact.rungs[rung];
    rungs.set(fact.underlying, sum);
    cells += fact.cells;
    present += fact.cellsPresent;
  }
  const grades = { quoted: 0, traded: 0, 'volume-unknown': 0, stale: 0, modelled: 0 };
  for (const { grade } of fills) if (grade !== null) grades[grade] += 1;
  return {
    coveragePct: cells === 0 ? null : (present / cells) * 100,
    rungs: [...rungs].map(([underlying, minutes]) => ({ underlying, ...minutes })),
    grades,
    skipped: skippedBy(records),
    taken: records.signals.filter((signal) => signal.taken).length,
  };
}

function skippedBy(records: RunRecords): readonly { readonly gate: string; readonly count: number }[] {
  const shapes = new Map<string, { gate: string; count: number }>();
  for (const { taken, gate } of records.signals) {
    if (taken) continue;
    const text = gate ?? 'no gate named';
    const shape = text.replace(FIGURE, '#');
    const known = shapes.get(shape);
    if (known === undefined) shapes.set(shape, { gate: text, count: 1 });
    else {
      known.count += 1;
      if (known.gate !== text) known.gate = shape;
    }
  }
  return [...shapes.values()].sort((a, b) => b.count - a.count || (a.gate < b.gate ? -1 : 1));
}

/** A number, a time or a date, but no digit of a name such as S2. */
const FIGURE = /(?<![A-Za-z\d])-?\d+(?:[.,:-]\d+)*/g;
