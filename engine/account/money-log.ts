import type { MoneyMinutes } from '../journal.ts';
import type { AgentId } from '../model/order.ts';
import type { AgentBook } from './agent-book.ts';

const ROWS_AT_FIRST = 16_384;

/** The columns of minutes with their money. */
interface Columns {
  readonly ts: Float64Array;
  readonly agent: Uint16Array;
  readonly gross: Float64Array;
  readonly charges: Float64Array;
  readonly openLots: Int32Array;
}

/** Collects money per minute and agent in columns that double when they are full, so that a long run is never held twice at its end. */
export class MoneyLog {
  readonly #agents: readonly AgentId[];
  #columns = columnsOf(ROWS_AT_FIRST);
  #rows = 0;

  constructor(agents: readonly AgentId[]) {
    this.#agents = agents;
  }

  add(ts: number, agent: number, book: AgentBook): void {
    const row = this.#rows;
    if (row === this.#columns.ts.length) this.#columns = doubled(this.#columns);
    const columns = this.#columns;
    columns.ts[row] = ts;
    columns.agent[row] = agent;
    columns.gross[row] = book.gross;
    columns.charges[row] = book.charges.total;
    columns.openLots[row] = book.openLots;
    this.#rows = row + 1;
  }

  clear(): void {
    this.#rows = 0;
  }

  /** All minutes so far; they stand until the next day is played. */
  minutes(): MoneyMinutes {
    const { ts, agent, gross, charges, openLots } = this.#columns;
    return {
      agents: this.#agents,
      ts: ts.subarray(0, this.#rows),
      agent: agent.subarray(0, this.#rows),
      gross: gross.subarray(0, this.#rows),
      charges: charges.subarray(0, this.#rows),
      openLots: openLots.subarray(0, this.#rows),
    };
  }
}

function columnsOf(rows: number): Columns {
  return {
    ts: new Float64Array(rows),
    agent: new Uint16Array(rows),
    gross: new Float64Array(rows),
    charges: new Float64Array(rows),
    openLots: new Int32Array(rows),
  };
}

function doubled(columns: Columns): Columns {
  const twice = columnsOf(2 * columns.ts.length);
  twice.ts.set(columns.ts);
  twice.agent.set(columns.agent);
  twice.gross.set(columns.gross);
  twice.charges.set(columns.charges);
  twice.openLots.set(columns.openLots);
  return twice;
}
