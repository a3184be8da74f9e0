import { expect, test } from 'vitest';
import { CandlePath } from '../../engine/market/candle-path.ts';
import { LevelBook } from '../../engine/market/level-book.ts';
import { CandleFrame, emptyDay } from '../../engine/model/candle-frame.ts';
import { option } from '../../engine/model/instrument.ts';
import { at, day, istTime } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';

const ON = day('2025-03-06');
const START = at(ON, istTime('10:00'));
const CE = option('NIFTY', ON, paise(2_200_000), 'CE');
const PE = option('NIFTY', ON, paise(2_200_000), 'PE');

/** Between 20 s and 40 s the call rises from 100 to 130 while the put falls from 130 to 100; both close at 120. */
function oneMinute(): { path: CandlePath; levels: LevelBook } {
  const candles = emptyDay({ day: ON, intervalMs: 60_000, instruments: [CE, PE], starts: Float64Array.of(START) });
  for (const slot of [0, 1]) {
    candles.columns.open[slot] = slot === 0 ? 10_000 : 13_000;
    candles.columns.high[slot] = 13_000;
    candles.columns.low[slot] = 10_000;
    candles.columns.close[slot] = 12_000;
    candles.columns.valid[slot] = 1;
  }
  const levels = new LevelBook();
  const path = new CandlePath(levels);
  path.openDay([CE, PE]);
  path.watch(0, START);
  path.watch(1, START);
  const frame = new CandleFrame();
  frame.show(candles, 0);
  path.drawMinute(frame);
  return { path, levels };
}

/** Plays the minute; what is told of each quote may change the levels in that very millisecond. */
function quotes(onLevel: (levels: LevelBook) => void): readonly string[] {
  const { path, levels } = oneMinute();
  levels.add(0, 11_111);
  levels.add(1, 11_889);
  const told: string[] = [];
  let now: number = START;
  while (path.nextTs(now) < Number.POSITIVE_INFINITY) {
    const { slot, ts, price, isPoint } = path.next();
    const kind = isPoint ? 'point' : 'level';
    now = ts;
    told.push(`${ts - START} ${slot === 0 ? 'CE' : 'PE'} ${kind} ${price}`);
    if (kind === 'level' && slot === 0) onLevel(levels);
  }
  return told;
}

test('a level crossed in the millisecond in which another instrument loses one is met all the same', () => {
  const calm = quotes(() => undefined);
  // The call rises and the put falls over 3,000 paise from 20 s to 40 s: both meet their level 7,406.7 ms on.
  expect(calm.filter((line) => line.includes('level'))).toEqual([
    '27407 CE level 11111',
    '27407 PE level 11889',
    '58890 PE level 11889',
  ]);
  expect(quotes((levels) => levels.remove(0, 11_111))).toEqual(calm);
  expect(quotes((levels) => levels.add(0, 9_000))).toEqual(calm);
});
