import type { Unstamped } from './journal.ts';
import { riskOf } from './leg-facts.ts';
import type { ExitReason } from './model/order.ts';
import type { EpochMs } from './model/time.ts';
import type { Leg, Structure } from './orders/structure.ts';

/** What the journal says of a leg that is flat for good; `ivExit` in per cent. */
export function legClosedRecord(
  leg: Leg,
  { reason, now, ivExit }: { readonly reason: ExitReason; readonly now: EpochMs; readonly ivExit: number | undefined },
): Unstamped {
  return {
    kind: 'leg-closed',
    agent: leg.structure.agent,
    structure: leg.structure.id,
    leg: leg.tag,
    contract: leg.contract,
    side: leg.side,
    lots: leg.entryLots,
    lotSize: leg.lotSize,
    openedAt: leg.openedAt ?? now,
    closedAt: now,
    entrySpot: leg.entrySpot ?? null,
    exitSpot: leg.exitSpot ?? null,
    entryTurnover: leg.entryTurnover,
    exitTurnover: leg.exitTurnover,
    gross: leg.cash,
    charges: leg.charges,
    initialStop: leg.initialStop ?? null,
    finalStop: leg.finalStop ?? null,
    target: leg.target ?? null,
    reason,
    ambiguous: leg.ambiguous,
    mfe: leg.mfe,
    mae: leg.mae,
    mfeAt: leg.mfeAt ?? null,
    maeAt: leg.maeAt ?? null,
    ivEntry: leg.ivEntry ?? null,
    ivExit: ivExit ?? null,
    nakedMs: leg.nakedMs,
    unhedgedMs: leg.unhedgedMs,
    reentry: leg.reentry,
  };
}

/** What it says of a structure of which everything is out; `filled` are its legs that ever had lots. */
export function structureClosedRecord(structure: Structure, filled: readonly Leg[], reason: ExitReason): Unstamped {
  const credit = filled.reduce((sum, leg) => sum + (leg.side === 'SELL' ? leg.entryTurnover : -leg.entryTurnover), 0);
  return {
    kind: 'structure-closed',
    agent: structure.agent,
    structure: structure.id,
    name: structure.name,
    reason,
    gross: structure.gross,
    charges: structure.charges,
    mfe: structure.mfe,
    mae: structure.mae,
    risk: structure.risk ?? riskOf(filled),
    credit,
    nakedMs: Math.max(...filled.map((leg) => leg.nakedMs)),
    unhedgedMs: Math.max(...filled.map((leg) => leg.unhedgedMs)),
  };
}
