import { describe, expect, test } from 'vitest';
import { day } from '../../../engine/model/time.ts';
import { Rms } from '../../../engine/risk/rms.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { PastStructure, StandingLimits } from '../../../engine/risk/standing.ts';
import { redFlags, standingOf } from '../../../engine/risk/standing.ts';
import { money, order, reasonOf, request, rs, SENSEX, STRADDLE, view, words } from './account.ts';

const NO_ENTRIES = { units: 0, slip: 0, orders: 0, filled: 0 };

/** Structures as `day of January, net in rupees, R`. */
function past(...all: readonly (readonly [date: number, net: number, r?: number])[]): readonly PastStructure[] {
  return all.map(([date, net, r]) => ({
    day: day(`2025-01-${String(date).padStart(2, '0')}`),
    net: rs(net),
    r,
  }));
}

function flags(structures: readonly PastStructure[], limits: StandingLimits, entries = NO_ENTRIES): readonly string[] {
  return redFlags(standingOf(structures, entries), limits).map(
    ({ rule, limit, value }) => `${rule} ${value} of ${limit}`,
  );
}

describe('the standing of past runs', () => {
  const history = past([1, 1_000, 0.5], [1, -400, -0.2], [2, 900, 0.45], [3, -700, -0.35], [3, -300, -0.15], [6, -50]);

  test('adds structures up: wins, the row of losses, the fall from the best, R by day', () => {
    // Nets: 1000, 600, 1500, 800, 500, 450. R: 0.5, 0.3, 0.75, 0.4, 0.25, and one whose risk nobody knows.
    expect(standingOf(history, { units: 300, slip: 45_000, orders: 8, filled: 6 })).toEqual({
      structures: 6,
      wins: 2,
      lossesInARow: 3,
      drawdown: rs(1_050),
      drawdownR: 0.5,
      rOfDays: [0.3, 0.45, -0.5],
      slip: 150,
      filledPct: 75,
    });
  });

  test('of nothing is nothing, and no flag', () => {
    const none = standingOf([], NO_ENTRIES);
    expect(none).toMatchObject({ drawdown: 0, drawdownR: 0, lossesInARow: 0, slip: undefined, filledPct: undefined });
    expect(redFlags(none, { winPctMin: 30, winsOver: 1, filledPctMin: 70, slipMax: 300, badDaysInARowMax: 1 })).toEqual(
      [],
    );
  });

  test('shows a flag where a figure reaches its limit, and none before', () => {
    expect(flags(history, { drawdownMax: rs(1_050.01), drawdownRMax: 0.51, lossesInARowMax: 4 })).toEqual([]);
    expect(flags(history, { drawdownMax: rs(1_050), drawdownRMax: 0.5, lossesInARowMax: 3 })).toEqual([
      'standing-drawdown 105000 of 105000',
      'standing-drawdown-r 0.5 of 0.5',
      'standing-losses 3 of 3',
    ]);
  });

  test('counts bad days up to the last one', () => {
    const days = past([1, 0, -6], [2, 0, -2], [2, 0, -3], [3, 0, -5], [6, 0, -5]);
    expect(flags(days, { badDaysInARowMax: 4, badDayR: 5 })).toEqual(['standing-bad-days 4 of 4']);
    expect(flags(days, { badDaysInARowMax: 5, badDayR: 5 })).toEqual([]);
    expect(flags([...days, ...past([7, 0, -4.99])], { badDaysInARowMax: 1, badDayR: 5 })).toEqual([]);
  });

  test('asks for wins only once there are enough structures', () => {
    const twenty = past(...Array.from({ length: 20 }, (_, index) => [1 + index, index < 6 ? 1 : -1] as const));
    const limits = { winPctMin: 30, winsOver: 20 };
    expect(flags(twenty, limits)).toEqual([]);
    expect(flags(twenty.slice(1), limits)).toEqual([]);
    expect(flags([...twenty, ...past([30, -1])], limits)).toEqual(['standing-wins 28.571428571 of 30']);
  });

  test('knows slip and fills', () => {
    const limits = { slipMax: rs(3), filledPctMin: 70 };
    const entries = { units: 65, slip: 65 * 299, orders: 10, filled: 7 };
    expect(flags([], limits, entries)).toEqual([]);
    expect(flags([], limits, { ...entries, slip: 65 * 300, filled: 6 })).toEqual([
      'standing-slip 300 of 300',
      'standing-fills 60 of 70',
    ]);
  });
});

describe('a red flag', () => {
  const agents = [money(STRADDLE), money(SENSEX)];
  const from = view({ agents });
  const rms = () =>
    new Rms({
      settings: { ...defaultRmsSettings, standing: { drawdownRMax: 20 } },
      standings: new Map([[STRADDLE, standingOf(past([1, -1, -20]), NO_ENTRIES)]]),
    });

  test('starts the session of its agent halted, each morning anew, until an operator resumes it', () => {
    const flagged = rms();
    const halt = { act: 'halt', scope: STRADDLE, rule: 'standing-drawdown-r', limit: 20, value: 20 };
    expect(flagged.openDay(from)).toMatchObject([halt]);
    expect(words(flagged, request(), from)).toEqual(['halted limit 20 value 20']);
    expect(reasonOf(flagged, request(), from)).toBe(
      'atm-straddle/NIFTY is halted until it is resumed: past runs of the strategy: they stand 20 R below their best',
    );
    expect(words(flagged, request([order({ agent: SENSEX })]), from)).toEqual(['approved']);
    expect(words(flagged, request([order({ reduceOnly: true })]), from)).toEqual(['approved']);
    expect(flagged.openDay(from)).toMatchObject([halt]);
    expect(flagged.command('resume', 'NIFTY').acts).toMatchObject([{ ...halt, act: 'release' }]);
    expect(words(flagged, request(), from)).toEqual(['approved']);
    expect(flagged.openDay(from)).toEqual([]);
  });

  test('of one agent is not lifted by resuming another scope', () => {
    const flagged = rms();
    flagged.openDay(from);
    expect(flagged.command('resume', SENSEX)).toEqual({ acts: [], refusal: `${SENSEX} is not halted` });
    expect(flagged.halted(STRADDLE)?.by).toBe('standing');
  });
});
