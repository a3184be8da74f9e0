import type { ImportFacts } from '../datasets/import/import-facts.ts';
import type { Preset } from '../datasets/import/preset.ts';
import { recognise } from '../datasets/import/recognise.ts';
import type { Remark } from '../datasets/manifest.ts';
import type { QuoteTape } from '../datasets/spreads/quote-tape.ts';
import type { OptionContract } from '../engine/model/instrument.ts';
import { isUnderlying, option } from '../engine/model/instrument.ts';
import { day, IST_OFFSET_MS } from '../engine/model/time.ts';
import type { Right } from '../engine/model/units.ts';
import { paise } from '../engine/model/units.ts';
import { Duck, int32Column, literal } from './duckdb.ts';
import type { SourceStep, StepReport } from './import/import-context.ts';
import { ImportRefused } from './import/import-error.ts';
import { stageChainPage, stageChainSnapshots, stageQuoteLines } from './import/quote-steps.ts';
import { findFiles, openSource } from './import/source-files.ts';
import { createStaging } from './import/staging.ts';
import { stageKiteTicks, stageUpstoxTicks } from './import/tick-steps.ts';

/** Rows of a file that are no quotes, with the name of its shape. */
export type NotRead = Remark & { readonly source: string };

export interface QuoteFiles {
  readonly paths: readonly string[];
  readonly facts: ImportFacts;
  /** Given the quotes of one underlying and day at a time, in one order. */
  readonly take: (tape: QuoteTape) => void;
  readonly progress?: (done: number, total: number, file: string) => void;
}

/** Reads recorded quotes of every shape that has both bid and ask; gives what was left out, and refuses files of other shapes. */
export async function readQuotes(order: QuoteFiles): Promise<readonly NotRead[]> {
  const paths = findFiles(order.paths);
  const duck = await Duck.open();
  try {
    await createStaging(duck);
    const names: string[] = [];
    const notRead = new Map<string, NotRead>();
    for (const [number, path] of paths.entries()) {
      order.progress?.(number, paths.length, path);
      const { name, report } = await staged({ duck, facts: order.facts, path, number });
      names.push(name);
      for (const { what, rows } of report.dropped) {
        const before = notRead.get(`${name} ${what}`)?.rows ?? 0;
        notRead.set(`${name} ${what}`, { source: name, what, rows: before + rows });
      }
    }
    await hand(duck, names, order);
    return [...notRead].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, remark]) => remark);
  } finally {
    duck.close();
  }
}

const READERS = {
  'chain-snapshots': stageChainSnapshots,
  'chain-page': stageChainPage,
  'quote-lines': stageQuoteLines,
  'upstox-ticks': stageUpstoxTicks,
  'kite-ticks': stageKiteTicks,
} as const satisfies Record<string, (step: SourceStep) => Promise<StepReport>>;

async function staged(at: {
  readonly duck: Duck;
  readonly facts: ImportFacts;
  readonly path: string;
  readonly number: number;
}): Promise<{ readonly name: string; readonly report: StepReport }> {
  const source = await openSource(at.path, at.duck);
  const preset = recognise(source.head);
  const read = readerOf(preset);
  if (preset === undefined || read === undefined) {
    const what = preset === undefined ? 'is of no known shape' : `holds ${preset.name}`;
    throw new ImportRefused(
      `${at.path} ${what}, without best bids and asks; spreads are measured from chain snapshots, chain pages, full ticks and quote lines`,
    );
  }
  try {
    return { name: preset.name, report: await read({ duck: at.duck, facts: at.facts, source, number: at.number }) };
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ImportRefused(`${at.path} cannot be read to its end: ${first}`, { cause: error });
  }
}

function readerOf(preset: Preset | undefined): ((step: SourceStep) => Promise<StepReport>) | undefined {
  switch (preset?.shape) {
    case 'chain-snapshots':
    case 'chain-page':
    case 'quote-lines':
      return READERS[preset.shape];
    case 'skipped':
      return preset.quotes === undefined ? undefined : READERS[preset.quotes];
    default:
      return undefined;
  }
}

const SAME_CONTRACT = 'underlying, date, expiry, strike, "right"';

/** Hands over the staged quotes day by day. The page's own time is the quote's, where the page tells it. */
async function hand(duck: Duck, names: readonly string[], { take, facts }: QuoteFiles): Promise<void> {
  const days = await duck.rows<{ underlying: string; date: string }>(
    'SELECT DISTINCT underlying, date::VARCHAR AS date FROM new_quotes ORDER BY underlying, date',
  );
  for (const { underlying, date } of days) {
    if (!isUnderlying(underlying)) continue;
    const of = `FROM new_quotes WHERE underlying = ${literal(underlying)} AND date = DATE ${literal(date)}`;
    const contracts = await duck.rows<{ expiry: string; strike: number; right: Right }>(
      `SELECT DISTINCT expiry::VARCHAR AS expiry, strike, "right" ${of} ORDER BY expiry, strike, "right"`,
    );
    const columns = await columnsOf(
      duck,
      `SELECT (dense_rank() OVER (ORDER BY ${SAME_CONTRACT}) - 1)::INTEGER AS contract, source,
        ((coalesce(ts_exchange, ts) + ${IST_OFFSET_MS}) % 86400000)::INTEGER AS ms, coalesce(bid, 0), coalesce(ask, 0),
        coalesce(underlying_price, 0) ${of} ORDER BY contract, ms, ts, source, line`,
    );
    const [contract, source, ms, bid, ask, level] = columns;
    const shapes = [...new Set(names)].sort();
    const placeOf = names.map((name) => shapes.indexOf(name));
    take({
      underlying,
      day: day(date),
      windows: facts.sessions.windowsOn(day(date), underlying),
      contracts: contracts.map(
        ({ expiry, strike, right }): OptionContract => option(underlying, day(expiry), paise(strike), right),
      ),
      sources: shapes,
      contract,
      source: source.map((number) => placeOf[number] ?? 0),
      ms,
      bid,
      ask,
      level,
    });
  }
}

type Columns = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

async function columnsOf(duck: Duck, sql: string): Promise<Columns> {
  const parts: Int32Array[][] = [[], [], [], [], [], []];
  for await (const chunk of duck.chunks(sql)) {
    parts.forEach((part, at) => {
      part.push(int32Column(chunk, at).slice(0, chunk.rowCount));
    });
  }
  const [a, b, c, d, e, f] = parts.map((part) => joined(part));
  const none = new Int32Array(0);
  return [a ?? none, b ?? none, c ?? none, d ?? none, e ?? none, f ?? none];
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
