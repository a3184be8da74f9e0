/** What the data lack of a week, as the calendar tells it: zones of a week that was cut off are those of no week. */
import type { Day } from '../engine/strategy.ts';
import { weekOf } from './weekly-zones.ts';

/** Follows the sessions that are played, and what the calendar says came before each. */
export class WeekSessions {
  #day: Day | undefined;
  /** Of the week of the last session: its first session was there; one after it was not. */
  #hasFirst = true;
  #hasHole = false;
  /** The same of the week before it, which the calendar has no other week after. */
  #before = { hasFirst: true, hasHole: false };

  /** A session begins; `previous` is the one before it by the calendar, undefined where nobody knows. True where it is the first of its week. */
  open(day: Day, previous: Day | undefined): boolean {
    const last = this.#day;
    this.#day = day;
    const follows = previous === undefined || previous === last;
    if (last !== undefined && weekOf(last) === weekOf(day)) {
      this.#hasHole ||= !follows;
      return false;
    }
    const isNext = previous === undefined || (last !== undefined && weekOf(previous) === weekOf(last));
    this.#before = { hasFirst: isNext && this.#hasFirst, hasHole: this.#hasHole || !follows };
    this.#hasFirst = previous === undefined || weekOf(previous) !== weekOf(day);
    this.#hasHole = false;
    return true;
  }

  /** Why the present week can have no signal; undefined where it can. */
  get lack(): string | undefined {
    if (!this.#hasFirst) return 'the first session of the week is missing in the data';
    return this.#before.hasFirst ? undefined : 'the week before is not whole in the data';
  }

  /** Whether a later session of the week before is missing: its zones are those of the others. */
  get hasHoleBefore(): boolean {
    return this.#before.hasHole;
  }
}
