import { invariant } from '../assert.ts';
import type { EpochMs, IstTime } from '../model/time.ts';
import { at, epochMs, minutesOf } from '../model/time.ts';
import type { Paise } from '../model/units.ts';
import type { RiskView } from './risk-view.ts';

/** Limits of one account; money in paise as positive numbers, undefined where there is no limit. */
export interface RmsSettings {
  /** Loss of the day, booked plus open, at which all agents are flattened and halted. */
  readonly lossPerDayMax: number | undefined;
  /** The same for the agents of one segment. */
  readonly lossPerDaySegmentMax: number | undefined;
  /** What must fit the remaining loss: the planned loss of the new structure alone, or with those of the open ones. */
  readonly lossPlannedCounts: 'new' | 'new-and-open';
  /** Net of the day at which no structure is entered any more. */
  readonly profitPerDayTarget: number | undefined;
  /** Whether the target only ends entries or closes everything. */
  readonly profitTargetAct: 'halt' | 'flatten';
  /** Net of the day from which a share of the best net so far is kept. */
  readonly profitLockFrom: number | undefined;
  /** The share kept, a fraction from 0 up to but not including 1. */
  readonly profitLockShare: number;
  /** Structures that one agent may open a day. */
  readonly structuresPerDayMax: number | undefined;
  /** Structures that one agent may have open. */
  readonly structuresOpenMax: number | undefined;
  /** Structures that all agents together may have open. */
  readonly structuresOpenAccountMax: number | undefined;
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
  lossPerDayMax: undefined,
  lossPerDaySegmentMax: undefined,
  lossPlannedCounts: 'new',
  profitPerDayTarget: undefined,
  profitTargetAct: 'halt',
  profitLockFrom: undefined,
  profitLockShare: 0.5,
  structuresPerDayMax: undefined,
  structuresOpenMax: undefined,
  structuresOpenAccountMax: undefined,
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

/** Whether the net of the day is compared with anything. */
export function limitsMoney(settings: RmsSettings): boolean {
  const { lossPerDayMax, lossPerDaySegmentMax, profitPerDayTarget, profitLockFrom } = settings;
  return [lossPerDayMax, lossPerDaySegmentMax, profitPerDayTarget, profitLockFrom].some((each) => each !== undefined);
}

/** States what settings must be, for those who come past the configuration's own check. */
export function checkRmsSettings(settings: RmsSettings): void {
  for (const name of ['lossPerDayMax', 'lossPerDaySegmentMax', 'profitPerDayTarget', 'profitLockFrom'] as const) {
    const value = settings[name];
    invariant(
      value === undefined || (Number.isSafeInteger(value) && value > 0),
      `${name} is a positive whole number of paise, was ${value}`,
    );
  }
  for (const name of COUNTS) {
    const value = settings[name];
    invariant(value === undefined || (Number.isSafeInteger(value) && value >= 0), `${name} is a count, was ${value}`);
  }
  checkMarginSettings(settings);
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
  'structuresOpenAccountMax',
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
