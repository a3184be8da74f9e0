import type { CandleSource } from '../adapters/candle-source.ts';
import type { TradingCalendar } from '../engine/market/calendar.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { addDays, daysBetween } from '../engine/model/time.ts';
import { UserError } from './user-error.ts';

/** Which days a run plays and which it leaves out, with the reasons. */
export interface RunDays {
  readonly days: readonly Day[];
  readonly skipped: readonly { readonly day: Day; readonly reason: string }[];
  readonly missing: readonly Day[];
  readonly intervalMs: number;
}

export interface DaysWanted {
  readonly calendar: TradingCalendar;
  readonly segments: readonly Underlying[];
  readonly from: Day;
  readonly to: Day;
  /** Today in India: a session must be over before it can be tested on. */
  readonly today: Day;
  readonly specialSessions: 'include' | 'exclude';
}

const NAMED_MAX = 8;

/** The session days from one day to another, or one sentence that says why there are none. */
export function sessionDays(wanted: DaysWanted): Pick<RunDays, 'days' | 'skipped'> {
  const { calendar, from, to, today } = wanted;
  if (from > to) throw new UserError(`--from must not be after --to, was ${from} after ${to}`);
  if (from < calendar.firstDay) {
    throw new UserError(
      `--from must be ${calendar.firstDay} or later, where the tables of the market begin, was ${from}`,
    );
  }
  if (to > today)
    throw new UserError(`--to must be a day that is over, was ${to}, which lies ahead of today, ${today}`);
  if (to === today) {
    throw new UserError(`--to must be a day that is over, was today, ${to}; its session can be tested on tomorrow`);
  }
  const exchange = exchangeOf(wanted.segments[0] ?? 'NIFTY');
  const all = calendar.tradingDays(from, to, { exchange });
  if (all.length === 0) throw new UserError(closedSentence(calendar, from, to));
  const skipped = all.flatMap((day) => {
    const session = calendar.sessionOn(day, exchange);
    if (session?.special !== true || wanted.specialSessions === 'include') return [];
    return [{ day, reason: `special session (${session.name}); --special-sessions include takes part` }];
  });
  const left = new Set(skipped.map(({ day }) => day));
  const days = all.filter((day) => !left.has(day));
  if (days.length === 0) {
    throw new UserError(
      `${span(from, to)} holds only special sessions; add --special-sessions include to take part in them`,
    );
  }
  return { days, skipped };
}

/** Fits the days to what a source holds: one interval for all, missing days named or left out. */
export function coveredDays(
  source: CandleSource,
  wanted: {
    readonly days: readonly Day[];
    readonly segments: readonly Underlying[];
    readonly intervalMs: number | undefined;
    readonly skipMissing: boolean;
    readonly store: string;
  },
): Pick<RunDays, 'days' | 'missing' | 'intervalMs'> {
  const { segments, skipMissing } = wanted;
  const missing = missingDays(source, wanted);
  const gone = new Set(missing);
  const days = wanted.days.filter((day) => !gone.has(day));
  if (days.length === 0 || (missing.length > 0 && !skipMissing)) throw new UserError(missingSentence(missing, wanted));
  const intervalMs = wanted.intervalMs ?? source.finestInterval({ underlyings: segments, days });
  if (intervalMs === undefined) {
    throw new UserError(
      `no one interval has all days from ${days[0]} to ${days.at(-1)} of ${segments.join(', ')}; name one with --interval, and --skip-missing to leave out the days without it`,
    );
  }
  return { days, missing, intervalMs };
}

function missingDays(
  source: CandleSource,
  {
    days,
    segments,
    intervalMs,
  }: {
    readonly days: readonly Day[];
    readonly segments: readonly Underlying[];
    readonly intervalMs: number | undefined;
  },
): Day[] {
  const missing = new Set<Day>();
  for (const underlying of segments) {
    const list =
      intervalMs === undefined
        ? source.missingDays({ underlying, days })
        : (source.coverage({ underlying, days }).find((of) => of.intervalMs === intervalMs)?.missing ?? days);
    for (const day of list) missing.add(day);
  }
  return days.filter((day) => missing.has(day));
}

function missingSentence(
  missing: readonly Day[],
  {
    segments,
    intervalMs,
    store,
  }: { readonly segments: readonly Underlying[]; readonly intervalMs: number | undefined; readonly store: string },
): string {
  const shown = missing.slice(0, NAMED_MAX).join(', ');
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : '';
  const at = intervalMs === undefined ? '' : ` at ${intervalMs / 60_000}m`;
  return `${store} has no candles of ${segments.join(', ')}${at} on ${shown}${more}; import them with "sim data import PATH --store ${store}" or leave such days out with --skip-missing`;
}

function closedSentence(calendar: TradingCalendar, from: Day, to: Day): string {
  if (from === to)
    return `${from} is no trading day: ${calendar.reasonClosed(from) ?? 'closed'}; choose another --from and --to`;
  const reasons: string[] = [];
  for (let at = 0; at <= Math.min(daysBetween(from, to), NAMED_MAX); at += 1) {
    const day = addDays(from, at);
    reasons.push(`${day} ${calendar.reasonClosed(day) ?? 'closed'}`);
  }
  return `${span(from, to)} holds no trading day (${reasons.join(', ')}); choose another --from and --to`;
}

function span(from: Day, to: Day): string {
  return from === to ? from : `${from} to ${to}`;
}
