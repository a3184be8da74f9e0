import type { DayCapRecord, GuardRecord, JournalRecord, LotsAddedRecord } from '../engine/journal.ts';
import type { AgentId, StructureId } from '../engine/model/order.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { stampText } from '../engine/model/time.ts';
import { rupeesText } from '../engine/model/units.ts';
import { EXIT_WORDS } from './exit-words.ts';
import type { RunRecords } from './run-records.ts';

/** Something worth reading: a signal taken or skipped with its gate, a moved stop, an exit, an act of the RMS or of a person. */
export interface EventRow {
  readonly seq: number;
  readonly ts: EpochMs;
  readonly event: string;
  readonly agent: AgentId | null;
  readonly structureId: StructureId | null;
  readonly leg: string | null;
  readonly contract: string | null;
  /** Level or price of the event in paise. */
  readonly level: number | null;
  /** What failed, for a skipped signal or a denied order. */
  readonly gate: string | null;
  readonly detail: string;
  /** What the signal saw, JSON. */
  readonly seen: string | null;
}

const NOTHING = { agent: null, structureId: null, leg: null, contract: null, level: null, gate: null, seen: null };

/** Events in the order of the journal. `minutes` counts the candles played on each day. */
export function eventRows(records: RunRecords, minutes: ReadonlyMap<Day, number>): readonly EventRow[] {
  return records.all.flatMap((record) => {
    const row = eventOf(record, records, minutes);
    return row === undefined ? [] : [{ seq: record.seq, ts: record.ts, ...NOTHING, ...row }];
  });
}

type Told = Partial<EventRow> & Pick<EventRow, 'event' | 'detail'>;

function eventOf(record: JournalRecord, records: RunRecords, minutes: ReadonlyMap<Day, number>): Told | undefined {
  switch (record.kind) {
    case 'session-opened':
      return {
        event: 'Session opened',
        detail: `${record.day}${record.special ? ', special session' : ''}, ${record.intervalMs / 1000} s candles`,
      };
    case 'session-closed':
      return { event: 'Candles processed', detail: `${minutes.get(record.day) ?? 0} closed candles on ${record.day}` };
    case 'operator-commanded':
      return { event: 'Operator command', detail: `${record.command} ${record.scope} by ${record.by}` };
    case 'signal':
      return {
        event: record.taken ? 'Signal' : 'Signal skipped',
        agent: record.agent,
        gate: record.gate,
        detail: record.name,
        seen: Object.keys(record.seen).length === 0 ? null : JSON.stringify(record.seen),
      };
    case 'note':
      return { event: 'Note', agent: record.agent, detail: record.text };
    case 'rms-acted':
      return {
        event: 'RMS action',
        gate: record.rule,
        detail: `${record.act} ${record.scope}: ${record.reason}`,
        seen: seenOf({ limit: record.limit, value: record.value }),
      };
    case 'day-cap-set':
      return { event: 'Day cap set', detail: `${record.scope}: ${rupeesText(record.cap)} rupees` };
    case 'day-cap-left':
      return { event: 'Day cap left', detail: capText(record) };
    case 'quarantined':
      return { event: 'Quarantine', agent: record.agent, detail: record.reason };
    default:
      return orderOrStructureEvent(record, records) ?? undefined;
  }
}

function orderOrStructureEvent(record: JournalRecord, records: RunRecords): Told | undefined {
  switch (record.kind) {
    case 'structure-opened':
      return {
        event: 'Entry',
        agent: record.agent,
        structureId: record.structure,
        level: record.spot,
        detail: `${record.name}: ${record.legs.map((leg) => `${leg.side} ${leg.lots} ${leg.contract}`).join(', ')}`,
      };
    case 'leg-closed':
      return {
        event: record.reason === 'SHIFT' ? 'Shift' : 'Exit',
        agent: record.agent,
        structureId: record.structure,
        leg: record.leg,
        contract: record.contract,
        level: Math.round(record.exitTurnover / (record.lots * record.lotSize)),
        detail: `${EXIT_WORDS[record.reason]}${record.ambiguous ? ', ambiguous: the candle spanned stop and target' : ''}`,
      };
    case 'lots-added':
      return {
        event: 'Pyramid added',
        agent: record.agent,
        structureId: record.structure,
        leg: record.leg,
        contract: record.contract,
        level: record.price,
        detail: additionText(record),
      };
    case 'settled':
      return {
        event: 'Settlement',
        agent: record.agent,
        structureId: record.structure,
        leg: record.leg,
        contract: record.contract,
        level: record.level,
        detail: record.official ? 'official close' : 'estimated close',
      };
    case 'verdict':
      return record.approved ? undefined : deniedEvent(record, records);
    case 'order-rejected':
    case 'modify-rejected':
    case 'cancel-rejected':
    case 'order-unresolved':
      return { ...orderPlace(record.order, records), event: REFUSALS[record.kind], detail: record.reason ?? '' };
    case 'guard-set':
    case 'guard-moved':
    case 'guard-fired':
      return guardEvent(record, records);
    default:
      return undefined;
  }
}

function capText({ scope, cap, worst, remaining }: DayCapRecord): string {
  return `${scope}: ${rupeesText(remaining)} of ${rupeesText(cap)} rupees after a worst loss of ${rupeesText(worst)}`;
}

function additionText({ lots, openLots, lotSize, entryLots, entryTurnover }: LotsAddedRecord): string {
  const average = rupeesText(entryTurnover / (entryLots * lotSize));
  return `${lots} lots added, now ${openLots} lots of ${lotSize} at ${average} on average`;
}

const REFUSALS = {
  'order-rejected': 'Order rejected',
  'modify-rejected': 'Modification rejected',
  'cancel-rejected': 'Cancel rejected',
  'order-unresolved': 'Order unresolved',
} as const;

function deniedEvent(record: Extract<JournalRecord, { readonly kind: 'verdict' }>, records: RunRecords): Told {
  return {
    ...orderPlace(record.order, records),
    event: 'RMS denied',
    agent: record.agent,
    gate: record.rule,
    detail: record.reason ?? '',
    seen: seenOf({ limit: record.limit, value: record.value }),
  };
}

function orderPlace(
  order: Parameters<RunRecords['placed']['get']>[0],
  records: RunRecords,
): Pick<Partial<EventRow>, 'agent' | 'structureId' | 'leg' | 'contract'> {
  const placed = records.placed.get(order);
  if (placed === undefined) return {};
  return { agent: placed.agent, structureId: placed.structure, leg: placed.leg, contract: placed.contract };
}

const GUARD_NAMES = { stop: 'SL', target: 'Target', trail: 'TSL', time: 'Time exit' } as const;
const GUARD_VERBS = { 'guard-set': 'set', 'guard-moved': 'moved', 'guard-fired': 'fired' } as const;

function guardEvent(record: GuardRecord, records: RunRecords): Told | undefined {
  if (record.kind === 'guard-dropped') return undefined;
  const leg = records.opened.get(record.structure)?.legs.find((plan) => plan.leg === record.leg);
  const isTime = record.basis === 'time';
  const at = isTime && record.level !== null ? ` at ${stampText(record.level as EpochMs)}` : '';
  const seen = record.seen === null ? '' : `, saw ${rupeesText(record.seen)}`;
  return {
    event: `${GUARD_NAMES[record.act]} ${GUARD_VERBS[record.kind]}`,
    agent: record.agent,
    structureId: record.structure,
    leg: record.leg,
    contract: leg?.contract ?? null,
    level: isTime ? null : record.level,
    detail: `${record.guard} on ${record.basis}${at}${seen}${record.ambiguous ? ', ambiguous' : ''}`,
  };
}

function seenOf(numbers: Readonly<Record<string, number | null>>): string | null {
  const known = Object.entries(numbers).filter(([, value]) => value !== null);
  return known.length === 0 ? null : JSON.stringify(Object.fromEntries(known));
}
