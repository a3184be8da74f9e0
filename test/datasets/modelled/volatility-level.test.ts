import { describe, expect, test } from 'vitest';
import { FROZEN_CHAIN } from '../../../datasets/modelled/chain-parameters.ts';
import type { SessionMove } from '../../../datasets/modelled/volatility-level.ts';
import { levelBefore, sessionMove } from '../../../datasets/modelled/volatility-level.ts';
import { day, MINUTE_MS } from '../../../engine/model/time.ts';
import { indexWalk } from '../../support/index-walk.ts';

const DAY = day('2025-03-04');

function sessionsOf(count: number, variance: number, night: number | undefined): SessionMove[] {
  return Array.from({ length: count }, () => ({ day: DAY, open: 1, close: 1, variance, night }));
}

const levelOf = (
  underlying: 'NIFTY' | 'BANKNIFTY',
  vixBefore: number | undefined,
  sessions: readonly SessionMove[] = [],
) => levelBefore({ underlying, vixBefore, sessions, parameters: FROZEN_CHAIN });

describe('level from India VIX', () => {
  test('is its part at the money, and for BANKNIFTY the multiple of that', () => {
    // 14 % x 0.9045 = 12.663 %, x 1.298 = 16.4366 %, to a hundredth of a point.
    expect(levelOf('NIFTY', 1_400)).toMatchObject({ level: 0.1266, from: 'india-vix', sessions: 0 });
    expect(levelOf('BANKNIFTY', 1_400)).toMatchObject({ level: 0.1644, from: 'india-vix' });
  });

  test('leaves the sessions before aside', () => {
    expect(levelOf('NIFTY', 1_400, sessionsOf(60, 0.01, 0.01))).toEqual(levelOf('NIFTY', 1_400));
  });
});

describe('level from realised volatility', () => {
  test('is the long-run home where nothing lies before', () => {
    // 16.17 % x 0.9045 = 14.6258 %.
    expect(levelOf('NIFTY', undefined)).toMatchObject({ level: 0.1463, from: 'realised', sessions: 0 });
  });

  test('is the scaled power of it, home weighing a little after sixty sessions', () => {
    // Variance a day 0.0001 is 15.8745 % a year; 0.6611 x 0.158745^0.6631 x 0.9045 = 17.6466 %; weights of 60 sessions are
    // 1 - 0.94^60 = 0.975593, home's are 5 x 0.06 x 0.94^60 = 0.007322, a part of 0.0074490 of both.
    expect(levelOf('NIFTY', undefined, sessionsOf(60, 0.00007, 0.00003)).level).toBeCloseTo(
      0.176466 * (1 - 0.007449) + 0.146258 * 0.007449,
      4,
    );
  });

  test('lends a night from the share of nights where the session before is not there', () => {
    const known = levelOf('NIFTY', undefined, sessionsOf(60, 0.00006888, 0.00003112));
    expect(levelOf('NIFTY', undefined, sessionsOf(60, 0.00006888, undefined)).level).toBe(known.level);
  });

  test('listens to young sessions more than to old ones', () => {
    const [calm, wild] = [sessionsOf(10, 0.00005, 0.00002), sessionsOf(10, 0.0005, 0.0002)];
    const youngWild = levelOf('NIFTY', undefined, [...wild, ...calm]).level;
    const oldWild = levelOf('NIFTY', undefined, [...calm, ...wild]).level;
    expect(youngWild).toBeGreaterThan(oldWild);
  });
});

describe('the move of a session', () => {
  test('is counted by half hours: what happens between them is not', () => {
    const walk = indexWalk({ day: DAY, seed: 1 });
    walk.close.fill(2_230_000);
    walk.close[100] = 2_300_000;
    const quiet = sessionMove(walk, { day: DAY, intervalMs: MINUTE_MS, closeBefore: undefined });
    expect(quiet).toEqual({ day: DAY, open: 2_230_000, close: 2_230_000, variance: 0, night: undefined });

    for (let row = 200; row < 375; row += 1) walk.close[row] = 2_252_300;
    const jumped = sessionMove(walk, { day: DAY, intervalMs: MINUTE_MS, closeBefore: 2_207_700 });
    expect(jumped!.variance).toBeCloseTo(Math.log(1.01) ** 2, 12);
    expect(jumped!.night).toBeCloseTo(Math.log(2_230_000 / 2_207_700) ** 2, 12);
  });

  test('is undefined without a candle', () => {
    const walk = indexWalk({ day: DAY, seed: 1 });
    walk.valid.fill(0);
    expect(sessionMove(walk, { day: DAY, intervalMs: MINUTE_MS, closeBefore: undefined })).toBeUndefined();
  });
});
