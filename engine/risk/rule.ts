import { broken } from '../assert.ts';
import type { AgentId, Order } from '../model/order.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { Halt } from './halts.ts';
import type { MoneyWatch, ScopeMoney } from './money-watch.ts';
import type { AgentMoney, RiskView } from './risk-view.ts';
import type { RmsSettings } from './rms-settings.ts';

export type Denial = Extract<Verdict, { kind: 'denied' }>;

/** An order that adds risk: the only kind that a rule can be asked about, so none can deny an order that reduces it. */
export type EntryOrder = Order & { readonly reduceOnly: false };

/** What the RMS remembers of the day, as its rules read it. */
export interface RmsState {
  readonly account: ScopeMoney;
  /** The watched money that an agent's belongs to, the widest first: the account, its segment, and its own where it has limits. */
  scopesOf(agent: AgentId): readonly MoneyWatch[];
  halted(agent: AgentId): Halt | undefined;
}

/** What a rule reads beside the order itself. */
export interface RuleContext {
  readonly request: EntryRequest;
  readonly view: RiskView;
  readonly settings: RmsSettings;
  readonly state: RmsState;
}

/**
 * One limit. `always` rules hold for any order that leaves the house (orders that reduce are cut and priced to them elsewhere, not
 * denied), `entry` rules for new risk only. Limits and values are paise, lots, counts, or minutes since midnight.
 */
export interface RmsRule {
  readonly name: string;
  readonly applies: 'entry' | 'always';
  readonly review: (order: EntryOrder, context: RuleContext) => Denial | undefined;
}

export function denied(rule: string, limit: number | undefined, value: number | undefined, reason: string): Denial {
  return { kind: 'denied', rule, limit, value, reason };
}

export function moneyOfAgent(view: RiskView, id: AgentId): AgentMoney {
  for (const money of view.agents) if (money.agent === id) return money;
  return broken(`the risk view holds no agent ${id}`);
}
