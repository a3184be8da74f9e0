import type { AgentId, Order } from './order.ts';

/** A structure that an agent asks to enter: its orders and what it may lose at its guards plus slippage allowance (paise). */
export interface EntryRequest {
  readonly agent: AgentId;
  readonly orders: readonly Order[];
  readonly plannedLoss: number | undefined;
  /** Lots that the structure holds already, where the orders add to an open one: it is no new structure then. */
  readonly addsToLots?: number;
  /** The same of the one leg that they add to. */
  readonly addsToLeg?: number;
  /** Whether the orders rest at the venue already and are looked at anew: their lots and margin are counted among what is held. */
  readonly rests?: boolean;
  /** What a new structure is called. */
  readonly name?: string;
  /** What its strategy calls one R of it, paise; undefined where its stops or its planned loss say it. */
  readonly risk?: number | undefined;
}

/** Answer to one order; a denial names its rule, and limit and value where the rule compares numbers. */
export type Verdict =
  | { readonly kind: 'approved' }
  | {
      readonly kind: 'denied';
      readonly rule: string;
      readonly limit: number | undefined;
      readonly value: number | undefined;
      readonly reason: string;
    };
