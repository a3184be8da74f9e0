import { describe, expect, test } from 'vitest';
import { readSpreads } from '../../adapters/reference-files.ts';
import { Config } from '../../cli/config.ts';
import { modelCards } from '../../cli/models.ts';
import { spreadUse, spreadWarning } from '../../cli/spread-use.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import { agentPlan, play } from '../support/play.ts';
import { syntheticDay } from '../support/synthetic-day.ts';

const spreads = readSpreads();
const config = Config.parse({});

/** A day of straddles on both indices. */
function recordsOf(on: string, underlyings: readonly Underlying[], table = spreads): readonly JournalRecord[] {
  const agents = underlyings.map((underlying) => agentPlan(atmStraddle, underlying));
  return play({ days: [syntheticDay(on, underlyings)], agents, parts: { spreads: table } }).records;
}

describe('the fills of a run', () => {
  test('say where their half-spreads come from, and the run warns of those that nobody measured', () => {
    // Two days before the expiry of both, with two legs in and out on each: NIFTY was measured, SENSEX never.
    const use = spreadUse(recordsOf('2025-03-04', ['NIFTY', 'SENSEX']));
    expect(use).toMatchObject({ measured: 4, pooled: 0, assumed: 4 });
    expect(spreadWarning(use, config, spreads)).toEqual([
      '4 of 8 fills in cells without measurement (SENSEX 4) paid the assumed half-spread, the larger of 0.05 and 0.25 % of premium',
    ]);
    const fills = modelCards(config, spreads, use).find(({ name }) => name === 'fills')?.assumption;
    expect(fills).toMatch(/\(BANKNIFTY on 18 days from 2021-08-20 to 2026-01-29, NIFTY on 2025-08-29\)/);
    expect(fills).toMatch(/up to a tick, for 4 fills; .* for 0; the larger of .* where nothing was measured, for 4\./);
  });

  test('of the expiry day of NIFTY are in no measured cell', () => {
    const use = spreadUse(recordsOf('2025-03-06', ['NIFTY']));
    expect({ ...use, assumedOf: [...use.assumedOf] }).toMatchObject({
      measured: 0,
      pooled: 0,
      assumedOf: [['NIFTY', use.assumed]],
    });
    expect(use.assumed).toBeGreaterThan(0);
  });

  test('bring no warning where all were measured, or where all were to be assumed', () => {
    expect(spreadWarning(spreadUse(recordsOf('2025-03-04', ['NIFTY'])), config, spreads)).toEqual([]);
    const assumed = spreadUse(recordsOf('2025-03-04', ['NIFTY'], undefined));
    expect(spreadWarning(assumed, config, undefined)).toEqual([]);
    const fills = modelCards(config, undefined, assumed).find(({ name }) => name === 'fills')?.assumption;
    expect(fills).toContain('The half-spread is assumed, not measured: the larger of 0.05 and 0.25 % of premium.');
  });
});
