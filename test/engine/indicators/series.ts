import fc from 'fast-check';

/** Prices in paise as a market has them: a walk of whole ticks, flat stretches among it. */
export const anyWalk: fc.Arbitrary<readonly number[]> = fc
  .tuple(
    fc.integer({ min: 400_000, max: 2_400_000 }),
    fc.array(fc.constantFrom(0, 0, 5, -5, 40, -45, 300, -310), { minLength: 1, maxLength: 200 }),
  )
  .map(([from, moves]) => {
    const walk = [from];
    for (const move of moves) walk.push((walk.at(-1) ?? from) + move);
    return walk;
  });

/** Candles around such a walk: high, low, close and volume. */
export const anyCandles = fc
  .tuple(
    anyWalk,
    fc.infiniteStream(
      fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5_000 })),
    ),
  )
  .map(([closes, wings]) =>
    closes.map((close) => {
      const [up, down, volume] = wings.next().value as [number, number, number];
      return { open: close, close, high: close + up, low: close - down, volume };
    }),
  );

export const anyPeriod = fc.integer({ min: 1, max: 30 });

/** The outputs of an indicator for a whole series. */
export function outputs<Input, Output>(inputs: readonly Input[], push: (input: Input) => Output): readonly Output[] {
  return inputs.map(push);
}

/** Equal to nine digits, both absent, or both numbers of one size. */
export function alike(a: number | undefined | null, b: number | undefined | null, scale = 1): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? undefined) === (b ?? undefined);
  return Math.abs(a - b) <= 1e-9 * Math.max(scale, Math.abs(a), Math.abs(b));
}
