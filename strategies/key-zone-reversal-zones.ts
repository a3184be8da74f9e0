import { dailyPivots } from '../engine/indicators/pivots.ts';
import type { Candle, Right } from '../engine/strategy.ts';

/** A level with its name; paise. */
export interface Level {
  readonly name: string;
  readonly level: number;
}

/** A stretch of prices around one level or several, whole paise, both edges included. */
export interface Zone {
  readonly name: string;
  readonly bottom: number;
  readonly top: number;
}

/** The levels of a day from the session before: its high, low and close, and the pivot with its first resistance and support. */
export function levelsOfDay(before: { readonly high: number; readonly low: number; readonly close: number }): Level[] {
  const { pivot, r1, s1 } = dailyPivots(before);
  return [
    { name: 'PDH', level: before.high },
    { name: 'PDL', level: before.low },
    { name: 'PDC', level: before.close },
    { name: 'P', level: pivot },
    { name: 'R1', level: r1 },
    { name: 'S1', level: s1 },
  ];
}

/** Zones of a half width around levels, rising; those that overlap or touch are one. */
export function zonesOf(levels: readonly Level[], halfWidth: number): readonly Zone[] {
  const rising = levels
    .map(({ name, level }) => ({ name, bottom: Math.round(level - halfWidth), top: Math.round(level + halfWidth) }))
    .sort((a, b) => a.bottom - b.bottom || (a.name < b.name ? -1 : 1));
  const zones: Zone[] = [];
  for (const zone of rising) {
    const last = zones.at(-1);
    if (last === undefined || zone.bottom > last.top) zones.push(zone);
    else zones[zones.length - 1] = { ...last, name: `${last.name}+${zone.name}`, top: Math.max(last.top, zone.top) };
  }
  return zones;
}

/** How a wait for a reversal is judged; paise. */
export interface WaitRule {
  /** How far beyond the near edge a confirming candle closes. */
  readonly confirm: number;
  /** A close so far beyond the near edge ends the wait. */
  readonly leave: number;
  /** Candles after the touch. */
  readonly candles: number;
  readonly colour: boolean;
}

/**
 * One zone approached from one side: from above it is a support that calls are bought at, from below a resistance for puts. It is armed by the
 * candle that touches it and disarmed by a close through it, by prices that left, or by time.
 */
export class Approach {
  readonly zone: Zone;
  readonly right: Right;
  readonly #sign: 1 | -1;
  #age: number | undefined;

  constructor(zone: Zone, right: Right) {
    this.zone = zone;
    this.right = right;
    this.#sign = right === 'CE' ? 1 : -1;
  }

  /** The edge that prices come to first. */
  get near(): number {
    return this.right === 'CE' ? this.zone.top : this.zone.bottom;
  }

  get far(): number {
    return this.right === 'CE' ? this.zone.bottom : this.zone.top;
  }

  /** Candles since the touch; undefined where it is not armed. */
  get age(): number | undefined {
    return this.#age;
  }

  /** Takes a closed candle and the price before it; true where it confirms a reversal by its prices. */
  see({ open, high, low, close }: Candle, before: number, { confirm, colour }: WaitRule): boolean {
    const extreme = this.right === 'CE' ? low : high;
    if (this.#age !== undefined) this.#age += 1;
    else if (this.#past(before) > 0 && this.#past(extreme) <= 0) this.#age = 0;
    if (this.#age === undefined) return false;
    if (this.#sign * (close - this.far) < 0) this.disarm();
    else return this.#past(close) > confirm && (!colour || this.#sign * (close - open) > 0);
    return false;
  }

  /** What an unconfirmed candle leaves of the wait. */
  settle({ close }: Candle, { leave, candles }: WaitRule): void {
    if (this.#age !== undefined && (this.#past(close) > leave || this.#age >= candles)) this.disarm();
  }

  disarm(): void {
    this.#age = undefined;
  }

  /** How far a price lies on this side of the near edge. */
  #past(price: number): number {
    return this.#sign * (price - this.near);
  }
}

/** Both approaches of each zone; those of zones that were there before stay as they are. */
export function approachesOf(zones: readonly Zone[], before: readonly Approach[]): readonly Approach[] {
  return zones.flatMap((zone) =>
    (['CE', 'PE'] as const).map(
      (right) =>
        before.find((each) => each.right === right && each.zone.bottom === zone.bottom && each.zone.top === zone.top) ??
        new Approach(zone, right),
    ),
  );
}
