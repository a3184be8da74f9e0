import type { Underlying } from '../../../engine/model/instrument.ts';
import { option } from '../../../engine/model/instrument.ts';
import type { AgentId, Order, OrderId, StructureId } from '../../../engine/model/order.ts';
import type { EpochMs } from '../../../engine/model/time.ts';
import { at, day, epochMs, istTime, SECOND_MS } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import type { EntryRequest } from '../../../engine/model/verdict.ts';
import type { AgentMoney, MarginView, RiskView } from '../../../engine/risk/risk-view.ts';
import { Rms } from '../../../engine/risk/rms.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import { testReference } from '../../support/play.ts';

export const TODAY = day('2025-01-02');
export const STRADDLE = 'atm-straddle/NIFTY' as AgentId;
export const STRANGLE = 'strangle/NIFTY' as AgentId;
export const SENSEX = 'atm-straddle/SENSEX' as AgentId;

/** `10:00:01.500` or `10:00` today. */
export function clock(text: string): EpochMs {
  const seconds = text.length > 5 ? Number(text.slice(6)) : 0;
  return epochMs(at(TODAY, istTime(text.slice(0, 5))) + Math.round(seconds * SECOND_MS));
}

/** Rupees as paise. */
export function rs(rupees: number): number {
  return Math.round(rupees * 100);
}

export function money(agent: AgentId, net = 0, rest: Partial<AgentMoney> = {}): AgentMoney {
  const segment = agent.slice(agent.indexOf('/') + 1) as Underlying;
  return {
    agent,
    segment,
    net,
    structuresToday: 0,
    structuresOpen: 0,
    plannedLossOpen: 0,
    limits: {},
    isFlat: true,
    isEngaged: false,
    rOpen: 0,
    structuresOpenOf: () => 0,
    structuresOpenNamed: () => 0,
    ...rest,
  };
}

export function view(parts: Partial<RiskView> & { readonly time?: string } = {}): RiskView {
  const { time = '10:00:01', ...rest } = parts;
  const windows = [{ open: clock('09:15'), close: clock('15:30') }];
  return {
    now: clock(time),
    day: TODAY,
    opensAt: clock('09:15'),
    closesAt: clock('15:30'),
    windows,
    agents: [money(STRADDLE)],
    limitsOf: () => ({ lotSize: 75, lotsPerOrderMax: 24 }),
    margin: marginView(),
    ...rest,
  };
}

/** An account that holds nothing, NIFTY at 23,500, everything three days from its expiry. */
export function marginView(parts: Partial<MarginView> = {}): MarginView {
  return {
    rates: testReference().contracts.margins.on(TODAY),
    netOfRun: 0,
    legs: [],
    spotOf: () => rs(23_500),
    volatilityOf: () => undefined,
    yearsTo: () => 3 / 365,
    ...parts,
  };
}

export function order(parts: Partial<Order> = {}): Order {
  return {
    id: 1 as OrderId,
    agent: STRADDLE,
    structure: 1 as StructureId,
    leg: 'CE',
    instrument: option('NIFTY', TODAY, paise(2_350_000), 'CE'),
    slot: 1,
    side: 'SELL',
    lots: lots(1),
    lotSize: 75,
    terms: { kind: 'MARKET' },
    purpose: parts.reduceOnly === true ? 'exit' : 'entry',
    reduceOnly: false,
    reason: 'test',
    decidedAt: clock('10:00:01'),
    decisionPrice: paise(10_000),
    ...parts,
  };
}

export function request(
  orders: readonly Order[] = [order()],
  plannedLoss: number | undefined = rs(1_000),
): EntryRequest {
  return { agent: orders[0]?.agent ?? STRADDLE, orders, plannedLoss };
}

/** The same, with a loss that nobody could bound. */
export function unbounded(orders: readonly Order[] = [order()]): EntryRequest {
  return { ...request(orders), plannedLoss: undefined };
}

/** An RMS whose day is open, with every limit off but those named. */
export function opened(settings: Partial<RmsSettings> = {}, from: RiskView = view()): Rms {
  const rms = new Rms({ settings: { ...defaultRmsSettings, ...settings } });
  rms.openDay({ ...from, now: clock('09:15'), agents: from.agents.map((each) => ({ ...each, net: 0 })) });
  return rms;
}

/** Verdicts as words: `approved`, or the rule with its limit and value. */
export function words(rms: Rms, asked: EntryRequest, seen: RiskView): readonly string[] {
  return rms
    .review(asked, seen)
    .map((verdict) =>
      verdict.kind === 'approved' ? 'approved' : `${verdict.rule} limit ${verdict.limit} value ${verdict.value}`,
    );
}

/** The reason of the first denial. */
export function reasonOf(rms: Rms, asked: EntryRequest, seen: RiskView): string | undefined {
  for (const verdict of rms.review(asked, seen)) if (verdict.kind === 'denied') return verdict.reason;
  return undefined;
}
