import type { MoneyMinutes } from '../journal.ts';
import type { AgentId } from '../model/order.ts';
import type { AgentBook } from './agent-book.ts';

/** Collects money per minute and agent in growing columns. */
export class MoneyLog {
  readonly #agents: readonly AgentId[];
  #ts = new Float64Array(4_096);
  #agent = new Uint16Array(4_096);
  #gross = new Float64Array(4_096);
  #charges = new Float64Array(4_096);
  #openLots = new Int32Array(4_096);
  #rows = 0;

  constructor(agents: readonly AgentId[]) {
    this.#agents = agents;
  }

  add(ts: number, agent: number, book: AgentBook): void {
    if (this.#rows === this.#ts.length) this.#grow();
    const row = this.#rows;
    this.#ts[row] = ts;
    this.#agent[row] = agent;
    this.#gross[row] = book.gross;
    this.#charges[row] = book.charges.total;
    this.#openLots[row] = book.openLots;
    this.#rows += 1;
  }

  clear(): void {
    this.#rows = 0;
  }

  minutes(): MoneyMinutes {
    const rows = this.#rows;
    return {
      agents: this.#agents,
      ts: this.#ts.slice(0, rows),
      agent: this.#agent.slice(0, rows),
      gross: this.#gross.slice(0, rows),
      charges: this.#charges.slice(0, rows),
      openLots: this.#openLots.slice(0, rows),
    };
  }

  #grow(): void {
    const size = this.#ts.length * 2;
    const grown = <T extends Float64Array | Uint16Array | Int32Array>(fresh: T, old: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#ts = grown(new Float64Array(size), this.#ts);
    this.#agent = grown(new Uint16Array(size), this.#agent);
    this.#gross = grown(new Float64Array(size), this.#gross);
    this.#charges = grown(new Float64Array(size), this.#charges);
    this.#openLots = grown(new Int32Array(size), this.#openLots);
  }
}
