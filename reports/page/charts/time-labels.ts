import type { EpochMs } from '../../../engine/model/time.ts';
import { dayOf, istTimeOf } from '../../../engine/model/time.ts';

/** A label of a time axis, at the index of the first point that it names. */
export interface TimeLabel {
  readonly at: number;
  readonly text: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * At most `count` labels of an axis on which each point takes the same room, so that nights and holidays take none: clock times within
 * one day, else days, months or years, whichever fit.
 */
export function timeLabels(times: readonly number[], count: number): readonly TimeLabel[] {
  const days = times.map((ts) => dayOf(ts as EpochMs));
  const single = days[0] === days.at(-1);
  const choices: readonly ((at: number) => string)[] = single
    ? [(at) => istTimeOf((times[at] ?? 0) as EpochMs), (at) => halfHour(times[at] ?? 0), (at) => hour(times[at] ?? 0)]
    : [(at) => days[at] ?? '', (at) => (days[at] ?? '').slice(0, 7), (at) => (days[at] ?? '').slice(0, 4)];
  const labels = choices.map((keyOf) => changes(times.length, keyOf));
  // A few too many are thinned out, which says more than the next coarser unit would.
  const fitting = labels.find((found) => found.length <= count * 3) ?? labels.at(-1) ?? [];
  // The first point of a day seldom stands on the round time that it belongs to.
  const round = single
    ? fitting.filter(({ at, key }) => at > 0 || key === istTimeOf((times[0] ?? 0) as EpochMs))
    : fitting;
  const every = Math.ceil(round.length / count);
  return round
    .filter((_, index) => index % every === 0)
    .map(({ at, key }) => ({ at, text: single ? key : named(key) }));
}

/** `2025-01-06` as `6 Jan`, `2025-01` as `Jan 25`, `2025` as itself. */
function named(key: string): string {
  const month = MONTHS[Number(key.slice(5, 7)) - 1];
  if (key.length === 10) return `${Number(key.slice(8))} ${month}`;
  return key.length === 7 ? `${month} ${key.slice(2, 4)}` : key;
}

function halfHour(ts: number): string {
  const time = istTimeOf(ts as EpochMs);
  return `${time.slice(0, 3)}${time.slice(3) < '30' ? '00' : '30'}`;
}

function hour(ts: number): string {
  return `${istTimeOf(ts as EpochMs).slice(0, 3)}00`;
}

function changes(
  length: number,
  keyOf: (at: number) => string,
): readonly { readonly at: number; readonly key: string }[] {
  const found: { at: number; key: string }[] = [];
  for (let at = 0; at < length; at += 1) {
    const key = keyOf(at);
    if (found.at(-1)?.key !== key) found.push({ at, key });
  }
  return found;
}
