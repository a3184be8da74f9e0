/** Small files of recorded quotes, one of each shape that spreads are measured from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER =
  'Fetch_Time,Symbol,Expiry_Date,CALLS_OI,CALLS_Volume,CALLS_LTP,CALLS_Bid_Qty,CALLS_Bid_Price,CALLS_Ask_Price,CALLS_Ask_Qty,Strike_Price,PUTS_Bid_Qty,PUTS_Bid_Price,PUTS_Ask_Price,PUTS_Ask_Qty,PUTS_LTP,PUTS_Volume,PUTS_OI,collection_timestamp';

const SNAPSHOTS = [
  HEADER,
  // Yesterday's page, a page, the same page again, a page a minute later whose put nobody bids for.
  '28-Aug-2025 15:30:00,NIFTY,02-Sep-2025,1,1,120,75,119,121,75,24500,75,99,101,75,100,1,1,20250829_091600',
  '29-Aug-2025 10:00:00,NIFTY,02-Sep-2025,1,1,120,75,120.00,120.20,75,24500,75,100.00,100.40,75,100,1,1,20250829_100100',
  '29-Aug-2025 10:00:00,NIFTY,02-Sep-2025,1,1,120,75,120.00,120.20,75,24500,75,100.00,100.40,75,100,1,1,20250829_100130',
  '29-Aug-2025 10:01:00,NIFTY,02-Sep-2025,1,1,120,75,120.00,120.60,75,24500,0,0,100.40,75,100,1,1,20250829_100200',
].join('\n');

const leg = (bidprice: number, askPrice: number) => ({
  lastPrice: 120,
  bidprice,
  askPrice,
  bidQty: 15,
  askQty: 15,
  totalTradedVolume: 1,
  openInterest: 1,
  underlying: 'BANKNIFTY',
});

const PAGE = JSON.stringify({
  records: {
    timestamp: '31-Aug-2023 11:33:02',
    underlyingValue: 44_085.2,
    data: [{ strikePrice: 44_100, expiryDate: '31-Aug-2023', CE: leg(119, 119.3), PE: leg(0, 0) }],
  },
  filtered: {},
});

const QUOTE_LINES = [
  '{"ts":"2026-01-29T05:58:39.133639399Z","tradingsymbol":"BANKNIFTY26FEB59700CE","bid":105100,"ask":105330,"bid_qty":120,"ask_qty":30,"price_exponent":-2}',
  '{"ts":"2026-01-29T05:58:39.633970511Z","tradingsymbol":"BANKNIFTY26FEB59700PE","bid":76865,"ask":77060,"bid_qty":30,"ask_qty":90,"price_exponent":-2}',
].join('\n');

const UPSTOX = [
  'insertion_time,ltt_ms,ltp,ltq,vtt,oi,bp1,bq1,ap1,aq1',
  '2025-12-15 09:32:49.113000,1765771373160,763.1,35,237195,767620.0,761.9,70,763.1,35',
  '2025-12-15 09:32:50,1765771374153,763.55,35,237230,767620.0,761.1,175,763.35,105',
].join('\n');

const tick = (timestamp: string, bid: number, ask: number): string =>
  JSON.stringify({
    instrument_token: 12_612_610,
    last_price: 760.8,
    volume: 21_575,
    oi: 6_375,
    timestamp,
    depth: {
      buy: [
        { quantity: 25, price: bid, orders: 1 },
        { quantity: 100, price: bid - 5, orders: 1 },
      ],
      sell: [{ quantity: 25, price: ask, orders: 1 }],
    },
  });

/** Newest first, two in one second, the oldest before the first quote. */
const KITE = [
  tick('2021-08-20T10:00:02', 751, 757),
  tick('2021-08-20T10:00:01', 752, 757),
  tick('2021-08-20T10:00:01', 753, 757),
  tick('1970-01-01T05:30:00', 0, 0),
].join('\n');

const FILES = {
  'snapshots.csv': SNAPSHOTS,
  'page.json': PAGE,
  'quotes.jsonl': QUOTE_LINES,
  'BANKNIFTY25DEC59000CE_51414_2025-12-15.csv': UPSTOX,
  'BANKNIFTY21SEP35300CE_2021-08-20.jsonl': KITE,
} as const;

/** Pages a minute apart from 11:00 on, each with a pair of strike 24500: the call at 120.00 and 120.20, the put at 100.00 and 100.60. */
export function snapshotPages(count: number): string {
  const pages = Array.from({ length: count }, (_, minute) => {
    const two = String(minute).padStart(2, '0');
    return `29-Aug-2025 11:${two}:00,NIFTY,02-Sep-2025,1,1,120,75,120.00,120.20,75,24500,75,100.00,100.60,75,100,1,1,20250829_11${two}40`;
  });
  return `${[HEADER, ...pages].join('\n')}\n`;
}

/** Writes the files into a folder and gives it back. */
export function quoteFiles(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), `${text}\n`);
  return folder;
}
