import { broken } from '../../engine/assert.ts';
import { Clock } from '../../engine/clock.ts';
import { EventQueue } from '../../engine/event-queue.ts';
import { Kernel } from '../../engine/kernel.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import { CandlePath } from '../../engine/market/candle-path.ts';
import type { ContractFacts } from '../../engine/market/contract-book.ts';
import { LevelBook } from '../../engine/market/level-book.ts';
import type { CandleColumns } from '../../engine/model/candle-frame.ts';
import { CandleFrame, UNKNOWN } from '../../engine/model/candle-frame.ts';
import type { MinuteClosed, MinuteDrawn } from '../../engine/model/event.ts';
import type { FutureInstrument } from '../../engine/model/instrument.ts';
import type { Levies } from '../../engine/model/levies.ts';
import { levies, NO_LEVIES } from '../../engine/model/levies.ts';
import { day, dayOf, epochMs } from '../../engine/model/time.ts';
import type { Paise } from '../../engine/model/units.ts';
import { lots, paise } from '../../engine/model/units.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import type { JournalSink } from '../../engine/ports.ts';
import { Rms } from '../../engine/risk/rms.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { defineStrategy } from '../../engine/strategy.ts';
import type { Charging } from '../../engine/venue/charges.ts';
import type { FillModel } from '../../engine/venue/fill-model.ts';
import { SimulatedVenue } from '../../engine/venue/simulated-venue.ts';
import type { CrossResult } from './cross-bare.ts';
import { CROSS } from './cross-bare.ts';
import type { Bars } from './yardstick.ts';

const MINUTE = 60_000;
const GRACE = 1_000;
const SESSION_MINUTES = 375;
const FINE = 10_000;
const SEGMENT = 'NIFTY';

/** One contract that never expires, so that a single price series is what is traded and what is looked at. */
const CONTRACT: FutureInstrument = { kind: 'future', underlying: SEGMENT, expiry: day('2099-12-31') };

/** The cross as a strategy of the house, played through the whole kernel: desk, RMS, venue, fees, books, equity of each minute. */
export class KernelCross {
  readonly kernel: Kernel;
  readonly #bars: Bars;
  readonly #columns: CandleColumns;
  readonly #tally = { trades: 0, gross: 0 };

  constructor(bars: Bars, sink: JournalSink | undefined) {
    this.#bars = bars;
    const { open, high, low, close, volume } = bars;
    const valid = new Uint8Array(close.length).fill(1);
    this.#columns = { open, high, low, close, volume, oi: new Int32Array(close.length).fill(UNKNOWN), valid };
    const definition = crossOver(close.length, this.#tally) as StrategyDefinition<unknown>;
    const agent = { definition, params: undefined, segment: SEGMENT, lots: lots(1), specialSessions: true } as const;
    this.kernel = compose(agent, sink);
  }

  run(): CrossResult {
    const bars = this.#bars.close.length;
    for (let from = 0; from < bars; from += SESSION_MINUTES)
      this.#playSession(from, Math.min(from + SESSION_MINUTES, bars));
    const { money } = this.kernel;
    const charges = money.charges.at(-1) ?? 0;
    return { trades: this.#tally.trades, orders: 2 * this.#tally.trades, net: this.#tally.gross * FINE - charges };
  }

  /**
   * Plays bars `from` to `to`. An order decided on the last of them fills at the next session's first open, so that bar is drawn once
   * before the session closes and again when the next one begins.
   */
  #playSession(from: number, to: number): void {
    const { kernel } = this;
    const { ts } = this.#bars;
    const opens = epochMs(ts[from] ?? 0);
    const ends = (ts[to - 1] ?? 0) + MINUTE;
    const windows = [{ open: opens, close: epochMs(ends + MINUTE) }] as const;
    const tradingDay = dayOf(opens);
    kernel.play([
      {
        kind: 'session-opened',
        ts: opens,
        day: tradingDay,
        special: false,
        windows,
        planned: windows,
        indexLiveUntil: windows[0].close,
        settlementAt: windows[0].close,
        intervalMs: MINUTE,
        instruments: [CONTRACT],
        facts: [],
      },
    ]);
    const frames = [new CandleFrame(), new CandleFrame()] as const;
    const drawn: Changing<MinuteDrawn> = {
      kind: 'minute-drawn',
      ts: opens,
      frame: this.#show(frames[from % 2 === 0 ? 0 : 1], from, opens),
    };
    const closed: Changing<MinuteClosed> = { kind: 'minute-closed', ts: opens, frame: drawn.frame };
    const [first, both, last] = [[drawn], [drawn, closed], [closed]] as const;
    kernel.play(first);
    for (let i = from; i < to; i += 1) {
      const start = opens + (i - from + 1) * MINUTE;
      closed.frame = drawn.frame;
      closed.ts = epochMs(start + GRACE);
      if (i + 1 < this.#bars.close.length) {
        drawn.frame = this.#show(frames[(i + 1) % 2 === 0 ? 0 : 1], i + 1, start);
        drawn.ts = epochMs(start);
        kernel.play(both);
      } else kernel.play(last);
    }
    kernel.play([{ kind: 'session-closed', ts: epochMs(ends + 2 * GRACE), day: tradingDay, officialCloses: [] }]);
  }

  #show(frame: CandleFrame, bar: number, start: number): CandleFrame {
    frame.columns = this.#columns;
    frame.slots = 1;
    frame.base = bar;
    frame.start = start;
    frame.intervalMs = MINUTE;
    return frame;
  }
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

/** Long while the fast average is above the slow one; the last bar decides nothing, since no open follows it. */
function crossOver(bars: number, tally: { trades: number; gross: number }): StrategyDefinition<undefined> {
  return defineStrategy<undefined>({
    name: 'ema-cross',
    version: 1,
    description: 'EMA 9 over EMA 21: long above, flat below, at the next open.',
    segments: [SEGMENT],
    params: { parse: () => undefined },
    universe: () => ({ underlying: SEGMENT, expiries: [], strikesAround: 0, recentreSteps: 1 }),
    create() {
      let [bar, fast, slow] = [0, 0, 0];
      let wasAbove = false;
      return {
        onMinute(ctx) {
          const last = ctx.spot ?? 0;
          if (bar === 0) {
            fast = last;
            slow = last;
          }
          fast += CROSS.fast * (last - fast);
          slow += CROSS.slow * (last - slow);
          const above = fast > slow;
          const decides = above !== wasAbove && bar >= CROSS.quietBars && bar + 1 < bars;
          wasAbove = above;
          bar += 1;
          if (!decides) return;
          const [structure] = ctx.structures;
          if (!above && structure !== undefined) ctx.exit(structure, 'REVERSAL');
          if (above && structure === undefined) {
            ctx.enter({
              signal: 'cross',
              seen: { fast, slow },
              legs: [{ tag: 'LONG', contract: CONTRACT, side: 'BUY', lots: ctx.lots }],
            });
          }
        },
        onStructureClosed(_ctx, structure) {
          tally.trades += 1;
          tally.gross += structure.gross;
        },
      };
    },
  });
}

/** Orders meet the open of the minute that runs at their arrival, whatever its volume, and pay nothing beside it. */
const nextOpen: FillModel = {
  taken: (_side, { from }) => ({
    price: from as Paise,
    steps: { path: from, rounding: 0, halfSpread: 0, spread: 'none', slippage: 0 },
  }),
  lotsLeft: () => Number.POSITIVE_INFINITY,
};

const flatFee: Charging = {
  ofOrder: ({ turnover }): Levies => levies({ brokerage: turnover * CROSS.feeFinePerPaisa }),
  ofExercise: () => NO_LEVIES,
};

/** Lots of one unit and no limits. */
const oneContract: ContractFacts = {
  expiryOf: () => undefined,
  expiryMoment: () => undefined,
  lotSizeOf: () => ({ lotSize: 1, sure: true }),
  orderQuantityMax: () => undefined,
  freezeQuantityOn: () => undefined,
  strikeStepOf: () => paise(5_000),
  priceProtectionOn: () => undefined,
  get margins(): never {
    return broken('no rule of the bench asks for margins');
  },
};

function compose(
  agent: ConstructorParameters<typeof Kernel>[0]['agents'][number],
  sink: JournalSink | undefined,
): Kernel {
  const [clock, queue, levels] = [new Clock(), new EventQueue(), new LevelBook()];
  const path = new CandlePath(levels);
  const latency = { decideToVenueMs: 0, venueToUsMs: 0, betweenLegsMs: 0 };
  const venue = new SimulatedVenue({ clock, queue, market: path, levels, fills: nextOpen, latency });
  return new Kernel({
    clock,
    queue,
    levels,
    contracts: oneContract,
    charges: flatFee,
    sink,
    risk: new Rms({ settings: { ...defaultRmsSettings, squareOffBeforeEndMs: 0, squareOffQuietMs: 0 } }),
    client: venue,
    path,
    venue,
    settings: { ...DEFAULT_KERNEL, carryPerYear: 0, squareOffBeforeEndMs: 0, execution: DEFAULT_EXECUTION },
    agents: [agent],
  });
}
