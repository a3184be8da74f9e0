/** Agents that decide often: a script with every kind of guard, and the straddle with all its options switched on. */
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { GuardSpec, Underlying } from '../../engine/strategy.ts';
import { istTime } from '../../engine/strategy.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import { rsiStrength } from '../../strategies/rsi-strength.ts';
import { agentPlan } from './play.ts';
import type { Script, ScriptLeg } from './scripted-strategy.ts';
import { scripted } from './scripted-strategy.ts';

const legStop: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 6 }, closes: 'leg' };
const legTarget: GuardSpec = { name: 'target', act: 'target', basis: 'leg', distance: { pct: 9 }, closes: 'leg' };
const legTrail: GuardSpec = {
  name: 'trail',
  act: 'trail',
  basis: 'leg',
  distance: { pct: 5 },
  closes: 'leg',
  step: 50,
};
const combined: GuardSpec = {
  name: 'combined',
  act: 'stop',
  basis: 'combined',
  distance: { pct: 4 },
  closes: 'structure',
};
const spot: GuardSpec = {
  name: 'spot',
  act: 'stop',
  basis: 'underlying',
  distance: { paise: 2_500 },
  direction: 'both',
  closes: 'structure',
  reason: 'SHIFT',
};
const money: GuardSpec = {
  name: 'money',
  act: 'stop',
  basis: 'money',
  distance: { paise: 40_000 },
  closes: 'structure',
};

const leg = (offset: number, right: ScriptLeg['right'], side: ScriptLeg['side']): ScriptLeg => ({
  offset,
  right,
  side,
  lots: 1,
});
const straddle = [leg(0, 'CE', 'SELL'), leg(0, 'PE', 'SELL')];

const UNPAIRED: Script = {
  name: 'busy',
  entries: [
    { legs: straddle, guards: [legStop, combined], reentries: 1, onStop: 'others-to-cost', exitAfter: 25 },
    { legs: [leg(1, 'CE', 'SELL'), leg(3, 'CE', 'BUY')], guards: [legTrail], reentries: 0, exitAfter: 15 },
    { legs: [leg(0, 'PE', 'BUY')], guards: [legTrail, spot], reentries: 0, exitAfter: 40 },
    { legs: straddle, guards: [money, spot], reentries: 0, exitAfter: 20 },
  ],
  every: 3,
  until: istTime('15:00'),
  openMax: 3,
  notesEvery: 10,
};

const PAIRED: Script = {
  ...UNPAIRED,
  name: 'busy-pairs',
  entries: [
    { legs: straddle, guards: [legStop, legTarget], reentries: 2, onStop: 'others-to-cost', exitAfter: 30 },
    { legs: [leg(1, 'PE', 'SELL')], guards: [legTrail, legTarget], reentries: 0, exitAfter: 10 },
  ],
};

/** The script without targets; nothing of it may hang on the running minute's other extreme. */
export function busyAgent(segment: Underlying): AgentPlan {
  return agentPlan(scripted(UNPAIRED), segment);
}

/** The script with stop and target on one leg, which the rule for ambiguous minutes makes look at the whole running minute. */
export function pairedAgent(segment: Underlying): AgentPlan {
  return agentPlan(scripted(PAIRED), segment);
}

/** RSI strength on quick lines, with every option on that a cold day leaves something to decide. */
export function strengthAgent(segment: Underlying): AgentPlan {
  return agentPlan(rsiStrength, segment, {
    timeframe: 3,
    rsiPeriod: 2,
    slPoints: 15,
    pyramidPoints: 0.5,
    reverseOnOpposite: true,
    maxTradesPerDay: 100,
    minuteAgree: true,
    warmUpBars: 0,
  });
}

/** The straddle with every option on. */
export function straddleAgent(segment: Underlying): AgentPlan {
  return agentPlan(atmStraddle, segment, {
    legStopPct: 10,
    spotMove: 40,
    rollOnSpot: true,
    rollsPerDayMax: 10,
    moveOtherToCost: true,
    reenterAtCost: 3,
    vwapGate: true,
  });
}
