import { StrategyMistake } from './assert.ts';
import { TICK } from './model/units.ts';
import type { GuardMove, GuardSpec } from './orders/guards.ts';
import type { EntryPlan } from './strategy.ts';

/** A guard that can never act as it was meant is the strategy's own mistake, and so is an R of nothing. */
export function refuseGuardMistakes({ signal, legs, guards = [], risk }: EntryPlan): void {
  if (risk !== undefined && !(Number.isSafeInteger(risk) && risk > 0))
    throw new StrategyMistake(`${signal} has a risk in whole paise above 0, was ${risk}`);
  for (const spec of guards) {
    const wrong = placeMistake(spec, legs) ?? distanceMistake(spec, risk) ?? gainMistake(spec) ?? venueMistake(spec);
    if (wrong !== undefined) throw new StrategyMistake(`guard ${spec.name} of ${signal} ${wrong}`);
  }
}

function placeMistake({ basis, leg, closes, direction }: GuardSpec, legs: EntryPlan['legs']): string | undefined {
  if (leg !== undefined && basis !== 'leg') return `names leg ${leg}, which a guard on ${basis} does not watch`;
  if (leg !== undefined && !legs.some(({ tag }) => tag === leg))
    return `watches leg ${leg}; the plan has ${legs.map(({ tag }) => tag).join(', ')}`;
  if (closes === 'leg' && basis !== 'leg') return `on ${basis} closes the structure, it cannot close one leg`;
  if ((direction === 'up' || direction === 'down') && basis !== 'underlying')
    return `has direction ${direction}, which only a guard on the underlying has`;
  return undefined;
}

function distanceMistake({ act, basis, distance, direction }: GuardSpec, risk: number | undefined): string | undefined {
  if ('level' in distance) {
    if (act === 'trail') return 'trails, so its distance is pct or paise, not a level';
    if (basis === 'underlying' && direction !== 'up' && direction !== 'down')
      return 'stands at a level of the underlying: its direction is up or down, not both';
    if (!Number.isFinite(distance.level) || (basis !== 'money' && distance.level <= 0))
      return `stands at a level above 0, was ${distance.level}`;
    return undefined;
  }
  if ('r' in distance) {
    if (basis !== 'money' || risk === undefined) return 'stands in R: it needs a plan with a risk, and basis money';
    return distance.r > 0 ? undefined : `stands a positive number of R away, was ${distance.r}`;
  }
  return moveMistake('distance', distance, basis);
}

function gainMistake({ act, basis, armsAfter, toCostAfter, direction }: GuardSpec): string | undefined {
  if (armsAfter !== undefined && act !== 'trail') return `is a ${act}, and only a trail arms after a gain`;
  if (toCostAfter !== undefined && act !== 'stop') return `is a ${act}, and only a stop goes to cost after a gain`;
  const gain = armsAfter ?? toCostAfter;
  if (gain === undefined) return undefined;
  if (basis === 'underlying' && direction !== 'up' && direction !== 'down')
    return 'waits for a gain of the underlying: its direction is up or down, not both';
  return moveMistake(armsAfter === undefined ? 'toCostAfter' : 'armsAfter', gain, basis);
}

function moveMistake(field: string, move: GuardMove, basis: GuardSpec['basis']): string | undefined {
  if ('pct' in move && basis === 'money')
    return `has ${field} in per cent, and nothing is a per cent of no money: use paise`;
  const value = 'pct' in move ? move.pct : move.paise;
  return value > 0 && Number.isFinite(value) ? undefined : `has ${field} above 0, was ${value}`;
}

function venueMistake({ act, basis, evaluate, heldBy, room }: GuardSpec): string | undefined {
  if (heldBy !== 'venue') return room === undefined ? undefined : 'has room, which only a guard held by the venue has';
  if (basis !== 'leg' || act === 'target')
    return `is a ${act} on ${basis}: the venue holds stops and trails of a leg alone`;
  if (evaluate === 'close') return 'waits for closes, which the venue does not know';
  if (room !== undefined && (room < TICK || room % TICK !== 0))
    return `has room in whole ticks of ${TICK} paise, was ${room}`;
  return undefined;
}
