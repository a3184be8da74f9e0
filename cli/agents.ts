import { BrokenInvariant } from '../engine/assert.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import { nameOf } from '../engine/kernel-parts.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import { lots } from '../engine/model/units.ts';
import { checkAgentRisk } from '../engine/risk/money-limits.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';
import { STRATEGIES } from '../strategies/index.ts';
import type { Config } from './config.ts';
import { nearestHint } from './nearest-name.ts';
import { fileMeantBy } from './own-strategies/own-file.ts';
import type { OwnStrategies } from './own-strategies/own-strategies.ts';
import { agentRisk } from './risk-settings.ts';
import { paramsOf } from './strategy-params.ts';
import { SettingError, UserError } from './user-error.ts';

/** No strategy of the person's own. */
const NONE: OwnStrategies = new Map();

/** A strategy with its settings, and the names that lead to it in the configuration. */
interface Choice {
  readonly at: readonly string[];
  readonly of: NonNullable<Config['agents']>[number];
}

/** The agents of a configuration: each chosen strategy on each of its segments, parameters checked. */
export function agentsOf(config: Config, own: OwnStrategies = NONE): readonly AgentPlan[] {
  const { agents, strategy, params } = config;
  const choices: readonly Choice[] =
    agents === undefined
      ? [{ at: [], of: { strategy, params } }]
      : agents.map((of, index) => ({ at: ['agents', String(index)], of }));
  const plans = choices.flatMap((choice) => plansOf(choice, config, own).map((plan) => ({ plan, choice })));
  refuseForeignNames(plans);
  refuseTwice(plans);
  return plans.map(({ plan }) => plan);
}

/** The segments that the agents trade, in the program's order. */
export function segmentsOf(plans: readonly AgentPlan[]): readonly Underlying[] {
  return UNDERLYINGS.filter((underlying) => plans.some(({ segment }) => segment === underlying));
}

export function strategyNamed(name: string, at: readonly string[] = ['strategy']): StrategyDefinition<unknown> {
  const definition = STRATEGIES.get(name);
  if (definition !== undefined) return definition;
  const file = fileMeantBy(name);
  const names = [...STRATEGIES.keys()];
  const hint = file === undefined ? nearestHint(name, names) : `; the file is named with ${file}`;
  const after = ` must be one of ${names.join(', ')}, was "${name}"${hint}`;
  throw new SettingError({ path: at, before: 'the strategy', after });
}

function plansOf({ at, of }: Choice, config: Config, own: OwnStrategies): readonly AgentPlan[] {
  const ofOwn = own.get(of.strategy);
  const definition = ofOwn?.definition ?? strategyNamed(of.strategy, [...at, 'strategy']);
  const params = within([...at, 'params'], () =>
    ofOwn === undefined ? paramsOf(definition, of.params) : ofOwn.paramsOf(of.params),
  );
  const segmentsAt = of.segments === undefined ? ['segments'] : [...at, 'segments'];
  return (of.segments ?? config.segments).map((segment, index) => {
    refuseSegment(definition, segment, [...segmentsAt, String(index)]);
    refuseParams(definition.refuse?.(params, segment), at);
    refuseLimits(definition, params, segment);
    return {
      definition,
      name: of.name,
      params,
      segment,
      lots: lots(of.lots ?? config.lots),
      limits: agentRisk(config, of.risk),
      specialSessions: config.data.specialSessions === 'include',
    };
  });
}

/** Says of a refused parameter where in the configuration it stands. */
function within<Result>(at: readonly string[], read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new SettingError({ ...error.setting, path: [...at, ...error.setting.path] }, { cause: error });
  }
}

/** Limits that a strategy makes of its parameters are limits, or nothing is begun. */
function refuseLimits({ name, limits }: StrategyDefinition<unknown>, params: unknown, segment: Underlying): void {
  try {
    checkAgentRisk(limits?.(params, segment) ?? {}, ` of ${name}`);
  } catch (error) {
    if (error instanceof BrokenInvariant) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

/** A strategy refuses parameters that contradict each other in a sentence that begins with one of them. */
function refuseParams(sentence: string | undefined, at: readonly string[]): void {
  if (sentence === undefined) return;
  const [before, name] = /^parameter ([A-Za-z]\w*)/.exec(sentence) ?? [];
  if (before === undefined || name === undefined)
    throw new SettingError({ path: [...at, 'params'], before: sentence, after: '' });
  throw new SettingError({ path: [...at, 'params', name], before, after: sentence.slice(before.length) });
}

function refuseSegment(definition: StrategyDefinition<unknown>, segment: Underlying, path: readonly string[]): void {
  if (definition.segments.includes(segment)) return;
  const after = ` must be among ${definition.segments.join(', ')}, was "${segment}"`;
  throw new SettingError({ path, before: `segments of ${definition.name}`, after });
}

type Planned = readonly { readonly plan: AgentPlan; readonly choice: Choice }[];

/** A name stands for one strategy, or reports would tell two as one. */
function refuseForeignNames(planned: Planned): void {
  for (const { plan, choice } of planned) {
    const { name, definition } = plan;
    if (name === undefined || name === definition.name) continue;
    const isTaken = planned.some(({ plan: other }) => nameOf(other) === name && other.definition !== definition);
    if (!(isTaken || STRATEGIES.has(name))) continue;
    const before = `name of an agent of ${definition.name}`;
    const after = ` must not be another strategy's, was ${name}`;
    throw new SettingError({ path: [...choice.at, 'name'], before, after });
  }
}

/** Each agent has books of its own under its name. */
function refuseTwice(planned: Planned): void {
  const names = planned.map(({ plan }) => `${nameOf(plan)} on ${plan.segment}`);
  const index = names.findIndex((name, at) => names.indexOf(name) !== at);
  const second = planned[index];
  if (second === undefined) return;
  const after = ` must each have a segment or a name of their own, was ${names[index]} twice; a strategy stands twice on a segment with a name each`;
  throw new SettingError({ path: second.choice.at, before: 'agents', after });
}
