import type { Curve } from '../../equity-curve.ts';

/** Some minutes of a curve as one point: its last net, what lay between, and the deepest fall below the peak. Fine paise. */
export interface CurvePoint {
  readonly ts: number;
  readonly net: number;
  readonly low: number;
  readonly high: number;
  /** Zero or below. */
  readonly fall: number;
}

/** Gathers a curve, which begins at zero, into at most `count` points of equally many minutes, losing no extreme. */
export function curvePoints(curve: Curve, count: number): readonly CurvePoint[] {
  const each = Math.max(1, Math.ceil(curve.ts.length / count));
  const points: CurvePoint[] = [];
  let peak = 0;
  for (let from = 0; from < curve.ts.length; from += each) {
    const to = Math.min(from + each, curve.ts.length);
    let [low, high, fall] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let at = from; at < to; at += 1) {
      const net = curve.net[at] ?? 0;
      peak = Math.max(peak, net);
      low = Math.min(low, net);
      high = Math.max(high, net);
      fall = Math.min(fall, net - peak);
    }
    points.push({ ts: curve.ts[to - 1] ?? 0, net: curve.net[to - 1] ?? 0, low, high, fall });
  }
  return points;
}

/** The point that an instant lies in: the first one that ends at or after it. */
export function pointAt(points: readonly { readonly ts: number }[], ts: number): number {
  let [low, high] = [0, Math.max(points.length - 1, 0)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.ts ?? 0) < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
