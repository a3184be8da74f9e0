import { invariant } from '../assert.ts';
import type { EpochMs, IstTime } from '../model/time.ts';
import { at, epochMs, minutesOf } from '../model/time.ts';
import type { Paise } from '../model/units.ts';
import type { MoneyLimits } from './money-limits.ts';
import { checkMoneyLimits } from './money-limits.ts';
import type { RiskView } from './risk-view.ts';
import type { StandingLimits } from './standing.ts';

/** Limits of one account; money in paise as positive numbers, undefined where there is no limit. */
export interface RmsSettings extends MoneyLimits {
  /** Limits of the agents of one segment together, the same for each segment. */
  readonly perSegment: MoneyLimits;
  /** What past runs of an agent's strategy may have come to before its session starts halted. */
  readonly standing: StandingLimits;
  /** Whether the cap holds as it stands, or shrinks by the worst loss so far (strategies 5.5). */
  readonly rmsMode: 'hard' | 'shrinking';
  /** Whether a rolling profit waits for a best net of at least its own value. */
  readonly rollingArm: boolean;
  /** What must fit the remaining loss: the planned loss of the new structure alone, or with those of the open ones. */
  readonly lossPlannedCounts: 'new' | 'new-and-open';
  /** Whether a target only ends entries or closes everything. */
  readonly profitTargetAct: 'halt' | 'flatten';
  /** The share kept, a fraction from 0 up to but not including 1. */
  readonly profitLockShare: number;
  /** Structures that one agent may open a day. */
  readonly structuresPerDayMax: number | undefined;
  /** Structures that one agent may have open. */
  readonly structuresOpenMax: number | undefined;
  /** Structures that all agents together may open a day. */
  readonly structuresPerDayAccountMax: number | undefined;
  /** Structures that all agents together may have open. */
  readonly structuresOpenAccountMax: number | undefined;
  /** The same of the agents of one segment. */
  readonly structuresOpenSegmentMax: number | undefined;
  /** The same of one right, by the right of a structure's first leg, over all agents. */
  readonly structuresOpenPerRightMax: number | undefined;
  /** The same of one structure name, over all agents. */
  readonly structuresOpenPerNameMax: number | undefined;
  readonly lotsPerOrderMax: number | undefined;
  /** Lots of all legs of a structure, hedges included. */
  readonly lotsPerStructureMax: number | undefined;
  /** First minute of entries. */
  readonly entryFrom: IstTime | undefined;
  /** Last minute of entries: 15:00 lets the decision of 15:00:01 through. */
  readonly entryTo: IstTime | undefined;
  /** When every position is closed; the earlier of this and `squareOffBeforeEndMs` before the last close. */
  readonly squareOffAt: IstTime | undefined;
  /** The kernel squares off by the same figure, milliseconds. */
  readonly squareOffBeforeEndMs: number;
  /** The last stretch before square-off, in which nothing is entered, milliseconds. */
  readonly squareOffQuietMs: number;
  /** Cash that the account began the run with. */
  readonly capital: Paise | undefined;
  /** The share of the account's net worth that margins may take, a fraction above 0 and at most 1. */
  readonly marginUseMax: number | undefined;
  /** How far apart two marks must be to prove a breach before the minute closes, milliseconds. */
  readonly marksApartMs: number;
}

/** No money limit and no count limit; square-off ten minutes before the last close, and no entry in the five minutes before it. */
export const defaultRmsSettings: RmsSettings = {
  perSegment: {},
  standing: {},
  rmsMode: 'hard',
  rollingArm: true,
  lossPlannedCounts: 'new',
  profitTargetAct: 'halt',
  profitLockShare: 0.5,
  structuresPerDayMax: undefined,
  structuresOpenMax: undefined,
  structuresPerDayAccountMax: undefined,
  structuresOpenAccountMax: undefined,
  structuresOpenSegmentMax: undefined,
  structuresOpenPerRightMax: undefined,
  structuresOpenPerNameMax: undefined,
  lotsPerOrderMax: undefined,
  lotsPerStructureMax: undefined,
  entryFrom: undefined,
  entryTo: undefined,
  squareOffAt: undefined,
  squareOffBeforeEndMs: 600_000,
  squareOffQuietMs: 300_000,
  capital: undefined,
  marginUseMax: undefined,
  marksApartMs: 1_000,
};

/** States what settings must be, for those who come past the configuration's own check. */
export function checkRmsSettings(settings: RmsSettings): void {
  checkMoneyLimits(settings, '');
  checkMoneyLimits(settings.perSegment, ' of a segment');
  for (const name of COUNTS) {
    const value = settings[name];
    invariant(value === undefined || (Number.isSafeInteger(value) && value >= 0), `${name} is a count, was ${value}`);
  }
  checkMarginSettings(settings);
  invariant(
    settings.capital !== undefined || (settings.lossPerDayPct ?? settings.perSegment.lossPerDayPct) === undefined,
    'lossPerDayPct is a share of the capital, and no capital is set',
  );
  const { profitLockShare: share, entryFrom, entryTo } = settings;
  invariant(share >= 0 && share < 1, `profitLockShare is a fraction from 0 to under 1, was ${share}`);
  invariant(
    entryFrom === undefined || entryTo === undefined || minutesOf(entryFrom) <= minutesOf(entryTo),
    `entries begin before they end, was ${entryFrom} to ${entryTo}`,
  );
}

function checkMarginSettings({ capital, marginUseMax }: RmsSettings): void {
  invariant(
    capital === undefined || (Number.isSafeInteger(capital) && capital > 0),
    `capital is a positive whole number of paise, was ${capital}`,
  );
  if (marginUseMax === undefined) return;
  invariant(marginUseMax > 0 && marginUseMax <= 1, `marginUseMax is a fraction above 0 up to 1, was ${marginUseMax}`);
  invariant(capital !== undefined, 'marginUseMax is a share of the capital, and no capital is set');
}

const COUNTS = [
  'structuresPerDayMax',
  'structuresOpenMax',
  'structuresPerDayAccountMax',
  'structuresOpenAccountMax',
  'structuresOpenSegmentMax',
  'structuresOpenPerRightMax',
  'structuresOpenPerNameMax',
  'lotsPerOrderMax',
  'lotsPerStructureMax',
  'squareOffBeforeEndMs',
  'squareOffQuietMs',
  'marksApartMs',
] as const;

/** The instant at which every position of the day is closed (DESIGN 2: the earlier of the set time and some minutes before the last close). */
export function squareOffOf(settings: RmsSettings, view: Pick<RiskView, 'day' | 'closesAt'>): EpochMs {
  const beforeClose = view.closesAt - settings.squareOffBeforeEndMs;
  const { squareOffAt } = settings;
  return epochMs(squareOffAt === undefined ? beforeClose : Math.min(at(view.day, squareOffAt), beforeClose));
}
