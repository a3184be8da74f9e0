/** Maps a value onto the paper, in user units of the drawing. */
export type Scale = (value: number) => number;

/** A straight map from one span to another; a span without length maps onto the middle. */
export function linear(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [low, high] = from;
  const [start, end] = to;
  if (low === high) return () => (start + end) / 2;
  return (value) => start + ((value - low) / (high - low)) * (end - start);
}

/** Round values (1, 2 or 5 times a power of ten) within a span, `count` of them or a few more. */
export function roundTicks(low: number, high: number, count: number): readonly number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough * 0.7) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // From whole multiples, so that no sum of steps drifts off the round value.
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => (first + at) * step + 0);
}

/** A span that holds all values and leaves a little room at both ends; of no values 0 to 1. */
export function roomyExtent(values: Iterable<number>, room = 0.06): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const margin = low === high ? Math.max(Math.abs(low) * room, 1) : (high - low) * room;
  return [low - margin, high + margin];
}

/** A coordinate with one decimal, as short as it can be said. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** Path data through points; a null lifts the pen. */
export function pathThrough(points: Iterable<readonly [number, number] | null>): string {
  let path = '';
  let down = false;
  for (const point of points) {
    if (point !== null) path += `${down ? 'L' : 'M'}${short(point[0])} ${short(point[1])}`;
    down = point !== null;
  }
  return path;
}

/** Path data of a line that keeps each value until the next one. */
export function stepsThrough(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => (at === 0 ? `M${short(x)} ${short(y)}` : `H${short(x)}V${short(y)}`)).join('');
}
