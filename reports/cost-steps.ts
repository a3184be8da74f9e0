import type { Levies, LevyName } from '../engine/model/levies.ts';
import { FINE_PER_PAISA, LEVY_NAMES } from '../engine/model/levies.ts';

/** One bar of the way from gross to net, fine paise: it spans what was there before and after it; gross and net stand on zero. */
export interface CostStep {
  readonly name: 'gross' | LevyName | 'rounding' | 'net';
  readonly amount: number;
  readonly before: number;
  readonly after: number;
}

/** From gross over each levy and the rounding of the notes to net; the last two stand equally high, or the sums are wrong. */
export function costSteps(totals: {
  readonly gross: number;
  readonly charges: Levies;
  readonly rounding: number;
  readonly net: number;
}): readonly CostStep[] {
  const gross = totals.gross * FINE_PER_PAISA;
  const steps: CostStep[] = [{ name: 'gross', amount: gross, before: 0, after: gross }];
  let level = gross;
  const take = (name: CostStep['name'], charge: number): void => {
    steps.push({ name, amount: 0 - charge, before: level, after: level - charge });
    level -= charge;
  };
  for (const name of LEVY_NAMES) take(name, totals.charges[name]);
  take('rounding', totals.rounding);
  return [...steps, { name: 'net', amount: totals.net, before: 0, after: totals.net }];
}
