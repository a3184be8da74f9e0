/** Plays scripts on a random day and checks the money of each agent by the second method. */
import type { JournalRecord } from '../../engine/journal.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { ExecutionSettings } from '../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { equityBySql } from './equity-second-method.ts';
import { equityInputsOf } from './journal-equity.ts';
import type { Played } from './play.ts';
import { agentPlan, play } from './play.ts';
import type { MarketShape } from './random-market.ts';
import { randomDay } from './random-market.ts';
import type { Script } from './scripted-strategy.ts';
import { scripted } from './scripted-strategy.ts';

export interface ScriptedRun {
  readonly shape: MarketShape;
  readonly scripts: readonly Script[];
  /** Whether the rate limits are out of the way. */
  readonly pace: 'free' | 'limited';
  readonly risk?: Partial<RmsSettings>;
  readonly execution?: Partial<ExecutionSettings>;
  /** What the venue does wrong. */
  readonly faults?: FaultPlan;
}

export function playScripts({ shape, scripts, pace, risk = {}, execution = {}, faults }: ScriptedRun): {
  readonly played: Played;
  readonly day: DayCandles;
} {
  const day = randomDay(shape);
  const limits = pace === 'free' ? { ordersPerSecondMax: 100_000, ordersPerMinuteMax: 100_000 } : {};
  const played = play({
    days: [day],
    agents: scripts.map((script) => agentPlan(scripted(script), shape.underlying)),
    parts: {
      settings: { ...DEFAULT_KERNEL, execution: { ...DEFAULT_EXECUTION, ...execution, ...limits } },
      risk: { ...defaultRmsSettings, ...risk },
      faults,
    },
  });
  return { played, day };
}

export interface MoneyRow {
  readonly ts: number;
  readonly gross: number;
  readonly charges: number;
}

/** An agent's rows of the engine's money columns. */
export function moneyOf({ money }: Pick<Played, 'money'>, agent: number): readonly MoneyRow[] {
  return [...money.ts].flatMap((ts, row) =>
    money.agent[row] === agent ? [{ ts, gross: money.gross[row] ?? 0, charges: money.charges[row] ?? 0 }] : [],
  );
}

/** The same rows from fills and candles alone. */
export async function moneyBySql(
  records: readonly JournalRecord[],
  day: DayCandles,
  rows: { readonly agent: string; readonly minutes: readonly number[] },
): Promise<readonly MoneyRow[]> {
  const curve = await equityBySql(equityInputsOf({ records, days: [day], ...rows }));
  return curve.map(({ tsMs, grossPaise, chargesFine }) => ({
    ts: tsMs,
    gross: grossPaise,
    charges: Number(chargesFine),
  }));
}
