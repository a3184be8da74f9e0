/** Things that wait under a rising number until somebody takes them, mostly in the order in which they came. */
export class Numbered<T> {
  readonly #waiting: (T | undefined)[] = [];
  /** Number of the first place in the list. */
  #first = 0;
  /** Places at the front that nobody waits in any more. */
  #gone = 0;

  /** Takes a thing in and gives its number. */
  put(thing: T): number {
    this.#waiting.push(thing);
    return this.#first + this.#waiting.length - 1;
  }

  /** Gives the thing of a number, once. */
  take(number: number): T | undefined {
    const place = number - this.#first;
    const thing = this.#waiting[place];
    if (thing === undefined) return undefined;
    this.#waiting[place] = undefined;
    if (place === this.#gone) this.#dropTaken();
    return thing;
  }

  /** Gives all that waits, in order of their numbers. */
  takeAll(): readonly T[] {
    const all = this.#waiting.filter((thing) => thing !== undefined);
    this.#first += this.#waiting.length;
    this.#waiting.length = 0;
    this.#gone = 0;
    return all;
  }

  /** Half of the list is gone before the rest moves down, so that a long list moves each thing about once. */
  #dropTaken(): void {
    const { length } = this.#waiting;
    while (this.#gone < length && this.#waiting[this.#gone] === undefined) this.#gone += 1;
    if (2 * this.#gone < length) return;
    for (let i = this.#gone; i < length; i += 1) this.#waiting[i - this.#gone] = this.#waiting[i];
    // One by one, since cutting a list to nothing throws its memory away.
    for (let i = 0; i < this.#gone; i += 1) this.#waiting.pop();
    this.#first += this.#gone;
    this.#gone = 0;
  }
}

/** Takes a thing out of a list, if it is there, without making a list of what was taken. */
export function takeOut<T>(list: T[], thing: T): boolean {
  const place = list.lastIndexOf(thing);
  if (place < 0) return false;
  for (let i = place + 1; i < list.length; i += 1) list[i - 1] = list[i] as T;
  list.pop();
  return true;
}
