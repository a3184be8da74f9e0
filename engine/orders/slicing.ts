import { broken } from '../assert.ts';

/** Splits lots into orders that an exchange takes: full ones first, the rest last. */
export function sliced(lots: number, lotsPerOrderMax: number): readonly number[] {
  if (lotsPerOrderMax < 1) broken(`an order takes at least one lot, the limit was ${lotsPerOrderMax}`);
  const slices: number[] = [];
  for (let left = lots; left > 0; left -= lotsPerOrderMax) slices.push(Math.min(left, lotsPerOrderMax));
  return slices;
}
