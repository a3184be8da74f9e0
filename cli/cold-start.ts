import type { CandleSource } from '../adapters/candle-source.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import type { TradingCalendar } from '../engine/market/calendar.ts';
import type { Day } from '../engine/model/time.ts';
import { segmentsOf } from './agents.ts';
import { UserError } from './user-error.ts';
import type { WarmUp } from './warm-up.ts';
import { warmUpOf } from './warm-up.ts';

interface Wanted {
  readonly calendar: TradingCalendar;
  readonly agents: readonly AgentPlan[];
  readonly from: Day;
  readonly intervalMs: number;
  /** How messages call the source. */
  readonly store: string;
}

/**
 * The sessions before a run that the store has of those its strategies ask for. A strategy that cannot wait refuses a warm-up with a day
 * missing; one that can begins on what there is, an unbroken stretch up to the first day, and the run says how short that is.
 */
export function warmUpThere(source: CandleSource, wanted: Wanted): WarmUp & { readonly warnings: readonly string[] } {
  const { agents, from, store } = wanted;
  const strict = warmUpOf({ ...wanted, agents: agents.filter(refusesColdStart) });
  for (const [name, days] of missingDays(source, wanted, strict.days)) {
    throw new UserError(
      `${store} lacks days that the warm-up of ${name} needs before the first day: ${days.join(', ')}; import them or choose a later --from`,
    );
  }
  const whole = warmUpOf(wanted);
  const missing = missingDays(source, wanted, whole.days);
  const gone = new Set([...missing.values()].flat());
  const days = whole.days.slice(whole.days.findLastIndex((day) => gone.has(day)) + 1);
  const warnings = [...missing].map(
    ([name, list]) =>
      `the warm-up on ${name} begins with ${days.length} of ${whole.days.length} sessions, ${store} lacks ${list.join(', ')}; no signal comes before ${from} has the candles it needs`,
  );
  return { ...whole, days, warnings };
}

function refusesColdStart({ definition, params, segment }: AgentPlan): boolean {
  const series = definition.universe(params, segment).series ?? [];
  return series.some(({ warmUp, whenShort }) => warmUp > 0 && whenShort !== 'wait');
}

/** The segments that lack some of the days, with those days. */
function missingDays(
  source: CandleSource,
  { agents, intervalMs }: Wanted,
  days: readonly Day[],
): ReadonlyMap<string, readonly Day[]> {
  const lists = segmentsOf(agents).map((underlying) => {
    const of = source.coverage({ underlying, days }).find((each) => each.intervalMs === intervalMs);
    return [underlying, of?.missing ?? days] as const;
  });
  return new Map(lists.filter(([, missing]) => missing.length > 0));
}
