import { z } from 'zod';
import type { DatedFact } from '../engine/model/in-force.ts';
import type { ExchangeFee, LevyTables } from '../engine/model/levies.ts';
import { LEVY_NAMES, perCrore } from '../engine/model/levies.ts';
import { paise } from '../engine/model/units.ts';
import { dayShape, fact, positiveShape, shaped, sourced, wholeShape } from './reference-shapes.ts';

const rate = wholeShape.transform(perCrore);
const dated = { from: dayShape, ...sourced };

const ExchangeRow = z.strictObject({
  perCrore: rate,
  ipftPerCrore: rate,
  elsewherePerCrore: rate.optional(),
  ...dated,
});

const Charges = z.strictObject({
  about: z.string(),
  brokerage: z.array(z.strictObject({ paisePerOrder: positiveShape.transform(paise), ...dated })),
  sttOnSale: z.array(z.strictObject({ perCrore: rate, ...dated })),
  sttOnExercise: z.array(z.strictObject({ perCrore: rate, base: z.enum(['contract', 'intrinsic']), ...dated })),
  exchangeNfo: z.array(ExchangeRow),
  exchangeBfo: z.array(ExchangeRow),
  sebi: z.array(z.strictObject({ perCrore: rate, ...dated })),
  stamp: z.array(z.strictObject({ perCrore: rate, payer: z.enum(['both', 'buyer']), ...dated })),
  gst: z.array(z.strictObject({ pct: positiveShape, base: z.array(z.enum([...LEVY_NAMES, 'ipft'])), ...dated })),
});

/** The dated rates of every levy. */
export function levyTablesOf(file: unknown): LevyTables {
  const rows = shaped('charges', Charges, file);
  return {
    brokerage: rows.brokerage.map((row) => fact(row, row.paisePerOrder)),
    sttOnSale: rows.sttOnSale.map((row) => fact(row, row.perCrore)),
    sttOnExercise: rows.sttOnExercise.map((row) => fact(row, { rate: row.perCrore, base: row.base })),
    exchange: new Map([
      ['NFO', rows.exchangeNfo.map(feeOf)],
      ['BFO', rows.exchangeBfo.map(feeOf)],
    ]),
    sebi: rows.sebi.map((row) => fact(row, row.perCrore)),
    stamp: rows.stamp.map((row) => fact(row, { rate: row.perCrore, payer: row.payer })),
    gst: rows.gst.map((row) => fact(row, { pct: row.pct, base: row.base })),
  };
}

function feeOf(row: z.infer<typeof ExchangeRow>): DatedFact<ExchangeFee> {
  return fact(row, { rate: row.perCrore, ipft: row.ipftPerCrore, elsewhere: row.elsewherePerCrore });
}
