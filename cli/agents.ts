import type { AgentPlan } from '../engine/kernel-parts.ts';
import { nameOf } from '../engine/kernel-parts.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import { lots } from '../engine/model/units.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';
import { STRATEGIES } from '../strategies/index.ts';
import type { Config } from './config.ts';
import { fileMeantBy } from './own-strategies/own-file.ts';
import type { OwnStrategies } from './own-strategies/own-strategies.ts';
import { paramsOf } from './strategy-params.ts';
import { UserError } from './user-error.ts';

/** No strategy of the person's own. */
const NONE: OwnStrategies = new Map();

/** The agents of a configuration: each chosen strategy on each of its segments, parameters checked. */
export function agentsOf(config: Config, own: OwnStrategies = NONE): readonly AgentPlan[] {
  const choices = config.agents ?? [{ strategy: config.strategy, params: config.params }];
  const plans = choices.flatMap((choice) => {
    const ofOwn = own.get(choice.strategy);
    const definition = ofOwn?.definition ?? strategyNamed(choice.strategy);
    const params = ofOwn === undefined ? paramsOf(definition, choice.params) : ofOwn.paramsOf(choice.params);
    return (choice.segments ?? config.segments).map((segment) => {
      refuseSegment(definition, segment);
      const refusal = definition.refuse?.(params, segment);
      if (refusal !== undefined) throw new UserError(refusal);
      return {
        definition,
        name: choice.name,
        params,
        segment,
        lots: lots(choice.lots ?? config.lots),
        specialSessions: config.data.specialSessions === 'include',
      };
    });
  });
  refuseTwice(plans);
  return plans;
}

/** The segments that the agents trade, in the program's order. */
export function segmentsOf(plans: readonly AgentPlan[]): readonly Underlying[] {
  return UNDERLYINGS.filter((underlying) => plans.some(({ segment }) => segment === underlying));
}

/** Each agent has books of its own under its name, so a name stands for one strategy and once on a segment. */
function refuseTwice(plans: readonly AgentPlan[]): void {
  for (const { name, definition } of plans) {
    const other = plans.find((plan) => nameOf(plan) === name && plan.definition !== definition);
    const isTaken = name !== undefined && name !== definition.name && (STRATEGIES.has(name) || other !== undefined);
    if (isTaken)
      throw new UserError(`name of an agent of ${definition.name} must not be another strategy's, was ${name}`);
  }
  const names = plans.map((plan) => `${nameOf(plan)} on ${plan.segment}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new UserError(
    `agents must each have a segment or a name of their own, was ${twice} twice; a strategy stands twice on a segment with a name each`,
  );
}

export function strategyNamed(name: string): StrategyDefinition<unknown> {
  const definition = STRATEGIES.get(name);
  if (definition === undefined) {
    const file = fileMeantBy(name);
    const hint = file === undefined ? '' : `; the file is named with ${file}`;
    throw new UserError(`the strategy must be one of ${[...STRATEGIES.keys()].join(', ')}, was "${name}"${hint}`);
  }
  return definition;
}

function refuseSegment(definition: StrategyDefinition<unknown>, segment: Underlying): void {
  if (definition.segments.includes(segment)) return;
  throw new UserError(
    `segments of ${definition.name} must be among ${definition.segments.join(', ')}, was "${segment}"`,
  );
}
