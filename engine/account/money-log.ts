import type { MoneyMinutes } from '../journal.ts';
import type { AgentId } from '../model/order.ts';
import type { AgentBook } from './agent-book.ts';

const BLOCK_ROWS = 32_768;

/** Some minutes of money in columns of a fixed length. */
class Block {
  readonly ts = new Float64Array(BLOCK_ROWS);
  readonly agent = new Uint16Array(BLOCK_ROWS);
  readonly gross = new Float64Array(BLOCK_ROWS);
  readonly charges = new Float64Array(BLOCK_ROWS);
  readonly openLots = new Int32Array(BLOCK_ROWS);
  rows = 0;
}

/** Collects money per minute and agent, block by block, so that no row is copied until somebody asks for all. */
export class MoneyLog {
  readonly #agents: readonly AgentId[];
  readonly #full: Block[] = [];
  #block = new Block();

  constructor(agents: readonly AgentId[]) {
    this.#agents = agents;
  }

  add(ts: number, agent: number, book: AgentBook): void {
    if (this.#block.rows === BLOCK_ROWS) {
      this.#full.push(this.#block);
      this.#block = new Block();
    }
    const block = this.#block;
    const row = block.rows;
    block.ts[row] = ts;
    block.agent[row] = agent;
    block.gross[row] = book.gross;
    block.charges[row] = book.charges.total;
    block.openLots[row] = book.openLots;
    block.rows = row + 1;
  }

  clear(): void {
    this.#full.length = 0;
    this.#block.rows = 0;
  }

  minutes(): MoneyMinutes {
    const blocks = [...this.#full, this.#block];
    const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
    const all = {
      agents: this.#agents,
      ts: new Float64Array(rows),
      agent: new Uint16Array(rows),
      gross: new Float64Array(rows),
      charges: new Float64Array(rows),
      openLots: new Int32Array(rows),
    };
    let from = 0;
    for (const block of blocks) {
      for (const column of ['ts', 'agent', 'gross', 'charges', 'openLots'] as const)
        all[column].set(block[column].subarray(0, block.rows), from);
      from += block.rows;
    }
    return all;
  }
}
