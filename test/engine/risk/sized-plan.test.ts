import { describe, expect, test } from 'vitest';
import { option } from '../../../engine/model/instrument.ts';
import { day } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import type { AgentRisk } from '../../../engine/risk/money-limits.ts';
import { sizedPlan, takenFor } from '../../../engine/sized-plan.ts';
import type { EntryPlan, GuardSpec } from '../../../engine/strategy.ts';
import { play } from '../../support/play.ts';
import { doing, entering, NO_DISASTER_STOP, rest, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, guards, recordsOf, words } from '../../support/tell.ts';
import { rs } from './account.ts';

const contract = option('NIFTY', day('2025-01-09'), paise(rs(23_000)), 'CE');

function planOf(count: number, rest: Partial<EntryPlan> = {}): EntryPlan {
  return { signal: 'entry', seen: {}, legs: [{ tag: 'CE', contract, side: 'SELL', lots: lots(count) }], ...rest };
}

/** Lots of the first leg, or the gate. */
function sized(limits: AgentRisk, loss: number | undefined, plan = planOf(1)): number | string | undefined {
  const taken = sizedPlan(plan, limits, () => loss);
  return typeof taken === 'string' ? taken : taken.legs[0]?.lots;
}

describe('a plan is taken as many times as the risk per structure allows', () => {
  const risk: AgentRisk = { riskPerStructure: rs(6_500) };

  test('rounded down to whole plans', () => {
    expect(sized(risk, rs(1_300))).toBe(5);
    expect(sized(risk, rs(1_300) + 1)).toBe(4);
    expect(sized(risk, rs(1_000), planOf(2))).toBe(12);
  });

  test('once where it just fits, and not at all a paisa above, with both figures in the gate', () => {
    expect(sized(risk, rs(6_500))).toBe(1);
    expect(sized(risk, rs(6_500) + 1)).toBe(
      'size: the planned loss of 6500.01 rupees is above the risk per structure of 6500.00 rupees',
    );
  });

  test('not at all where nobody knows what it may lose', () => {
    expect(sized(risk, undefined)).toBe(
      'size: the planned loss is unbounded or unknown, so it cannot be held to the risk per structure of 6500.00 rupees',
    );
  });

  test('but so that no leg has more than its most lots', () => {
    expect(sized({ ...risk, lotsMax: 10 }, rs(500))).toBe(10);
    expect(sized({ ...risk, lotsMax: 10 }, rs(500), planOf(3))).toBe(9);
    expect(sized({ ...risk, lotsMax: 10 }, rs(500), planOf(10))).toBe(10);
    expect(sized({ ...risk, lotsMax: 10 }, rs(500), planOf(11))).toBe(
      'size: a leg of 11 lots is above the 10 lots that a leg may have',
    );
  });

  test('and stays as it is where its strategy sized it, or no risk is set', () => {
    expect(sized(risk, rs(500), planOf(2, { isSized: true }))).toBe(2);
    expect(sized({ lotsMax: 1 }, rs(500), planOf(2))).toBe(2);
  });

  test('what stands in money grows with it, prices stay', () => {
    const own: readonly GuardSpec[] = [
      {
        name: 'money',
        act: 'trail',
        basis: 'money',
        distance: { paise: 100 },
        step: 10,
        armsAfter: { paise: 30 },
        closes: 'structure',
      },
      { name: 'level', act: 'stop', basis: 'money', distance: { level: -70 }, closes: 'structure' },
      { name: 'r', act: 'target', basis: 'money', distance: { r: 2 }, closes: 'structure' },
      { name: 'leg', act: 'stop', basis: 'leg', distance: { paise: 500 }, step: 5, closes: 'leg' },
    ];
    const taken = sizedPlan(planOf(1, { guards: own, risk: paise(1_000) }), risk, () => rs(2_000));
    expect(taken).toMatchObject({
      risk: 3_000,
      legs: [{ lots: 3 }],
      guards: [
        { distance: { paise: 300 }, step: 30, armsAfter: { paise: 90 } },
        { distance: { level: -210 } },
        { distance: { r: 2 } },
        { distance: { paise: 500 }, step: 5 },
      ],
    });
  });

  test('a later wish of an entry that rests is as large as the order that rests', () => {
    const wish = planOf(1, { risk: paise(1_000) });
    expect(takenFor(wish, 4, risk)).toMatchObject({ risk: 4_000, legs: [{ lots: 4 }] });
    expect(takenFor(wish, 4, {})).toBe(wish);
    const own = planOf(1, { isSized: true, risk: paise(1_000) });
    expect(takenFor(own, 4, risk)).toBe(own);
  });
});

describe('on a tape', () => {
  // A call sold at 100 with a stop 10 % above: 10 x 75 a lot and 2 % of 7,500 for slippage, 900.00 rupees a lot.
  const day = tape`
    09:15  NIFTY 23005  CE 100
    09:30  CE 100 115 100 112
  `;
  const stop: GuardSpec = { name: 'sl', act: 'stop', basis: 'leg', distance: { pct: 10 }, closes: 'leg' };
  const run = (limits: AgentRisk) =>
    play({
      days: [day],
      agents: [{ ...scripted(entering('09:20', ['SELL CE'], { guards: [stop] })), limits }],
      parts: NO_DISASTER_STOP,
    });

  test('enters with the lots of its risk, plans what they lose, and stops all of them', () => {
    const played = run({ riskPerStructure: rs(2_700) });
    expect(recordsOf(played, 'structure-opened')[0]).toMatchObject({ plannedLoss: rs(2_700), legs: [{ lots: 3 }] });
    expect(
      fills(played)
        .split('\n')
        .map((line) => line.slice(13)),
    ).toEqual([expect.stringMatching(/^entry SELL CE .* x3$/), expect.stringMatching(/BUY CE .* x3$/)]);
    expect(recordsOf(run({ riskPerStructure: rs(2_700) - 1 }), 'structure-opened')[0]?.legs[0]?.lots).toBe(2);
  });

  test('skips the signal where not even one plan fits', () => {
    expect(words(run({ riskPerStructure: rs(899.99) }))).toBe(
      '09:20:01.000 entry skipped: size: the planned loss of 900.00 rupees is above the risk per structure of 899.99 rupees',
    );
  });

  test('an entry that rests has its guards in money for the lots that it was given', () => {
    const money: GuardSpec = {
      name: 'loss',
      act: 'stop',
      basis: 'money',
      distance: { paise: rs(900) },
      closes: 'structure',
    };
    const handlers = doing({ '09:20': (ctx) => rest(ctx, 'dip', 'SELL CE STOP 98 95', { guards: [money] }) });
    const falls = tape`
      09:15  NIFTY 23005  CE 100
      09:30  CE 100 100 96 97
    `;
    // 900 rupees at the guard and 2 % of 100 x 75 is 1,050 a lot.
    const played = play({
      days: [falls],
      agents: [{ ...scripted(handlers), limits: { riskPerStructure: rs(2_100) } }],
      parts: NO_DISASTER_STOP,
    });
    expect(fills(played)).toContain('x2');
    expect(guards(played)).toContain('loss -1800.00');
  });
});

describe('a straddle bought without a stop', () => {
  // 200 points of 75 units are 15,000 rupees a lot, and 2 % of them slip: 15,300.
  const day = tape`
    09:15  NIFTY 23005  CE 100  PE 100
  `;
  const run = (limits: AgentRisk) =>
    play({
      days: [day],
      agents: [{ ...scripted(entering('09:20', ['BUY CE', 'BUY PE'])), limits }],
      parts: NO_DISASTER_STOP,
    });

  test('is bought as often as its debit fits the risk', () => {
    const [opened] = recordsOf(run({ riskPerStructure: rs(32_000) }), 'structure-opened');
    expect(opened?.legs.map(({ lots: count }) => count)).toEqual([2, 2]);
    expect(words(run({ riskPerStructure: rs(6_500) }))).toBe(
      '09:20:01.000 entry skipped: size: the planned loss of 15300.00 rupees is above the risk per structure of 6500.00 rupees',
    );
  });

  test('fits a cap of the day by its stress, in which only the slippage is lost', () => {
    const at = (cap: number) => words(run({ lossPerDayMax: rs(cap) }));
    expect(at(300)).toBe('09:20:01.000 entry taken');
    expect(at(299.99)).toContain('entry skipped');
  });
});
