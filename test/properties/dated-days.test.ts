import { expect, test } from 'vitest';
import type { AgentId } from '../../engine/model/order.ts';
import { day } from '../../engine/model/time.ts';
import type { DatedRun, PlayedMonth } from '../support/dated-run.ts';
import { playMonths } from '../support/dated-run.ts';
import { equityBySql } from '../support/equity-second-method.ts';
import { audit } from '../support/journal-audit.ts';
import { equityInputsOf } from '../support/journal-equity.ts';
import type { MoneyRow } from '../support/scripted-run.ts';
import { moneyOf } from '../support/scripted-run.ts';
import { isSoak } from '../support/soak.ts';

const SEEDS = isSoak ? [1, 2, 3] : [1];
const SPAN = isSoak
  ? { from: day('2019-01-01'), to: day('2026-11-20') }
  : { from: day('2024-12-01'), to: day('2025-12-31') };
const RUNS = (['NIFTY', 'BANKNIFTY', 'SENSEX'] as const).flatMap((segment) =>
  SEEDS.map((seed): DatedRun => ({ segment, seed, ...SPAN })),
);
/** What a kernel may come to hold in all the years: lists that have found their size, no record of a day. */
const GROWTH_MAX = 16_000_000;
const timeout = isSoak ? 3_600_000 : 240_000;

test.each(RUNS)(
  'every dated session of $segment with seed $seed breaks no rule, and its money is right by a second method',
  {
    timeout,
  },
  async (run) => {
    let [sessions, fills] = [0, 0];
    const heaps: number[] = [];
    const before = new Map<AgentId, MoneyRow>();
    for (const month of playMonths(run)) {
      expect([...month.kernel.quarantined]).toEqual([]);
      expect(audit({ records: month.records, days: month.days, pace: 'limited' })).toEqual([]);
      await expectMoneyTwice(month, before);
      sessions += month.days.length;
      fills += month.records.filter(({ kind }) => kind === 'order-filled').length;
      heaps.push(month.heap);
    }
    expect(sessions).toBeGreaterThan(isSoak ? 1_800 : 240);
    // A straddle has four fills a session at least.
    expect(fills).toBeGreaterThanOrEqual(4 * sessions);
    expect(Math.max(...heaps) - (heaps[2] ?? 0)).toBeLessThan(GROWTH_MAX);
  },
);

test('the day on which BSE traded on until 17:00 and NSE stood still breaks no rule', { timeout }, () => {
  const span = { from: day('2021-02-01'), to: day('2021-02-26') };
  for (const segment of ['SENSEX', 'NIFTY'] as const) {
    const months = [...playMonths({ segment, seed: 1, ...span })];
    expect(months.flatMap(({ days }) => days.map((each) => each.day))).toContain('2021-02-24');
    for (const { records, days, kernel } of months) {
      expect([...kernel.quarantined]).toEqual([]);
      expect(audit({ records, days, pace: 'limited' })).toEqual([]);
    }
  }
});

/** Money of each agent's minutes of a month, from fills and candles in SQL; every session ends flat, so a month stands on its own. */
async function expectMoneyTwice({ kernel, records, days }: PlayedMonth, before: Map<AgentId, MoneyRow>): Promise<void> {
  const { money } = kernel;
  const first = days[0]?.starts[0] ?? 0;
  for (const [index, agent] of money.agents.entries()) {
    const rows = moneyOf({ money }, index).filter(({ ts }) => ts >= first);
    const start = before.get(agent) ?? { ts: 0, gross: 0, charges: 0 };
    const minutes = rows.map(({ ts }) => ts);
    const curve = await equityBySql(equityInputsOf({ records, days, agent, minutes }));
    const second = curve.map(({ tsMs, grossPaise, chargesFine }) => ({
      ts: tsMs,
      gross: start.gross + grossPaise,
      charges: start.charges + Number(chargesFine),
    }));
    expect(second).toEqual(rows);
    const last = rows.at(-1);
    if (last !== undefined) before.set(agent, last);
  }
}
