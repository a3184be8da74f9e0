import type { LevelMinutes, PremiumMinutes, TradedPrices } from '../../engine/model/traded-prices.ts';

/**
 * Prices of one day as texts. Each column of prices is base64 of bytes: a minute is 0 where there is no price, else 1 plus the zigzag of
 * the close's step from the close before, in units; a premium then has the distances of its high and its low from its close. Numbers
 * are base-128, low group first, like the integers of protocol buffers.
 */
export interface DayTexts {
  readonly every: number;
  /** Unbroken spans of minutes: start of the first candle, epoch ms, and how many. */
  readonly spans: readonly (readonly [number, number])[];
  readonly levels: Readonly<Record<string, LevelText>>;
  readonly premiums: Readonly<Record<string, PriceText>>;
}

export interface PriceText {
  /** Paise in one unit. */
  readonly unit: number;
  readonly text: string;
}

export interface LevelText extends PriceText {
  /** How many minutes each rung in turn held, as [index into the rungs, minutes]. */
  readonly rungs: readonly (readonly [number, number])[];
}

const TICK = 5;

export function levelText({ close, rung }: LevelMinutes): LevelText {
  const unit = unitOf(close);
  const bytes = new ByteWriter();
  let last = 0;
  for (const value of close) last = bytes.price(value, last, unit);
  return { unit, text: bytes.text, rungs: runsOf(rung) };
}

export function premiumText({ high, low, close }: PremiumMinutes): PriceText {
  const unit = Math.min(unitOf(close), unitOf(high), unitOf(low));
  const bytes = new ByteWriter();
  let last = 0;
  close.forEach((value, minute) => {
    last = bytes.price(value, last, unit);
    if (value === 0) return;
    bytes.number(((high[minute] ?? value) - value) / unit);
    bytes.number((value - (low[minute] ?? value)) / unit);
  });
  return { unit, text: bytes.text };
}

/** Where the minutes of a day break off and begin again. */
export function spansOf({ starts, intervalMs }: TradedPrices): DayTexts['spans'] {
  const spans: [number, number][] = [];
  for (const start of starts) {
    const last = spans.at(-1);
    if (last !== undefined && last[0] + last[1] * intervalMs === start) last[1] += 1;
    else spans.push([start, 1]);
  }
  return spans;
}

/** Closes of a level, null where there is none; paise. */
export function levelOf({ unit, text }: PriceText): readonly (number | null)[] {
  const bytes = new ByteReader(text);
  const closes: (number | null)[] = [];
  let last = 0;
  while (!bytes.isAtEnd) {
    const close = bytes.price(last, unit);
    closes.push(close);
    last = close ?? last;
  }
  return closes;
}

/** One minute of a premium, paise. */
export interface PremiumCandle {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export function premiumsOf({ unit, text }: PriceText): readonly (PremiumCandle | null)[] {
  const bytes = new ByteReader(text);
  const candles: (PremiumCandle | null)[] = [];
  let last = 0;
  while (!bytes.isAtEnd) {
    const close = bytes.price(last, unit);
    if (close === null) {
      candles.push(null);
      continue;
    }
    candles.push({ close, high: close + bytes.number() * unit, low: close - bytes.number() * unit });
    last = close;
  }
  return candles;
}

function unitOf(column: Int32Array): number {
  return column.every((value) => value % TICK === 0) ? TICK : 1;
}

function runsOf(codes: Uint8Array): LevelText['rungs'] {
  const runs: [number, number][] = [];
  for (const code of codes) {
    const last = runs.at(-1);
    if (last?.[0] === code) last[1] += 1;
    else runs.push([code, 1]);
  }
  return runs;
}

class ByteWriter {
  readonly #bytes: number[] = [];

  /** Writes a price and returns it; a price of 0 is none, and the one before it stays the last. */
  price(value: number, last: number, unit: number): number {
    if (value === 0) {
      this.#bytes.push(0);
      return last;
    }
    const step = (value - last) / unit;
    this.number(1 + (step < 0 ? -2 * step - 1 : 2 * step));
    return value;
  }

  /** Writes a number of zero or above. Above 31 bits shifts would lose digits, so it divides. */
  number(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes.push((rest % 128) | 128);
    this.#bytes.push(rest);
  }

  get text(): string {
    let text = '';
    for (const byte of this.#bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }
}

class ByteReader {
  readonly #bytes: string;
  #at = 0;

  constructor(text: string) {
    this.#bytes = atob(text);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  price(last: number, unit: number): number | null {
    const code = this.number();
    if (code === 0) return null;
    const step = (code - 1) % 2 === 0 ? (code - 1) / 2 : -code / 2;
    return last + step * unit;
  }

  number(): number {
    let [value, place] = [0, 1];
    while (true) {
      const byte = this.#bytes.charCodeAt(this.#at);
      this.#at += 1;
      value += (byte & 127) * place;
      if (byte < 128) return value;
      place *= 128;
    }
  }
}
