import { broken } from './assert.ts';
import type { EpochMs } from './model/time.ts';
import { epochMs } from './model/time.ts';

/** Now. It has no hands: each handled event moves it. */
export class Clock {
  #now: EpochMs = epochMs(0);

  get now(): EpochMs {
    return this.#now;
  }

  advanceTo(ts: EpochMs): void {
    if (!(ts >= this.#now)) broken(`time ran backwards: ${this.#now} to ${ts}`);
    this.#now = ts;
  }
}
