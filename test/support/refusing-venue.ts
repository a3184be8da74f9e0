/** A backtest whose venue refuses the orders that a test names, one way there and one back after they were sent. */
import type { BacktestParts } from '../../cli/compose.ts';
import { Clock } from '../../engine/clock.ts';
import { EventQueue, RANK } from '../../engine/event-queue.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import { Kernel } from '../../engine/kernel.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import { CandlePath } from '../../engine/market/candle-path.ts';
import { LevelBook } from '../../engine/market/level-book.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Order } from '../../engine/model/order.ts';
import { epochMs } from '../../engine/model/time.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import type { ExecutionClient } from '../../engine/ports.ts';
import { Rms } from '../../engine/risk/rms.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import { ChargesModel } from '../../engine/venue/charges.ts';
import { CandleFillModel, DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { SimulatedVenue } from '../../engine/venue/simulated-venue.ts';
import type { Played } from './play.ts';
import { eventsOf, testReference } from './play.ts';

export function playRefusing(parts: {
  readonly day: DayCandles;
  readonly agents: readonly AgentPlan[];
  readonly refuses: (order: Order) => boolean;
  readonly settings?: BacktestParts['settings'];
}): Pick<Played, 'records' | 'kernel'> {
  const { contracts, levies } = testReference();
  const records: JournalRecord[] = [];
  const clock = new Clock();
  const queue = new EventQueue();
  const levels = new LevelBook();
  const path = new CandlePath(levels);
  const fills = new CandleFillModel(DEFAULT_FILLS, undefined);
  const venue = new SimulatedVenue({ clock, queue, market: path, levels, fills, latency: DEFAULT_LATENCY });
  const client: ExecutionClient = {
    release: (orders) => {
      const tsExchange = epochMs(clock.now + DEFAULT_LATENCY.decideToVenueMs);
      const known = epochMs(tsExchange + DEFAULT_LATENCY.venueToUsMs);
      const refused = orders.filter(parts.refuses);
      for (const { id } of refused)
        queue.push(known, RANK.report, {
          kind: 'order-rejected',
          order: id,
          tsExchange,
          reason: 'refused by the test',
        });
      venue.release(orders.filter((order) => !refused.includes(order)));
    },
    modify: (changes) => venue.modify(changes),
    cancel: (ids) => venue.cancel(ids),
  };
  const kernel = new Kernel({
    clock,
    queue,
    levels,
    contracts,
    charges: new ChargesModel(levies),
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
    risk: new Rms({ settings: defaultRmsSettings }),
    client,
    path,
    venue,
    settings: parts.settings ?? { ...DEFAULT_KERNEL, execution: DEFAULT_EXECUTION },
    agents: parts.agents,
  });
  kernel.play(eventsOf(parts.day));
  return { records, kernel };
}
