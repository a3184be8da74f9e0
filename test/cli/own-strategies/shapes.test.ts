import { expect, test } from 'vitest';
import { faultOf, UniverseShape, WISHES } from '../../../cli/own-strategies/shapes.ts';
import { option } from '../../../engine/model/instrument.ts';
import { day } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';

const contract = option('NIFTY', day('2025-01-09'), paise(2_300_000), 'CE');
const leg = { tag: 'CE', contract, side: 'SELL', lots: 1 };
const plan = { signal: 'entry', seen: { spot: 1 }, legs: [leg] };
const stop = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 30 }, closes: 'leg' };

const enter = (parts: object): string | undefined => faultOf(WISHES.enter, { ...plan, ...parts }, '');
const withLeg = (parts: object): string | undefined => enter({ legs: [{ ...leg, ...parts }] });

test('a whole plan is taken', () => {
  expect(
    enter({
      legs: [{ ...leg, terms: { kind: 'STOP_LIMIT', trigger: 9_000, price: 8_500 } }],
      guards: [
        stop,
        { ...stop, name: 'far', distance: { paise: 500 }, direction: 'both', evaluate: 'touch', step: 50 },
      ],
      squareOffAt: '15:15',
      reentry: 0,
    }),
  ).toBeUndefined();
});

test('what a plan may not hold is told with its place, what is allowed, and the value', () => {
  expect([
    enter({ legs: [] }),
    enter({ legs: 'both' }),
    enter({ signal: '' }),
    enter({ seen: { spot: Number.NaN } }),
    enter({ squareOffAt: '9:15' }),
    enter({ stop: 1 }),
    enter({ guards: [{ ...stop, distance: { pct: -1 } }] }),
    enter({ guards: [{ ...stop, act: 'halt' }] }),
    withLeg({ lots: Number.NaN }),
    withLeg({ lots: 0 }),
    withLeg({ lots: 1.5 }),
    withLeg({ lots: '1' }),
    withLeg({ side: 'sell' }),
    withLeg({ contract: undefined }),
    withLeg({ contract: { ...contract, strike: 230.5 } }),
    withLeg({ terms: { kind: 'LIMIT', price: 10_001 } }),
  ]).toMatchInlineSnapshot(`
    [
      "legs must be a list of at least one leg, was []",
      "legs must be a list of at least one leg, was "both"",
      "signal must be a text of 1 to 80 characters, was """,
      "seen.spot must be a number, a text, true, false or null, was NaN",
      "squareOffAt must be a time of day, HH:MM, was "9:15"",
      "stop is unknown",
      "guards[0].distance must be { pct }, { paise } or { r }, a number above 0, or { level }, on money also below 0, was {"pct":-1}",
      "guards[0].act must be one of stop, target, trail, was "halt"",
      "legs[0].lots must be a whole number from 1 to 10000, was NaN",
      "legs[0].lots must be a whole number from 1 to 10000, was 0",
      "legs[0].lots must be a whole number from 1 to 10000, was 1.5",
      "legs[0].lots must be a whole number from 1 to 10000, was "1"",
      "legs[0].side must be one of BUY, SELL, was "sell"",
      "legs[0].contract must be a contract as ctx.contract gives it, was absent",
      "legs[0].contract must be a contract as ctx.contract gives it, was {"kind":"option","underlying":"NIFTY","expiry":"2025-01-09","strike":230.5,"righ...",
      "legs[0].terms must be MARKET, LIMIT with a price, or STOP_LIMIT with trigger and price, in whole paise on the tick of 5, was {"kind":"LIMIT","price":10001}",
    ]
  `);
});

test('a universe is whole, of whole minutes, and asks for no more candles than are kept', () => {
  const universe = { underlying: 'NIFTY', expiries: ['nearest'], strikesAround: 3, recentreSteps: 1 };
  const series = (span: unknown, warmUp: unknown): string | undefined =>
    faultOf(UniverseShape, { ...universe, series: [{ span, warmUp }] }, '');
  expect(faultOf(UniverseShape, universe, '')).toBeUndefined();
  expect([series(300_000, 2_000), series('day', 0)]).toEqual([undefined, undefined]);
  expect([
    faultOf(UniverseShape, undefined, ''),
    faultOf(UniverseShape, { ...universe, expiries: [] }, ''),
    faultOf(UniverseShape, { ...universe, strikesAround: -1 }, ''),
    series(300, 10),
    series('month', 10),
    series(60_000, 2_001),
  ]).toMatchInlineSnapshot(`
    [
      "what is asked must be an object with underlying, expiries, strikesAround, recentreSteps, series, needs, was absent",
      "expiries must be a list of at least one expiry, was []",
      "strikesAround must be a whole number from 0 to 1000, was -1",
      "series[0].span must be a length in ms of whole minutes, "day" or "week", was 300",
      "series[0].span must be a length in ms of whole minutes, "day" or "week", was "month"",
      "series[0].warmUp must be a whole number from 0 to 2000, was 2001",
    ]
  `);
});
