import { StrategyMistake } from '../../engine/assert.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { dayNumberOf, minutesOf } from '../../engine/model/time.ts';
import type { StrategyContext, StrategyDefinition, StrategyHandlers, Universe } from '../../engine/strategy.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { UserError } from '../user-error.ts';
import type { Beat, Place } from './beat.ts';
import { CheckedContext } from './checked-context.ts';
import type { OwnSource } from './own-source.ts';
import type { Exports } from './realm.ts';
import { loadInRealm, toldOf } from './realm.ts';
import { RESERVED_NAMES } from './reserved-names.ts';
import { DefinitionShape, faultOf, HandlersShape, UniverseShape } from './shapes.ts';

/**
 * Runs a strategy file and gives its strategy with every call into it guarded: on the beat, with what it asks for checked, and what it
 * throws told with its line.
 */
export function loadStrategy(source: OwnSource, beat: Beat): StrategyDefinition<unknown> {
  const { file } = source;
  const told = (error: unknown): string => toldOf(source, error);
  const definition = onlyStrategyOf(file, exportsOf(source, beat));
  const fault = faultOf(DefinitionShape, definition, '');
  if (fault !== undefined) throw new UserError(`the strategy of ${file} is not whole: ${fault}`);
  const { name } = definition;
  if (STRATEGIES.has(name) || RESERVED_NAMES.includes(name))
    throw new UserError(`${file} calls its strategy ${name}, a name that the program has already; choose another`);
  return guarded(definition, { file, beat, told });
}

function exportsOf(source: OwnSource, beat: Beat): Exports {
  try {
    return loadInRealm(source, beat);
  } catch (error) {
    throw new UserError(`${source.file} cannot be run: ${toldOf(source, error)}`, { cause: error });
  }
}

function onlyStrategyOf(file: string, exports: Exports): StrategyDefinition<unknown> {
  const found = new Set(Object.values(exports).filter(isStrategyLike));
  const [one] = found;
  if (one !== undefined && found.size === 1) return one as StrategyDefinition<unknown>;
  const names = Object.keys(exports);
  const was =
    found.size > 1 ? `${found.size} of them` : names.length === 0 ? 'no export at all' : `only ${names.join(', ')}`;
  throw new UserError(`${file} must export one strategy, made with defineStrategy, was ${was}`);
}

function isStrategyLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('create' in value || 'universe' in value);
}

interface Keeper {
  readonly file: string;
  readonly beat: Beat;
  readonly told: (error: unknown) => string;
}

function guarded(definition: StrategyDefinition<unknown>, keeper: Keeper): StrategyDefinition<unknown> {
  const { file } = keeper;
  const universes = new Map<string, Universe>();
  return {
    ...definition,
    ...(definition.refuse && {
      refuse: (params, segment) => asked(keeper, 'params', () => definition.refuse?.(params, segment)),
    }),
    universe(params, segment) {
      const key = `${segment} ${JSON.stringify(params)}`;
      const known = universes.get(key);
      if (known !== undefined) return known;
      const universe = asked(keeper, 'universe', () => definition.universe(params, segment));
      refuseUniverse(file, universe, segment);
      universes.set(key, universe);
      return universe;
    },
    create(params, segment) {
      const handlers = asked(keeper, 'create', () => definition.create(params, segment));
      const fault = faultOf(HandlersShape, handlers, '');
      if (fault !== undefined) throw new UserError(`create of ${file} must give handlers: ${fault}`);
      return guardedHandlers(handlers, keeper);
    },
  };
}

/** What is asked before the run: a failure ends it there. */
function asked<Result>({ file, beat, told }: Keeper, place: Place, work: () => Result): Result {
  try {
    return beat.inside(place, work);
  } catch (error) {
    throw new UserError(`${place} of ${file} failed: ${told(error)}`, { cause: error });
  }
}

function refuseUniverse(file: string, universe: Universe, segment: Underlying): void {
  const fault = faultOf(UniverseShape, universe, '');
  if (fault !== undefined) throw new UserError(`universe of ${file}: ${fault}`);
  if (universe.underlying === segment) return;
  throw new UserError(`universe of ${file}: underlying must be the segment ${segment}, was ${universe.underlying}`);
}

type Handler = keyof StrategyHandlers;

/** Handlers between two beats, each with the checked context; absent ones stay absent, so that nothing is called for nothing. */
function guardedHandlers(handlers: StrategyHandlers, { file, beat, told }: Keeper): StrategyHandlers {
  const contexts = new WeakMap<StrategyContext, CheckedContext>();
  const guard = (place: Handler): ((ctx: StrategyContext, ...rest: readonly unknown[]) => void) => {
    const handler = handlers[place] as (ctx: StrategyContext, ...rest: readonly unknown[]) => unknown;
    return (ctx, ...rest) => {
      const checked = contexts.get(ctx) ?? new CheckedContext(ctx);
      contexts.set(ctx, checked);
      beat.moment(dayNumberOf(ctx.day), minutesOf(ctx.time));
      const failed = (what: string): StrategyMistake =>
        new StrategyMistake(`${place} of ${file} failed on ${ctx.day} at ${ctx.time}: ${what}`);
      let answer: unknown;
      try {
        answer = beat.inside(place, () => handler.call(handlers, checked, ...rest));
      } catch (error) {
        throw failed(told(error));
      }
      if (typeof answer === 'object' && answer !== null && 'then' in answer)
        throw failed('it is async, and nothing in a strategy may wait');
    };
  };
  const present = (Object.keys(handlers) as Handler[]).filter((place) => handlers[place] !== undefined);
  return Object.fromEntries(present.map((place) => [place, guard(place)])) as StrategyHandlers;
}
