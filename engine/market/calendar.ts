import { invariant } from '../assert.ts';
import type { PreviousSessions } from '../model/event.ts';
import { InForce } from '../model/in-force.ts';
import type { Exchange } from '../model/instrument.ts';
import type { CalendarTables, SessionHours, SessionKind, SpecialSession } from '../model/reference.ts';
import type { Day, EpochMs, IstTime } from '../model/time.ts';
import { addDays, at, epochMs, MINUTE_MS, WEEKDAYS, weekdayOf } from '../model/time.ts';

export interface SessionWindow {
  readonly open: EpochMs;
  readonly close: EpochMs;
}

/** The trading of one exchange on one day. */
export interface Session {
  readonly day: Day;
  /** When it traded, halts and outages cut out. */
  readonly windows: readonly SessionWindow[];
  /** The windows as they were known before the open: a halt or an outage is not in them. */
  readonly planned: readonly SessionWindow[];
  readonly kind: SessionKind;
  /** Announced to differ from an ordinary weekday: a strategy takes part only when it says so. Halts are not announced. */
  readonly special: boolean;
  readonly name: string;
  /** When the index stops being a live price: its shares leave continuous trading. */
  readonly indexLiveUntil: EpochMs;
  /** When the settlement level of contracts expiring today is known. */
  readonly settlementAt: EpochMs;
  /** False after the last day of evidence and where the row itself is not sure. */
  readonly sure: boolean;
}

/** Which sessions a walk over days counts: all of them, or only ordinary days. */
export interface SessionChoice {
  readonly sessions?: 'all' | 'ordinary';
  readonly exchange?: Exchange;
}

/** Further than this the walk for a neighbouring session gives up: no market stays closed so long. */
const CLOSED_DAYS_MAX = 30;

/**
 * When the market is open, from dated tables only: hours by date, holidays, special sessions. Before the first day of the tables
 * there are no sessions; after the last evidence the last known hours and the published holidays go on, not sure.
 */
export class TradingCalendar {
  readonly firstDay: Day;
  readonly verifiedUntil: Day;
  readonly #tables: CalendarTables;
  readonly #hours: InForce<SessionHours>;
  readonly #holidays: ReadonlyMap<Day, CalendarTables['holidays'][number]>;
  readonly #special: ReadonlyMap<Exchange, ReadonlyMap<Day, SpecialSession>>;
  readonly #sessions: ReadonlyMap<Exchange, Map<Day, Session | undefined>>;

  constructor(tables: CalendarTables) {
    this.#tables = tables;
    this.firstDay = tables.firstDay;
    this.verifiedUntil = tables.verifiedUntil;
    this.#hours = new InForce(tables.hours);
    this.#holidays = new Map(tables.holidays.map((holiday) => [holiday.day, holiday]));
    this.#special = new Map([
      ['NFO', specialOf('NFO', tables)],
      ['BFO', specialOf('BFO', tables)],
    ]);
    this.#sessions = new Map([
      ['NFO', new Map()],
      ['BFO', new Map()],
    ]);
  }

  /** The session of a day, undefined when closed. */
  sessionOn(day: Day, exchange: Exchange = 'NFO'): Session | undefined {
    const seen = this.#sessions.get(exchange);
    invariant(seen !== undefined, `an exchange is NFO or BFO, was ${exchange}`);
    if (seen.has(day)) return seen.get(day);
    const session = this.#sessionOf(day, exchange);
    seen.set(day, session);
    return session;
  }

  /** Why a day has no session; undefined when it has one. */
  reasonClosed(day: Day, exchange: Exchange = 'NFO'): string | undefined {
    if (day < this.firstDay) return `before ${this.firstDay}, the first day of the tables`;
    const special = this.#special.get(exchange)?.get(day);
    if (special !== undefined) return special.windows.length > 0 ? undefined : `${special.name} without known hours`;
    const holiday = this.#holidays.get(day);
    if (holiday !== undefined) return `holiday: ${holiday.name}`;
    return isWeekend(day) ? LONG_WEEKDAYS[weekdayOf(day)] : undefined;
  }

  /** Days with a session, both ends included. */
  tradingDays(from: Day, to: Day, choice: SessionChoice = {}): readonly Day[] {
    const days: Day[] = [];
    for (let day = from < this.firstDay ? this.firstDay : from; day <= to; day = addDays(day, 1)) {
      if (this.#counts(day, choice)) days.push(day);
    }
    return days;
  }

  /** The last day with a session before a day; undefined before the tables begin. */
  previousTradingDay(day: Day, choice: SessionChoice = {}): Day | undefined {
    return this.#neighbour(day, -1, choice);
  }

  /** The sessions before a day: the last one of any kind, and the last ordinary one. */
  previousSessions(day: Day, exchange: Exchange): PreviousSessions {
    return {
      any: this.previousTradingDay(day, { exchange }),
      ordinary: this.previousTradingDay(day, { exchange, sessions: 'ordinary' }),
    };
  }

  /** The first day with a session after a day. */
  nextTradingDay(day: Day, choice: SessionChoice = {}): Day | undefined {
    return this.#neighbour(day, 1, choice);
  }

  /**
   * Whether a day counts as a business day for expiries, as it was known at the end of another day: late holidays do not count
   * before their notice, and drills and Muhurat sessions never make a business day.
   */
  isBusinessDay(day: Day, knownOn: Day = day): boolean {
    if (day < this.firstDay) return false;
    const special = this.#special.get('NFO')?.get(day) ?? this.#special.get('BFO')?.get(day);
    if (special?.countsForExpiry === true && isKnown(special.knownSince, knownOn)) return true;
    if (isWeekend(day)) return false;
    const withdrawn = this.#tables.withdrawn.find((row) => row.day === day);
    if (withdrawn !== undefined && knownOn < withdrawn.withdrawnOn) return false;
    const holiday = this.#holidays.get(day);
    return holiday === undefined || !isKnown(holiday.knownSince, knownOn);
  }

  /** Business days after a day, up to and including another, as known at the end of the first. */
  businessDaysBetween(day: Day, until: Day): number {
    let count = 0;
    for (let next = addDays(day, 1); next <= until; next = addDays(next, 1)) {
      if (this.isBusinessDay(next, day)) count += 1;
    }
    return count;
  }

  #sessionOf(day: Day, exchange: Exchange): Session | undefined {
    if (this.reasonClosed(day, exchange) !== undefined) return undefined;
    const hours = this.#hours.rowOn(day);
    invariant(hours !== undefined, `no trading hours are known on ${day}`);
    const regular = windowOn(day, hours.value);
    const row = this.#special.get(exchange)?.get(day);
    const unplanned = row !== undefined && UNPLANNED.has(row.kind);
    const windows = row === undefined ? [regular] : row.windows.map((window) => windowOn(day, window));
    const planned = unplanned ? [regular] : windows;
    const end = windows.at(-1)?.close;
    invariant(end !== undefined, `the session of ${day} has no window`);
    return {
      day,
      windows,
      planned,
      kind: row?.kind ?? 'regular',
      special: row !== undefined && !unplanned,
      name: row?.name ?? WEEKDAYS[weekdayOf(day)] ?? '',
      indexLiveUntil: epochMs(end - hours.value.indexEndsBeforeClose * MINUTE_MS),
      settlementAt: epochMs(end - hours.value.settlementBeforeClose * MINUTE_MS),
      sure: day <= this.verifiedUntil && hours.sure && (row?.sure ?? true),
    };
  }

  #counts(day: Day, choice: SessionChoice): boolean {
    const session = this.sessionOn(day, choice.exchange);
    return session !== undefined && (choice.sessions !== 'ordinary' || !session.special);
  }

  #neighbour(day: Day, step: 1 | -1, choice: SessionChoice): Day | undefined {
    let walked = day;
    for (let i = 0; i < CLOSED_DAYS_MAX; i += 1) {
      walked = addDays(walked, step);
      if (this.#counts(walked, choice)) return walked;
    }
    return undefined;
  }
}

/** Kinds that nobody knew before the open. */
const UNPLANNED: ReadonlySet<SessionKind> = new Set<SessionKind>(['halt', 'outage', 'extended']);

const LONG_WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

function specialOf(exchange: Exchange, tables: CalendarTables): ReadonlyMap<Day, SpecialSession> {
  return new Map(tables.special.filter((row) => row.exchanges.includes(exchange)).map((row) => [row.day, row]));
}

function isWeekend(day: Day): boolean {
  return weekdayOf(day) >= 5;
}

function windowOn(day: Day, hours: { readonly open: IstTime; readonly close: IstTime }): SessionWindow {
  return { open: at(day, hours.open), close: at(day, hours.close) };
}

/** A row without a day of notice was known all along. */
function isKnown(since: Day | undefined, knownOn: Day): boolean {
  return since === undefined || since <= knownOn;
}
