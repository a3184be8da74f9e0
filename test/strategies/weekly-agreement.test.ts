import { describe, expect, test } from 'vitest';
import { clockText, dayOf, istTimeOfMinutes } from '../../engine/model/time.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { streamOf } from '../../engine/prng.ts';
import { WEEKLY_SIGNALS } from '../../strategies/weekly-rules.ts';
import { cases, isSoak } from '../support/soak.ts';
import { recordsOf } from '../support/tell.ts';
import { barsOf, weekly, weeklyDay } from '../support/weekly-days.ts';
import type { HourBar, ReferenceReadings, ReferenceSignal } from '../support/weekly-reference.ts';
import { referenceSignals } from '../support/weekly-reference.ts';

// The rarest of the eight, S6, comes first in the 123rd draw.
const RUNS = cases({ ci: 130, soak: 5_000 });

/** Three weeks without a holiday. */
const WEEKS = ['2025-01-06', '2025-01-13', '2025-01-20'].map((monday) =>
  [0, 1, 2, 3, 4].map((more) => `2025-01-${String(Number(monday.slice(8)) + more).padStart(2, '0')}`),
);

const USUAL: ReferenceReadings = {
  fourHourMode: 'session',
  breakoutLatch: 'once',
  touchBypass: false,
  s8Touch: 'week',
  minPrevWeekBars: 0,
  onlyAt1115: false,
  signals: WEEKLY_SIGNALS,
};

interface Drawn {
  readonly bars: readonly HourBar[];
  readonly days: readonly { readonly day: string; readonly hours: string }[];
}

/**
 * Weeks on a grid of ten points, so that equal prices are common. Most weeks close near an extreme and most begin near one of the week before, since
 * that is where the rules part.
 */
function draw(seed: number): Drawn {
  const chance = streamOf(seed, 'weeks');
  const days: { day: string; hours: string }[] = [];
  let price = 23_000;
  let [high, low] = [price, price];
  for (const week of WEEKS) {
    if (chance() < 0.8) price = (chance() < 0.5 ? high : low) + 10 * pick(chance, -8, 8);
    const pull = pick(chance, -1, 1);
    [high, low] = [0, Number.POSITIVE_INFINITY];
    const sessions = week.filter(() => chance() > 0.15);
    for (const day of sessions.length === 0 ? week.slice(-1) : sessions) {
      const hours: string[] = [];
      for (let hour = 0; hour < 7; hour += 1) {
        const open = price;
        price += 10 * pick(chance, -5, 5) + (day >= (week[3] ?? '') ? 20 * pull : 0);
        const [top, bottom] = [Math.max(open, price) + wick(chance), Math.min(open, price) - wick(chance)];
        hours.push([open, top, bottom, price].join('/'));
        [high, low] = [Math.max(high, top), Math.min(low, bottom)];
      }
      days.push({ day, hours: hours.join(' ') });
    }
  }
  return { days, bars: days.flatMap(({ day, hours }) => barsOf(day, hours)) };
}

function pick(chance: ChanceStream, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1));
}

function wick(chance: ChanceStream): number {
  return chance() < 0.4 ? 0 : 10 * pick(chance, 1, 4);
}

/** Which signal used up each week by the journal; no option is listed, so none is taken. */
function signalsOf(
  { days }: Drawn,
  readings: Partial<ReferenceReadings> & { readonly cutWeeks?: 'skip' },
): readonly ReferenceSignal[] {
  const played = weekly(
    days.map(({ day, hours }) => weeklyDay(day, hours)),
    { cutWeeks: 'use', ...readings },
  );
  return recordsOf(played, 'signal')
    .filter(({ gate }) => gate === 'after 15:15' || gate?.startsWith('no PE of') || gate?.startsWith('no CE of'))
    .map(({ ts, name, seen }) => ({ day: dayOf(ts), ended: clockText(ts), name, level: Number(seen['level']) }))
    .map(({ ended, ...signal }) => ({ ...signal, minute: STARTS.get(ended) ?? Number.NaN }));
}

/** Minute of the day at which a bar starts, by the instant at which it is judged. */
const STARTS = new Map(
  Array.from({ length: 7 }, (_, at) => [`${istTimeOfMinutes(Math.min(615 + 60 * at, 930))}:01.000`, 555 + 60 * at]),
);

function compare(readings: Partial<ReferenceReadings>, runs = RUNS): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= runs; seed += 1) {
    const drawn = draw(seed);
    const expected = referenceSignals(drawn.bars, { ...USUAL, ...readings });
    expect(signalsOf(drawn, readings), `seed ${seed}`).toEqual(expected);
    for (const { name } of expected) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

describe('a second reading of the rules', { timeout: isSoak ? 3_600_000 : 120_000 }, () => {
  test('finds the same signals, bars and levels in random weeks, each of the eight among them', () => {
    expect([...compare({}).keys()].sort()).toEqual([...WEEKLY_SIGNALS]);
  });

  test.each([
    { fourHourMode: 'clock4' },
    { fourHourMode: 'seq4' },
    { fourHourMode: 'hour1' },
    { breakoutLatch: 'edge' },
    { s8Touch: 'bar' },
    { minPrevWeekBars: 30 },
    { onlyAt1115: true },
    { signals: ['S7', 'S8'] },
    { signals: ['S5', 'S6', 'S4'] },
  ] satisfies Partial<ReferenceReadings>[])('finds the same with %o, which differs from the defaults', (readings) => {
    compare(readings, RUNS / 2);
    const differs = Array.from({ length: RUNS / 2 }, (_, at) => draw(at + 1).bars).filter(
      (bars) =>
        JSON.stringify(referenceSignals(bars, USUAL)) !==
        JSON.stringify(referenceSignals(bars, { ...USUAL, ...readings })),
    );
    expect(differs.length).toBeGreaterThan(0);
  });

  test('finds by default those of weeks that begin with their Monday after one that does', () => {
    let [kept, left] = [0, 0];
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const drawn = draw(seed);
      const there = new Set(drawn.days.map(({ day }) => day));
      const all = referenceSignals(drawn.bars, USUAL);
      const expected = all.filter(({ day }) => {
        const at = WEEKS.findIndex((week) => week.includes(day));
        return [WEEKS[at - 1]?.[0], WEEKS[at]?.[0]].every((monday) => there.has(monday ?? ''));
      });
      expect(signalsOf(drawn, { cutWeeks: 'skip' }), `seed ${seed}`).toEqual(expected);
      kept += expected.length;
      left += all.length - expected.length;
    }
    expect(Math.min(kept, left)).toBeGreaterThan(RUNS / 10);
  });

  test('finds no S6 with the touch that bypasses the margins', () => {
    const counts = compare({ touchBypass: true });
    expect(counts.get('S6')).toBeUndefined();
    expect(counts.get('S3')).toBeGreaterThan(0);
  });
});
