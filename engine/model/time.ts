import { broken, invariant } from '../assert.ts';
import type { Unit } from './units.ts';

/** Milliseconds since 1970 UTC; days and clock times of the program are read from it in Indian Standard Time. */
export type EpochMs = Unit<'EpochMs'>;

/** A calendar day in India, `2025-01-02`. Such texts sort by time. */
export type Day = string & { readonly __day: true };

/** A clock time in India, `09:20`. */
export type IstTime = string & { readonly __istTime: true };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** India keeps one offset all year, without daylight saving, since 1945. */
export const IST_OFFSET_MS = 19_800_000;

export function epochMs(value: number): EpochMs {
  if (!Number.isSafeInteger(value)) broken(`a time must be a whole number of milliseconds, was ${value}`);
  return value as EpochMs;
}

export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const number = dayNumberOf(text);
  return dayOfNumber(number) === text;
}

export function day(text: string): Day {
  invariant(isDay(text), `a day reads YYYY-MM-DD and exists in the calendar, was "${text}"`);
  return text;
}

export function istTime(text: string): IstTime {
  invariant(/^([01]\d|2[0-3]):[0-5]\d$/.test(text), `a time of day reads HH:MM, was "${text}"`);
  return text as IstTime;
}

/** Days since 1970-01-01 (proleptic Gregorian; H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayNumberOf(text: string): number {
  const month = Number(text.slice(5, 7));
  const year = Number(text.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(text.slice(8, 10)) - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The inverse of `dayNumberOf`. */
export function dayOfNumber(number: number): Day {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex + (monthIndex < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}` as Day;
}

export function addDays(from: Day, count: number): Day {
  return dayOfNumber(dayNumberOf(from) + count);
}

/** Whole days from one day to another, negative when the second is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumberOf(to) - dayNumberOf(from);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(of: Day): number {
  return (dayNumberOf(of) + 3) % 7;
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** The instant of a clock time on a day. */
export function at(of: Day, time: IstTime): EpochMs {
  return epochMs(dayNumberOf(of) * DAY_MS - IST_OFFSET_MS + minutesOf(time) * MINUTE_MS);
}

/** Minutes since midnight. */
export function minutesOf(time: IstTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function istTimeOfMinutes(minutes: number): IstTime {
  if (!(minutes >= 0 && minutes < 1_440)) broken(`minutes of a day are 0 to 1439, was ${minutes}`);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` as IstTime;
}

export function dayOf(ts: EpochMs): Day {
  return dayOfNumber(Math.floor((ts + IST_OFFSET_MS) / DAY_MS));
}

/** Milliseconds since midnight in India. */
export function msOfDay(ts: EpochMs): number {
  const shifted = ts + IST_OFFSET_MS;
  return shifted - Math.floor(shifted / DAY_MS) * DAY_MS;
}

/** The minute that an instant lies in, `09:20`. */
export function istTimeOf(ts: EpochMs): IstTime {
  return istTimeOfMinutes(Math.floor(msOfDay(ts) / MINUTE_MS));
}

/** `09:20:01.300` in India. */
export function clockText(ts: EpochMs): string {
  const ms = msOfDay(ts);
  const seconds = Math.floor(ms / SECOND_MS) % 60;
  return `${istTimeOfMinutes(Math.floor(ms / MINUTE_MS))}:${two(seconds)}.${String(ms % SECOND_MS).padStart(3, '0')}`;
}

/** `2025-01-02 09:20:01.300` in India. */
export function stampText(ts: EpochMs): string {
  return `${dayOf(ts)} ${clockText(ts)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
