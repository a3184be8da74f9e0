import type { AgentPlan } from '../engine/kernel-parts.ts';
import type { TradingCalendar } from '../engine/market/calendar.ts';
import type { CandleSpan } from '../engine/market/candle-builder.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { UserError } from './user-error.ts';

/** Sessions before a run that its strategies see first, and how many closed candles they need of them. */
export interface WarmUp {
  readonly days: readonly Day[];
  /** The largest number of closed candles that a strategy asks for. */
  readonly candles: number;
}

/** Further back than this nobody's candles are looked for. */
const DAYS_BACK_MAX = 2_000;

/** The ordinary sessions before a day that hold the closed candles every agent asks for. */
export function warmUpOf(parts: {
  readonly calendar: TradingCalendar;
  readonly agents: readonly AgentPlan[];
  readonly from: Day;
}): WarmUp {
  const wanted = parts.agents.flatMap(({ definition, params, segment }) =>
    (definition.universe(params, segment).series ?? []).map((series) => ({ ...series, segment })),
  );
  let candles = 0;
  let farthest: readonly Day[] = [];
  for (const { span, warmUp, segment } of wanted) {
    candles = Math.max(candles, warmUp);
    const days = daysBack(parts.calendar, { from: parts.from, span, warmUp, exchange: exchangeOf(segment) });
    if (days.length > farthest.length) farthest = days;
  }
  return { days: farthest, candles };
}

function daysBack(
  calendar: TradingCalendar,
  wanted: {
    readonly from: Day;
    readonly span: CandleSpan;
    readonly warmUp: number;
    readonly exchange: 'NFO' | 'BFO';
  },
): readonly Day[] {
  const days: Day[] = [];
  let [have, day] = [0, wanted.from];
  while (have < wanted.warmUp) {
    const before = calendar.previousTradingDay(day, { sessions: 'ordinary', exchange: wanted.exchange });
    if (before === undefined || days.length >= DAYS_BACK_MAX) {
      throw new UserError(
        `--from must leave room for a warm-up of ${wanted.warmUp} candles before it, was ${wanted.from}; the tables begin on ${calendar.firstDay}`,
      );
    }
    days.unshift(before);
    have += candlesOn(calendar, { ...wanted, day: before });
    day = before;
  }
  return days;
}

/** Closed candles that one session adds. */
function candlesOn(
  calendar: TradingCalendar,
  { day, span, exchange }: { readonly day: Day; readonly span: CandleSpan; readonly exchange: 'NFO' | 'BFO' },
): number {
  if (span === 'day') return 1;
  // The week that ends last closes only when the next one begins, so a session counts for a little less than a fifth of one.
  if (span === 'week') return 1 / 6;
  const windows = calendar.sessionOn(day, exchange)?.windows ?? [];
  return windows.reduce((sum, { open, close }) => sum + Math.ceil((close - open) / span), 0);
}
