import type { TradingCalendar } from '../engine/market/calendar.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { SessionTable } from './candle-row.ts';

/** The calendar as stored data needs it: each underlying by the hours of its own exchange. */
export function sessionTableOf(calendar: TradingCalendar): SessionTable {
  return {
    knownFrom: calendar.firstDay,
    windowsOn: (day, underlying) => calendar.sessionOn(day, exchangeOf(underlying))?.windows ?? [],
  };
}
