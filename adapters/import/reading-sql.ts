import type { CandlePreset, InstrumentRule, StampRule } from '../../datasets/import/preset.ts';
import { IST_OFFSET_MS } from '../../engine/model/time.ts';
import { literal, quoted } from '../duckdb.ts';
import type { SourceFile } from './source-files.ts';

/** A source as a table of texts, in the order of its lines; a row with too few or too many cells is an error, not a guess. */
export function textTable(source: SourceFile, options = ''): string {
  return tableOf(source, { options, types: new Map() });
}

/** A table with the stamps of its rows in it, as SQL. */
export interface Reading {
  readonly table: string;
  readonly stamp: string;
}

/**
 * A CSV file of candles with numbers and stamps read as such, which takes two thirds of the time that texts take. Where all cells are
 * what they should be it says the same; one that is not is an error, and then the texts must be read. Undefined where there is no such way.
 */
export function typedReading(source: SourceFile, of: CandlePreset): Reading | undefined {
  const { stamp } = of;
  if (source.head.format !== 'csv' || stamp.kind !== 'text') return undefined;
  if (stamp.zone === 'stated' || stamp.date !== 'year-first') return undefined;
  const [day = '', time] = stamp.columns;
  const numbers = [of.open, of.high, of.low, of.close, of.volume, of.oi].filter((name) => name !== undefined);
  const types = new Map<string, string>(numbers.map((name) => [name, 'DOUBLE']));
  const offset = stamp.zone === 'ist' ? IST_OFFSET_MS : 0;
  if (time === undefined) {
    types.set(day, 'TIMESTAMP');
    const table = tableOf(source, { options: ", timestampformat = '%Y-%m-%d %H:%M:%S'", types });
    return { table, stamp: `epoch_ms(${quoted(day)}) - ${offset}` };
  }
  types.set(day, 'DATE').set(time, 'TIME');
  const table = tableOf(source, { options: ", dateformat = '%Y-%m-%d'", types });
  return { table, stamp: `epoch_ms(${quoted(day)} + ${quoted(time)}) - ${offset}` };
}

function tableOf(
  { path, head }: SourceFile,
  { options, types }: { readonly options: string; readonly types: ReadonlyMap<string, string> },
): string {
  const columns = `{${head.columns.map((name) => `${literal(name)}: '${types.get(name) ?? 'VARCHAR'}'`).join(', ')}}`;
  switch (head.format) {
    case 'csv':
      return `read_csv(${literal(path)}, columns = ${columns}, header = true, auto_detect = false, delim = ',', quote = '"',
        escape = '"', nullstr = '', strict_mode = false, null_padding = false, ignore_errors = false${options})`;
    case 'json':
      return `read_json(${literal(path)}, columns = ${columns}, format = 'array')`;
    case 'json-lines':
      return `read_json(${literal(path)}, columns = ${columns}, format = 'newline_delimited')`;
    default:
      return `(SELECT ${head.columns.map((name) => `${quoted(name)}::VARCHAR AS ${quoted(name)}`).join(', ')}
        FROM read_parquet(${literal(path)}))`;
  }
}

/** Epoch milliseconds of a row, empty where the text tells no time. */
export function stampSql(rule: StampRule): string {
  if (rule.kind === 'epoch') {
    const factor = rule.unit === 's' ? 1000 : 1;
    return `try_cast(round(try_cast(${quoted(rule.column)} AS DOUBLE) * ${factor}) AS BIGINT)`;
  }
  const [first = '', second] = rule.columns;
  const whole =
    second === undefined ? `trim(${quoted(first)})` : `trim(${quoted(first)}) || ' ' || trim(${quoted(second)})`;
  const iso = isoSql(whole, rule.date);
  if (rule.zone === 'stated') {
    // A value without its offset would be read in the zone of the machine: it counts as unreadable.
    return `CASE WHEN regexp_matches(${iso}, '(Z|[+-][0-9]{2}:?[0-9]{2})$') THEN epoch_ms(try_cast(${iso} AS TIMESTAMPTZ)) END`;
  }
  const offset = rule.zone === 'ist' ? IST_OFFSET_MS : 0;
  return `epoch_ms(try_cast(regexp_replace(${iso}, '(Z|[+-][0-9]{2}:?[0-9]{2})$', '') AS TIMESTAMP)) - ${offset}`;
}

/** Words for the manifest. */
export function stampText(rule: StampRule): string {
  if (rule.kind === 'epoch') return `${rule.column}: epoch ${rule.unit === 's' ? 'seconds' : 'milliseconds'}, UTC`;
  const zone = { ist: 'India time', utc: 'UTC', stated: 'offset stated' }[rule.zone];
  return `${rule.columns.join(' + ')}: ${zone}`;
}

/** The symbol of a row as it stands; spaces around it are taken away once a symbol. */
export function symbolSql(rule: InstrumentRule): string {
  return rule.kind === 'column' ? quoted(rule.column) : literal(rule.symbol);
}

/** A number of a text column, empty where it is none; spaces around it do not matter. */
export function numberSql(column: string | undefined): string {
  return column === undefined ? 'NULL::DOUBLE' : `try_cast(${quoted(column)} AS DOUBLE)`;
}

function isoSql(text: string, date: 'year-first' | 'compact' | 'day-first'): string {
  switch (date) {
    case 'compact':
      return `regexp_replace(${text}, '^([0-9]{4})([0-9]{2})([0-9]{2})', '\\1-\\2-\\3')`;
    case 'day-first':
      return `regexp_replace(${text}, '^([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})', '\\3-\\2-\\1')`;
    default:
      return text;
  }
}
