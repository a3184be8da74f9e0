import { paiseOfRupees } from '../engine/model/units.ts';
import type { AgentRisk, MoneyLimits } from '../engine/risk/money-limits.ts';
import { tighterOf } from '../engine/risk/money-limits.ts';
import type { RmsSettings } from '../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../engine/risk/rms-settings.ts';
import type { StandingLimits } from '../engine/risk/standing.ts';
import type { Config } from './config.ts';

type AgentChoiceRisk = NonNullable<NonNullable<Config['agents']>[number]['risk']>;

/** What the configuration sets for the account, as the engine takes it: rupees become paise here. */
export function rmsSettings({ account, risk }: Config): RmsSettings {
  const { standing, perAgent: _, marginUseMax, ...rest } = risk;
  return {
    ...defaultRmsSettings,
    ...rest,
    ...inPaise(risk),
    perSegment: { ...risk.perSegment, ...inPaise(risk.perSegment) },
    standing: standingLimits(standing),
    capital: paiseOfRupees(account.capital),
    marginUseMax: marginUseMax === undefined ? undefined : marginUseMax / 100,
  };
}

/** What it sets for one agent: its own and what holds for each, the tighter of the two. */
export function agentRisk({ risk: { perAgent } }: Config, own: AgentChoiceRisk = {}): AgentRisk {
  const engine = (limits: AgentChoiceRisk): AgentRisk => ({
    ...limits,
    ...inPaise(limits),
    riskPerStructure: paiseOf(limits.riskPerStructure),
  });
  return tighterOf(engine(own), engine(perAgent));
}

/** Every limit that is money; named one by one, so that none can go over in rupees. */
function inPaise(limits: MoneyLimits): Pick<MoneyLimits, Money> {
  return {
    lossPerDayMax: paiseOf(limits.lossPerDayMax),
    exitPnl: paiseOf(limits.exitPnl),
    rollingProfit: paiseOf(limits.rollingProfit),
    profitPerDayTarget: paiseOf(limits.profitPerDayTarget),
    trailFromPeak: paiseOf(limits.trailFromPeak),
    profitLockFrom: paiseOf(limits.profitLockFrom),
  };
}

type Money = 'lossPerDayMax' | 'exitPnl' | 'rollingProfit' | 'profitPerDayTarget' | 'trailFromPeak' | 'profitLockFrom';

function standingLimits({ read: _, ...limits }: Config['risk']['standing']): StandingLimits {
  return { ...limits, drawdownMax: paiseOf(limits.drawdownMax), slipMax: paiseOf(limits.slipMax) };
}

function paiseOf(rupees: number | undefined): number | undefined {
  return rupees === undefined ? undefined : paiseOfRupees(rupees);
}
