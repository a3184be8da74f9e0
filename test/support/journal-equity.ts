/**
 * What the second method of equity needs, taken from a journal and the candles it was made from. A minute's row is marked at its
 * decision instant, one second past the boundary: by the open of the candle that has just begun where the contract was watched when it
 * opened, else by the last close. A contract is watched from the instant at which an order for it was decided.
 */
import type { JournalRecord } from '../../engine/journal.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { dayOf } from '../../engine/model/time.ts';
import type { EquityClose, EquityFill, EquityInputs } from './equity-second-method.ts';

export interface JournalAndCandles {
  readonly records: readonly JournalRecord[];
  readonly days: readonly DayCandles[];
  readonly agent: string;
  /** Decision instants of the agent's money rows. */
  readonly minutes: readonly number[];
}

export function equityInputsOf({ records, days, agent, minutes }: JournalAndCandles): EquityInputs {
  const orders = new Map(
    records.flatMap((record) => (record.kind === 'order-placed' ? [[record.order as number, record] as const] : [])),
  );
  const fills: EquityFill[] = records.flatMap((record) => {
    if (record.kind !== 'order-filled') return [];
    const { fill } = record;
    const order = orders.get(fill.order);
    if (order === undefined || order.agent !== agent) return [];
    return [
      {
        tsMs: record.ts,
        instrumentKey: order.contract,
        side: order.side,
        quantity: fill.lots * order.lotSize,
        pricePaise: fill.price,
        chargesFine: BigInt(fill.charges.total),
      },
    ];
  });
  for (const record of records) {
    if (record.kind !== 'settled' || record.agent !== agent) continue;
    fills.push({
      tsMs: record.ts,
      instrumentKey: record.contract,
      side: record.side === 'BUY' ? 'SELL' : 'BUY',
      quantity: record.lots * record.lotSize,
      pricePaise: record.price,
      chargesFine: BigInt(record.charges.total),
    });
  }
  const held = new Set(fills.map((fill) => fill.instrumentKey));
  const watched = watchedStretches(records);
  const closes = days.flatMap((day) => marksOf(day, held, watched));
  return { fills, closes, minutes };
}

/** From the decision on a leg to its end, by contract; of a leg that never filled to the end of its orders. */
function watchedStretches(records: readonly JournalRecord[]): ReadonlyMap<string, (readonly [number, number])[]> {
  const ended = new Map<string, number>();
  const legOf = new Map<number, string>();
  for (const record of records) {
    if (record.kind === 'order-placed') legOf.set(record.order, `${record.structure} ${record.leg}`);
    else if (record.kind === 'leg-closed') ended.set(`${record.structure} ${record.leg}`, record.closedAt);
    else if ('order' in record) {
      const leg = legOf.get(record.order);
      const isDenied = record.kind === 'verdict' && !record.approved;
      if (leg !== undefined && (isDenied || record.kind === 'order-canceled' || record.kind === 'order-rejected'))
        ended.set(leg, record.ts);
    }
  }
  const stretches = new Map<string, (readonly [number, number])[]>();
  for (const record of records) {
    if (record.kind !== 'order-placed' || record.purpose !== 'entry') continue;
    const { contract } = record;
    const until = ended.get(`${record.structure} ${record.leg}`) ?? Number.POSITIVE_INFINITY;
    stretches.set(contract, [...(stretches.get(contract) ?? []), [record.ts, until]]);
  }
  return stretches;
}

function marksOf(
  day: DayCandles,
  held: ReadonlySet<string>,
  watched: ReadonlyMap<string, (readonly [number, number])[]>,
): EquityClose[] {
  const slots = day.instruments.length;
  return day.instruments.flatMap((instrument, slot) => {
    const key = instrumentKey(instrument);
    if (!held.has(key)) return [];
    const stretches = (watched.get(key) ?? []).filter(([from]) => dayOf(from as never) === day.day);
    return [...day.starts].flatMap((start, minute) => {
      const cell = minute * slots + slot;
      if (day.columns.valid[cell] !== 1) return [];
      const close = { tsEndMs: start + day.intervalMs, instrumentKey: key, closePaise: day.columns.close[cell] ?? 0 };
      const isSeen = stretches.some(([from, until]) => from <= start && start <= until);
      // An open comes after the close of the candle before, at the same instant.
      const open = { tsEndMs: start + 1, instrumentKey: key, closePaise: day.columns.open[cell] ?? 0 };
      return isSeen ? [open, close] : [close];
    });
  });
}
