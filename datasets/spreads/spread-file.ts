import type { Underlying } from '../../engine/model/instrument.ts';
import { UNDERLYINGS } from '../../engine/model/instrument.ts';
import type { SpreadBands } from '../../engine/model/spreads.ts';
import type { Day } from '../../engine/model/time.ts';
import { istTimeOfMinutes } from '../../engine/model/time.ts';
import type { Remark } from '../manifest.ts';
import type { MeasuredCell, TapeCount } from './measure.ts';
import { QUANTILES } from './measure.ts';

/** A row of the table: bands by their lower ends, premium in rupees, moneyness in per cent, null where a cell holds all of them. */
export interface SpreadRow {
  readonly underlying: Underlying;
  readonly days: number;
  readonly moneyness: number | null;
  readonly premium: number;
  readonly time: string | null;
  readonly quotes: number;
  readonly seconds: number;
  readonly contracts: number;
  readonly dates: readonly Day[];
  readonly paise: readonly number[];
  readonly pct: readonly number[];
  readonly source: string;
}

/** What is written of a measurement. */
export interface SpreadFile {
  readonly about: string;
  readonly quantiles: readonly number[];
  readonly quotesMin: number;
  readonly bands: {
    readonly premium: readonly number[];
    readonly moneyness: readonly number[];
    readonly days: readonly number[];
    readonly time: readonly string[];
  };
  readonly measured: readonly TapeCount[];
  /** Rows of the files that were left out before they were quotes. */
  readonly notRead: readonly (Remark & { readonly source: string })[];
  /** Finest cells with enough quotes, of all there are, by underlying and days to expiry. */
  readonly coverage: readonly {
    readonly underlying: Underlying;
    readonly days: number;
    readonly cells: number;
    readonly of: number;
  }[];
  readonly rows: readonly SpreadRow[];
}

const ABOUT =
  'Half-spreads measured from recorded quotes by sim data spreads. A row is a cell: underlying, calendar days to expiry, moneyness (strike beyond the level, per cent, out of the money positive), premium (mid, rupees) and time of day, each by the lower end of its band; null holds all of them. paise and pct (of the mid) are half-spreads at the quantiles, weighted by the time a quote stood, a minute at most. A fill pays the median (the second) up to a tick. A cell that is not here had fewer than quotesMin quotes: it gives way to the row of all times, that to the row of every moneyness, and where that is not here either the half-spread is assumed.';

/** A measurement as it is written: the same quotes give the same value. */
export function spreadFileOf(parts: {
  readonly bands: SpreadBands;
  readonly quotesMin: number;
  readonly cells: readonly MeasuredCell[];
  readonly counts: readonly TapeCount[];
  readonly notRead: SpreadFile['notRead'];
}): SpreadFile {
  const { bands, cells, counts } = parts;
  return {
    about: ABOUT,
    quantiles: QUANTILES,
    quotesMin: parts.quotesMin,
    bands: {
      premium: bands.premium.map((paise) => paise / 100),
      moneyness: bands.moneyness.map((share) => share / 100),
      days: bands.daysToExpiry,
      time: bands.minute.map(istTimeOfMinutes),
    },
    measured: counts,
    notRead: parts.notRead,
    coverage: coverageOf(bands, cells, counts),
    rows: cells.map((cell) => rowOf(bands, cell)),
  };
}

/** The text of the file, one row a line. */
export function spreadFileText(file: SpreadFile): string {
  const parts = Object.entries(file).map(([name, value]) => {
    const isTable = Array.isArray(value) && value.every((one) => typeof one === 'object');
    if (!isTable) return `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const rows = value.map((row) => `    ${JSON.stringify(row)}`);
    return `  ${JSON.stringify(name)}: [\n${rows.join(',\n')}\n  ]`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}

function rowOf(bands: SpreadBands, cell: MeasuredCell): SpreadRow {
  const moneyness = bands.moneyness[cell.moneyness];
  const minute = bands.minute[cell.minute];
  return {
    underlying: cell.underlying,
    days: bands.daysToExpiry[cell.daysToExpiry] ?? 0,
    moneyness: moneyness === undefined ? null : moneyness / 100,
    premium: (bands.premium[cell.premium] ?? 0) / 100,
    time: minute === undefined ? null : istTimeOfMinutes(minute),
    quotes: cell.quotes,
    seconds: cell.seconds,
    contracts: cell.contracts,
    dates: cell.days,
    paise: cell.paise,
    pct: cell.pct,
    source: cell.sources.join('; '),
  };
}

function coverageOf(
  bands: SpreadBands,
  cells: readonly MeasuredCell[],
  counts: readonly TapeCount[],
): SpreadFile['coverage'] {
  const of = bands.premium.length * bands.moneyness.length * bands.minute.length;
  return UNDERLYINGS.filter((name) => counts.some(({ underlying }) => underlying === name)).flatMap((underlying) =>
    bands.daysToExpiry.map((days, place) => ({
      underlying,
      days,
      cells: cells.filter((cell) => cell.underlying === underlying && cell.daysToExpiry === place && cell.minute >= 0)
        .length,
      of,
    })),
  );
}
