/** Prices that somebody waits for, by slot: triggers, limits and touch guards. A path stops at each of them on its way. */
export class LevelBook {
  readonly #levels = new Map<number, Map<number, number>>();
  #version = 0;

  /** Grows with each change, so that a reader knows when to look again. */
  get version(): number {
    return this.#version;
  }

  add(slot: number, level: number): void {
    let counts = this.#levels.get(slot);
    if (counts === undefined) {
      counts = new Map();
      this.#levels.set(slot, counts);
    }
    counts.set(level, (counts.get(level) ?? 0) + 1);
    this.#version += 1;
  }

  remove(slot: number, level: number): void {
    const counts = this.#levels.get(slot);
    const count = counts?.get(level);
    if (counts === undefined || count === undefined) return;
    if (count > 1) counts.set(level, count - 1);
    else counts.delete(level);
    this.#version += 1;
  }

  clear(): void {
    this.#levels.clear();
    this.#version += 1;
  }

  /** Whether nobody waits for a price of a range, its ends included. */
  noneWithin(slot: number, low: number, high: number): boolean {
    const counts = this.#levels.get(slot);
    if (counts === undefined || counts.size === 0) return true;
    for (const level of counts.keys()) if (level >= low && level <= high) return false;
    return true;
  }

  /** The waited-for price that a line from one price to another meets first after its start; undefined when there is none. */
  firstBetween(slot: number, from: number, to: number): number | undefined {
    const counts = this.#levels.get(slot);
    if (counts === undefined || counts.size === 0 || from === to) return undefined;
    let found: number | undefined;
    for (const level of counts.keys()) {
      if (to > from) {
        if (level > from && level <= to && (found === undefined || level < found)) found = level;
      } else if (level < from && level >= to && (found === undefined || level > found)) found = level;
    }
    return found;
  }
}
