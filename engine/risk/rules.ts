import { instrumentKey } from '../model/instrument.ts';
import type { Order } from '../model/order.ts';
import { epochMs, istTimeOf, MINUTE_MS, minutesOf, msOfDay } from '../model/time.ts';
import { rupeesText, TICK } from '../model/units.ts';
import { COUNT_RULES } from './count-rules.ts';
import { haltText } from './halts.ts';
import { LOSS_RULES } from './loss-rules.ts';
import { MARGIN_RULE } from './margin-rule.ts';
import { squareOffOf } from './rms-settings.ts';
import type { Denial, EntryOrder, RmsRule, RuleContext } from './rule.ts';
import { denied } from './rule.ts';

/** All rules in the order in which they are asked. */
export const RMS_RULES: readonly RmsRule[] = [
  { name: 'lot-size', applies: 'always', review: reviewLotSize },
  { name: 'tick', applies: 'always', review: reviewTick },
  { name: 'freeze', applies: 'always', review: reviewFreeze },
  { name: 'profit-target', applies: 'entry', review: reviewProfitTarget },
  { name: 'halted', applies: 'entry', review: reviewHalted },
  { name: 'trading-window', applies: 'entry', review: reviewTradingWindow },
  { name: 'square-off', applies: 'entry', review: reviewSquareOff },
  ...COUNT_RULES,
  ...LOSS_RULES,
  MARGIN_RULE,
];

function reviewLotSize(order: EntryOrder, { view }: RuleContext): Denial | undefined {
  const { lotSize } = view.limitsOf(order);
  if (lotSize === undefined || order.lotSize === lotSize) return undefined;
  const reason = `a lot of ${instrumentKey(order.instrument)} holds ${lotSize} units today, the order has ${order.lotSize}`;
  return denied('lot-size', lotSize, order.lotSize, reason);
}

function reviewTick(order: EntryOrder): Denial | undefined {
  const off = pricesOf(order).find((price) => price <= 0 || price % TICK !== 0);
  if (off === undefined) return undefined;
  return denied(
    'tick',
    TICK,
    off,
    `a price is a positive multiple of ${rupeesText(TICK)} rupees, was ${rupeesText(off)}`,
  );
}

const NO_PRICES: readonly number[] = [];

function pricesOf({ terms }: Order): readonly number[] {
  if (terms.kind === 'MARKET') return NO_PRICES;
  return terms.kind === 'LIMIT' ? [terms.price] : [terms.trigger, terms.price];
}

function reviewFreeze(order: EntryOrder, { view }: RuleContext): Denial | undefined {
  const most = view.limitsOf(order).lotsPerOrderMax;
  if (most === undefined || order.lots <= most) return undefined;
  const reason = `the exchange takes ${most} lots of ${instrumentKey(order.instrument)} in one order, the order has ${order.lots}`;
  return denied('freeze', most, order.lots, reason);
}

/** Entries end with the first mark at the target, before it is proven. */
function reviewProfitTarget(order: EntryOrder, { state }: RuleContext): Denial | undefined {
  for (const { level, scope, net, targetReached, limits } of state.scopesOf(order.agent)) {
    const target = limits.profitPerDayTarget;
    if (target === undefined || !(targetReached || net >= target)) continue;
    const of = level === 'account' ? '' : ` of ${scope}`;
    const reason = `the day's profit target${of} of ${rupeesText(target)} rupees is reached, the net stands at ${rupeesText(net)}`;
    return denied('profit-target', target, net, reason);
  }
  return undefined;
}

function reviewHalted(order: EntryOrder, { state }: RuleContext): Denial | undefined {
  const halt = state.halted(order.agent);
  return halt === undefined ? undefined : denied('halted', halt.limit, halt.value, haltText(halt));
}

function reviewTradingWindow(_order: EntryOrder, { view, settings }: RuleContext): Denial | undefined {
  const { now } = view;
  const minute = Math.floor(msOfDay(now) / MINUTE_MS);
  const { entryFrom, entryTo } = settings;
  if (entryFrom !== undefined && minute < minutesOf(entryFrom)) {
    const reason = `entries begin at ${entryFrom}, it is ${istTimeOf(now)}`;
    return denied('trading-window', minutesOf(entryFrom), minute, reason);
  }
  if (entryTo !== undefined && minute > minutesOf(entryTo)) {
    const reason = `entries end with the minute ${entryTo}, it is ${istTimeOf(now)}`;
    return denied('trading-window', minutesOf(entryTo), minute, reason);
  }
  for (const { open, close } of view.windows) if (now >= open && now < close) return undefined;
  const time = istTimeOf(now);
  const windows = view.windows.map(({ open, close }) => `${istTimeOf(open)} to ${istTimeOf(close)}`).join(' and ');
  return denied(
    'trading-window',
    undefined,
    minute,
    `the market trades ${windows || 'not at all'} today, it is ${time}`,
  );
}

function reviewSquareOff(_order: EntryOrder, { view, settings }: RuleContext): Denial | undefined {
  const squareOff = squareOffOf(settings, view);
  const last = epochMs(squareOff - settings.squareOffQuietMs);
  if (view.now < last) return undefined;
  const [limit, time] = [istTimeOf(last), istTimeOf(view.now)];
  const reason = `nothing is entered from ${limit}, ${settings.squareOffQuietMs / MINUTE_MS} minutes before the square-off at ${istTimeOf(squareOff)}, it is ${time}`;
  return denied('square-off', minutesOf(limit), minutesOf(time), reason);
}
