import type { DayCandles } from '../engine/model/candle-frame.ts';
import type { Instrument } from '../engine/model/instrument.ts';

/** Most bytes that a row takes: a stamp, a name and six numbers. */
const ROW_BYTES_MAX = 128;
const COMMA = 44;
const NEWLINE = 10;
const ZERO = 48;

/** The columns of a row, for whoever reads it. */
export const CSV_COLUMNS = `{'ts': 'BIGINT', 'kind': 'VARCHAR', 'expiry': 'DATE', 'strike': 'INTEGER', 'right': 'VARCHAR',
  'open': 'INTEGER', 'high': 'INTEGER', 'low': 'INTEGER', 'close': 'INTEGER', 'volume': 'INTEGER', 'oi': 'INTEGER'}`;

/**
 * The candles of a day that exist as CSV bytes, by minute and instrument; unknown volume and open interest are left empty. Written byte
 * by byte, which is six times as fast as joining texts.
 */
export function csvOf({ starts, instruments, columns }: DayCandles): {
  readonly bytes: Uint8Array;
  readonly rows: number;
} {
  const { open, high, low, close, volume, oi, valid } = columns;
  const names = instruments.map((instrument) => Buffer.from(nameOf(instrument), 'latin1'));
  const page = new BytePage(valid.length * ROW_BYTES_MAX);
  let rows = 0;
  for (const [minute, start] of starts.entries()) {
    const stamp = Buffer.from(String(start), 'latin1');
    for (const [slot, name] of names.entries()) {
      const cell = minute * names.length + slot;
      if (valid[cell] !== 1) continue;
      page.put(stamp);
      page.put(name);
      for (const column of [open, high, low, close]) page.number(column[cell] ?? 0);
      page.count(volume[cell] ?? -1);
      page.count(oi[cell] ?? -1);
      page.endRow();
      rows += 1;
    }
  }
  return { bytes: page.bytes, rows };
}

function nameOf(instrument: Instrument): string {
  if (instrument.kind === 'index') return ',index,,,';
  if (instrument.kind === 'future') return `,future,${instrument.expiry},,`;
  return `,option,${instrument.expiry},${instrument.strike},${instrument.right}`;
}

/** Bytes that grow at their end, whole numbers among them. */
class BytePage {
  readonly #bytes: Uint8Array;
  readonly #digits = new Uint8Array(16);
  #end = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  put(text: Uint8Array): void {
    for (const byte of text) this.#bytes[this.#end++] = byte;
  }

  /** A comma and a whole number from 0. */
  number(value: number): void {
    this.#bytes[this.#end++] = COMMA;
    let rest = value;
    let length = 0;
    do {
      const tenth = Math.floor(rest / 10);
      this.#digits[length++] = ZERO + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
    while (length > 0) this.#bytes[this.#end++] = this.#digits[--length] as number;
  }

  /** A comma, and the count unless it is unknown. */
  count(value: number): void {
    if (value >= 0) this.number(value);
    else this.#bytes[this.#end++] = COMMA;
  }

  endRow(): void {
    this.#bytes[this.#end++] = NEWLINE;
  }
}
