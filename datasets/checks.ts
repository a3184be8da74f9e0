import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';

/** What was counted in one group of contracts on one day: the index, the futures, or the options of one expiry. */
export interface GroupFacts {
  readonly kind: 'index' | 'future' | 'option';
  readonly expiry: Day | null;
  readonly contracts: number;
  readonly candles: number;
  /** Candles that the session has for one contract. */
  readonly expected: number;
  /** Contracts with every candle. */
  readonly complete: number;
  /** Missing candles in a row, inside what a contract has. */
  readonly longestGap: number;
  readonly duplicates: number;
  readonly offGrid: number;
  readonly offTick: number;
  readonly highBelowLow: number;
  readonly zeroVolume: number;
  readonly unknownVolume: number;
  readonly unknownOi: number;
  /** Candles in a row without a trade or a change of price. */
  readonly longestStale: number;
  /** Candles whose four prices are one, all of a group when it was made of snapshots. */
  readonly flat: number;
}

/** One day of an underlying at one interval. */
export interface DayFacts {
  readonly underlying: Underlying;
  readonly intervalMs: number;
  readonly day: Day;
  readonly tabled: boolean;
  readonly groups: readonly GroupFacts[];
  /** Spread in rupees of call - put + strike around its middle, nearest strikes, nearest expiry; null without pairs. */
  readonly paritySd: number | null;
  /** Share of the session's candles that have a pair of call and put. */
  readonly parityCoverage: number;
}

export type Defect = keyof typeof ENGINE_DOES;

/** What a run does about each defect. */
export const ENGINE_DOES = {
  'no index':
    'the underlying is the parity forward of the traded expiry, else the near future; the run states the rung',
  'no rung': 'the day counts as missing: exit 2, or left out with --skip-missing',
  'no options': 'no entry is possible; the day runs and each skip is named',
  'index incomplete': 'minutes without an index candle take the next rung of the underlying',
  'contracts incomplete':
    'an entry into a contract without a candle is skipped with its reason and lowers the coverage figure',
  gaps: 'the last closed candle stands for the missing ones and goes stale after 2 minutes',
  'no trades for long':
    'such candles are kept with volume 0: prices count as stale evidence, the participation cap gives no fill',
  'volume unknown': 'the participation cap is off and the evidence grade says so',
  'open interest unknown': 'what needs open interest gives no signal and says so',
  'off tick': 'candle prices stay as they are; orders are rounded to the tick, against us',
  'high below low': 'import the file again: the importer exchanges them',
  duplicates: 'a run refuses the day: keep one file in its folder',
  'off the grid': 'candles between the marks of the session are not read',
  'one price a candle': 'snapshot closes: stops see only the price of each snapshot',
  'parity loose': 'entries are as usual; fills of this day are weak evidence',
  'session not tabled': 'a run refuses days before the tables of sessions',
} as const;

export interface DayGrade {
  readonly grade: 'A' | 'B' | 'C' | 'D';
  readonly coverage: number;
  readonly defects: readonly Defect[];
}

/** Candles in a row without trade from which a group is named. */
const STALE_MAX = 30;
/** Spread of parity above this share of a candle's underlying, in rupees, is loose. */
const PARITY_SD_MAX = 12;

/** Grades a day: A is complete, B has small holes, C large ones, D can hardly be traded. */
export function gradeDay(facts: DayFacts): DayGrade {
  const options = facts.groups.filter(({ kind }) => kind === 'option');
  const nearest = options[0];
  const main = nearest ?? facts.groups[0];
  const coverage = main === undefined ? 0 : Math.min(1, main.candles / (main.contracts * main.expected));
  const defects = defectsOf(facts);
  return { grade: letter(coverage, defects), coverage, defects };
}

function letter(coverage: number, defects: readonly Defect[]): DayGrade['grade'] {
  if (defects.includes('no rung') || defects.includes('duplicates') || coverage < 0.5) return 'D';
  if (coverage < 0.9 || defects.includes('index incomplete')) return 'C';
  const clean = coverage >= 0.995 && !defects.some((defect) => HOLES.has(defect));
  return clean ? 'A' : 'B';
}

const HOLES: ReadonlySet<Defect> = new Set<Defect>([
  'gaps',
  'contracts incomplete',
  'one price a candle',
  'parity loose',
  'off the grid',
  'high below low',
]);

function defectsOf(facts: DayFacts): Defect[] {
  const { groups } = facts;
  const index = groups.find(({ kind }) => kind === 'index');
  const contracts = groups.filter(({ kind }) => kind !== 'index');
  const options = groups.filter(({ kind }) => kind === 'option');
  const any = (test: (group: GroupFacts) => boolean): boolean => groups.some(test);
  const found: Record<Defect, boolean> = {
    'no index': index === undefined,
    'no rung': index === undefined && facts.parityCoverage === 0 && !groups.some(({ kind }) => kind === 'future'),
    'no options': options.length === 0,
    'index incomplete': index !== undefined && index.candles < index.expected,
    'contracts incomplete': contracts.some((group) => group.complete < group.contracts),
    gaps: any((group) => group.longestGap > 0),
    'no trades for long': contracts.some((group) => group.longestStale >= STALE_MAX),
    'volume unknown': contracts.some((group) => group.unknownVolume > 0),
    'open interest unknown': contracts.some((group) => group.unknownOi > 0),
    'off tick': contracts.some((group) => group.offTick > 0),
    'high below low': any((group) => group.highBelowLow > 0),
    duplicates: any((group) => group.duplicates > 0),
    'off the grid': any((group) => group.offGrid > 0),
    'one price a candle': options.some(
      (group) => group.flat === group.candles && group.unknownVolume === group.candles,
    ),
    'parity loose': facts.paritySd !== null && facts.paritySd > PARITY_SD_MAX,
    'session not tabled': !facts.tabled,
  };
  return (Object.keys(found) as Defect[]).filter((defect) => found[defect]);
}
