import type { CandleSource } from '../adapters/candle-source.ts';
import type { TradingCalendar } from '../engine/market/calendar.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { addDays, daysBetween, MINUTE_MS } from '../engine/model/time.ts';
import { EMBEDDED_MARKET } from './candle-sources.ts';
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
    throw new UserError(`--to must be a day that is over, was today, ${to}; its session can be played tomorrow`);
  }
  const exchange = exchangeOf(wanted.segments[0] ?? 'NIFTY');
  const all = calendar.tradingDays(from, to, { exchange });
  if (all.length === 0) throw new UserError(closedSentence(calendar, from, to));
  const skipped = all.flatMap((day) => {
    const session = calendar.sessionOn(day, exchange);
    if (differs(calendar, day, wanted.segments)) return [{ day, reason: 'NSE and BSE kept different hours' }];
    if (session?.special !== true || wanted.specialSessions === 'include') return [];
    return [{ day, reason: `special session (${session.name}); --special-sessions include takes part` }];
  });
  const left = new Set(skipped.map(({ day }) => day));
  const days = all.filter((day) => !left.has(day));
  if (days.length === 0) {
    const sessions = all.map((day) => `${day} ${calendar.sessionOn(day, exchange)?.name}`);
    throw new UserError(
      `${span(from, to)} has only special sessions (${shown(sessions)}); take part with --special-sessions include`,
    );
  }
  return { days, skipped };
}

/** Days that a source is asked to cover. */
interface Coverable {
  readonly days: readonly Day[];
  readonly segments: readonly Underlying[];
  readonly intervalMs: number | undefined;
  /** How messages call the source. */
  readonly store: string;
}

/** Whether the exchanges of the segments traded at different hours: one clock cannot play both, so such a day is left out. */
function differs(calendar: TradingCalendar, day: Day, segments: readonly Underlying[]): boolean {
  const hours = segments.map((segment) => JSON.stringify(calendar.sessionOn(day, exchangeOf(segment))?.windows ?? []));
  return new Set(hours).size > 1;
}

/** Fits the days to what a source holds: one interval for all, missing days named or left out. */
export function coveredDays(
  source: CandleSource,
  wanted: Coverable & { readonly skipMissing: boolean },
): Pick<RunDays, 'days' | 'missing' | 'intervalMs'> {
  const { segments, skipMissing, store } = wanted;
  const missing = missingDays(source, wanted);
  const gone = new Set(missing);
  const days = wanted.days.filter((day) => !gone.has(day));
  if (days.length === 0 || (missing.length > 0 && !skipMissing)) {
    throw new UserError(wrongInterval(source, wanted) ?? missingSentence(missing, { ...wanted, kind: source.kind }));
  }
  const intervalMs = wanted.intervalMs ?? source.finestInterval({ underlyings: segments, days });
  if (intervalMs === undefined) {
    throw new UserError(
      `${store} has no one interval on all days for ${segments.join(', ')}: ${intervalList(source, wanted)}; choose one with --interval, and --skip-missing leaves out the days without it`,
    );
  }
  return { days, missing, intervalMs };
}

function missingDays(source: CandleSource, { days, segments, intervalMs }: Coverable): Day[] {
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

/** What to say where the interval asked for is not there at all. */
function wrongInterval(source: CandleSource, wanted: Coverable): string | undefined {
  const { segments, days, intervalMs, store } = wanted;
  if (intervalMs === undefined) return undefined;
  const isThere = segments.some((underlying) =>
    source.coverage({ underlying, days }).some((of) => of.intervalMs === intervalMs && of.present.length > 0),
  );
  const others = intervalList(source, wanted);
  if (isThere || others === '') return undefined;
  return `--interval must be one that ${store} has on these days, was ${intervalText(intervalMs)}; it has ${others}`;
}

/** The intervals of some days with how many of the days each has. */
function intervalList(source: CandleSource, { segments, days }: Coverable): string {
  return segments
    .flatMap((underlying) =>
      source
        .coverage({ underlying, days })
        .filter(({ present }) => present.length > 0)
        .map(({ intervalMs, present }) => {
          const many = present.length === days.length ? 'all days' : `${present.length} of ${days.length} days`;
          return `${underlying} at ${intervalText(intervalMs)} on ${many}`;
        }),
    )
    .join(', ');
}

function missingSentence(
  missing: readonly Day[],
  { segments, intervalMs, store, kind }: Coverable & { readonly kind: CandleSource['kind'] },
): string {
  const at = intervalMs === undefined ? '' : ` at ${intervalText(intervalMs)}`;
  const add = kind === 'synthetic' ? `sim data synth --store ${store}` : `sim data import PATH --store ${store}`;
  const remedy = store === EMBEDDED_MARKET ? 'choose other days' : `add them with: ${add}`;
  const what = kind === 'modelled' ? 'index candles' : 'candles';
  return `${store} has no ${what} of ${segments.join(', ')}${at} on ${shown(missing)}; ${remedy}, or leave them out with --skip-missing`;
}

function closedSentence(calendar: TradingCalendar, from: Day, to: Day): string {
  if (from === to) return `${from} is no trading day (${reasonOf(calendar, from)}); choose another --from and --to`;
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => addDays(from, at));
  const reasons = days.map((day) => `${day} ${reasonOf(calendar, day)}`);
  return `${span(from, to)} has no trading day (${shown(reasons)}); choose another --from and --to`;
}

function reasonOf(calendar: TradingCalendar, day: Day): string {
  return calendar.reasonClosed(day) ?? 'closed';
}

/** The first of many, and how many more there are. */
function shown(all: readonly string[]): string {
  const more = all.length > NAMED_MAX ? ` and ${all.length - NAMED_MAX} more` : '';
  return `${all.slice(0, NAMED_MAX).join(', ')}${more}`;
}

function span(from: Day, to: Day): string {
  return from === to ? from : `${from} to ${to}`;
}

function intervalText(intervalMs: number): string {
  return `${intervalMs / MINUTE_MS}m`;
}
