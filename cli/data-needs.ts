import type { CandleSource } from '../adapters/candle-source.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { UNKNOWN } from '../engine/model/candle-frame.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { MarketNeed, Universe } from '../engine/strategy.ts';
import { UserError } from './user-error.ts';

/** The days of a run and where their candles come from; `store` is how a person knows that. */
interface Asked {
  readonly source: CandleSource;
  readonly agents: readonly AgentPlan[];
  readonly days: readonly Day[];
  readonly intervalMs: number;
  readonly store: string;
}

/** What is lacking, as a sentence says it. */
const WORDS: Readonly<Record<MarketNeed, string>> = {
  'open-interest': 'open interest of options',
  'option-volume': 'traded volume of options',
  future: 'the near future',
  'future-volume': 'traded volume of the near future',
  vix: 'closes of India VIX',
};

/** Whether a universe reads the near future, so that its candles must be there even beside an index. */
export function readsFuture({ needs = [], series = [] }: Universe): boolean {
  return (
    needs.some((need) => need === 'future' || need === 'future-volume') || series.some(({ of }) => of === 'future')
  );
}

/**
 * Refuses a run whose data lack what a strategy cannot do without: looked for on the first, the middle and the last day, of which none
 * may be wholly without. Gives a warning for each need that only some of these days lack.
 */
export async function dataNeeds(asked: Asked): Promise<readonly string[]> {
  const warnings: string[] = [];
  const sampled = samplesOf(asked.days);
  for (const { definition, params, segment } of asked.agents) {
    const { needs = [] } = definition.universe(params, segment);
    for (const need of needs) {
      const lacking: Day[] = [];
      for (const day of sampled) if (!(await holds(asked, { need, segment, day }))) lacking.push(day);
      if (lacking.length === 0) continue;
      const text = `${definition.name} on ${segment} needs ${WORDS[need]}, which ${asked.store} does not hold on ${lacking.join(', ')}`;
      if (lacking.length === sampled.length)
        throw new UserError(`${text}; import them, or set its parameters so that it does without`);
      warnings.push(`${text}: there it cannot decide by them`);
    }
  }
  return warnings;
}

function samplesOf(days: readonly Day[]): readonly Day[] {
  const at = [0, Math.floor(days.length / 2), days.length - 1];
  return [...new Set(at.flatMap((index) => days[index] ?? []))];
}

async function holds(
  { source, intervalMs }: Asked,
  { need, segment, day }: { readonly need: MarketNeed; readonly segment: Underlying; readonly day: Day },
): Promise<boolean> {
  if (need === 'vix') return (await source.dailyValues({ name: 'INDIA VIX' })).some((value) => value.day < day);
  const contents = source.contents({ day, underlying: segment, intervalMs });
  const ofFuture = need === 'future' || need === 'future-volume';
  if (ofFuture && contents.futures.length === 0) return false;
  if (need === 'future') return true;
  const expiries = ofFuture ? [] : contents.expiries.slice(0, 1);
  const candles = await source.loadDay({
    day,
    intervalMs,
    wanted: [
      {
        underlying: segment,
        index: 'include',
        futures: ofFuture ? 'all' : [],
        expiries,
        strikesAround: 2,
        held: [],
      },
    ],
  });
  return isKnown(candles, need === 'open-interest' ? 'oi' : 'volume', ofFuture ? 'future' : 'option');
}

/** Whether any candle of a kind of contract says a figure. */
function isKnown(
  { instruments, starts, columns }: DayCandles,
  column: 'volume' | 'oi',
  kind: 'future' | 'option',
): boolean {
  const slots = instruments.flatMap((one, slot) => (one.kind === kind ? [slot] : []));
  for (let minute = 0; minute < starts.length; minute += 1) {
    for (const slot of slots) {
      const cell = minute * instruments.length + slot;
      if (columns.valid[cell] === 1 && columns[column][cell] !== UNKNOWN) return true;
    }
  }
  return false;
}
