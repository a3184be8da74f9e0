import { StrategyMistake } from '../../engine/assert.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { dayNumberOf, minutesOf } from '../../engine/model/time.ts';
import type {
  AgentLimits,
  StrategyContext,
  StrategyDefinition,
  StrategyHandlers,
  Universe,
} from '../../engine/strategy.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import type { StrategyCard } from '../strategy-card.ts';
import { strategyCard } from '../strategy-card.ts';
import { paramsOf } from '../strategy-params.ts';
import { UserError } from '../user-error.ts';
import type { Beat, Place } from './beat.ts';
import { CheckedContext } from './checked-context.ts';
import type { OwnSource } from './own-source.ts';
import { fieldsOf, plainOf } from './plain.ts';
import type { Exports } from './realm.ts';
import { loadInRealm, toldOf } from './realm.ts';
import { RESERVED_NAMES } from './reserved-names.ts';
import {
  DEFINITION_PARTS,
  DefinitionShape,
  faultOf,
  HANDLERS,
  HandlersShape,
  LimitsShape,
  UniverseShape,
} from './shapes.ts';

/** A strategy of a file, every step into its code on the beat. */
export interface LoadedStrategy {
  readonly definition: StrategyDefinition<unknown>;
  /** Its parameters as plain values; its own code gets what its schema made of them. */
  paramsOf(given: Readonly<Record<string, unknown>>): unknown;
  /** What it says of itself. */
  card(): StrategyCard;
}

/**
 * Runs a strategy file and gives its strategy with every step into it guarded: on the beat, with what it gives and asks for copied and
 * checked, and what it throws told with its line. Reading a field or telling an error may run own code as well as a call does.
 */
export function loadStrategy(source: OwnSource, beat: Beat): LoadedStrategy {
  const { file } = source;
  const keeper: Keeper = { file, beat, told: (place, error) => toldOnBeat({ source, beat, place, error }) };
  const failed = (what: string): string => `${file} cannot be run: ${what}`;
  const { whole, parts, fault } = onBeat(keeper, 'the top level', failed, () => {
    const strategy = onlyStrategyOf(file, loadInRealm(source, beat));
    const read = partsOf(strategy);
    return { whole: strategy, parts: read, fault: faultOf(DefinitionShape, read, '') };
  });
  if (fault !== undefined) throw new UserError(`the strategy of ${file} is not whole: ${fault}`);
  const definition = parts as StrategyDefinition<unknown>;
  const { name } = definition;
  if (STRATEGIES.has(name) || RESERVED_NAMES.includes(name))
    throw new UserError(`${file} calls its strategy ${name}, a name that the program has already; choose another`);
  return guarded(definition, whole, keeper);
}

/** What an error of own code says; asking it may run own code, which may fail or not come back. */
function toldOnBeat(parts: { source: OwnSource; beat: Beat; place: Place; error: unknown }): string {
  const { source, beat, place, error } = parts;
  try {
    return beat.inside(place, () => toldOf(source, error));
  } catch {
    return 'it threw what cannot be told';
  }
}

/** The definition with each part read once; code stays as it is, the rest is copied. */
function partsOf(strategy: object): unknown {
  const parts = fieldsOf(strategy, DEFINITION_PARTS) as Readonly<Record<string, unknown>>;
  return plainOf(parts, ['params']);
}

function onlyStrategyOf(file: string, exports: Exports): object {
  const found = new Set(Object.values(exports).filter(isStrategyLike));
  const [one] = found;
  if (one !== undefined && found.size === 1) return one;
  const names = Object.keys(exports);
  const was =
    found.size > 1 ? `${found.size} of them` : names.length === 0 ? 'no export at all' : `only ${names.join(', ')}`;
  throw new UserError(`${file} must export one strategy, made with defineStrategy, was ${was}`);
}

function isStrategyLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null && ('create' in value || 'universe' in value);
}

interface Keeper {
  readonly file: string;
  readonly beat: Beat;
  readonly told: (place: Place, error: unknown) => string;
}

/** `whole` is what own code knows as `this`. */
function guarded(definition: StrategyDefinition<unknown>, whole: object, keeper: Keeper): LoadedStrategy {
  const { file } = keeper;
  const { refuse, limits } = definition;
  const universes = new Map<string, Universe>();
  const made = new WeakMap<object, unknown>();
  const own = (params: unknown): unknown =>
    typeof params === 'object' && params !== null && made.has(params) ? made.get(params) : params;
  return {
    definition: {
      ...definition,
      ...(refuse && {
        refuse: (params, segment) =>
          sentenceFrom(
            file,
            asked(keeper, 'refuse', () => plainOf(refuse.call(whole, own(params), segment))),
          ),
      }),
      ...(limits && {
        limits: (params, segment) =>
          limitsFrom(
            file,
            asked(keeper, 'limits', () => plainOf(limits.call(whole, own(params), segment))),
          ),
      }),
      universe(params, segment) {
        const key = `${segment} ${JSON.stringify(params)}`;
        const known = universes.get(key);
        if (known !== undefined) return known;
        const universe = asked(keeper, 'universe', () =>
          plainOf(definition.universe.call(whole, own(params), segment)),
        ) as Universe;
        refuseUniverse(file, universe, segment);
        universes.set(key, universe);
        return universe;
      },
      create(params, segment) {
        const { handlers, parts, fault } = asked(keeper, 'create', () => {
          const answer = definition.create.call(whole, own(params), segment);
          const read = fieldsOf(answer, HANDLERS);
          return { handlers: answer, parts: read, fault: faultOf(HandlersShape, read, '') };
        });
        if (fault !== undefined) throw new UserError(`create of ${file} must give handlers: ${fault}`);
        return guardedHandlers(parts as StrategyHandlers, handlers, keeper);
      },
    },
    paramsOf(given) {
      const { read, text } = asked(keeper, 'params', () => {
        const answer = paramsOf(definition, given);
        return { read: answer, text: JSON.stringify(answer) ?? typeof answer };
      });
      if (!text.startsWith('{')) throw new UserError(`params of ${file} must give an object, was ${text}`);
      const params = JSON.parse(text) as object;
      made.set(params, read);
      return params;
    },
    card: () => asked(keeper, 'params', () => JSON.parse(JSON.stringify(strategyCard(definition))) as StrategyCard),
  };
}

/** Runs own code on the beat; what it throws ends the run with a sentence, and sentences of the program's own stay as they are. */
function onBeat<Result>(
  { beat, told }: Keeper,
  place: Place,
  sentence: (what: string) => string,
  work: () => Result,
): Result {
  try {
    return beat.inside(place, work);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(sentence(told(place, error)), { cause: error });
  }
}

/** What is asked before the run: a failure ends it there. */
function asked<Result>(keeper: Keeper, place: Place, work: () => Result): Result {
  return onBeat(keeper, place, (what) => `${place} of ${keeper.file} failed: ${what}`, work);
}

function sentenceFrom(file: string, answer: unknown): string | undefined {
  if (typeof answer === 'string' || answer === undefined) return answer;
  throw new UserError(
    `refuse of ${file} must give a sentence or nothing, was ${JSON.stringify(answer) ?? typeof answer}`,
  );
}

function limitsFrom(file: string, answer: unknown): AgentLimits {
  const fault = faultOf(LimitsShape, answer, '');
  if (fault !== undefined) throw new UserError(`limits of ${file}: ${fault}`);
  return answer as AgentLimits;
}

function refuseUniverse(file: string, universe: Universe, segment: Underlying): void {
  const fault = faultOf(UniverseShape, universe, '');
  if (fault !== undefined) throw new UserError(`universe of ${file}: ${fault}`);
  if (universe.underlying === segment) return;
  throw new UserError(`universe of ${file}: underlying must be the segment ${segment}, was ${universe.underlying}`);
}

type Handler = keyof StrategyHandlers;

/** Handlers between two beats, each with the checked context; absent ones stay absent, so that nothing is called for nothing. */
function guardedHandlers(parts: StrategyHandlers, whole: unknown, { file, beat, told }: Keeper): StrategyHandlers {
  const contexts = new WeakMap<StrategyContext, CheckedContext>();
  const guard = (place: Handler): ((ctx: StrategyContext, ...rest: readonly unknown[]) => void) => {
    const handler = parts[place] as (ctx: StrategyContext, ...rest: readonly unknown[]) => unknown;
    return (ctx, ...rest) => {
      const checked = contexts.get(ctx) ?? new CheckedContext(ctx);
      contexts.set(ctx, checked);
      beat.moment(dayNumberOf(ctx.day), minutesOf(ctx.time));
      const failed = (what: string): StrategyMistake =>
        new StrategyMistake(`${place} of ${file} failed on ${ctx.day} at ${ctx.time}: ${what}`);
      let isAsync: boolean;
      try {
        isAsync = beat.inside(place, () => hasThen(handler.call(whole, checked, ...rest)));
      } catch (error) {
        throw failed(told(place, error));
      }
      if (isAsync) throw failed('it is async, and nothing in a strategy may wait');
    };
  };
  const present = (Object.keys(parts) as Handler[]).filter((place) => parts[place] !== undefined);
  return Object.fromEntries(present.map((place) => [place, guard(place)])) as StrategyHandlers;
}

function hasThen(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}
