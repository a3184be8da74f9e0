/** What a function of a strategy's context answers at 09:20 of a tape: for rules that are parts of strategies and none of their own. */
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { StrategyContext, Universe } from '../../engine/strategy.ts';
import { defineStrategy, istTime } from '../../engine/strategy.ts';
import { agentPlan, play } from './play.ts';

const SEES_ALL = { expiries: ['nearest', 'next'], strikesAround: 60, recentreSteps: 3 } as const;

export function ask<Answer>(
  day: DayCandles,
  question: (ctx: StrategyContext) => Answer,
  universe: Omit<Universe, 'underlying'> = SEES_ALL,
): Answer {
  const answers: Answer[] = [];
  const segment = day.instruments[0]?.underlying ?? 'NIFTY';
  const asking = defineStrategy({
    name: 'asking',
    version: 1,
    description: 'Asks one question.',
    segments: [segment],
    params: { parse: () => ({}) },
    universe: () => ({ underlying: segment, ...universe }),
    create: () => ({
      onSessionOpen: (ctx) => ctx.at(istTime('09:20'), 'ask'),
      onTimer: (ctx) => answers.push(question(ctx)),
    }),
  });
  const { records } = play({ days: [day], agents: [agentPlan(asking, segment)] });
  const broken = records.find((record) => record.kind === 'quarantined');
  if (broken !== undefined) throw new Error(broken.reason);
  return answers[0] as Answer;
}
