/**
 * Swings once more, as a person with pencil and paper finds them: every bar is kept, counters stand in two maps, and each extreme is looked
 * up anew. Nothing of the program's detector is used.
 */
export interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface ReferenceSwing {
  readonly at: number;
  readonly kind: 'LOW' | 'HIGH';
  readonly price: number;
  readonly bar: number;
  readonly isUpdate: boolean;
}

export function referenceSwings(bars: readonly Bar[], update: 'immediate' | 'confirmed'): ReferenceSwing[] {
  const told: ReferenceSwing[] = [];
  let lowWatch = new Map<number, number>();
  let highWatch = new Map<number, number>();
  bars.forEach((now, at) => {
    const last = told.at(-1);
    if (update === 'immediate' && last?.kind === 'LOW' && now.low < last.price) {
      told.push({ at, kind: 'LOW', price: now.low, bar: at, isUpdate: true });
      return;
    }
    if (update === 'immediate' && last?.kind === 'HIGH' && now.high > last.price) {
      told.push({ at, kind: 'HIGH', price: now.high, bar: at, isUpdate: true });
      return;
    }
    const from = last === undefined ? 0 : last.bar + 1;
    const window = bars.slice(from, at + 1);
    const lowest = Math.min(...window.map(({ low }) => low));
    const highest = Math.max(...window.map(({ high }) => high));
    const low = { at, kind: 'LOW', price: lowest, bar: from + window.findIndex((bar) => bar.low === lowest) } as const;
    const high = {
      at,
      kind: 'HIGH',
      price: highest,
      bar: from + window.findIndex((bar) => bar.high === highest),
    } as const;
    for (let earlier = from; earlier < at; earlier += 1) {
      const then = bars[earlier] as Bar;
      const up = now.high > then.high && now.close > then.close;
      const down = now.low < then.low && now.close < then.close;
      if (up) lowWatch.set(earlier, (lowWatch.get(earlier) ?? 0) + 1);
      if (down) highWatch.set(earlier, (highWatch.get(earlier) ?? 0) + 1);
      const wantsLow = up && (lowWatch.get(earlier) ?? 0) >= 2;
      const wantsHigh = down && (highWatch.get(earlier) ?? 0) >= 2;
      const isNew = (wantsLow && last?.kind !== 'LOW') || (wantsHigh && last?.kind !== 'HIGH');
      if (isNew) {
        told.push({ ...(wantsLow ? low : high), isUpdate: false });
        lowWatch = new Map();
        highWatch = new Map();
        return;
      }
      if (update === 'immediate' || last === undefined) continue;
      if ((wantsLow && lowest < last.price) || (wantsHigh && highest > last.price)) {
        told.push({ ...(wantsLow ? low : high), isUpdate: true });
        return;
      }
    }
  });
  return told;
}
