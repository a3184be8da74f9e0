import type { Instrument } from './instrument.ts';
import type { Levies } from './levies.ts';
import type { EpochMs } from './time.ts';
import type { Lots, Paise, Side } from './units.ts';

/** Number of an order within its run, rising. */
export type OrderId = number & { readonly __orderId: true };
/** Number of a structure within its run, rising. */
export type StructureId = number & { readonly __structureId: true };
/** One strategy on one segment: `atm-straddle/NIFTY`. */
export type AgentId = string & { readonly __agentId: true };

/** How an order may fill. Prices are paise on the tick. */
export type Terms =
  | { readonly kind: 'MARKET' }
  | { readonly kind: 'LIMIT'; readonly price: Paise }
  | { readonly kind: 'STOP_LIMIT'; readonly trigger: Paise; readonly price: Paise };

/** What an order is for; the rate limiter serves protection first, then exits, cancels, entries. */
export type Purpose = 'entry' | 'exit' | 'protection';

/** An intent with a number of its own: what the RMS reviews and a venue fills. */
export interface Order {
  readonly id: OrderId;
  readonly agent: AgentId;
  readonly structure: StructureId;
  /** The strategy's name for the leg within its structure. */
  readonly leg: string;
  readonly instrument: Instrument;
  readonly slot: number;
  readonly side: Side;
  readonly lots: Lots;
  /** Units of the underlying per lot of this contract on this day. */
  readonly lotSize: number;
  readonly terms: Terms;
  readonly purpose: Purpose;
  /** True where the order can only bring the agent's own lots nearer to zero. */
  readonly reduceOnly: boolean;
  readonly reason: string;
  readonly decidedAt: EpochMs;
  /** The price that the decision saw; undefined where none was fresh. */
  readonly decisionPrice: Paise | undefined;
}

declare const approved: unique symbol;

/** An order that the RMS let through; nothing else can be submitted. */
export type ApprovedOrder = Order & { readonly [approved]: true };

/** How much the market said at the instant of a fill. */
export type EvidenceGrade = 'quoted' | 'traded' | 'volume-unknown' | 'stale' | 'modelled';

/**
 * Where the half-spread of a fill comes from: the cell it fell in, a wider cell around that, the assumed share of premium because
 * neither was measured; `none` where no spread was paid.
 */
export type SpreadSource = 'measured' | 'pooled' | 'assumed' | 'none';

/** The steps from the candle to the price paid, each in paise per unit, so that a reader can check the fill. */
export interface FillSteps {
  /** Open, high, low, close and volume of the minute that was played; volume -1 where unknown. */
  readonly candle: readonly [number, number, number, number, number] | undefined;
  /** Price on the path (or the last tick) at the venue's instant, in paise and possibly between ticks. */
  readonly path: number;
  /** Part that brings the path price to a tick, against the one who trades. */
  readonly rounding: number;
  readonly halfSpread: number;
  readonly spread: SpreadSource;
  readonly slippage: number;
}

/** Lots at a price, with the charges that this part of its order adds. */
export interface Fill {
  readonly order: OrderId;
  readonly lots: Lots;
  readonly price: Paise;
  /** The venue's instant; the engine knows of it later. */
  readonly tsExchange: EpochMs;
  readonly grade: EvidenceGrade;
  /** How it filled: at the going price, at its own limit, or at expiry's settlement. */
  readonly manner: 'taken' | 'passive' | 'settled';
  readonly steps: FillSteps;
  readonly charges: Levies;
}

/** Why a leg or a structure ended. Files print the ordering documents' words for these codes. */
export const EXIT_REASONS = [
  'SL',
  'TSL',
  'TARGET',
  'TIME',
  'RISK',
  'MANUAL',
  'SHIFT',
  'REVERSAL',
  'EXPIRY',
  'UNWIND',
  'STOP',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];
