import { expect, test } from 'vitest';
import { Clock } from '../../engine/clock.ts';
import { EventQueue } from '../../engine/event-queue.ts';
import { CandlePath } from '../../engine/market/candle-path.ts';
import { LevelBook } from '../../engine/market/level-book.ts';
import { CandleFrame } from '../../engine/model/candle-frame.ts';
import type { OrderEvent } from '../../engine/model/event.ts';
import type { AgentId, ApprovedOrder, Order, OrderId, StructureId, Terms } from '../../engine/model/order.ts';
import { epochMs } from '../../engine/model/time.ts';
import { lots, paise } from '../../engine/model/units.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { CandleFillModel, DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { SimulatedVenue } from '../../engine/venue/simulated-venue.ts';
import { tape } from '../support/tape.ts';
import { prng } from './dice.ts';
import type { ClientBench } from './execution-client.ts';
import { executionClientPromises } from './execution-client.ts';

/** A venue on a call that swings about 100, thin enough for partial fills, with the market closing early. */
function venueBench(faults?: FaultPlan): ClientBench {
  const candles = tape`
    09:15  NIFTY 23005  CE 100 104 97 101 v4000
    09:16  CE 101 103 95 96 v900
    09:17  CE 96 99 92 98 v0
    09:18  CE 108 112 99 100 v?
    09:19  CE -
    09:20  CE 100 106 94 105 v2000
  `;
  const clock = new Clock();
  const queue = new EventQueue();
  const levels = new LevelBook();
  const path = new CandlePath(levels);
  const fills = new CandleFillModel(DEFAULT_FILLS);
  const venue = new SimulatedVenue({ clock, queue, market: path, levels, fills, latency: DEFAULT_LATENCY, faults });
  const open = candles.starts[0] ?? 0;
  const instrument = candles.instruments[1] ?? { kind: 'index', underlying: 'NIFTY' };
  clock.advanceTo(epochMs(open));
  path.openDay(candles.instruments);
  const closesAt = epochMs(open + 5 * 60_000);
  const rules = {
    day: candles.day,
    levelOf: () => undefined,
    closesAt,
    isOpen: (ts: number) => ts < closesAt,
    fillsUntil: () => closesAt,
    quantityMax: () => 1_800,
    marketProtectionBps: 200,
  };
  venue.openDay(rules);
  path.watch(1, open);
  const dice = prng(7);
  let orderCount = 0;
  let minute = -1;

  const draw = (until: number): void => {
    while ((candles.starts[minute + 1] ?? Number.POSITIVE_INFINITY) <= until) {
      minute += 1;
      const frame = new CandleFrame();
      frame.show(candles, minute);
      clock.advanceTo(epochMs(Math.max(clock.now, frame.start)));
      path.drawMinute(frame);
      venue.beginMinute();
    }
  };

  function passTo(until: number): { ts: number; event: OrderEvent }[] {
    const told: { ts: number; event: OrderEvent }[] = [];
    while (true) {
      const quoteTs = path.nextTs(clock.now);
      const drawTs = candles.starts[minute + 1] ?? Number.POSITIVE_INFINITY;
      const next = Math.min(quoteTs, queue.nextTs, drawTs);
      if (next > until) break;
      if (next === drawTs && drawTs <= Math.min(quoteTs, queue.nextTs)) {
        draw(next);
        continue;
      }
      clock.advanceTo(epochMs(next));
      if (quoteTs <= queue.nextTs) {
        const { slot, price } = path.next();
        venue.onQuote(slot, price);
        continue;
      }
      const plan = queue.pop();
      if (plan.kind === 'request-arrived') venue.arrive(plan.request);
      else if (plan.kind !== 'timer-fired') told.push({ ts: next, event: plan });
    }
    clock.advanceTo(epochMs(Math.max(clock.now, until)));
    return told;
  }

  return {
    client: venue,
    now: () => clock.now,
    leastMs: DEFAULT_LATENCY.decideToVenueMs,
    makeOrder: ({ side, kind }) => {
      orderCount += 1;
      const level = paise(9_200 + 5 * Math.floor(dice() * 400));
      const far = paise(side === 'BUY' ? level + 500 : level - 500);
      const terms: Terms =
        kind === 'MARKET' ? { kind } : kind === 'LIMIT' ? { kind, price: level } : { kind, trigger: level, price: far };
      const order: Order = {
        id: orderCount as OrderId,
        agent: 'test/NIFTY' as AgentId,
        structure: 1 as StructureId,
        leg: 'CE',
        instrument,
        slot: 1,
        side,
        lots: lots(1 + Math.floor(dice() * 4)),
        lotSize: 75,
        terms,
        purpose: 'entry',
        reduceOnly: false,
        reason: 'test',
        decidedAt: clock.now,
        decisionPrice: paise(10_000),
      };
      return order as ApprovedOrder;
    },
    pass: (ms) => passTo(clock.now + ms),
    end: () => {
      venue.closeDay();
      // Words that come late come until the session's end.
      return passTo(Math.max(clock.now, closesAt) + 1_000);
    },
  };
}

executionClientPromises('the simulated venue', () => venueBench());

/** By the number of the order and of the request, so that each kind of fault meets each kind of request. */
const faults: FaultPlan = ({ order, count }) => {
  const kind = (order.id * 7 + count * 3) % 5;
  if (kind === 0) return { refusal: 'busy' };
  if (kind === 1) return { answersLaterMs: 2_500 };
  return kind === 2 ? { lotsPerFill: 1 } : undefined;
};
executionClientPromises('the simulated venue with faults', () => venueBench(faults));

test('the simulated venue refuses more than the freeze quantity, a price off the tick, and a closed market', () => {
  const bench = venueBench();
  const order = bench.makeOrder({ side: 'BUY', kind: 'MARKET' });
  bench.client.release([
    { ...order, lots: lots(25) },
    { ...order, id: 101 as OrderId, terms: { kind: 'LIMIT', price: paise(10_001) } },
  ]);
  const refusals = bench.pass(1_000).map(({ event }) => ('reason' in event ? event.reason : event.kind));
  expect(refusals).toEqual([
    'quantity 1875 is above the freeze quantity 1800',
    'price 10001 paise is not a positive multiple of 5 paise',
  ]);
  bench.pass(5 * 60_000);
  bench.client.release([{ ...order, id: 102 as OrderId }]);
  expect(bench.pass(1_000).map(({ event }) => ('reason' in event ? event.reason : event.kind))).toEqual([
    'the market is closed',
  ]);
});
