/** What a played day left behind, as short text for inline snapshots. */
import type { JournalRecord, OrderPlacedRecord } from '../../engine/journal.ts';
import type { OrderId, Terms } from '../../engine/model/order.ts';
import { clockText } from '../../engine/model/time.ts';
import { rupeesText } from '../../engine/model/units.ts';
import type { Played } from './play.ts';

/** Anything that keeps the records of a run. */
type Told = Pick<Played, 'records'>;

/** Records whose kind may be one of these. */
type RecordOf<Kind, Of = JournalRecord> = Of extends { readonly kind: infer One }
  ? [One & Kind] extends [never]
    ? never
    : Of
  : never;

/** All records of some kinds, in order. */
export function recordsOf<Kind extends JournalRecord['kind']>(played: Told, ...kinds: Kind[]): RecordOf<Kind>[] {
  return played.records.filter((record): record is RecordOf<Kind> => (kinds as string[]).includes(record.kind));
}

/** One line a fill: the venue's instant, what for, side, leg, price, lots and grade where they are not one and traded. */
export function fills(played: Told): string {
  const placed = placedOrders(played);
  const asked = new Map<OrderId, string>();
  const lines: string[] = [];
  for (const record of recordsOf(played, 'modify-asked', 'order-filled')) {
    if (record.kind !== 'order-filled') {
      if (record.lots === undefined) asked.set(record.order, record.reason);
      continue;
    }
    const { fill } = record;
    const order = placed.get(fill.order);
    const word = order?.purpose === 'entry' ? order.reason : (asked.get(fill.order) ?? order?.reason);
    const count = fill.lots === 1 ? '' : ` x${fill.lots}`;
    const grade = fill.grade === 'traded' ? '' : ` ${fill.grade}`;
    const what = `${word} ${order?.side} ${order?.leg} ${rupeesText(fill.price)}`;
    lines.push(`${clockText(fill.tsExchange)} ${what}${count}${grade}`);
  }
  return lines.join('\n');
}

/** One line a step of an order's life, at the instant at which we knew it. */
export function orders(played: Told): string {
  return linesOf(played, (record) => {
    switch (record.kind) {
      case 'order-placed':
        return `#${record.order} ${record.side} ${record.lots} ${record.leg} ${termsText(record.terms)} for ${record.reason}`;
      case 'order-filled':
        return `#${record.fill.order} filled ${record.fill.lots} at ${rupeesText(record.fill.price)}`;
      case 'modify-asked':
        return `#${record.order} ask ${record.terms === null ? '' : termsText(record.terms)}${lotsText(record)} for ${record.reason}`;
      case 'cancel-asked':
        return `#${record.order} ask cancel`;
      case 'order-accepted':
      case 'order-rejected':
      case 'order-triggered':
      case 'order-modified':
      case 'modify-rejected':
      case 'order-canceled':
      case 'cancel-rejected':
      case 'order-expired':
        return `#${record.order} ${record.kind.replace('order-', '')}${lotsText(record)}${record.reason === null ? '' : `: ${record.reason}`}`;
      case 'verdict':
        return record.approved ? undefined : `#${record.order} denied by ${record.rule}`;
      default:
        return undefined;
    }
  });
}

/** One line a guard that was set, moved or fired. */
export function guards(played: Told): string {
  return linesOf(played, (record) => {
    if (record.kind !== 'guard-set' && record.kind !== 'guard-moved' && record.kind !== 'guard-fired') return undefined;
    const level = record.level === null ? '' : ` ${rupeesText(record.level)}`;
    const seen = record.seen === null ? '' : ` seen ${rupeesText(record.seen)}`;
    const leg = record.leg === null ? '' : ` ${record.leg}`;
    return `${record.kind.slice(6)} ${record.guard}${leg}${level}${seen}${record.ambiguous ? ' ambiguous' : ''}`;
  });
}

/** One line a fill of an addition: the lots and the leg as it stands then, with the average price of its entries. */
export function additions(played: Told): string {
  return linesOf(played, (record) => {
    if (record.kind !== 'lots-added') return undefined;
    const average = rupeesText(record.entryTurnover / (record.entryLots * record.lotSize));
    return `${record.leg} +${record.lots} at ${rupeesText(record.price)}, ${record.openLots} open at ${average}`;
  });
}

/** One line a leg that closed and a structure that closed. */
export function closes(played: Told): string {
  return linesOf(played, (record) => {
    if (record.kind === 'leg-closed')
      return `${record.leg} ${record.reason} gross ${rupeesText(record.gross)}${record.ambiguous ? ' ambiguous' : ''}`;
    if (record.kind === 'structure-closed')
      return `structure ${record.structure} ${record.reason} gross ${rupeesText(record.gross)}`;
    return undefined;
  });
}

/** One line a signal, a note, a quarantine or an act of the RMS. */
export function words(played: Told): string {
  return linesOf(played, (record) => {
    if (record.kind === 'signal') return `${record.name} ${record.taken ? 'taken' : `skipped: ${record.gate}`}`;
    if (record.kind === 'note') return `note: ${record.text}`;
    if (record.kind === 'quarantined') return `${record.agent} quarantined: ${record.reason}`;
    if (record.kind === 'rms-acted') return `${record.act} ${record.scope} by ${record.rule}`;
    return undefined;
  });
}

/** Terms as `MARKET`, `LIMIT 101.00` or `STOP 150.00 to 157.50`. */
export function termsText(terms: Terms): string {
  if (terms.kind === 'MARKET') return 'MARKET';
  if (terms.kind === 'LIMIT') return `LIMIT ${rupeesText(terms.price)}`;
  return `STOP ${rupeesText(terms.trigger)} to ${rupeesText(terms.price)}`;
}

function lotsText({ lots }: { readonly lots?: number }): string {
  return lots === undefined ? '' : ` x${lots}`;
}

function placedOrders(played: Told): ReadonlyMap<OrderId, OrderPlacedRecord> {
  return new Map(recordsOf(played, 'order-placed').map((record) => [record.order, record]));
}

function linesOf(played: Told, lineOf: (record: JournalRecord) => string | undefined): string {
  return played.records
    .flatMap((record) => {
      const line = lineOf(record);
      return line === undefined ? [] : [`${clockText(record.ts)} ${line}`];
    })
    .join('\n');
}
