import type { MarginRates } from '../../../engine/model/margin-rates.ts';
import type { Day } from '../../../engine/model/time.ts';
import { day, daysBetween } from '../../../engine/model/time.ts';
import type { MarginLeg } from '../../../engine/risk/margin-scan.ts';
import { testReference } from '../../support/play.ts';

/** The program's own rates on a day. */
export function ratesOn(on: Day): MarginRates {
  return testReference().contracts.margins.on(on);
}

/** `23100CE -75 at 154.7` of an expiry, `FUT -75 at 23150`: prices in rupees, calendar days over 365 as years. */
export function leg(text: string, expiry: Day, today: Day): MarginLeg {
  const match = /^(?:(\d+)(CE|PE)|FUT) (-?\d+) at ([\d.]+)$/.exec(text);
  if (match === null) throw new Error(`no leg reads "${text}"`);
  const [, strike = '0', right = 'CE', units, price] = match;
  return {
    expiry,
    strike: Number(strike) * 100,
    right: right === 'PE' ? 'PE' : 'CE',
    units: Number(units),
    price: Math.round(Number(price) * 100),
    years: Math.max(daysBetween(today, expiry), 0.01) / 365,
  };
}

/** Legs of one expiry. */
export function legs(expiry: string, today: string, ...texts: readonly string[]): readonly MarginLeg[] {
  return texts.map((text) => leg(text, day(expiry), day(today)));
}
