/**
 * Short scripted days. A line names a minute by its start and what traded in it, prices in rupees:
 *
 *     2025-01-06  expiry 2025-01-09  strike 23000  every 1m        (first line, each part may be left out)
 *     09:20  NIFTY 23005   CE 100 101 99 100 v5000   23100PE 90
 *
 * One number is a flat candle, four are open, high, low, close; `v` is the volume in units (`v?` unknown), `oi12000` the open interest in
 * units from this candle on (`oi?` unknown, as before the first), `-` no candle in this minute, `gap` none until the instrument is named
 * again. `CE` and `PE` stand at the tape's strike, `23100CE` elsewhere, `CE+` in the next expiry, `FUT` is the near future. What is not
 * named trades flat at its last price, before its first line at its first open, options and futures with plenty of volume; an index ends
 * where it is no live price any more.
 */
import { invariant } from '../engine/assert.ts';
import { atTheMoney } from '../engine/market/option-chain.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { emptyDay, UNKNOWN } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { compareInstruments, exchangeOf, instrumentKey, isUnderlying, option } from '../engine/model/instrument.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { at, day, epochMs, istTime, MINUTE_MS } from '../engine/model/time.ts';
import type { Right } from '../engine/model/units.ts';
import { paise, paiseOfRupees } from '../engine/model/units.ts';
import type { Reference } from './reference.ts';

const PLENTY = 1_000_000;

interface Cell {
  readonly start: EpochMs;
  readonly prices: readonly number[];
  readonly volume: number | undefined;
  /** As published with this candle; undefined where it says nothing new. */
  readonly oi: number | undefined;
  readonly absent: 'never' | 'once' | 'on';
}

interface Head {
  readonly day: Day;
  readonly expiry: Day | undefined;
  readonly strike: number | undefined;
  readonly intervalMs: number;
}

/** The dated facts that a tape leans on. */
type Tables = Pick<Reference, 'calendar' | 'contracts'>;

/** One day of candles from a scripted text. */
export function tapeDay(text: string, tables: Tables): DayCandles {
  const lines = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '');
  const first = lines[0]?.[0] ?? '';
  const dated = /^\d{4}-/.test(first);
  const head = headOf(dated ? (lines[0] ?? []) : []);
  const rows = dated ? lines.slice(1) : lines;
  const named = rows.flatMap(([time = '', ...words]) => cellsOf(at(head.day, istTime(time)), words));
  const underlying = named.map(({ name }) => name).find(isUnderlying) ?? 'NIFTY';
  return dayOfCells({ head, underlying, tables }, named);
}

function headOf(words: readonly string[]): Head {
  const after = (name: string): string | undefined => {
    const place = words.indexOf(name);
    return place < 0 ? undefined : words[place + 1];
  };
  const [expiry, strike, every] = [after('expiry'), after('strike'), after('every')];
  return {
    day: day(words[0] ?? '2025-01-06'),
    expiry: expiry === undefined ? undefined : day(expiry),
    strike: strike === undefined ? undefined : Number(strike) * 100,
    intervalMs: Number.parseInt(every ?? '1m', 10) * MINUTE_MS,
  };
}

function cellsOf(start: EpochMs, words: readonly string[]): { readonly name: string; readonly cell: Cell }[] {
  const cells: { name: string; words: string[] }[] = [];
  for (const word of words) {
    if (/^(\d+)?[A-Z]/.test(word)) cells.push({ name: word, words: [] });
    else cells.at(-1)?.words.push(word);
  }
  return cells.map(({ name, words: said }) => {
    const prices = said.filter((word) => /^\d/.test(word)).map((word) => paiseOfRupees(Number(word)));
    const volume = said.find((word) => word.startsWith('v'));
    const oi = said.find((word) => word.startsWith('oi'));
    const absent = said.includes('gap') ? 'on' : said.includes('-') ? 'once' : 'never';
    invariant(
      prices.length === 1 || prices.length === 4 || absent !== 'never',
      `${name} has one price or four, was "${said.join(' ')}"`,
    );
    return { name, cell: { start, prices, volume: unitsOf(volume, 'v'), oi: unitsOf(oi, 'oi'), absent } };
  });
}

/** Units behind a letter, `v500` or `oi?`; undefined where the word was not said. */
function unitsOf(word: string | undefined, letter: string): number | undefined {
  if (word === undefined) return undefined;
  const units = word === `${letter}?` ? UNKNOWN : Number(word.slice(letter.length));
  invariant(
    units === UNKNOWN || (Number.isSafeInteger(units) && units >= 0),
    `a tape says ${letter}500 or ${letter}?, was "${word}"`,
  );
  return units;
}

interface Tape {
  readonly head: Head;
  readonly underlying: Underlying;
  readonly tables: Tables;
}

function dayOfCells(tape: Tape, named: readonly { readonly name: string; readonly cell: Cell }[]): DayCandles {
  const { head, underlying, tables } = tape;
  const session = tables.calendar.sessionOn(head.day, exchangeOf(underlying));
  invariant(session !== undefined, `${head.day} has no session`);
  const strike = head.strike ?? moneyOf(tape, named);
  const byKey = new Map<string, { instrument: Instrument; cells: Cell[] }>();
  for (const { name, cell } of named) {
    const instrument = instrumentOf(name, { ...tape, strike });
    const key = instrumentKey(instrument);
    const entry = byKey.get(key) ?? { instrument, cells: [] };
    entry.cells.push(cell);
    byKey.set(key, entry);
  }
  const columns = [...byKey.values()].sort((a, b) => compareInstruments(a.instrument, b.instrument));
  const starts: number[] = [];
  for (const { open, close } of session.windows)
    for (let start: number = open; start < close; start += head.intervalMs) starts.push(start);
  const candles = emptyDay({
    day: head.day,
    intervalMs: head.intervalMs,
    instruments: columns.map(({ instrument }) => instrument),
    starts: Float64Array.from(starts),
  });
  columns.forEach(({ instrument, cells }, slot) => {
    const until = instrument.kind === 'index' ? session.indexLiveUntil : epochMs(Number.MAX_SAFE_INTEGER);
    write(candles, { slot, cells, until, volume: instrument.kind === 'index' ? UNKNOWN : PLENTY });
  });
  return candles;
}

function write(
  candles: DayCandles,
  parts: { readonly slot: number; readonly cells: readonly Cell[]; readonly until: EpochMs; readonly volume: number },
): void {
  const { slot, cells, until } = parts;
  const { columns, instruments, starts } = candles;
  const byStart = new Map(cells.map((cell) => [cell.start as number, cell]));
  let last = cells.find(({ absent }) => absent === 'never')?.prices[0];
  let present = cells[0]?.absent === 'never';
  let oi = UNKNOWN;
  for (const { start } of cells) invariant(starts.includes(start), `no candle of this tape starts at ${start}`);
  starts.forEach((start, minute) => {
    const said = byStart.get(start);
    if (said !== undefined) present = said.absent !== 'on';
    oi = said?.oi ?? oi;
    const once = said?.absent === 'once';
    if (!present || once || last === undefined || (said === undefined && start >= until)) return;
    const [open = last, high = open, low = open, close = open] = said?.prices ?? [];
    const cell = minute * instruments.length + slot;
    columns.open[cell] = open;
    columns.high[cell] = high;
    columns.low[cell] = low;
    columns.close[cell] = close;
    columns.volume[cell] = said?.volume ?? parts.volume;
    columns.oi[cell] = oi;
    columns.valid[cell] = 1;
    last = close;
  });
}

/** The strike nearest to the first price of the index. */
function moneyOf(
  { underlying, tables }: Tape,
  named: readonly { readonly name: string; readonly cell: Cell }[],
): number | undefined {
  const first = named.find(({ name, cell }) => name === underlying && cell.prices.length > 0)?.cell.prices[0];
  return first === undefined ? undefined : atTheMoney(first, tables.contracts.strikeStepOf(underlying));
}

function instrumentOf(name: string, tape: Tape & { readonly strike: number | undefined }): Instrument {
  const { underlying, head, strike } = tape;
  const { contracts } = tape.tables;
  if (isUnderlying(name)) return { kind: 'index', underlying: name };
  const of = { day: head.day, underlying } as const;
  if (name === 'FUT') {
    const month = contracts.expiryOf({ ...of, rule: 'monthly' })?.expiry;
    invariant(month !== undefined, `no monthly contract is listed on ${head.day}`);
    return { kind: 'future', underlying, expiry: month };
  }
  const match = /^(\d+)?(CE|PE)(\+)?$/.exec(name);
  invariant(match !== null, `a tape names an index, FUT, CE, PE or 23100CE, was "${name}"`);
  const [, rupees, right, next] = match;
  const rule = next === undefined ? 'nearest' : 'next';
  const expiry = (next === undefined ? head.expiry : undefined) ?? contracts.expiryOf({ ...of, rule })?.expiry;
  const level = rupees === undefined ? strike : Number(rupees) * 100;
  invariant(
    expiry !== undefined && level !== undefined,
    `the tape says neither a strike nor an index level for ${name}`,
  );
  return option(underlying, expiry, paise(level), right as Right);
}
