import type { CandlePreset, InstrumentRule, Preset, SourceHead, StampRule } from './preset.ts';

/** Names that sources give a column, in small letters. */
const NAMES = {
  open: ['open', 'o', 'openprice', 'open_price'],
  high: ['high', 'h', 'highprice', 'high_price'],
  low: ['low', 'l', 'lowprice', 'low_price'],
  close: ['close', 'c', 'closeprice', 'close_price'],
  volume: ['volume', 'vol', 'v'],
  oi: ['oi', 'open interest', 'open_interest', 'openinterest'],
  symbol: ['symbol', 'tradingsymbol', 'contract_symbol', 'instrument', 'ticker'],
  stamp: ['timestamp', 'datetime', 'time', 'date'],
  date: ['date', 'day'],
  time: ['time'],
} as const;

/** Recognises a source by its columns and first rows; undefined when it is none of the known shapes. */
export function recognise(head: SourceHead): Preset | undefined {
  return named(head) ?? skipped(head) ?? candles(head) ?? seconds(head) ?? snapshotCloses(head);
}

/** The first part of a file's name that may be a symbol: `SENSEX2591180300CE_2025-09-04.csv.gz`. */
export function symbolOfFileName(fileName: string): string | undefined {
  const first = /^[A-Za-z]+[A-Za-z0-9]*/.exec(fileName)?.[0]?.toUpperCase();
  return first !== undefined && /^(NIFTY|BANKNIFTY|SENSEX|FINNIFTY|MIDCPNIFTY|BANKEX|VIX|INDIAVIX)/.test(first)
    ? first
    : undefined;
}

/** How the values of some columns tell the time; undefined when they do not. */
export function stampRuleOf(head: SourceHead): StampRule | undefined {
  const row = head.rows[0] ?? {};
  for (const name of NAMES.stamp) {
    const column = columnOf(head, [name]);
    const rule = column === undefined ? undefined : fullStamp(column, (row[column] ?? '').trim());
    if (rule !== undefined) return rule;
  }
  const date = columnOf(head, NAMES.date);
  const time = columnOf(head, NAMES.time);
  if (date === undefined || time === undefined || !/^\d\d?:\d\d/.test((row[time] ?? '').trim())) return undefined;
  const order = dateOrder((row[date] ?? '').trim());
  return order === undefined ? undefined : { kind: 'text', columns: [date, time], zone: 'ist', date: order };
}

function fullStamp(column: string, value: string): StampRule | undefined {
  if (/^\d{9,10}$/.test(value)) return { kind: 'epoch', column, unit: 's' };
  if (/^\d{12,13}$/.test(value)) return { kind: 'epoch', column, unit: 'ms' };
  const order = dateOrder(value.slice(0, 10));
  if (order === undefined || !/^.{10}[ T]\d\d:\d\d/.test(value)) return undefined;
  const zone = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? 'stated' : 'ist';
  return { kind: 'text', columns: [column], zone, date: order };
}

function dateOrder(value: string): 'year-first' | 'compact' | 'day-first' | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'year-first';
  if (/^\d{8}$/.test(value)) return 'compact';
  return /^\d\d[-/]\d\d[-/]\d{4}$/.test(value) ? 'day-first' : undefined;
}

function candles(head: SourceHead): CandlePreset | undefined {
  const open = columnOf(head, NAMES.open);
  const high = columnOf(head, NAMES.high);
  const low = columnOf(head, NAMES.low);
  const close = columnOf(head, NAMES.close);
  const stamp = stampRuleOf(head);
  const instrument = instrumentRule(head);
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  if (stamp === undefined || instrument === undefined) return undefined;
  return {
    shape: 'candles',
    name: instrument.kind === 'column' ? 'candles by symbol' : 'candles of one instrument',
    stamp,
    label: 'auto',
    instrument,
    open,
    high,
    low,
    close,
    volume: columnOf(head, NAMES.volume),
    oi: columnOf(head, NAMES.oi),
    priceUnit: 'rupees',
    volumeIs: 'auto',
    intervalMs: undefined,
  };
}

function instrumentRule(head: SourceHead): InstrumentRule | undefined {
  const column = columnOf(head, NAMES.symbol);
  if (column !== undefined) return { kind: 'column', column };
  const symbol = symbolOfFileName(head.fileName);
  return symbol === undefined ? undefined : { kind: 'fixed', symbol };
}

function seconds(head: SourceHead): Preset | undefined {
  const price = columnOf(head, ['price', 'ltp', 'value', 'last']);
  const stamp = stampRuleOf(head);
  const symbol = symbolOfFileName(head.fileName);
  if (price === undefined || stamp === undefined || symbol === undefined || head.columns.length > 3) return undefined;
  return { shape: 'seconds', name: 'index values by the second', stamp, instrument: { kind: 'fixed', symbol }, price };
}

function snapshotCloses(head: SourceHead): Preset | undefined {
  if (!hasAll(head, ['date', 'inst', 'strike', 'lastprice', 'oi'])) return undefined;
  const stamp = stampRuleOf(head);
  const underlying = symbolOfFileName(head.fileName);
  if (stamp === undefined || underlying === undefined) return undefined;
  return {
    shape: 'snapshot-closes',
    name: 'last prices and open interest of the nearest expiry',
    stamp,
    underlying,
    strike: 'strike',
    price: 'lastprice',
    oi: 'oi',
  };
}

function named(head: SourceHead): Preset | undefined {
  if (hasAll(head, ['calls_bid_price', 'puts_ask_price', 'strike_price', 'collection_timestamp'])) {
    return { shape: 'chain-snapshots', name: 'option chain snapshots of the exchange page' };
  }
  if (head.format === 'json' && hasAll(head, ['records', 'filtered'])) {
    return { shape: 'chain-page', name: 'option chain page of the exchange' };
  }
  if (hasAll(head, ['ts', 'tradingsymbol', 'bid', 'ask', 'price_exponent'])) {
    return { shape: 'quote-lines', name: 'best bid and ask by line' };
  }
  if (hasAll(head, ['traddt', 'fininstrmtp', 'sttlmpric']))
    return { shape: 'bhavcopy', name: 'NSE F&O bhavcopy (UDiFF)' };
  if (hasAll(head, ['instrument', 'exp_date', 'hi_price'])) {
    return { shape: 'market-report', name: 'NSE F&O market report' };
  }
  if (hasAll(head, ['index name', 'closing index value']))
    return { shape: 'index-close', name: 'NSE index closing values' };
  return undefined;
}

function skipped(head: SourceHead): Preset | undefined {
  const ticks = 'ticks are not candles: a backtest on recorded ticks reads the tape that sim record writes';
  if (hasAll(head, ['instrument_token', 'tradingsymbol', 'lot_size'])) {
    const why = 'a list of instruments holds no prices: sim reads such lists from the broker itself';
    return { shape: 'skipped', name: 'Kite instruments', why };
  }
  if (hasAll(head, ['ltt_ms', 'vtt', 'bp1']))
    return { shape: 'skipped', name: 'Upstox ticks', why: ticks, quotes: 'upstox-ticks' };
  if (hasAll(head, ['instrument_token', 'last_price', 'depth']))
    return { shape: 'skipped', name: 'Kite ticks', why: ticks, quotes: 'kite-ticks' };
  if (hasAll(head, ['token', 'ltp'])) return { shape: 'skipped', name: 'Kite last prices', why: ticks };
  return undefined;
}

function hasAll(head: SourceHead, names: readonly string[]): boolean {
  return names.every((name) => columnOf(head, [name]) !== undefined);
}

function columnOf(head: SourceHead, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = head.columns.find((column) => column.trim().toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
