import type { ImportFacts } from '../../datasets/import/import-facts.ts';
import type { DailyName, SymbolMeaning } from '../../datasets/import/symbol-styles.ts';
import type { Remark, SourceReport } from '../../datasets/manifest.ts';
import type { Duck } from '../duckdb.ts';
import type { SourceFile } from './source-files.ts';

/** One source on its way into the staging tables. */
export interface SourceStep {
  readonly duck: Duck;
  readonly facts: ImportFacts;
  readonly source: SourceFile;
  /** Its number within the import; later sources win where two differ. */
  readonly number: number;
}

/** What a step found out, for the report; the rest of the report is known outside. */
export type StepReport = Pick<
  SourceReport,
  'table' | 'stamps' | 'interval' | 'first' | 'last' | 'rows' | 'kept' | 'dropped' | 'repaired' | 'notes'
>;

/** Remarks with rows, in the order given. */
export function remarks(of: Readonly<Record<string, number>>): Remark[] {
  return Object.entries(of)
    .filter(([, rows]) => rows > 0)
    .map(([what, rows]) => ({ what, rows }));
}

/** The name that an instrument's daily values stand under. */
export function dailyNameOf(meaning: SymbolMeaning): DailyName | undefined {
  if (meaning.kind === 'volatility') return meaning.name;
  return meaning.kind === 'index' ? meaning.underlying : undefined;
}
