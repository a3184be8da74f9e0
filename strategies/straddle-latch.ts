import type { StructureView } from '../engine/strategy.ts';
import type { SpreadSettings } from './straddle-params.ts';

/** Where the index stands beyond its range. */
export type Beyond = 'up' | 'down';

/**
 * What keeps a signal from being taken twice. A condition that stands for minutes gives one trade: a debit spread waits until the index was back
 * in its range, a Batman that could not be had whole until the straddle has stopped falling. Structures that are not whole one after the other
 * end the entries of the day, for whoever refuses them refuses the next one too, and every one of them pays the spread twice.
 */
export class EntryLatch {
  readonly #unwindsMax: number;
  /** The side beyond which a spread was bought without the index having been back inside since. */
  #bought: Beyond | undefined;
  /** The same of one that was not whole. */
  #torn: Beyond | undefined;
  /** Whether the lower lows that led to a Batman that was not whole still follow each other. */
  #lowsStand = false;
  #unwinds = 0;

  /** Zero never ends a day. */
  constructor(unwindsMax: number) {
    this.#unwindsMax = unwindsMax;
  }

  openDay(): void {
    this.#bought = undefined;
    this.#torn = undefined;
    this.#lowsStand = false;
    this.#unwinds = 0;
  }

  /** Takes a minute in which the index has a level. */
  seeIndex(broken: Beyond | undefined): void {
    if (broken !== this.#bought) this.#bought = undefined;
    if (broken !== this.#torn) this.#torn = undefined;
  }

  /** Takes a minute in which the straddle has a value that counts. */
  seeStraddle(isLower: boolean): void {
    if (!isLower) this.#lowsStand = false;
  }

  /** A spread has lots: to have wished for it is not enough. */
  noteBought(side: Beyond): void {
    this.#bought = side;
  }

  /** Takes a structure that is closed, a spread with its side; true where it ends the entries of the day. */
  noteClosed(structure: StructureView, side: Beyond | undefined): boolean {
    if (isWhole(structure)) {
      this.#unwinds = 0;
      return false;
    }
    this.#unwinds += 1;
    if (side === undefined) this.#lowsStand = true;
    else if (structure.legs.some(({ entryLots }) => entryLots > 0)) this.#torn = side;
    return this.#unwinds === this.#unwindsMax;
  }

  /** What keeps every signal out. */
  get gate(): string | undefined {
    const isOver = this.#unwindsMax > 0 && this.#unwinds >= this.#unwindsMax;
    return isOver ? `${this.#unwinds} structures in a row were not whole` : undefined;
  }

  gateOfSpread(broken: Beyond, { breakWhen }: SpreadSettings): string | undefined {
    if (broken === this.#torn) return 'the index has not been back in its range since a spread was not whole';
    if (breakWhen === 'once' && broken === this.#bought) return 'the index has not been back in its range';
    return undefined;
  }

  get gateOfBatman(): string | undefined {
    return this.#lowsStand ? 'the lower lows of the Batman that was not whole still follow each other' : undefined;
  }
}

/** Whether every leg had all its lots once. */
function isWhole({ legs }: StructureView): boolean {
  return legs.every(({ entryLots, lotsPlanned }) => entryLots >= lotsPlanned);
}
