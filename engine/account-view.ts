import { marginView } from './account-margin.ts';
import type { Agent } from './agent.ts';
import type { Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import { rTodayOf } from './leg-facts.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { SessionOpened } from './model/event.ts';
import type { Instrument, Underlying } from './model/instrument.ts';
import type { AgentId } from './model/order.ts';
import type { Day } from './model/time.ts';
import { epochMs } from './model/time.ts';
import type { Right } from './model/units.ts';
import type { Structure } from './orders/structure.ts';
import type { AgentMoney, ContractLimits, HeldLeg, RiskView } from './risk/risk-view.ts';

/** What the RMS sees, read through to the books, so that it costs nothing until somebody looks. */
export function accountView(parts: {
  readonly kernel: KernelParts;
  readonly agents: readonly Agent[];
  readonly floor: () => Floor;
  readonly ladders: ReadonlyMap<Underlying, UnderlyingLadder>;
  readonly session: () => SessionOpened | undefined;
}): RiskView {
  const { kernel, floor, session } = parts;
  /** The contract asked for last: each order is asked for twice, and most orders are for the same few contracts. */
  let asked: { readonly instrument: Instrument; readonly day: Day; readonly limits: ContractLimits } | undefined;
  return {
    agents: parts.agents.map(moneyOf),
    limitsOf: ({ instrument }) => {
      const { day } = floor().today;
      if (asked?.instrument !== instrument || asked.day !== day)
        asked = { instrument, day, limits: limitsOn(day, instrument, kernel) };
      return asked.limits;
    },
    margin: marginView(parts),
    get now() {
      return kernel.clock.now;
    },
    get day() {
      return floor().today.day;
    },
    get opensAt() {
      return session()?.planned[0]?.open ?? epochMs(0);
    },
    get closesAt() {
      return floor().today.lastClose;
    },
    get windows() {
      return session()?.planned ?? [];
    },
  };
}

/** The same account once an agent has left all that it holds, at what it is worth now; `legs` are those that the others keep. */
export function afterLeaving(view: RiskView, leaver: AgentId, legs: readonly HeldLeg[]): RiskView {
  return {
    ...view,
    agents: view.agents.map((money) => (money.agent === leaver ? emptied(money) : money)),
    margin: { ...view.margin, legs },
  };
}

function emptied(money: AgentMoney): AgentMoney {
  return {
    ...money,
    structuresOpen: 0,
    plannedLossOpen: 0,
    structuresOpenOf: () => 0,
    structuresOpenNamed: () => 0,
  };
}

function moneyOf(agent: Agent): AgentMoney {
  return {
    agent: agent.id,
    segment: agent.segment,
    get net() {
      return agent.book.netToday;
    },
    get structuresToday() {
      // What rests may fill at any moment, and then it is one of today's.
      return agent.structures.reduce((sum, { isPending }) => sum + (isPending ? 1 : 0), agent.book.structuresToday);
    },
    get structuresOpen() {
      return agent.structures.length;
    },
    get plannedLossOpen() {
      let sum = 0;
      for (const { plannedLoss } of agent.structures) {
        if (plannedLoss === undefined) return undefined;
        sum += plannedLoss;
      }
      return sum;
    },
    limits: agent.limits,
    get isFlat() {
      return agent.book.isFlat;
    },
    get isEngaged() {
      if (!agent.book.isFlat) return true;
      for (const { isPending } of agent.structures) if (!isPending) return true;
      return false;
    },
    get rOpen() {
      let sum = 0;
      for (const structure of agent.structures) sum += rTodayOf(structure);
      return sum;
    },
    structuresOpenOf: (right) => countOf(agent, ({ legs }) => rightOf(legs[0]?.instrument) === right),
    structuresOpenNamed: (name) => countOf(agent, (structure) => structure.name === name),
  };
}

function countOf({ structures }: Agent, includes: (structure: Structure) => boolean): number {
  let count = 0;
  for (const structure of structures) if (includes(structure)) count += 1;
  return count;
}

function rightOf(instrument: Instrument | undefined): Right | undefined {
  return instrument?.kind === 'option' ? instrument.right : undefined;
}

function limitsOn(day: Day, instrument: Instrument, { contracts }: KernelParts): ContractLimits {
  if (instrument.kind === 'index') return { lotSize: undefined, lotsPerOrderMax: undefined };
  const { underlying, expiry } = instrument;
  const parts = { underlying, expiry, day };
  return { lotSize: contracts.lotSizeOf(parts)?.lotSize, lotsPerOrderMax: contracts.orderQuantityMax(parts)?.lots };
}
