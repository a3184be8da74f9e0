import type { GuardRecord, LegClosedRecord } from '../engine/journal.ts';
import { instrumentOfKey } from '../engine/model/instrument.ts';
import type { StructureId } from '../engine/model/order.ts';
import type { RunRecords } from './run-records.ts';

/** Where the stop of a leg stood at its entry and what it is a level of. Paise of premium or of the underlying. */
export interface StopFacts {
  readonly stopOn: 'premium' | 'underlying' | null;
  readonly stopLevel: number | null;
  /** From what the entry paid, or from the underlying then, to the stop; lots that were added later move neither. */
  readonly stopDistance: number | null;
  /** Distance that its trail was first set at; null where it has none. */
  readonly trailDistance: number | null;
}

/** Reads the stops of legs; one on a leg's own premium goes before one on the underlying. */
export function stopReader(records: RunRecords): (leg: LegClosedRecord) => StopFacts {
  const byStructure = new Map<StructureId, GuardRecord[]>();
  for (const guard of records.guards) {
    if (guard.kind !== 'guard-set' || guard.level === null) continue;
    const list = byStructure.get(guard.structure);
    if (list === undefined) byStructure.set(guard.structure, [guard]);
    else list.push(guard);
  }
  return (leg) => {
    const guards = byStructure.get(leg.structure) ?? [];
    return leg.initialStop === null ? onUnderlying(leg, guards, records) : onPremium(leg, guards, records);
  };
}

function onPremium(leg: LegClosedRecord, guards: readonly GuardRecord[], records: RunRecords): StopFacts {
  const paid = entryPriceOf(leg, records);
  const trail = guards.find((guard) => guard.basis === 'leg' && guard.leg === leg.leg && guard.act === 'trail')?.level;
  return {
    stopOn: 'premium',
    stopLevel: leg.initialStop,
    stopDistance: distance(leg.initialStop, paid),
    trailDistance: distance(trail, paid),
  };
}

/** Of guards on both sides of the underlying only the one where the leg loses is its stop. */
function onUnderlying(leg: LegClosedRecord, guards: readonly GuardRecord[], records: RunRecords): StopFacts {
  const spot = records.opened.get(leg.structure)?.spot ?? null;
  const instrument = instrumentOfKey(leg.contract);
  const isCall = instrument.kind !== 'option' || instrument.right === 'CE';
  const losesBelow = (leg.side === 'BUY') === isCall;
  const level = (act: GuardRecord['act']): number | null | undefined =>
    guards.find(
      (guard) => guard.basis === 'underlying' && guard.act === act && (guard.level ?? 0) < (spot ?? 0) === losesBelow,
    )?.level;
  const [stop, trail] = spot === null ? [] : [level('stop'), level('trail')];
  if (stop === undefined && trail === undefined) return NO_STOP;
  return {
    stopOn: 'underlying',
    stopLevel: stop ?? trail ?? null,
    stopDistance: distance(stop ?? trail, spot),
    trailDistance: distance(trail, spot),
  };
}

const NO_STOP: StopFacts = { stopOn: null, stopLevel: null, stopDistance: null, trailDistance: null };

/** Average price of the entry alone, without what was added to it. */
function entryPriceOf(leg: LegClosedRecord, records: RunRecords): number {
  let [lots, turnover] = [leg.lots, leg.entryTurnover];
  for (const added of records.added.get(`${leg.structure}/${leg.leg}`) ?? []) {
    lots -= added.lots;
    turnover -= added.price * added.lots * leg.lotSize;
  }
  return turnover / (lots * leg.lotSize);
}

function distance(a: number | null | undefined, b: number | null): number | null {
  return a === null || a === undefined || b === null ? null : Math.abs(a - b);
}
