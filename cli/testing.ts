/** What a test of a strategy of your own is written with: `import { playTape } from 'sim/testing'`. */
import { fileURLToPath } from 'node:url';
import { dayBatches } from '../adapters/day-events.ts';
import { readReference } from '../adapters/reference-files.ts';
import { tapeDay } from '../datasets/tape.ts';
import { invariant } from '../engine/assert.ts';
import type { JournalRecord } from '../engine/journal.ts';
import { stamped } from '../engine/journal.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import { istTimeOf } from '../engine/model/time.ts';
import { rupeesText } from '../engine/model/units.ts';
import type { Underlying } from '../engine/strategy.ts';
import { agentsOf } from './agents.ts';
import { composeBacktest } from './compose.ts';
import { effectiveConfig } from './config-layers.ts';
import { engineParts } from './engine-settings.ts';
import { sourcesOf } from './own-backtest.ts';
import { Beat } from './own-strategies/beat.ts';
import { loadOwn } from './own-strategies/own-strategies.ts';

/** A signal as the journal has it: taken, or left with the gate that failed. */
export interface PlayedSignal {
  readonly time: string;
  readonly name: string;
  readonly taken: boolean;
  readonly gate: string | null;
}

/** A fill: the leg's tag, its contract, the price in rupees as a text with two decimals, and what the order was for. */
export interface PlayedFill {
  readonly time: string;
  readonly side: 'BUY' | 'SELL';
  readonly leg: string;
  readonly contract: string;
  readonly lots: number;
  readonly price: string;
  readonly reason: string;
}

/** What came of a tape. Times are those of the minute in which it happened. */
export interface PlayedTape {
  readonly signals: readonly PlayedSignal[];
  readonly fills: readonly PlayedFill[];
  readonly notes: readonly string[];
}

/**
 * Plays a short scripted day with a strategy file, with the fills, delays and charges of `sim backtest`; half-spreads are the assumed
 * ones, the larger of 0.05 and 0.25 % of premium, so that prices can be worked out by hand. A line of a tape names a minute and
 * what traded in it, in rupees:
 *
 *     2025-01-06  expiry 2025-01-09  strike 23000      (first line; each part may be left out)
 *     09:20  NIFTY 23005   CE 100 101 99 100 v5000   23100PE 90
 *
 * One number is a flat candle, four are open, high, low, close; v is the volume; "-" is no candle in this minute. CE and PE stand at the
 * tape's strike. What is not named goes on at its last price. There is no warm-up: larger candles begin with the tape.
 */
export async function playTape(
  file: string | URL,
  options: {
    readonly tape: string;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly segment?: Underlying;
    readonly lots?: number;
  },
): Promise<PlayedTape> {
  const { segment = 'NIFTY', lots = 1, params = {} } = options;
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const flags = { strategy: path, segments: [segment], lots, params };
  const config = await effectiveConfig({ flags, set: ['costs.spreads=assumed'] });
  const agents = agentsOf(config, loadOwn(await sourcesOf(config), new Beat()));
  const reference = readReference();
  const candles = tapeDay(options.tape, reference);
  const session = reference.calendar.sessionOn(candles.day, exchangeOf(segment));
  invariant(session !== undefined, `${candles.day} has no session`);
  const records: JournalRecord[] = [];
  const kernel = composeBacktest({
    contracts: reference.contracts,
    levies: reference.levies,
    agents,
    ...engineParts(config),
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
  });
  const { closeGraceMs } = config;
  const previous = reference.calendar.previousSessions(candles.day, exchangeOf(segment));
  const inputs = { session, candles, closeGraceMs, facts: [], previous, officialCloses: [] };
  for (const batch of dayBatches(inputs)) kernel.play(batch);
  for (const reason of kernel.quarantined.values()) throw new Error(reason);
  return told(records);
}

function told(records: readonly JournalRecord[]): PlayedTape {
  const signals: PlayedSignal[] = [];
  const fills: PlayedFill[] = [];
  const notes: string[] = [];
  const orders = new Map<number, Pick<PlayedFill, 'side' | 'leg' | 'contract' | 'reason'>>();
  for (const record of records) {
    const time = istTimeOf(record.ts);
    if (record.kind === 'signal') {
      const { name, taken, gate } = record;
      signals.push({ time, name, taken, gate });
    } else if (record.kind === 'order-placed') {
      const { side, leg, contract, reason } = record;
      orders.set(record.order, { side, leg, contract, reason });
    } else if (record.kind === 'order-filled') {
      const { order, lots, price } = record.fill;
      const of = orders.get(order);
      invariant(of !== undefined, `order ${order} filled before it was placed`);
      const { side, leg, contract, reason } = of;
      fills.push({ time, side, leg, contract, lots, price: rupeesText(price), reason });
    } else if (record.kind === 'note') notes.push(record.text);
  }
  return { signals, fills, notes };
}
