import { broken } from '../assert.ts';

declare const unit: unique symbol;

/** A number that says what it counts; plain arithmetic gives a plain number, a constructor gives the unit back. */
export type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Whole hundredths of a rupee. Prices, strikes and money all use it. */
export type Paise = Unit<'Paise'>;

/** Unsigned exchange lots. */
export type Lots = Unit<'Lots'>;

export type Side = 'BUY' | 'SELL';
export type Right = 'CE' | 'PE';

/** Every index option ticks by 0.05 rupee, 2019 to 2026 (market-rules, section 3). */
export const TICK = 5;

export function paise(value: number): Paise {
  if (!Number.isSafeInteger(value)) broken(`paise must be a whole number, was ${value}`);
  return value as Paise;
}

export function lots(value: number): Lots {
  if (!(Number.isSafeInteger(value) && value > 0)) broken(`lots must be a positive whole number, was ${value}`);
  return value as Lots;
}

/** Rupees as they come from a file or a broker, to the nearest paisa. */
export function paiseOfRupees(rupees: number): Paise {
  return paise(Math.round(rupees * 100));
}

/** +1 for BUY, -1 for SELL. */
export function signOf(side: Side): 1 | -1 {
  return side === 'BUY' ? 1 : -1;
}

export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** The nearest tick at or below a price. */
export function tickDown(price: number): Paise {
  return paise(Math.floor(price / TICK) * TICK);
}

/** The nearest tick at or above a price. */
export function tickUp(price: number): Paise {
  return paise(Math.ceil(price / TICK) * TICK);
}

/** The nearest tick, half upwards. */
export function tickNearest(price: number): Paise {
  return paise(Math.floor(price / TICK + 0.5) * TICK);
}

/** Rupees with two decimals, for texts that people read: `-1234.05`. */
export function rupeesText(value: number): string {
  const whole = Math.abs(value);
  const text = `${Math.trunc(whole / 100)}.${String(Math.round(whole % 100)).padStart(2, '0')}`;
  return value < 0 ? `-${text}` : text;
}
