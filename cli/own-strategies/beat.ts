/** Where own code may be: what messages call the place. */
export const PLACES = [
  'the top level',
  'universe',
  'limits',
  'create',
  'params',
  'refuse',
  'onSessionOpen',
  'onMinute',
  'onTimer',
  'onQuote',
  'onFill',
  'onLegClosed',
  'onStructureClosed',
] as const;
export type Place = (typeof PLACES)[number];

/** Slots of the memory that both threads see. */
const [CALLS, PLACE, DAY, MINUTE, STOP, SIGNS, SLOTS] = [0, 1, 2, 3, 4, 5, 6];

/**
 * The beat of own code: one number that both threads see, odd while own code runs, higher at each step in and out. A number that stays
 * odd and the same for too long is code without an end. Each call costs two stores.
 */
export class Beat {
  readonly #slots: Int32Array;
  #depth = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.#slots = new Int32Array(memory);
  }

  get memory(): SharedArrayBuffer {
    return this.#slots.buffer as SharedArrayBuffer;
  }

  /** Runs own code between two beats; what it calls in its turn is part of it. */
  inside<Result>(place: Place, work: () => Result): Result {
    this.#depth += 1;
    if (this.#depth === 1) {
      this.#slots[PLACE] = PLACES.indexOf(place);
      Atomics.add(this.#slots, CALLS, 1);
    }
    try {
      return work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) Atomics.add(this.#slots, CALLS, 1);
    }
  }

  /** The moment of the market that the next call is about: days since 1970 and minutes since midnight. */
  moment(day: number, minute: number): void {
    this.#slots[DAY] = day;
    this.#slots[MINUTE] = minute;
  }

  /** How often own code was entered or left; odd while it runs. */
  get calls(): number {
    return Atomics.load(this.#slots, CALLS);
  }

  /** Where own code is, with the moment of the market; day 0 before there is one. */
  get whereabouts(): { readonly place: Place; readonly day: number; readonly minute: number } {
    const [place, day, minute] = [PLACE, DAY, MINUTE].map((slot) => Atomics.load(this.#slots, slot));
    return { place: PLACES[place ?? 0] ?? PLACES[0], day: day ?? 0, minute: minute ?? 0 };
  }

  /** Says that the thread lives, whatever it is at. */
  giveSign(): void {
    Atomics.add(this.#slots, SIGNS, 1);
  }

  /** How often the thread said so. */
  get signs(): number {
    return Atomics.load(this.#slots, SIGNS);
  }

  /** Asks the other thread to end its run after the day being played. */
  askToStop(): void {
    Atomics.store(this.#slots, STOP, 1);
  }

  get stopAsked(): boolean {
    return Atomics.load(this.#slots, STOP) === 1;
  }
}
