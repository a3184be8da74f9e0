import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportFacts } from '../../datasets/import/import-facts.ts';
import type { NamedPreset, Preset } from '../../datasets/import/preset.ts';
import { recognise } from '../../datasets/import/recognise.ts';
import type { Manifest, SourceReport } from '../../datasets/manifest.ts';
import { CandleStore, StoreProblem, writeJson } from '../candle-store.ts';
import { Duck } from '../duckdb.ts';
import { storageProblem } from '../storage-problem.ts';
import { stageCandles } from './candle-steps.ts';
import { stageBhavcopy, stageIndexClose, stageMarketReport } from './daily-steps.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { ImportRefused } from './import-error.ts';
import { stageSeconds, stageSnapshots } from './price-steps.ts';
import type { Changes } from './publish.ts';
import { publish } from './publish.ts';
import { stageChainPage, stageChainSnapshots, stageQuoteLines } from './quote-steps.ts';
import type { FileProof, SourceFile } from './source-files.ts';
import { findFiles, openSource } from './source-files.ts';
import { createStaging } from './staging.ts';

export interface ImportOrder {
  readonly paths: readonly string[];
  readonly store: string;
  readonly facts: ImportFacts;
  /** The preset of a column map, in place of recognising. */
  readonly map?: (source: SourceFile) => Preset;
  readonly threads?: number;
  readonly progress?: (done: number, total: number, file: string) => void;
}

export interface ImportOutcome {
  readonly manifest: Manifest;
  readonly changes: Changes;
  /** Where the manifest stands; undefined when the import brought nothing new. */
  readonly manifestPath: string | undefined;
}

/** Imports files into a store: all are read and judged first, then what is new is written, then the manifest. */
export async function importFiles(order: ImportOrder): Promise<ImportOutcome> {
  const store = new CandleStore(order.store);
  store.refuseOther('real');
  const paths = findFiles(order.paths);
  const duck = await Duck.open({ threads: order.threads ?? 2 });
  try {
    await createStaging(duck);
    const sources: SourceReport[] = [];
    for (const [number, path] of paths.entries()) {
      order.progress?.(number, paths.length, path);
      sources.push(await stageSource(order, { duck, path, number }));
    }
    order.progress?.(paths.length, paths.length, 'writing');
    if (sources.every(({ table }) => table === 'none')) refuseAll(sources);
    return await write(duck, store, sources);
  } finally {
    duck.close();
  }
}

/** Writes what is new; a full disk or a folder that may not be written is named as such. */
async function write(duck: Duck, store: CandleStore, sources: SourceReport[]): Promise<ImportOutcome> {
  try {
    return finish(store, sources, await publish(duck, store));
  } catch (error) {
    if (error instanceof StoreProblem) throw error;
    throw storageProblem(withCode(error), store.root);
  }
}

/** The database tells a full or locked disk in words only; the system's code is put beside them. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  if (/No space left|disk quota/i.test(error.message)) return Object.assign(error, { code: 'ENOSPC' });
  return /Permission denied|Read-only/i.test(error.message) ? Object.assign(error, { code: 'EROFS' }) : error;
}

async function stageSource(
  order: ImportOrder,
  at: { readonly duck: Duck; readonly path: string; readonly number: number },
): Promise<SourceReport> {
  const source = await openSource(at.path, at.duck);
  const preset = order.map?.(source) ?? recognise(source.head);
  if (preset === undefined) {
    throw new ImportRefused(
      `${at.path} is of no known shape (columns ${source.head.columns.join(', ').slice(0, 200)}); describe it with --map FILE.yaml`,
    );
  }
  const step: SourceStep = { duck: at.duck, facts: order.facts, source, number: at.number };
  const report = await staged(step, preset);
  const proof = await source.proof;
  proveAllRead(source, proof, report);
  return {
    file: source.head.fileName,
    sha256: proof.sha256,
    preset: preset.name,
    columns: [...source.head.columns],
    ...report,
  };
}

/** Shapes with columns of their own. */
const NAMED: Readonly<Record<NamedPreset['shape'], (step: SourceStep) => Promise<StepReport>>> = {
  'chain-snapshots': stageChainSnapshots,
  'chain-page': stageChainPage,
  'quote-lines': stageQuoteLines,
  bhavcopy: stageBhavcopy,
  'market-report': stageMarketReport,
  'index-close': stageIndexClose,
};

async function staged(step: SourceStep, preset: Preset): Promise<StepReport> {
  try {
    switch (preset.shape) {
      case 'candles':
        return await stageCandles(step, preset);
      case 'seconds':
        return await stageSeconds(step, preset);
      case 'snapshot-closes':
        return await stageSnapshots(step, preset);
      case 'skipped':
        return skippedReport(preset.why);
      default:
        return await NAMED[preset.shape](step);
    }
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ImportRefused(`${step.source.path} cannot be read to its end: ${first}`, { cause: error });
  }
}

/** A text file whose lines were not all rows was not understood, whatever the reader thought of it. */
function proveAllRead({ path, head }: SourceFile, { lines }: FileProof, report: StepReport): void {
  if (head.format !== 'csv' || report.table === 'none') return;
  const remarkLines = report.notes.some((note) => note.startsWith('last line is a remark')) ? 1 : 0;
  if (report.rows !== lines - 1 - remarkLines) {
    throw new ImportRefused(`${path} has ${lines} lines, but ${report.rows} rows could be read from it`);
  }
}

function skippedReport(why: string): StepReport {
  return {
    table: 'none',
    stamps: '',
    interval: null,
    first: null,
    last: null,
    rows: 0,
    kept: 0,
    dropped: [],
    repaired: [],
    notes: [why],
  };
}

function refuseAll(sources: readonly SourceReport[]): never {
  const reasons = [...new Set(sources.map(({ preset, notes }) => `${preset}: ${notes.join(', ')}`))];
  throw new ImportRefused(`nothing to import in ${sources.length} files; ${reasons.join('; ')}`);
}

function finish(store: CandleStore, sources: SourceReport[], changes: Changes): ImportOutcome {
  const hash = createHash('sha256');
  for (const { file, sha256, preset } of sources) hash.update(`${file} ${sha256} ${preset}\n`);
  const manifest: Manifest = {
    format: 1,
    id: hash.digest('hex').slice(0, 12),
    sources,
    added: changes.added,
    corrected: changes.corrected,
    unchanged: changes.unchanged,
    partitions: changes.partitions,
  };
  const folder = join(store.root, 'imports', manifest.id);
  const manifestPath = join(folder, 'manifest.json');
  // Rows may stand without their manifest when an earlier import was cut off between the two: then it is written now.
  const nothingNew = changes.added + changes.corrected === 0;
  if (nothingNew && (existsSync(manifestPath) || !store.exists)) return { manifest, changes, manifestPath: undefined };
  mkdirSync(folder, { recursive: true });
  writeJson(manifestPath, manifest);
  return { manifest, changes, manifestPath };
}
