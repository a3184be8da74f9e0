/**
 * Weekly signals: eight rules on the hours of a week against the zones of the week before; the first that fires sells an option beyond its stop
 * level with a bought one further out, once a week.
 */
import { defineStrategy, paise } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import { refusalOfWeekly, STRIKES_AROUND, WeeklyParams } from './weekly-params.ts';
import { FOUR_HOURS_MS, HOUR_MS, WeeklyTrader } from './weekly-trader.ts';

/** Hours, and candles of four hours, of twelve sessions: two whole weeks, each with a session at its weekend. */
const HOURS_KEPT = 84;
const FOUR_HOURS_KEPT = 24;

export const weeklySignals = defineStrategy({
  name: 'weekly-signals',
  version: 1,
  description:
    'Judges eight signals at each hourly close against the zones of the week before; sells an option beyond the stop level with a hedge further out, once a week.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: WeeklyParams,
  meantFor: 'weekly',
  refuse: refusalOfWeekly,
  limits: ({ structuresOpenMax, lossPerDay }) => ({
    structuresOpenMax,
    lossPerDayMax: lossPerDay === 0 ? undefined : paise(Math.round(lossPerDay * 100)),
  }),
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: STRIKES_AROUND,
    recentreSteps: 4,
    series: [
      { span: HOUR_MS, warmUp: HOURS_KEPT, whenShort: 'wait' },
      { span: FOUR_HOURS_MS, warmUp: FOUR_HOURS_KEPT, whenShort: 'wait' },
    ],
  }),
  create: (params) => new WeeklyTrader(params),
});
