import type { Unstamped } from '../engine/journal.ts';
import { chainsOf } from '../engine/market/option-chain.ts';
import { UnderlyingLadder } from '../engine/market/underlying-ladder.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { CandleFrame } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { instrumentKey, instrumentOfKey } from '../engine/model/instrument.ts';
import type { OrderId } from '../engine/model/order.ts';
import { MINUTE_MS } from '../engine/model/time.ts';
import type { LevelMinutes, PremiumMinutes, TradedPrices } from '../engine/model/traded-prices.ts';
import { LEVEL_RUNGS } from '../engine/model/traded-prices.ts';

/** What a chart shows before the first fill of a day. */
const LEAD_MS = 30 * MINUTE_MS;

/**
 * Notes which contracts a run holds and keeps their prices of the day, taken from the day's own candles after it was played: a journal
 * holds no market, and a chart of a trade needs one. It only looks, so a run is the same with and without it.
 */
export class PriceRecord {
  readonly #carryPerYear: number;
  readonly #put: (prices: TradedPrices) => void;
  readonly #contracts = new Map<OrderId, string>();
  /** Contracts held today, with the instant from which their chart begins. */
  readonly #held = new Map<string, Held>();

  constructor(parts: { readonly carryPerYear: number; readonly put: (prices: TradedPrices) => void }) {
    this.#carryPerYear = parts.carryPerYear;
    this.#put = parts.put;
  }

  beginDay(carried: readonly Instrument[]): void {
    this.#contracts.clear();
    this.#held.clear();
    for (const instrument of carried) this.#held.set(instrumentKey(instrument), { instrument, from: 0 });
  }

  take(record: Unstamped): void {
    if (record.kind === 'order-placed') this.#contracts.set(record.order, record.contract);
    if (record.kind !== 'order-filled') return;
    const contract = this.#contracts.get(record.fill.order);
    if (contract === undefined || this.#held.has(contract)) return;
    const instrument = instrumentOfKey(contract);
    this.#held.set(contract, { instrument, from: record.fill.tsExchange - LEAD_MS });
  }

  /** Puts away the prices of what was held on the day that was just played; nothing where nothing was. */
  endDay(candles: DayCandles, indexLiveUntil: number): void {
    if (this.#held.size === 0) return;
    const slots = this.#slotsOf(candles.instruments);
    if (slots.length === 0) return;
    const from = Math.min(...[...this.#held.values()].map((held) => held.from));
    const found = candles.starts.findIndex((start) => start + candles.intervalMs > from);
    const first = found === -1 ? candles.starts.length : found;
    const underlyings = new Set(slots.map(({ underlying }) => underlying));
    this.#put({
      day: candles.day,
      intervalMs: candles.intervalMs,
      starts: candles.starts.slice(first),
      levels: [...underlyings].map((underlying) => this.#levels(candles, { underlying, indexLiveUntil, first })),
      premiums: slots.map(({ contract, slot }) => premiumsOf(candles, { contract, slot, first })),
    });
  }

  /** The held contracts among the slots, in the order of the slots. */
  #slotsOf(instruments: readonly Instrument[]): readonly HeldSlot[] {
    const slots: HeldSlot[] = [];
    for (const [slot, instrument] of instruments.entries()) {
      for (const [contract, held] of this.#held) {
        if (!isSame(held.instrument, instrument)) continue;
        slots.push({ contract, slot, underlying: instrument.underlying });
        break;
      }
    }
    return slots;
  }

  /** The same ladder as the engine's, led through the day once more. */
  #levels(
    candles: DayCandles,
    of: { readonly underlying: Underlying; readonly indexLiveUntil: number; readonly first: number },
  ): LevelMinutes {
    const { day, instruments, starts } = candles;
    const { underlying, indexLiveUntil, first } = of;
    const ladder = new UnderlyingLadder({ underlying, carryPerYear: this.#carryPerYear });
    ladder.openDay({ day, instruments, chains: chainsOf(instruments).get(underlying) ?? [], indexLiveUntil });
    const minutes = starts.length - first;
    const [close, rung] = [new Int32Array(minutes), new Uint8Array(minutes)];
    const frame = new CandleFrame();
    for (let minute = 0; minute < starts.length; minute += 1) {
      frame.show(candles, minute);
      ladder.closeMinute(frame);
      if (minute < first || ladder.rung === 'none') continue;
      close[minute - first] = ladder.spot ?? 0;
      rung[minute - first] = LEVEL_RUNGS.indexOf(ladder.rung);
    }
    return { underlying, close, rung };
  }
}

interface Held {
  readonly instrument: Instrument;
  readonly from: number;
}

interface HeldSlot {
  readonly contract: string;
  readonly slot: number;
  readonly underlying: Underlying;
}

/** The same as equal canonical texts, without making them. */
function isSame(a: Instrument, b: Instrument): boolean {
  if (a.kind === 'option' && b.kind === 'option' && (a.strike !== b.strike || a.right !== b.right)) return false;
  if (a.kind !== b.kind || a.underlying !== b.underlying) return false;
  return a.kind === 'index' || b.kind === 'index' || a.expiry === b.expiry;
}

function premiumsOf(
  { columns, instruments, starts }: DayCandles,
  of: { readonly contract: string; readonly slot: number; readonly first: number },
): PremiumMinutes {
  const minutes = starts.length - of.first;
  const [high, low, close] = [new Int32Array(minutes), new Int32Array(minutes), new Int32Array(minutes)];
  for (let minute = 0; minute < minutes; minute += 1) {
    const cell = (minute + of.first) * instruments.length + of.slot;
    if (columns.valid[cell] !== 1) continue;
    high[minute] = columns.high[cell] ?? 0;
    low[minute] = columns.low[cell] ?? 0;
    close[minute] = columns.close[cell] ?? 0;
  }
  return { contract: of.contract, high, low, close };
}
