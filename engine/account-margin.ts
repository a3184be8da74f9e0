import type { Agent } from './agent.ts';
import type { Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { Underlying } from './model/instrument.ts';
import { FINE_PER_PAISA } from './model/levies.ts';
import { isAlive, lotsLeft } from './orders/order-store.ts';
import type { Leg } from './orders/structure.ts';
import type { HeldLeg, MarginView } from './risk/risk-view.ts';

/** What margins are estimated from, read through to the books when somebody looks. */
export function marginView(parts: {
  readonly kernel: KernelParts;
  readonly agents: readonly Agent[];
  readonly floor: () => Floor;
  readonly ladders: ReadonlyMap<Underlying, UnderlyingLadder>;
}): MarginView {
  const { kernel, agents, floor, ladders } = parts;
  return {
    get rates() {
      return kernel.contracts.margins.on(floor().today.day);
    },
    get netOfRun() {
      let fine = 0;
      for (const { book } of agents) fine += book.gross * FINE_PER_PAISA - book.charges.total;
      return Math.floor(fine / FINE_PER_PAISA);
    },
    get legs() {
      return heldLegsOf(agents, floor());
    },
    spotOf: (underlying) => ladders.get(underlying)?.spot,
    // India VIX stands for each index: it is of NIFTY, and the others' own are not published.
    volatilityOf: (underlying) => {
      const vix = agents.find(({ segment }) => segment === underlying)?.today?.vix;
      return vix === undefined ? undefined : vix / 10_000;
    },
    yearsTo: ({ expiry, underlying }) => floor().yearsTo(expiry, underlying, kernel.clock.now),
  };
}

/** Every leg that some agents hold or may hold soon. */
export function heldLegsOf(agents: readonly Agent[], floor: Floor): readonly HeldLeg[] {
  return agents.flatMap(({ structures }) =>
    structures.flatMap(({ legs }) => legs.flatMap((leg) => heldLeg(leg, floor))),
  );
}

/** Orders on their way count as filled: a structure enters as a whole, and is taken back where a leg of it fails. */
function heldLeg(leg: Leg, { store }: Floor): readonly HeldLeg[] {
  const { instrument } = leg;
  if (leg.done || instrument.kind === 'index') return NOTHING;
  let lots = leg.openLots;
  let price: number | undefined;
  for (const id of leg.entries) {
    const tracked = store.get(id);
    if (!isAlive(tracked)) continue;
    lots += lotsLeft(tracked);
    price ??= tracked.order.decisionPrice;
  }
  if (lots === 0) return NOTHING;
  return [{ instrument, units: leg.sign * lots * leg.lotSize, mark: leg.mark > 0 ? leg.mark : price }];
}

const NOTHING: readonly HeldLeg[] = [];
