/** Repeatable chance for contract tests: numbers from 0 to under 1 by a linear congruence (Numerical Recipes). */
export function prng(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export function pick<T>(dice: () => number, from: readonly T[]): T {
  return from[Math.floor(dice() * from.length)] as T;
}
