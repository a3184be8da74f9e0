/**
 * The point where a function is least, by a simplex that walks downhill (J. Nelder and R. Mead, "A simplex method for function
 * minimization", Computer Journal 7, 1965). `steps` says how far each number may be off at the start.
 */
export function leastPoint(
  of: (point: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
): readonly number[] {
  let simplex = [start, ...start.map((_x, k) => start.map((x, i) => (i === k ? x + (steps[i] ?? 0) : x)))].map(
    (point) => ({ point, value: of(point) }),
  );
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0], simplex.at(-1)];
    if (best === undefined || worst === undefined) break;
    if (Math.abs(worst.value - best.value) <= 1e-9 * Math.abs(best.value)) break;
    const others = simplex.slice(0, -1);
    const middle = start.map((_x, i) => others.reduce((sum, { point }) => sum + (point[i] ?? 0), 0) / others.length);
    const along = (by: number): { point: readonly number[]; value: number } => {
      const point = middle.map((x, i) => x + by * ((worst.point[i] ?? 0) - x));
      return { point, value: of(point) };
    };
    let next = along(-1);
    if (next.value < best.value) next = lesser(next, along(-2));
    else if (next.value >= (others.at(-1)?.value ?? 0))
      next = lesser(next, along(next.value < worst.value ? -0.5 : 0.5));
    if (next.value < worst.value) simplex = [...others, next];
    else
      simplex = simplex.map(({ point }) => {
        const nearer = point.map((x, i) => ((best.point[i] ?? 0) + x) / 2);
        return { point: nearer, value: of(nearer) };
      });
  }
  return simplex.sort((a, b) => a.value - b.value)[0]?.point ?? start;
}

const ROUNDS_MAX = 2_000;

function lesser<T extends { readonly value: number }>(one: T, other: T): T {
  return other.value < one.value ? other : one;
}
