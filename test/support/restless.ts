/** A strategy that does something new each minute, drawn from a seed: baskets of every kind, entries that rest, second thoughts. */
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { streamOf } from '../../engine/prng.ts';
import type { EntryPlan, GuardSpec, LegRequest, StrategyContext, Terms } from '../../engine/strategy.ts';
import { atTheMoney, istTime, lots, paise, tickNearest } from '../../engine/strategy.ts';
import { scripted } from './script.ts';

/** Names under which its resting entries go to the journal, one a place. */
export const RESTS = ['rest one', 'rest two'] as const;

/** A quarter of an hour before the short day ends. */
const SQUARE_OFF = istTime('10:00');

export function restless(seed: number, name: string, segment: Underlying): AgentPlan {
  const chance = streamOf(seed, `restless ${name}`);
  return scripted({ onMinute: (ctx) => deed(ctx, chance) }, { name, segment });
}

function deed(ctx: StrategyContext, chance: ChanceStream): void {
  const draw = chance();
  const place = pick(chance, RESTS);
  if (draw < 0.35) rest(ctx, place, chance);
  else if (draw < 0.42) ctx.withdraw(place, 'a second thought');
  else if (draw < 0.6) enter(ctx, chance);
  else if (draw < 0.66) exitOne(ctx, chance);
  else if (draw < 0.72) addToOne(ctx, chance);
  else if (draw < 0.74) ctx.flatten('MANUAL');
}

function rest(ctx: StrategyContext, place: string, chance: ChanceStream): void {
  const leg = legOf(ctx, chance, { tag: 'one', priced: true });
  const held = ctx.resting(place);
  if (leg === undefined) return;
  // As often as not it wants another price for what rests there.
  const again = held !== undefined && chance() < 0.7 ? { ...leg, contract: held.contract } : leg;
  ctx.rest({ place, plan: planOf(place, [again], chance), repriceBeyond: paise(pick(chance, [0, 100, 500])) });
  // Sometimes it thinks again before anybody has answered.
  if (chance() < 0.15) ctx.withdraw(place, 'at once');
}

function enter(ctx: StrategyContext, chance: ChanceStream): void {
  const count = 1 + Math.floor(chance() * 3);
  const legs: LegRequest[] = [];
  for (let index = 0; index < count; index += 1) {
    const leg = legOf(ctx, chance, { tag: `L${index}`, priced: chance() < 0.25 });
    if (leg !== undefined) legs.push(leg);
  }
  if (legs.length === 0) return;
  const plan = planOf('basket', legs, chance);
  const patient = { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 3_000 } as const;
  ctx.enter(chance() < 0.3 ? { ...plan, execution: patient } : plan);
}

function planOf(signal: string, legs: readonly LegRequest[], chance: ChanceStream): EntryPlan {
  const stop: GuardSpec = {
    name: 'stop',
    act: 'stop',
    basis: 'leg',
    distance: { pct: pick(chance, [5, 20]) },
    closes: pick(chance, ['leg', 'structure'] as const),
  };
  const target: GuardSpec = { name: 'target', act: 'target', basis: 'leg', distance: { pct: 10 }, closes: 'leg' };
  return { signal, seen: {}, legs, guards: pick(chance, [[], [stop], [stop, target]]), squareOffAt: SQUARE_OFF };
}

function legOf(
  ctx: StrategyContext,
  chance: ChanceStream,
  { tag, priced }: { readonly tag: string; readonly priced: boolean },
): LegRequest | undefined {
  const expiry = ctx.expiry('nearest');
  if (expiry === undefined || ctx.spot === undefined) return undefined;
  const strike = atTheMoney(ctx.spot, ctx.strikeStep) + (Math.floor(chance() * 3) - 1) * ctx.strikeStep;
  const contract = ctx.contract(expiry, paise(strike), pick(chance, ['CE', 'PE'] as const));
  const price = contract === undefined ? undefined : ctx.price(contract);
  const side = pick(chance, ['SELL', 'BUY'] as const);
  const count = lots(pick(chance, [1, 2, 5, 40]));
  if (contract === undefined || price === undefined) return undefined;
  const leg = { tag, contract, side, lots: count };
  return priced ? { ...leg, terms: termsOf(chance, side, price) } : leg;
}

/** A limit or a trigger within some per cent of the price, on either side of it. */
function termsOf(chance: ChanceStream, side: 'BUY' | 'SELL', price: number): Terms {
  const level = Math.max(50, tickNearest(price * (0.96 + 0.08 * chance())));
  if (chance() < 0.5) return { kind: 'LIMIT', price: paise(level) };
  const room = side === 'BUY' ? 300 : -300;
  return { kind: 'STOP_LIMIT', trigger: paise(level), price: paise(Math.max(5, level + room)) };
}

function exitOne(ctx: StrategyContext, chance: ChanceStream): void {
  const { structures } = ctx;
  const one = structures[Math.floor(chance() * structures.length)];
  if (one !== undefined) ctx.exit(one, 'MANUAL');
}

function addToOne(ctx: StrategyContext, chance: ChanceStream): void {
  const { structures } = ctx;
  const structure = structures[Math.floor(chance() * structures.length)];
  const leg = structure?.legs[0];
  if (structure !== undefined && leg !== undefined)
    ctx.add({ signal: 'addition', seen: {}, structure, leg: leg.tag, lots: lots(1 + Math.floor(chance() * 3)) });
}

function pick<T>(chance: ChanceStream, of: readonly T[]): T {
  return of[Math.floor(chance() * of.length)] as T;
}
