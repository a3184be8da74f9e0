import { invariant } from '../assert.ts';
import { InForce } from '../model/in-force.ts';
import type { MarginRates, MarginTables } from '../model/margin-rates.ts';
import type { Day } from '../model/time.ts';

/** The rates of margins by day. */
export class MarginFacts {
  readonly #tables: MarginTables;
  /** A run asks for one day at a time. */
  #latest: { readonly day: Day; readonly rates: MarginRates } | undefined;

  constructor(tables: MarginTables) {
    this.#tables = tables;
  }

  get verifiedUntil(): Day {
    return this.#tables.verifiedUntil;
  }

  on(day: Day): MarginRates {
    if (this.#latest?.day !== day) this.#latest = { day, rates: ratesOn(day, this.#tables) };
    return this.#latest.rates;
  }
}

function ratesOn(day: Day, tables: MarginTables): MarginRates {
  const scan = new InForce(tables.scan).on(day);
  const extreme = new InForce(tables.extreme).on(day);
  const exposure = new InForce(tables.exposure).on(day);
  const expiryDay = new InForce(tables.expiryDay).on(day);
  const legs = new InForce(tables.hedgeBenefit).on(day);
  const calendar = new InForce(tables.calendar).on(day);
  invariant(
    scan !== undefined &&
      extreme !== undefined &&
      exposure !== undefined &&
      expiryDay !== undefined &&
      legs !== undefined &&
      calendar !== undefined,
    `the rates of margins begin after ${day}`,
  );
  return {
    pctMin: scan.pctMin,
    longDatedPctMin: scan.longDatedPctMin,
    sigmas: scan.sigmas,
    volatilitySharePct: scan.volatilitySharePct,
    volatilityPctMin: scan.volatilityPctMin,
    extremeRanges: extreme.ranges,
    extremeSharePct: extreme.sharePct,
    exposurePct: exposure.pct,
    calendarDivisor: exposure.calendarDivisor,
    expiryDayPct: expiryDay,
    legs,
    calendarPct: calendar.pct,
    expiringToday: calendar.expiringToday,
  };
}
