/**
 * Plays the minutes of history as a path, since history has candles and orders need instants.
 *
 * It assumes: a minute goes open (0 s), one extreme (20 s), the other (40 s), close (59.999 s), on straight lines; other intervals
 * alike at 0, 1/3, 2/3 and the end. Which extreme comes first is decided once per underlying and minute from the underlying's own
 * candle, the one nearer to the open first; calls follow, puts mirror; in ties and in minutes without such a candle the underlying
 * counts as going low first, so calls begin with their low and puts with their high.
 * Only the step from one minute's close to the next open is a gap. A jump inside a minute is not modelled.
 */
import { broken } from '../assert.ts';
import type { CandleFrame } from '../model/candle-frame.ts';
import type { Instrument, Underlying } from '../model/instrument.ts';
import type { EpochMs } from '../model/time.ts';
import { takeOut } from '../numbered.ts';
import type { LevelBook } from './level-book.ts';

/** Price on a line, kept exact as `from + rise * elapsed / span`. */
export interface PathPrice {
  readonly from: number;
  readonly rise: number;
  readonly elapsed: number;
  readonly span: number;
}

/** The four points that a minute goes through: instants in epoch ms, prices in paise. */
interface Points {
  readonly times: [number, number, number, number];
  readonly prices: [number, number, number, number];
}

interface Track extends Points {
  slot: number;
  /** Rank among quotes of one instant: indices before the rest, then by slot. */
  order: number;
  /** Point that comes next, 4 when the minute is played out. */
  point: number;
  cursorTs: number;
  cursorPrice: number;
  nextTs: number;
  nextPrice: number;
  nextIsPoint: boolean;
  levelsSeen: number;
}

export interface PathQuote {
  slot: number;
  ts: EpochMs;
  price: number;
  /** True for a point of the path that everyone sees, false for a price on the way that somebody waits for. */
  isPoint: boolean;
}

export class CandlePath {
  readonly #levels: LevelBook;
  readonly #tracks: Track[] = [];
  readonly #idle: Track[] = [];
  #instruments: readonly Instrument[] = [];
  #frame: CandleFrame | undefined;
  #indexSlots = new Map<Underlying, number>();
  readonly #quote: PathQuote = { slot: 0, ts: 0 as EpochMs, price: 0, isPoint: true };
  /** The track that `nextTs` found to be first. */
  #first: Track | undefined;

  constructor(levels: LevelBook) {
    this.#levels = levels;
  }

  openDay(instruments: readonly Instrument[]): void {
    this.#instruments = instruments;
    this.#tracks.length = 0;
    this.#frame = undefined;
    this.#indexSlots = new Map();
    instruments.forEach((instrument, slot) => {
      if (instrument.kind === 'index') this.#indexSlots.set(instrument.underlying, slot);
    });
  }

  /** Lays the path of the minute that begins now for every watched instrument. */
  drawMinute(frame: CandleFrame): void {
    this.#frame = frame;
    for (const track of this.#tracks) this.#lay(track, frame.start);
  }

  /** Begins to play an instrument from an instant on. */
  watch(slot: number, now: number): void {
    if (this.#tracks.some((track) => track.slot === slot)) return;
    const instrument = this.#instruments[slot];
    if (instrument === undefined) broken(`no instrument has slot ${slot}`);
    const track = this.#trackFor(slot, instrument, now);
    this.#tracks.push(track);
    if (this.#tracks.length > 1) this.#tracks.sort((a, b) => a.order - b.order);
    if (this.#frame !== undefined) this.#lay(track, now);
  }

  /** A track that nobody needs is used again: the same few instruments come and go all day. */
  #trackFor(slot: number, instrument: Instrument, now: number): Track {
    const track = this.#idle.pop() ?? newTrack();
    track.slot = slot;
    track.order = instrument.kind === 'index' ? slot : slot + this.#instruments.length;
    track.point = 4;
    track.cursorTs = now;
    track.cursorPrice = 0;
    track.nextTs = Number.POSITIVE_INFINITY;
    track.nextPrice = 0;
    track.nextIsPoint = true;
    track.levelsSeen = -1;
    return track;
  }

  unwatch(slot: number): void {
    const track = this.#tracks.find((each) => each.slot === slot);
    if (track === undefined) return;
    takeOut(this.#tracks, track);
    this.#idle.push(track);
  }

  /** Instant of the next quote; infinite when the minute is played out. `now` is when newly waited-for prices begin to count. */
  nextTs(now: number): number {
    let least = Number.POSITIVE_INFINITY;
    const { version } = this.#levels;
    this.#first = undefined;
    for (const track of this.#tracks) {
      if (track.levelsSeen !== version) this.#lookAgain(track, now);
      if (track.nextTs >= least) continue;
      least = track.nextTs;
      this.#first = track;
    }
    return least;
  }

  /** Whether a test holds for the range of every candle that is still being played. */
  isCalm(test: (slot: number, low: number, high: number) => boolean): boolean {
    const frame = this.#frame;
    if (frame === undefined) return true;
    for (const { slot, point } of this.#tracks)
      if (
        point < 4 &&
        !(
          this.#levels.noneWithin(slot, frame.lowOf(slot), frame.highOf(slot)) &&
          test(slot, frame.lowOf(slot), frame.highOf(slot))
        )
      )
        return false;
    return true;
  }

  /** The quote that `nextTs` spoke of. The same object each time. */
  next(): PathQuote {
    const first = this.#first;
    if (first === undefined) broken('the path has no next quote');
    this.#first = undefined;
    const quote = this.#quote;
    quote.slot = first.slot;
    quote.ts = first.nextTs as EpochMs;
    quote.price = first.nextPrice;
    quote.isPoint = first.nextIsPoint;
    if (first.nextIsPoint) first.point += 1;
    first.cursorTs = first.nextTs;
    first.cursorPrice = first.nextPrice;
    this.#plan(first);
    return quote;
  }

  /** Price of an instrument at an instant of the minute being played; undefined where its minute has no candle. */
  priceAt(slot: number, ts: number): PathPrice | undefined {
    const frame = this.#frame;
    if (frame?.has(slot) !== true || ts < frame.start) return undefined;
    this.#trace(slot, frame, this.#scratch);
    const { times, prices } = this.#scratch;
    let segment = 0;
    while (segment < 3 && ts >= (times[segment + 1] ?? 0)) segment += 1;
    const from = prices[segment] ?? 0;
    if (segment === 3) return { from, rise: 0, elapsed: 0, span: 1 };
    const began = times[segment] ?? 0;
    return {
      from,
      rise: (prices[segment + 1] ?? 0) - from,
      elapsed: ts - began,
      span: (times[segment + 1] ?? 0) - began,
    };
  }

  /** The same as a number, between ticks and even between paise. */
  valueAt(slot: number, ts: number): number | undefined {
    const price = this.priceAt(slot, ts);
    return price === undefined ? undefined : pathValue(price);
  }

  /** The candle being played: open, high, low, close, volume; undefined where there is none. */
  candleOf(slot: number): readonly [number, number, number, number, number] | undefined {
    const frame = this.#frame;
    if (frame?.has(slot) !== true) return undefined;
    return [frame.openOf(slot), frame.highOf(slot), frame.lowOf(slot), frame.closeOf(slot), frame.volumeOf(slot)];
  }

  /** Units traded in the minute being played; undefined where there is no candle, -1 where the source does not say. */
  volumeOf(slot: number): number | undefined {
    return this.#frame?.has(slot) === true ? this.#frame.volumeOf(slot) : undefined;
  }

  /** Whether the minute being played holds both prices. */
  spansBoth(slot: number, a: number, b: number): boolean {
    const frame = this.#frame;
    if (frame?.has(slot) !== true) return false;
    return frame.lowOf(slot) <= Math.min(a, b) && frame.highOf(slot) >= Math.max(a, b);
  }

  #lay(track: Track, from: number): void {
    const frame = this.#frame;
    track.levelsSeen = this.#levels.version;
    track.nextTs = Number.POSITIVE_INFINITY;
    track.point = 4;
    if (frame?.has(track.slot) !== true) return;
    this.#trace(track.slot, frame, track);
    track.point = 0;
    while (track.point < 4 && (track.times[track.point] ?? 0) < from) track.point += 1;
    if (track.point === 4) return;
    track.cursorTs = from;
    if (track.point > 0) track.cursorPrice = this.#onLine(track, from);
    this.#plan(track);
  }

  /** A level came or went: the line is searched again from now on, since what it passed before is past. What is due now stays so. */
  #lookAgain(track: Track, now: number): void {
    track.levelsSeen = this.#levels.version;
    if (track.point === 0 || track.point === 4 || track.nextTs <= now) return;
    if (now > track.cursorTs) {
      track.cursorTs = now;
      track.cursorPrice = this.#onLine(track, now);
    }
    this.#plan(track);
  }

  #onLine(track: Track, ts: number): number {
    const [began, ends] = [track.times[track.point - 1] ?? 0, track.times[track.point] ?? 0];
    const [from, to] = [track.prices[track.point - 1] ?? 0, track.prices[track.point] ?? 0];
    return from + ((to - from) * (ts - began)) / (ends - began);
  }

  #plan(track: Track): void {
    if (track.point === 4) {
      track.nextTs = Number.POSITIVE_INFINITY;
      return;
    }
    const [ends, to] = [track.times[track.point] ?? 0, track.prices[track.point] ?? 0];
    const level = track.point === 0 ? undefined : this.#levels.firstBetween(track.slot, track.cursorPrice, to);
    track.nextIsPoint = level === undefined || level === to;
    track.nextPrice = level ?? to;
    track.nextTs = track.nextIsPoint ? ends : this.#crossing(track, track.nextPrice);
  }

  /** First whole millisecond at which the line has reached a level. */
  #crossing(track: Track, level: number): number {
    const [began, ends] = [track.times[track.point - 1] ?? 0, track.times[track.point] ?? 0];
    const [from, to] = [track.prices[track.point - 1] ?? 0, track.prices[track.point] ?? 0];
    const ts = began + Math.ceil(((ends - began) * (level - from)) / (to - from));
    return Math.max(track.cursorTs, Math.min(ts, ends));
  }

  readonly #scratch: Points = { times: [0, 0, 0, 0], prices: [0, 0, 0, 0] };

  /** Writes the four points of a slot's minute. */
  #trace(slot: number, frame: CandleFrame, { times, prices }: Points): void {
    const { start, intervalMs } = frame;
    times[0] = start;
    times[1] = start + Math.floor(intervalMs / 3);
    times[2] = start + Math.floor((2 * intervalMs) / 3);
    times[3] = start + intervalMs - 1;
    const highFirst = this.#highFirst(slot, frame);
    prices[0] = frame.openOf(slot);
    prices[1] = highFirst ? frame.highOf(slot) : frame.lowOf(slot);
    prices[2] = highFirst ? frame.lowOf(slot) : frame.highOf(slot);
    prices[3] = frame.closeOf(slot);
  }

  #highFirst(slot: number, frame: CandleFrame): boolean {
    const instrument = this.#instruments[slot];
    if (instrument === undefined) broken(`no instrument has slot ${slot}`);
    const index = this.#indexSlots.get(instrument.underlying);
    const underlyingHighFirst =
      index !== undefined &&
      frame.has(index) &&
      frame.highOf(index) - frame.openOf(index) < frame.openOf(index) - frame.lowOf(index);
    return instrument.kind === 'option' && instrument.right === 'PE' ? !underlyingHighFirst : underlyingHighFirst;
  }
}

/** A path price as a number, between ticks and even between paise. */
export function pathValue(price: PathPrice): number {
  return price.from + (price.rise * price.elapsed) / price.span;
}

function newTrack(): Track {
  return {
    slot: 0,
    order: 0,
    times: [0, 0, 0, 0],
    prices: [0, 0, 0, 0],
    point: 4,
    cursorTs: 0,
    cursorPrice: 0,
    nextTs: Number.POSITIVE_INFINITY,
    nextPrice: 0,
    nextIsPoint: true,
    levelsSeen: -1,
  };
}
