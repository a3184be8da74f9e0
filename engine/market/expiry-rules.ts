import { compareText } from '../model/instrument.ts';
import type { ExpiryRule, ExpiryType } from '../model/reference.ts';
import type { Day } from '../model/time.ts';
import { addDays, dayNumberOf, dayOfNumber, weekdayOf } from '../model/time.ts';
import type { TradingCalendar } from './calendar.ts';

/** An expiry that follows from a weekday rule and the holidays. */
export interface RuledExpiry {
  readonly expiry: Day;
  readonly type: ExpiryType;
  readonly scheduled: Day;
}

/** The expiries of one underlying that its weekday rules give between two days, both included, rising. */
export function expiriesByRule(parts: {
  readonly rules: readonly ExpiryRule[];
  readonly calendar: TradingCalendar;
  readonly from: Day;
  readonly to: Day;
}): readonly RuledExpiry[] {
  const { rules, calendar, from, to } = parts;
  const monthlies = rules.flatMap((rule) => (rule.type === 'monthly' ? lastWeekdays(rule.weekday, from, to) : []));
  const kept = keep(monthlies, 'monthly', parts);
  const monthlyWeeks = new Set(kept.map((one) => weekOf(one.scheduled)));
  const weeklies = rules.flatMap((rule) => (rule.type === 'weekly' ? everyWeekday(rule.weekday, from, to) : []));
  const free = weeklies.filter((day) => !monthlyWeeks.has(weekOf(day)));
  return [...kept, ...keep(free, 'weekly', { rules, calendar, from, to })].sort((a, b) =>
    compareText(a.expiry, b.expiry),
  );
}

/** A holiday pulls an expiry back to the business day before. */
export function pulledBack(scheduled: Day, calendar: TradingCalendar): Day {
  let day = scheduled;
  while (!calendar.isBusinessDay(day) && day > calendar.firstDay) day = addDays(day, -1);
  return day;
}

function keep(
  scheduled: readonly Day[],
  type: ExpiryType,
  parts: {
    readonly rules: readonly ExpiryRule[];
    readonly calendar: TradingCalendar;
    readonly from: Day;
    readonly to: Day;
  },
): readonly RuledExpiry[] {
  const all = [...new Set(scheduled)].map((day) => ({ expiry: pulledBack(day, parts.calendar), type, scheduled: day }));
  return all.filter(({ expiry, scheduled: day }) => {
    const rule = parts.rules.find((row) => row.type === type && isInside(expiry, row));
    return rule?.weekday === weekdayOf(day) && expiry >= parts.from && expiry <= parts.to;
  });
}

function isInside(expiry: Day, rule: ExpiryRule): boolean {
  return expiry >= rule.first && (rule.last === undefined || expiry <= rule.last);
}

function everyWeekday(weekday: number, from: Day, to: Day): readonly Day[] {
  const days: Day[] = [];
  let day = addDays(from, (weekday - weekdayOf(from) + 7) % 7);
  for (; day <= addDays(to, 7); day = addDays(day, 7)) days.push(day);
  return days;
}

function lastWeekdays(weekday: number, from: Day, to: Day): readonly Day[] {
  return everyWeekday(weekday, from, to).filter((day) => addDays(day, 7).slice(0, 7) !== day.slice(0, 7));
}

/** The Monday that a day's week begins with. */
function weekOf(day: Day): Day {
  return dayOfNumber(dayNumberOf(day) - weekdayOf(day));
}
