import type { TradingCalendar } from '../engine/market/calendar.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { at, MINUTE_MS } from '../engine/model/time.ts';
import type { Config } from './config.ts';
import { UserError } from './user-error.ts';

interface Sessions {
  readonly calendar: TradingCalendar;
  readonly segments: readonly Underlying[];
  readonly days: readonly Day[];
}

/** Refuses times of the account that leave no minute for entries in any session of a run: it would end without a trade and without a word. */
export function refuseClosedWindow({ risk }: Pick<Config, 'risk'>, { calendar, segments, days }: Sessions): void {
  const { entryFrom, entryTo, squareOffAt } = risk;
  const exchange = exchangeOf(segments[0] ?? 'NIFTY');
  const isOpen = days.some((day) => {
    const from = entryFrom === undefined ? 0 : at(day, entryFrom);
    const last = entryTo === undefined ? Number.POSITIVE_INFINITY : at(day, entryTo) + MINUTE_MS;
    const until = squareOffAt === undefined ? last : Math.min(last, at(day, squareOffAt));
    const windows = calendar.sessionOn(day, exchange)?.windows ?? [];
    return windows.some(({ open, close }) => Math.max(open, from) < Math.min(close, until));
  });
  if (isOpen) return;
  const times = Object.entries({ entryFrom, entryTo, squareOffAt }).filter(([, time]) => time !== undefined);
  const named = times.map(([name, time]) => `risk.${name} ${time}`).join(', ');
  throw new UserError(`${named} must leave a minute of a session for entries, was outside of every session of the run`);
}
