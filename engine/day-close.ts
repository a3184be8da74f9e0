import type { Agent } from './agent.ts';
import type { Floor } from './floor.ts';
import type { ContractFacts } from './market/contract-book.ts';
import type { DayHistory } from './market/day-history.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { FinalLevel, SessionClosed, SessionOpened } from './model/event.ts';
import type { OptionContract, Underlying } from './model/instrument.ts';
import type { Levies, LevyName } from './model/levies.ts';
import { FINE_PER_PAISA, finePaise, LEVY_NAMES, levies, sumOfLevies } from './model/levies.ts';
import type { EpochMs } from './model/time.ts';
import { paise, signOf } from './model/units.ts';
import type { Leg } from './orders/structure.ts';
import type { Recorder } from './recorder.ts';
import type { DayCap } from './risk/risk-view.ts';
import { recordCaps } from './risk-records.ts';
import type { Charging } from './venue/charges.ts';
import { dayNote, slicesOf } from './venue/charges.ts';
import { payoff } from './venue/settlement.ts';

export interface DayClose {
  readonly session: SessionOpened;
  readonly event: SessionClosed;
  readonly floor: Floor;
  readonly agents: readonly Agent[];
  readonly ladders: ReadonlyMap<Underlying, UnderlyingLadder>;
  readonly history: DayHistory;
  readonly cache: MarketCache;
  readonly recorder: Recorder;
  readonly charges: Charging;
  readonly contracts: ContractFacts;
  readonly caps: readonly DayCap[];
  readonly now: EpochMs;
}

/** Ends a day's books: expiring contracts settle, closed legs are seen to the square-off, facts, sums and the contract note follow. */
export function closeBooks(day: DayClose): void {
  settleExpired(day);
  for (const leg of day.floor.closedToday) recordHeld(day, leg);
  for (const [underlying, ladder] of day.ladders) recordFacts(day, underlying, ladder);
  for (const agent of day.agents) recordAgent(day, agent);
  recordCaps(day.recorder, 'day-cap-left', { day: day.event.day, caps: day.caps });
  recordNote(day);
}

function settleExpired(day: DayClose): void {
  for (const structure of [...day.floor.desk.open]) {
    for (const leg of structure.legs) {
      if (leg.instrument.kind === 'option' && leg.instrument.expiry <= day.event.day && leg.openLots > 0)
        settle(day, leg);
    }
  }
}

function settle(day: DayClose, leg: Leg): void {
  const { instrument, structure } = leg;
  if (instrument.kind === 'option' && instrument.expiry < day.event.day) alarmOfLateExpiry(day, leg, instrument);
  const levelIn = (levels: readonly FinalLevel[] = []): number | undefined =>
    levels.find(({ underlying }) => underlying === structure.underlying)?.level;
  const official = levelIn(day.event.officialCloses);
  const agent = day.agents.find(({ id }) => id === structure.agent);
  if (instrument.kind !== 'option' || agent === undefined) return;
  const known = official ?? levelIn(day.event.estimatedCloses) ?? day.ladders.get(structure.underlying)?.spot;
  const level = known ?? levelByMark(day, leg, instrument);
  const price = payoff(instrument, level);
  const quantity = leg.openLots * leg.lotSize;
  const most = day.contracts.freezeQuantityOn(structure.underlying, day.event.day)?.quantity ?? quantity;
  const charges = day.charges.ofExercise({
    day: day.event.day,
    position: leg.side === 'BUY' ? 'long' : 'short',
    intrinsic: paise(price * quantity),
    contractValue: paise(level * quantity),
    slices: slicesOf(quantity, most),
  });
  day.recorder.out({
    kind: 'settled',
    agent: structure.agent,
    structure: structure.id,
    leg: leg.tag,
    contract: leg.contract,
    side: leg.side,
    lots: leg.openLots,
    lotSize: leg.lotSize,
    price,
    charges,
    level,
    official: official !== undefined,
  });
  agent.book.book(leg, { opens: false, lots: leg.openLots, price, charges }, day.now);
  day.floor.desk.settle(leg);
}

/** A run that leaves out the day of an expiry settles what it carries at the level of the next: never without a word. */
function alarmOfLateExpiry(day: DayClose, { tag, structure }: Leg, { expiry }: OptionContract): void {
  const text = `ALARM: ${tag} of structure ${structure.id} expired on ${expiry}, a day that was not played; it is settled at the level of ${day.event.day}`;
  day.recorder.out({ kind: 'note', agent: structure.agent, text });
}

/** The level at which a contract pays its last mark, where the day has no level at all: never a silent loss of a position. */
function levelByMark(day: DayClose, leg: Leg, { strike, right }: OptionContract): number {
  const text = `ALARM: no level of ${leg.structure.underlying} on its expiry ${day.event.day}; ${leg.tag} of structure ${leg.structure.id} is settled at its last mark`;
  day.recorder.out({ kind: 'note', agent: leg.structure.agent, text });
  return right === 'CE' ? strike + leg.mark : strike - leg.mark;
}

/** What a leg would have made, had it been held to its structure's square-off. */
function recordHeld(day: DayClose, leg: Leg): void {
  const until = leg.structure.squareOffAt ?? day.session.windows.at(-1)?.close ?? day.now;
  const price = day.history.closeAt(leg.slot, until);
  const quantity = leg.entryLots * leg.lotSize;
  const heldGross = price === undefined ? null : signOf(leg.side) * (price * quantity - leg.entryTurnover);
  day.recorder.out({ kind: 'leg-held', structure: leg.structure.id, leg: leg.tag, reentry: leg.reentry, heldGross });
}

function recordFacts(day: DayClose, underlying: Underlying, ladder: UnderlyingLadder): void {
  const opening = day.session.facts.find((fact) => fact.underlying === underlying);
  const { open, high, low } = ladder.range;
  day.recorder.out({
    kind: 'day-facts',
    day: day.event.day,
    underlying,
    open: open ?? null,
    high: high ?? null,
    low: low ?? null,
    close: ladder.spot ?? null,
    previousClose: opening?.previousClose ?? null,
    rungs: { ...ladder.minutes },
    vix: opening?.vixPreviousClose ?? null,
    cells: day.cache.cells,
    cellsPresent: day.cache.cellsPresent,
  });
}

function recordAgent(day: DayClose, { id, book }: Agent): void {
  const { high, low, highAt, lowAt } = book.extremes;
  day.recorder.out({
    kind: 'day-closed',
    day: day.event.day,
    agent: id,
    gross: book.grossToday,
    charges: book.chargesToday,
    structures: book.structuresToday,
    legs: book.legsToday,
    orders: book.ordersToday,
    fills: book.fillsToday,
    high,
    low,
    highAt: highAt ?? null,
    lowAt: lowAt ?? null,
  });
}

function recordNote(day: DayClose): void {
  const sum = sumOfLevies(day.agents.map(({ book }) => book.chargesToday));
  const { levies: note, rounding } = dayNote([sum]);
  day.recorder.out({ kind: 'contract-note', day: day.event.day, note: inFinePaise(note), rounding });
}

function inFinePaise(note: Readonly<Record<LevyName | 'total', number>>): Levies {
  const parts: Partial<Record<LevyName, number>> = {};
  for (const name of LEVY_NAMES) parts[name] = finePaise(note[name] * FINE_PER_PAISA);
  return levies(parts);
}
