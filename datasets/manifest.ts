import { z } from 'zod';

/** Where a store's rows come from; the two are never mixed. */
export const STORE_KINDS = ['real', 'synthetic'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** `store.json`, the first file of a store. */
export const StoreCard = z.strictObject({
  format: z.literal(1),
  kind: z.enum(STORE_KINDS),
  /** What made it, for a synthetic store the generator and its seed. */
  note: z.string().default(''),
});
export type StoreCard = z.infer<typeof StoreCard>;

/** Why rows were left out or changed, in words, with their number. */
export const Remark = z.strictObject({
  what: z.string(),
  rows: z.number().int().nonnegative(),
});
export type Remark = z.infer<typeof Remark>;

/** What became of one source file. */
export const SourceReport = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  /** The shape it was recognised as. */
  preset: z.string(),
  table: z.enum(['candles', 'quotes', 'daily', 'none']),
  columns: z.array(z.string()),
  /** How its times were read. */
  stamps: z.string(),
  interval: z.string().nullable(),
  first: z.string().nullable(),
  last: z.string().nullable(),
  rows: z.number().int().nonnegative(),
  kept: z.number().int().nonnegative(),
  dropped: z.array(Remark),
  repaired: z.array(Remark),
  notes: z.array(z.string()),
});
export type SourceReport = z.infer<typeof SourceReport>;

/** `imports/<id>/manifest.json`: one call of the import, its sources and what it changed in the store. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  /** From the contents of the sources and the map, so that the same import has the same name. */
  id: z.string(),
  sources: z.array(SourceReport),
  added: z.number().int().nonnegative(),
  corrected: z.number().int().nonnegative(),
  unchanged: z.number().int().nonnegative(),
  partitions: z.number().int().nonnegative(),
});
export type Manifest = z.infer<typeof Manifest>;
