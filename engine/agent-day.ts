import type { Agent, AgentDay } from './agent.ts';
import type { ContractFacts } from './market/contract-book.ts';
import type { SessionOpened } from './model/event.ts';
import type { FutureInstrument, Underlying } from './model/instrument.ts';

/** What a session brings one agent: its windows, the facts of its segment, and the near future where today's data hold one. */
export function agentDay(
  event: SessionOpened,
  { segment, specialSessions }: Agent,
  contracts: ContractFacts,
): AgentDay {
  const { windows, planned, special } = event;
  const facts = event.facts.find(({ underlying }) => underlying === segment);
  return {
    windows,
    planned,
    special,
    strikeStep: contracts.strikeStepOf(segment),
    previousSession: specialSessions ? event.previous?.any : event.previous?.ordinary,
    previousClose: facts?.previousClose,
    vix: facts?.vixPreviousClose,
    future: nearFuture(event, segment),
  };
}

function nearFuture({ instruments, day }: SessionOpened, segment: Underlying): AgentDay['future'] {
  let near: { readonly slot: number; readonly instrument: FutureInstrument } | undefined;
  instruments.forEach((instrument, slot) => {
    if (instrument.kind !== 'future' || instrument.underlying !== segment || instrument.expiry < day) return;
    if (near === undefined || instrument.expiry < near.instrument.expiry) near = { slot, instrument };
  });
  return near;
}
