/** Small strategies for tests: what to do when, in a line. */
import { invariant } from '../../engine/assert.ts';
import type { AgentPlan, KernelSettings } from '../../engine/kernel-parts.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import { option } from '../../engine/model/instrument.ts';
import type { IstTime } from '../../engine/model/time.ts';
import { istTime } from '../../engine/model/time.ts';
import { lots, paise, paiseOfRupees } from '../../engine/model/units.ts';
import type { ExecutionSettings } from '../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import type {
  EntryPlan,
  ExpiryChoice,
  LegRequest,
  StrategyContext,
  StrategyHandlers,
  Terms,
  Universe,
} from '../../engine/strategy.ts';
import { atTheMoney } from '../../engine/strategy.ts';

export interface ScriptOptions {
  readonly name?: string;
  readonly segment?: Underlying;
  readonly lots?: number;
  readonly specialSessions?: boolean;
  readonly universe?: Partial<Universe>;
}

/** An agent made of handlers alone. */
export function scripted(handlers: StrategyHandlers, options: ScriptOptions = {}): AgentPlan {
  const segment = options.segment ?? 'NIFTY';
  return {
    definition: {
      name: options.name ?? 'script',
      version: 1,
      description: 'what a test asks for',
      segments: [segment],
      params: { parse: () => ({}) },
      universe: () => ({
        underlying: segment,
        expiries: ['nearest', 'next'],
        strikesAround: 20,
        recentreSteps: 3,
        ...options.universe,
      }),
      create: () => handlers,
    },
    params: {},
    segment,
    lots: lots(options.lots ?? 1),
    specialSessions: options.specialSessions ?? false,
  };
}

/** Does things at times of day. */
export function doing(
  times: Readonly<Record<string, (ctx: StrategyContext) => void>>,
  rest: StrategyHandlers = {},
): StrategyHandlers {
  return {
    ...rest,
    onSessionOpen: (ctx) => {
      for (const time of Object.keys(times)) ctx.at(istTime(time), time);
      rest.onSessionOpen?.(ctx);
    },
    onTimer: (ctx, name) => times[name]?.(ctx),
  };
}

export type EntryRest = Partial<Omit<EntryPlan, 'legs'>> & { readonly expiry?: ExpiryChoice };

/**
 * Enters legs: `SELL CE`, `BUY 23100CE x40`, `SELL PE LIMIT 101`, `SELL CE STOP 90 85`, `BUY hedge=23500CE`; contracts at the money
 * where no strike is named. A leg's tag is its contract as written, or what stands before the equals sign.
 */
export function enter(ctx: StrategyContext, legs: readonly string[], rest: EntryRest = {}): void {
  const { expiry = 'nearest', ...plan } = rest;
  ctx.enter({ signal: 'entry', seen: {}, ...plan, legs: legs.map((text) => legOf(ctx, text, expiry)) });
}

/** Asks for an entry that rests in a place: one leg with its terms; kept while its prices move by no more than a rupee. */
export function rest(
  ctx: StrategyContext,
  place: string,
  leg: string,
  plan: EntryRest & { beyond?: number } = {},
): void {
  const { expiry = 'nearest', beyond = 100, ...more } = plan;
  const legs = [legOf(ctx, leg, expiry)];
  ctx.rest({ place, plan: { signal: place, seen: {}, ...more, legs }, repriceBeyond: paise(beyond) });
}

/** Adds lots to a leg of the agent's oldest structure. */
export function add(ctx: StrategyContext, leg: string, count: number): void {
  const structure = ctx.structures[0];
  invariant(structure !== undefined, `nothing is open that lots could be added to at ${ctx.time}`);
  ctx.add({ signal: 'pyramid', seen: {}, structure, leg, lots: lots(count) });
}

/** Enters once, at a time of day. */
export function entering(time: string, legs: readonly string[], rest: EntryRest = {}): StrategyHandlers {
  return doing({ [time]: (ctx) => enter(ctx, legs, rest) });
}

/** A contract by its short name, `CE` or `23100PE`, whether or not it is in today's data. */
export function contractOf(ctx: StrategyContext, name: string, choice: ExpiryChoice = 'nearest'): OptionContract {
  const match = /^(\d+)?(CE|PE)$/.exec(name);
  const expiry = ctx.expiry(choice);
  const money = match?.[1] === undefined ? ctx.spot : undefined;
  invariant(match !== null && expiry !== undefined, `no contract is named "${name}"`);
  const strike = match[1] === undefined ? atTheMoney(money ?? Number.NaN, ctx.strikeStep) : Number(match[1]) * 100;
  return option(ctx.segment, expiry, paise(strike), match[2] as 'CE' | 'PE');
}

function legOf(ctx: StrategyContext, text: string, expiry: ExpiryChoice): LegRequest {
  const [side, named = '', ...words] = text.split(' ');
  const [tag = '', name = tag] = named.split('=');
  const count = words.find((word) => /^x\d+$/.test(word))?.slice(1);
  const terms = termsOf(words.filter((word) => !/^x\d+$/.test(word)));
  return {
    tag,
    contract: contractOf(ctx, name, expiry),
    side: side as 'BUY' | 'SELL',
    lots: count === undefined ? ctx.lots : lots(Number(count)),
    ...(terms === undefined ? {} : { terms }),
  };
}

function termsOf([kind, first, second]: readonly string[]): Terms | undefined {
  if (kind === 'LIMIT') return { kind: 'LIMIT', price: paiseOfRupees(Number(first)) };
  if (kind !== 'STOP') return undefined;
  return { kind: 'STOP_LIMIT', trigger: paiseOfRupees(Number(first)), price: paiseOfRupees(Number(second)) };
}

export function time(text: string): IstTime {
  return istTime(text);
}

/** The default settings with some of execution's changed. */
export function executing(changes: Partial<ExecutionSettings>): { readonly settings: KernelSettings } {
  return { settings: { ...DEFAULT_KERNEL, execution: { ...DEFAULT_EXECUTION, ...changes } } };
}

/** No resting stop at the exchange, so that a tape tells of nothing but its subject. */
export const NO_DISASTER_STOP = executing({ disasterStop: { ...DEFAULT_EXECUTION.disasterStop, on: false } });
