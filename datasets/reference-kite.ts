import { z } from 'zod';
import type { KiteIndexName } from '../engine/model/reference.ts';
import { exchangeShape, positiveShape, shaped, sourced, underlyingShape } from './reference-shapes.ts';

const Instruments = z.strictObject({
  about: z.string(),
  rows: z.array(
    z.strictObject({
      underlying: underlyingShape,
      exchange: exchangeShape,
      segment: z.string(),
      spotExchange: z.string(),
      spotSymbol: z.string(),
      spotToken: positiveShape,
      ...sourced,
    }),
  ),
});

/** The names of the indices at Kite. */
export function kiteIndicesOf(file: unknown): readonly KiteIndexName[] {
  return shaped('instruments', Instruments, file).rows;
}
