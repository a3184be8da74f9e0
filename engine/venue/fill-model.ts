/**
 * What a marketable order pays on candles.
 *
 * It assumes: the going price is the straight line of the minute's path at the venue's instant, brought to a tick against the one who
 * trades; on top come a half-spread (measured where the table has a cell, else the larger of one tick and a share of the premium, up to
 * a tick) and a slippage of whole ticks.
 * Nobody fills at an extreme that its order did not name. All fills of a run in one contract and minute are at most a share of that
 * minute's volume, in whole lots; where the volume is unknown there is no cap and the fill says so. Nothing moves the market.
 */

import type { PathPrice } from '../market/candle-path.ts';
import type { FillSteps } from '../model/order.ts';
import type { Paise, Side } from '../model/units.ts';
import { paise, signOf, TICK } from '../model/units.ts';
import type { SpreadPlace, SpreadTable } from './spread-table.ts';

export interface FillModelSettings {
  readonly slippageTicks: number;
  /** Half-spread where none was measured, as a share of premium, in hundredths of a per cent: 25 is 0.25 %. */
  readonly halfSpreadBps: number;
  /** Largest share of a minute's volume that fills may be, per cent. */
  readonly participationPct: number;
}

export const DEFAULT_FILLS: FillModelSettings = { slippageTicks: 1, halfSpreadBps: 25, participationPct: 10 };

export interface TakenPrice {
  readonly price: Paise;
  readonly steps: Omit<FillSteps, 'candle'>;
}

/** What a venue asks of the guess that fills its orders. */
export interface FillModel {
  /** Price of taking what is there. */
  taken(side: Side, path: PathPrice, place: SpreadPlace): TakenPrice;
  /** Lots that may still fill in a minute, given its volume and what was used of it in units; volume is -1 where unknown. */
  lotsLeft(volume: number, usedUnits: number, lotSize: number): number;
}

export class CandleFillModel implements FillModel {
  readonly settings: FillModelSettings;
  readonly #spreads: SpreadTable | undefined;

  /** Without a table every half-spread is assumed. */
  constructor(settings: FillModelSettings, spreads?: SpreadTable) {
    this.settings = settings;
    this.#spreads = spreads;
  }

  /** Price of taking what is there, never below one tick. */
  taken(side: Side, path: PathPrice, place: SpreadPlace): TakenPrice {
    const onTick = toTickAgainst(side, path);
    const cell = this.#spreads?.find(place, onTick) ?? -1;
    const measured = cell < 0 ? undefined : this.#spreads;
    const halfSpread = measured?.halfSpreadOf(cell) ?? this.#assumed(onTick);
    const spread = measured?.sourceOf(cell) ?? 'assumed';
    const slippage = this.settings.slippageTicks * TICK;
    const wanted = onTick + signOf(side) * (halfSpread + slippage);
    const price = paise(Math.max(TICK, wanted));
    const value = path.from + (path.rise * path.elapsed) / path.span;
    return { price, steps: { path: round4(value), rounding: round4(onTick - value), halfSpread, spread, slippage } };
  }

  /** Half of the spread at a premium, in paise: whole ticks, at least one. */
  #assumed(premium: number): number {
    return Math.max(TICK, Math.ceil((premium * this.settings.halfSpreadBps) / (10_000 * TICK)) * TICK);
  }

  /** Lots that may still fill in a minute; unbounded where the volume is unknown. Quantities in units. */
  lotsLeft(volume: number, usedUnits: number, lotSize: number): number {
    if (volume < 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.floor(((volume * this.settings.participationPct) / 100 - usedUnits) / lotSize));
  }
}

/** The tick at or beyond an exact path price, against the one who trades; whole numbers throughout. */
export function toTickAgainst(side: Side, path: PathPrice): number {
  const numerator = path.from * path.span + path.rise * path.elapsed;
  const denominator = path.span * TICK;
  return (side === 'BUY' ? Math.ceil(numerator / denominator) : Math.floor(numerator / denominator)) * TICK;
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
