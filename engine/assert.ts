/** Thrown when a promise that the engine makes to itself is broken. A backtest stops on it; a session goes to safe mode. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** States what must hold; the message carries the value that broke it. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (condition === false || condition === undefined || condition === null) throw new BrokenInvariant(message);
}

/**
 * Says that a promise is broken. Where things happen each minute or order, ask first and call this: a message handed to `invariant` is
 * made each time, and writing a number into a text costs more than what is checked.
 */
export function broken(message: string): never {
  throw new BrokenInvariant(message);
}

/** A strategy asked for something that makes no sense. It is taken out of the run; the engine itself is sound. */
export class StrategyMistake extends Error {
  override readonly name = 'StrategyMistake';
}

/** Marks the end of a switch over a union, so that a new member nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`nobody handles ${JSON.stringify(value)}`);
}
