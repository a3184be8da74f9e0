import type { EpochMs } from '../model/time.ts';
import type { MoneyLimits } from './money-limits.ts';
import { limitsR, smallerOf } from './money-limits.ts';
import type { AgentMoney, ClosedResult } from './risk-view.ts';

/** Where a mark comes from: one watched price moved, or the whole market's minute closed. */
export interface Mark {
  readonly kind: 'quote' | 'minute';
}

/** Money of one scope on one day, whole paise. */
export interface ScopeMoney {
  readonly net: number;
  /** Lowest net so far as a positive loss, 0 while the day was never under water. */
  readonly worst: number;
  /** Highest net so far, at least 0. */
  readonly high: number;
}

/** Whose money it is; the names of its rules differ by that. */
export type Level = 'account' | 'segment' | 'agent';

/** The money of the account, of one segment or of one agent through a day: counted up from its agents, then settled, once a mark. */
export class MoneyWatch implements ScopeMoney {
  readonly scope: string;
  readonly level: Level;
  readonly limits: MoneyLimits;
  /** Loss that the day may come to, paise; undefined without a cap. Set in the morning. */
  readonly cap: number | undefined;
  /** Capital that stood this morning, paise; undefined where nobody said. */
  readonly equity: number | undefined;
  /** The wider scope that it is a part of. */
  readonly within: MoneyWatch | undefined;
  /** Everything of it was flattened and halted for the day. */
  stopped = false;
  /** Its profit target was reached and proven. */
  targetReached = false;
  /** A row of losses ended its entries. */
  rowEnded = false;
  /** Structures closed at a loss one after the other, up to the last one that closed. */
  lossesInARow = 0;
  readonly #asksR: boolean;
  #rClosed = 0;
  #sum = 0;
  #rSum = 0;
  #holds = false;
  #engaged = false;
  #net = 0;
  #worst = 0;
  #high = 0;
  #cyclePeak: number | undefined;

  constructor(parts: {
    readonly scope: string;
    readonly level: Level;
    readonly limits: MoneyLimits;
    readonly equity: number | undefined;
    readonly within: MoneyWatch | undefined;
  }) {
    this.scope = parts.scope;
    this.level = parts.level;
    this.limits = parts.limits;
    this.equity = parts.equity;
    this.cap = capOf(parts.limits, parts.equity);
    this.within = parts.within;
    this.#asksR = limitsR(parts.limits);
  }

  get net(): number {
    return this.#net;
  }

  get worst(): number {
    return this.#worst;
  }

  get high(): number {
    return this.#high;
  }

  /** Paise that the cap leaves after the worst loss so far (strategies 5.5: remaining = cap less worst), never under zero. */
  get remaining(): number | undefined {
    return this.cap === undefined ? undefined : Math.max(0, this.cap - this.#worst);
  }

  /** Best net since the present positions were begun; undefined while nothing is held or on its way. */
  get cyclePeak(): number | undefined {
    return this.#cyclePeak;
  }

  /** Sum of R of the day, closed and open, to a billionth, so that the last bits of a sum decide nothing. */
  get r(): number {
    return Math.round((this.#rClosed + this.#rSum) * 1e9) / 1e9;
  }

  /** Whether it or a scope that it is a part of was stopped for the day. */
  get isStopped(): boolean {
    return this.stopped || this.within?.isStopped === true;
  }

  begin(): void {
    this.#sum = 0;
    this.#rSum = 0;
    this.#holds = false;
    this.#engaged = false;
  }

  add(agent: AgentMoney): void {
    this.#sum += agent.net;
    if (this.#asksR) this.#rSum += agent.rOpen;
    if (this.limits.rollingProfit === undefined) return;
    if (!agent.isFlat) this.#holds = true;
    if (agent.isEngaged) this.#engaged = true;
  }

  /** Takes the sum as the net and remembers the day's worst and best. */
  settle(): void {
    const net = this.#sum;
    this.#net = net;
    if (-net > this.#worst) this.#worst = -net;
    if (net > this.#high) this.#high = net;
  }

  /**
   * Follows the best net of the present positions, where it is asked for. They begin with the first lots held and end when nothing is held
   * and nothing on its way, so that a shift, which closes and enters again in one go, begins no new ones; an entry that rests holds none up.
   */
  followCycle(): void {
    this.endCycle();
    if (this.#cyclePeak === undefined ? this.#holds : this.#net > this.#cyclePeak) this.#cyclePeak = this.#net;
  }

  /** Forgets the best net of positions of which nothing is left. */
  endCycle(): void {
    if (!(this.#holds || this.#engaged)) this.#cyclePeak = undefined;
  }

  /** A structure closed: one that broke even ends a row of losses. */
  noteClosed({ net, r }: ClosedResult): void {
    this.lossesInARow = net < 0 ? this.lossesInARow + 1 : 0;
    this.#rClosed += r;
  }
}

/** To a grid first, so that the last bits of a share decide nothing; then down, since a smaller cap is the safer one. */
function capOf({ lossPerDayMax, lossPerDayPct }: MoneyLimits, equity: number | undefined): number | undefined {
  if (lossPerDayPct === undefined || equity === undefined) return lossPerDayMax;
  return smallerOf(lossPerDayMax, Math.max(0, Math.floor(Math.round(equity * lossPerDayPct * 10) / 1_000)));
}

/**
 * Money beyond a limit counts as proven by two marks a stated time apart with none on the right side between them, or by one close of
 * a minute: one false print does nothing. It is proven once.
 */
export class Proof {
  readonly #apartMs: number;
  #since: EpochMs | undefined;
  #proven = false;

  constructor(apartMs: number) {
    this.#apartMs = apartMs;
  }

  /** True at the one mark that completes the proof. */
  completedBy(beyond: boolean, now: EpochMs, mark: Mark): boolean {
    if (this.#proven) return false;
    if (!beyond) {
      this.#since = undefined;
      return false;
    }
    this.#since ??= now;
    this.#proven = mark.kind === 'minute' || now - this.#since >= this.#apartMs;
    return this.#proven;
  }
}
