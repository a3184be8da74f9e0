import { broken } from '../assert.ts';
import { InForce } from '../model/in-force.ts';
import type { MarginRates, MarginTables } from '../model/margin-rates.ts';
import type { Day } from '../model/time.ts';

type InForceOf<Rows> = Rows extends readonly { readonly value: infer Value }[] ? InForce<Value> : never;
type Facts = { readonly [Name in keyof Omit<MarginTables, 'verifiedUntil'>]: InForceOf<MarginTables[Name]> };

/** The rates of margins by day; after the last row they stay what they were. */
export class MarginFacts {
  /** The last day that a source speaks of. */
  readonly verifiedUntil: Day;
  readonly #facts: Facts;
  /** A run asks for one day at a time. */
  #latest: { readonly day: Day; readonly rates: MarginRates } | undefined;

  constructor(tables: MarginTables) {
    this.verifiedUntil = tables.verifiedUntil;
    this.#facts = {
      scan: new InForce(tables.scan),
      extreme: new InForce(tables.extreme),
      exposure: new InForce(tables.exposure),
      expiryDay: new InForce(tables.expiryDay),
      hedgeBenefit: new InForce(tables.hedgeBenefit),
      calendar: new InForce(tables.calendar),
    };
  }

  on(day: Day): MarginRates {
    if (this.#latest?.day !== day) this.#latest = { day, rates: ratesOn(day, this.#facts) };
    return this.#latest.rates;
  }
}

function ratesOn(day: Day, facts: Facts): MarginRates {
  const scan = onDay(facts.scan, day);
  const extreme = onDay(facts.extreme, day);
  const exposure = onDay(facts.exposure, day);
  const calendar = onDay(facts.calendar, day);
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
    expiryDayPct: onDay(facts.expiryDay, day),
    legs: onDay(facts.hedgeBenefit, day),
    calendarPct: calendar.pct,
    expiringToday: calendar.expiringToday,
  };
}

function onDay<T>(fact: InForce<T>, day: Day): T {
  return fact.on(day) ?? broken(`the rates of margins begin after ${day}`);
}
