import { expect, test } from 'vitest';
import { batman } from '../../strategies/batman.ts';
import { straddleVwap } from '../../strategies/straddle-vwap.ts';
import { straddleVwapSpread } from '../../strategies/straddle-vwap-spread.ts';
import { lookAhead } from '../support/look-ahead.ts';
import { agentPlan, play } from '../support/play.ts';
import type { Step } from '../support/straddle-tape.ts';
import { again, onStraddle, straddleDay } from '../support/straddle-tape.ts';
import { words } from '../support/tell.ts';

/**
 * At 09:25 both are due: the straddle at 203 is under the three values before it, 206 each, and over its VWAP, which the large volume at 195
 * keeps near that; the index stands over the range of the first minutes.
 */
const BOTH: readonly Step[] = [
  ...again(5, [23_000, 206]),
  [23_000, 195, '23000CE 97.5 v1000000'],
  ...again(3, [23_000, 206, '23000CE 103 v75 23000PE 103 v75']),
  [23_006, 203],
];
const PARAMS = { pivotWindow: 3, entryOrder: 'market' };
test('where both are due in a minute the debit spread comes first', () => {
  const day = straddleDay(BOTH);
  const joint = onStraddle(straddleVwap, day);
  expect(
    words(joint)
      .split('\n')
      .filter((line) => line.startsWith('09:25')),
  ).toEqual(['09:25:01.000 BATMAN skipped: the debit spread comes first', '09:25:01.000 BULL_CALL_SPREAD taken']);
  // Alone each of them is taken there.
  expect(words(onStraddle(straddleVwapSpread, day))).toContain('09:25:01.000 BULL_CALL_SPREAD taken');
  const alone = onStraddle(
    batman,
    straddleDay([...BOTH.slice(0, 5), [23_000, 206, '23000CE 103 v1000000'], ...BOTH.slice(6)]),
  );
  expect(words(alone)).toContain('09:25:01.000 BATMAN taken');
});

test('the spread that is due and cannot be had takes the minute all the same', () => {
  const day = straddleDay([
    ...BOTH.slice(0, 7),
    [23_000, 206, '23000CE 103 v75 23000PE 103 v75 23050CE gap'],
    ...again(2, [23_000, 206, '23000CE 103 v75 23000PE 103 v75']),
    [23_006, 203],
  ]);
  const lines = words(onStraddle(straddleVwap, day)).split('\n');
  expect(lines.filter((line) => line.startsWith('09:26'))).toEqual([
    '09:26:01.000 BULL_CALL_SPREAD skipped: no fresh price of the 23050 CE',
    '09:26:01.000 BATMAN skipped: the debit spread comes first',
  ]);
});

test('while one structure is held the other waits', () => {
  // A Batman from 09:22; at 09:24 the range breaks with the straddle over its VWAP and under the stop.
  const steps: readonly Step[] = [...again(6, [23_000, 200]), [23_000, 198], [23_000, 198], [23_006, 199.5]];
  const joint = onStraddle(straddleVwap, straddleDay(steps));
  expect(words(joint).split('\n').slice(0, 2)).toEqual([
    '09:22:01.000 BATMAN taken',
    '09:24:01.000 BULL_CALL_SPREAD skipped: in a trade',
  ]);
  // A spread from 09:22, its stop at 201.96 after 204; at 09:26 the straddle makes a lower low above that.
  const other: readonly Step[] = [
    ...again(6, [23_000, 200]),
    ...([203, 204, 203.5, 203.5, 203] as const).map((straddle): Step => [23_006, straddle]),
  ];
  const lines = words(onStraddle(straddleVwap, straddleDay(other))).split('\n');
  expect(lines.filter((line) => !line.includes('note:')).slice(0, 3)).toEqual([
    '09:22:01.000 BULL_CALL_SPREAD taken',
    '09:23:01.000 BULL_CALL_SPREAD skipped: in a trade',
    '09:26:01.000 BATMAN skipped: in a trade',
  ]);
});

test('random walks never show two structures at once, as separate agents they stand side by side', () => {
  const walk: Step[] = Array.from({ length: 340 }, (_, m) => {
    const wave = Math.round(18 * Math.sin(m / 13) + 6 * Math.sin(m / 2));
    return [23_000 + wave, Math.round((200 + 9 * Math.sin(m / 9) + 3 * Math.sin(m / 2)) * 10) / 10];
  });
  const day = straddleDay(walk);
  const together = (plans: Parameters<typeof play>[0]['agents']) => {
    const { records } = play({ days: [day], agents: plans });
    let open = 0;
    let most = 0;
    const opened = new Set<string>();
    for (const record of records) {
      if (record.kind === 'structure-opened') {
        open += 1;
        opened.add(record.name.slice(0, 4));
      }
      if (record.kind === 'structure-closed') open -= 1;
      most = Math.max(most, open);
    }
    expect(open).toBe(0);
    return { most, opened: [...opened].sort() };
  };
  expect(together([agentPlan(straddleVwap, 'NIFTY', PARAMS)])).toEqual({ most: 1, opened: ['BATM', 'BEAR', 'BULL'] });
  const apart = together([agentPlan(straddleVwapSpread, 'NIFTY', PARAMS), agentPlan(batman, 'NIFTY', PARAMS)]);
  expect(apart).toEqual({ most: 2, opened: ['BATM', 'BEAR', 'BULL'] });
});

test('takes the parameters of both and sees as far as the Batman', () => {
  const params = agentPlan(straddleVwap, 'NIFTY', { otmSteps: 2, ratio: '3:1' }).params as Parameters<
    typeof straddleVwap.create
  >[0];
  expect(params).toMatchObject({ otmSteps: 2, ratio: '3:1', rangeMode: 'opening', shiftMode: 'step' });
  expect(straddleVwap.universe(params, 'NIFTY')).toMatchObject({ strikesAround: 24, needs: ['option-volume'] });
  expect(straddleVwap.refuse?.({ ...params, legsByDte: [{ maxDte: 9, sellPct: 1, hedgePct: 2 }] }, 'NIFTY')).toContain(
    'legsByDte',
  );
  expect(straddleVwap.refuse?.({ ...params, rangeMode: 'rolling', rangeOn: 'extreme' }, 'NIFTY')).toContain('rangeOn');
});

test('noise after a minute changes nothing before it', () => {
  const walk: Step[] = Array.from({ length: 300 }, (_, m) => {
    const wave = Math.round(60 * Math.sin(m / 17) + 5 * Math.sin(m / 2));
    return [23_000 + wave, Math.round((200 + 12 * Math.sin(m / 7)) * 10) / 10];
  });
  const { decisions, changed } = lookAhead({
    day: straddleDay(walk),
    agents: () => [agentPlan(straddleVwap, 'NIFTY', { ...PARAMS, pivotWindow: 5 })],
  });
  expect(changed).toEqual([]);
  expect(decisions).toBeGreaterThan(100);
});
