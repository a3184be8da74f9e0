/**
 * The yardstick of a year: a straddle on columns and nothing else, run as a program of its own on the folder of raw columns it is given.
 * Each day the money's call and put are sold at the open after 09:20, each with a stop 30 % above its entry matched against the highs, both
 * closed at the open after 15:15; charges in paise an order, money of every minute. No risk rules, journal, reports or checks.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

const MINUTES = 375;
const ENTRY = 5;
const EXIT = 360;
const STOP = 1.3;
const FILLS_MAX = 1 << 13;
const [folder = ''] = process.argv.slice(2);
/** Index and options of a day side by side, minute by minute; of each day the lowest strike, the step and the quantity of a lot. */
const days = new Int32Array(new Uint8Array(readFileSync(join(folder, 'days.bin'))).buffer);
const slots = days[0] ?? 0;
const cells = MINUTES * slots;

class Column {
  readonly values = new Int32Array(cells);
  readonly #bytes = new Uint8Array(this.values.buffer);
  readonly #file: number;

  constructor(name: string) {
    this.#file = openSync(join(folder, `${name}.bin`), 'r');
  }

  read(day: number): void {
    readSync(this.#file, this.#bytes, 0, this.#bytes.length, day * this.#bytes.length);
  }

  close(): void {
    closeSync(this.#file);
  }
}

class Leg {
  readonly slot: number;
  readonly quantity: number;
  state: 'entering' | 'open' | 'leaving' | 'flat' = 'entering';
  stop = 0;

  constructor(slot: number, quantity: number) {
    this.slot = slot;
    this.quantity = quantity;
  }
}

class MiniEngine {
  readonly #columns = ['open', 'high', 'low', 'close', 'volume', 'oi'].map((name) => new Column(name));
  readonly #last = new Int32Array(slots);
  readonly #equity: Float64Array;
  readonly #fills = {
    at: new Int32Array(FILLS_MAX),
    slot: new Int32Array(FILLS_MAX),
    side: new Int8Array(FILLS_MAX),
    price: new Int32Array(FILLS_MAX),
  };
  #legs: Leg[] = [];
  #cash = 0;
  #charges = 0;
  #count = 0;

  constructor(count: number) {
    this.#equity = new Float64Array(count * MINUTES);
  }

  run(count: number): { readonly fills: number; readonly net: number } {
    for (let day = 0; day < count; day += 1) {
      for (const column of this.#columns) column.read(day);
      const at = 1 + 3 * day;
      this.#playDay({ first: day * MINUTES, low: days[at] ?? 0, step: days[at + 1] ?? 1, lot: days[at + 2] ?? 0 });
    }
    for (const column of this.#columns) column.close();
    return { fills: this.#count, net: this.#equity.at(-1) ?? 0 };
  }

  #playDay(day: { readonly first: number; readonly low: number; readonly step: number; readonly lot: number }): void {
    const closes = this.#columns[3]?.values ?? this.#last;
    this.#legs = [];
    for (let minute = 0; minute < MINUTES; minute += 1) {
      const base = minute * slots;
      for (const leg of this.#legs) this.#match(leg, base, day.first + minute);
      this.#last.set(closes.subarray(base, base + slots));
      if (minute === ENTRY) this.#enter(day);
      if (minute === EXIT) for (const leg of this.#legs) if (leg.state === 'open') leg.state = 'leaving';
      this.#equity[day.first + minute] = this.#worth();
    }
  }

  #enter({ low, step, lot }: { readonly low: number; readonly step: number; readonly lot: number }): void {
    const strike = Math.round(((this.#last[0] ?? 0) - low) / step);
    const call = 1 + 2 * strike;
    if (call >= 1 && call + 1 < slots) this.#legs = [new Leg(call, lot), new Leg(call + 1, lot)];
  }

  #match(leg: Leg, base: number, at: number): void {
    const [open, high] = this.#columns;
    const cell = base + leg.slot;
    const first = open?.values[cell] ?? 0;
    if (leg.state === 'entering') {
      this.#fill(leg, -1, first, at);
      leg.state = 'open';
      leg.stop = Math.round((first * STOP) / 5) * 5;
    } else if (leg.state === 'leaving' || (leg.state === 'open' && (high?.values[cell] ?? 0) >= leg.stop)) {
      this.#fill(leg, 1, leg.state === 'leaving' ? first : Math.max(first, leg.stop), at);
      leg.state = 'flat';
    }
  }

  #fill(leg: Leg, side: 1 | -1, price: number, at: number): void {
    const turnover = price * leg.quantity;
    const fee = Math.round(turnover * 0.0003503);
    const tax = side < 0 ? Math.round(turnover * 0.001) : 0;
    const stamp = side > 0 ? Math.round(turnover * 0.00003) : 0;
    this.#cash -= side * turnover;
    this.#charges += 2_000 + fee + tax + stamp + Math.round((2_000 + fee) * 0.18);
    const fills = this.#fills;
    fills.at[this.#count] = at;
    fills.slot[this.#count] = leg.slot;
    fills.side[this.#count] = side;
    fills.price[this.#count] = price;
    this.#count += 1;
  }

  #worth(): number {
    let worth = this.#cash - this.#charges;
    for (const leg of this.#legs) {
      const isHeld = leg.state === 'open' || leg.state === 'leaving';
      if (isHeld) worth -= (this.#last[leg.slot] ?? 0) * leg.quantity;
    }
    return worth;
  }
}

const count = (days.length - 1) / 3;
console.log(JSON.stringify({ days: count, ...new MiniEngine(count).run(count) }));
