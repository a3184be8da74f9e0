import type {
  ContractNoteRecord,
  DayClosedRecord,
  DayFactsRecord,
  GuardRecord,
  JournalRecord,
  LegClosedRecord,
  LegHeldRecord,
  LotsAddedRecord,
  OrderAskedRecord,
  OrderFilledRecord,
  OrderPlacedRecord,
  OrderStateRecord,
  SessionClosedRecord,
  SessionOpenedRecord,
  SettledRecord,
  SignalRecord,
  StructureClosedRecord,
  StructureOpenedRecord,
  VerdictRecord,
} from '../engine/journal.ts';
import type { OrderId, StructureId } from '../engine/model/order.ts';

/** The records of a run, sorted by what they speak of; each list keeps the order of the journal. */
export interface RunRecords {
  readonly all: readonly JournalRecord[];
  readonly sessions: readonly SessionOpenedRecord[];
  readonly sessionEnds: readonly SessionClosedRecord[];
  readonly signals: readonly SignalRecord[];
  readonly opened: ReadonlyMap<StructureId, StructureOpenedRecord>;
  readonly closed: readonly StructureClosedRecord[];
  readonly legs: readonly LegClosedRecord[];
  readonly held: ReadonlyMap<string, LegHeldRecord>;
  readonly placed: ReadonlyMap<OrderId, OrderPlacedRecord>;
  readonly fills: readonly OrderFilledRecord[];
  readonly states: readonly OrderStateRecord[];
  /** Changes of price; a resting stop that was only given lots is not among them. */
  readonly modifyAsked: readonly OrderAskedRecord[];
  /** Lots added to a leg, by structure and leg. */
  readonly added: ReadonlyMap<string, readonly LotsAddedRecord[]>;
  readonly verdicts: readonly VerdictRecord[];
  readonly guards: readonly GuardRecord[];
  readonly facts: readonly DayFactsRecord[];
  readonly days: readonly DayClosedRecord[];
  readonly notes: readonly ContractNoteRecord[];
  readonly settled: readonly SettledRecord[];
}

/** Names one life of a leg: a leg that was entered again within its structure has a further one. */
export function legKey(leg: {
  readonly structure: StructureId;
  readonly leg: string;
  readonly reentry: number;
}): string {
  return `${leg.structure}/${leg.leg}/${leg.reentry}`;
}

/** Whether a summary asks for records of a kind; a run without a report need not keep the others. */
export function isToldInSummary(kind: JournalRecord['kind']): boolean {
  return !ONLY_IN_REPORTS.has(kind);
}

export function sortRecords(all: readonly JournalRecord[]): RunRecords {
  const of = byKind(all);
  return {
    all,
    sessions: of('session-opened'),
    sessionEnds: of('session-closed'),
    signals: of('signal'),
    opened: new Map(of('structure-opened').map((record) => [record.structure, record])),
    closed: of('structure-closed'),
    legs: of('leg-closed'),
    held: new Map(of('leg-held').map((record) => [legKey(record), record])),
    placed: new Map(of('order-placed').map((record) => [record.order, record])),
    fills: of('order-filled'),
    states: all.filter(isOrderState),
    modifyAsked: all.filter(
      (record): record is OrderAskedRecord => record.kind === 'modify-asked' && record.lots === undefined,
    ),
    added: byLeg(of('lots-added')),
    verdicts: of('verdict'),
    guards: all.filter((record) => record.kind.startsWith('guard-')) as GuardRecord[],
    facts: of('day-facts'),
    days: of('day-closed'),
    notes: of('contract-note'),
    settled: of('settled'),
  };
}

type RecordOf<Kind extends JournalRecord['kind']> = Extract<JournalRecord, { readonly kind: Kind }>;

function byKind(all: readonly JournalRecord[]): <Kind extends JournalRecord['kind']>(kind: Kind) => RecordOf<Kind>[] {
  const lists = new Map<string, JournalRecord[]>();
  for (const record of all) {
    const list = lists.get(record.kind);
    if (list === undefined) lists.set(record.kind, [record]);
    else list.push(record);
  }
  return <Kind extends JournalRecord['kind']>(kind: Kind) => (lists.get(kind) ?? []) as RecordOf<Kind>[];
}

function byLeg(all: readonly LotsAddedRecord[]): ReadonlyMap<string, readonly LotsAddedRecord[]> {
  const lists = new Map<string, LotsAddedRecord[]>();
  for (const record of all) {
    const key = `${record.structure}/${record.leg}`;
    lists.set(key, [...(lists.get(key) ?? []), record]);
  }
  return lists;
}

const ORDER_STATES: ReadonlySet<string> = new Set([
  'order-accepted',
  'order-rejected',
  'order-triggered',
  'order-modified',
  'modify-rejected',
  'order-canceled',
  'cancel-rejected',
  'order-expired',
  'order-unresolved',
] satisfies OrderStateRecord['kind'][]);

function isOrderState(record: JournalRecord): record is OrderStateRecord {
  return ORDER_STATES.has(record.kind);
}

/** Without them a leg does not know what holding it would have brought or where its trail began, which no summary says. */
const ONLY_IN_REPORTS: ReadonlySet<string> = new Set([
  ...ORDER_STATES,
  'verdict',
  'leg-held',
  'guard-set',
  'session-closed',
]);
