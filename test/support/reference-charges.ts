/**
 * Charges of one executed option order at Zerodha, written a second time from the table of the market rules and sharing
 * nothing with the engine. Assumes: every levy is an exact fraction of the order's turnover, rounded half up to 1/10,000
 * paisa on its own; the exchange's charge and its investor-protection part are one levy; GST is on the rounded levies.
 */
export interface ReferenceOrder {
  /** Trade date, YYYY-MM-DD. */
  readonly date: string;
  readonly exchange: 'NFO' | 'BFO';
  readonly side: 'BUY' | 'SELL';
  /** Sum of price times quantity over all fills of the order, in paise. */
  readonly turnoverPaise: bigint;
}

/** Each levy in 1/10,000 paisa. */
export interface ReferenceLevies {
  readonly brokerage: bigint;
  readonly stt: bigint;
  readonly exchange: bigint;
  readonly sebi: bigint;
  readonly stamp: bigint;
  readonly gst: bigint;
  readonly total: bigint;
}

type DatedRate = readonly (readonly [from: string, partsPerBillion: bigint])[];

const STT_ON_SALE: DatedRate = [
  ['2016-06-01', 500_000n],
  ['2023-04-01', 625_000n],
  ['2024-10-01', 1_000_000n],
  ['2026-04-01', 1_500_000n],
];
const EXCHANGE: Readonly<Record<ReferenceOrder['exchange'], DatedRate>> = {
  NFO: [
    ['2019-01-01', 530_000n],
    ['2019-09-01', 500_000n],
    ['2021-01-01', 530_000n],
    ['2023-04-01', 505_000n],
    ['2024-04-01', 500_000n],
    ['2024-10-01', 355_300n],
  ],
  BFO: [
    ['2023-05-15', 50_000n],
    ['2023-11-01', 375_000n],
    ['2024-05-13', 495_000n],
    ['2024-10-01', 325_000n],
  ],
};
const SEBI: DatedRate = [
  ['2016-04-01', 1_500n],
  ['2019-04-01', 1_000n],
  ['2020-06-01', 500n],
  ['2021-04-01', 1_000n],
];
const BUYERS_STAMP_FROM = '2020-07-01';
const SEBI_IN_GST_FROM = '2022-07-18';
const BROKERAGE = 20_000_000n;

/** The levies of one order. */
export function referenceLevies({ date, exchange, side, turnoverPaise }: ReferenceOrder): ReferenceLevies {
  const levy = (partsPerBillion: bigint) => halfUp(turnoverPaise * 10_000n * partsPerBillion, 1_000_000_000n);
  const stt = side === 'SELL' ? levy(rateOn(STT_ON_SALE, date)) : 0n;
  const fee = levy(rateOn(EXCHANGE[exchange], date));
  const sebi = levy(rateOn(SEBI, date));
  const stamp = date < BUYERS_STAMP_FROM ? levy(20_000n) : side === 'BUY' ? levy(30_000n) : 0n;
  const taxed = BROKERAGE + fee + (date < SEBI_IN_GST_FROM ? 0n : sebi);
  const gst = halfUp(taxed * 18n, 100n);
  const total = BROKERAGE + stt + fee + sebi + stamp + gst;
  return { brokerage: BROKERAGE, stt, exchange: fee, sebi, stamp, gst, total };
}

function rateOn(rates: DatedRate, date: string): bigint {
  const rate = rates.findLast(([from]) => from <= date);
  if (rate === undefined) throw new Error(`no rate is known on ${date}`);
  return rate[1];
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
