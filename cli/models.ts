import { CHAIN_MODEL_VERSION, FROZEN_CHAIN } from '../datasets/modelled/chain-parameters.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import type { RunCard } from '../reports/passport.ts';
import type { Config } from './config.ts';
import type { SpreadUse } from './spread-use.ts';

/** The guesses of a simulation, each as one sentence: they stand in the passport, in the workbook and in the README. */
export function modelCards(config: Config, spreads: SpreadReference | undefined, use: SpreadUse): RunCard['models'] {
  const { costs, execution } = config;
  const { latency } = costs;
  return [
    ...(config.data.chain === 'modelled' ? [chainCard()] : []),
    {
      name: 'path',
      version: '1',
      assumption:
        "A minute goes open (0 s), one extreme (20 s), the other (40 s), close (59.999 s) on straight lines; the extreme nearer to the open of the underlying's own candle comes first, calls follow, puts mirror, ties and minutes without that candle begin with the low. Jumps inside a minute are not modelled; trigger times are good to about 30 s.",
    },
    {
      name: 'fills',
      version: '2',
      assumption: `A marketable order pays the path price at its arrival, rounded against us to 0.05, plus half-spread and ${costs.slippageTicks} tick of slippage. ${spreadSentence(config, spreads, use)} A resting limit fills at its price once the path has gone through it by a tick. In one minute and contract at most ${costs.participationPct} % of the volume is ours; unknown volume has no cap and is counted. Market orders are protected limits (${execution.protectionPct} %) since 2026-04-01.`,
    },
    {
      name: 'latency',
      version: '1',
      assumption: `An order arrives ${latency.decideToVenueMs} ms after its decision, legs of one basket ${latency.betweenLegsMs} ms apart; we know of a fill ${latency.venueToUsMs} ms after it.`,
    },
    costs.flatPerLot === undefined ? CHARGES_CARD : flatChargesCard(costs.flatPerLot),
    {
      name: 'settlement',
      version: '1',
      assumption: `Contracts held to expiry settle in cash at the official index close, or at ${config.data.chain === 'modelled' ? "the mean of the index's last half hour (since August 2026 its last live level), to which the last modelled prices lead," : 'the last known level'} where that is not in the data, which the journal marks as an estimate.`,
    },
    {
      name: 'protection',
      version: '1',
      assumption: execution.disasterStop
        ? `Every short leg has a resting stop-limit at the exchange, at ${execution.disasterStopGuardMultiple} times its guard's distance and at least ${execution.disasterStopPctMin} % above its sale price; exits change that order into a marketable limit and chase it every ${execution.chaseEveryMs / 1000} s. A guard that the exchange holds takes its place: moved by at least Rs ${execution.trailStep} and at most every ${execution.trailEveryMs / 1000} s.`
        : 'No resting stop stands at the exchange; short legs are held by the engine alone.',
    },
    { name: 'orders', version: '1', assumption: ordersSentence(config) },
    ...(config.risk.marginUseMax === undefined ? [] : [MARGIN_CARD]),
  ];
}

/** How orders go in and out where no strategy says otherwise. */
function ordersSentence({ execution }: Config): string {
  const { entry, exit, basketWait, entryRetries, entryRetryMs, sliceEveryMs } = execution;
  const patient = ({ bufferPct, waitMs }: typeof entry | typeof exit): string =>
    `a limit ${bufferPct} % beyond the price and after ${waitMs / 1_000} s the market`;
  return [
    `Entries are ${entry.policy === 'market' ? 'market orders' : patient(entry)}; exits that nothing hurries are ${exit.policy === 'chase' ? 'chased at once' : patient(exit)}, stops are chased always.`,
    `Shorts leave once their hedges were ${basketWait}${sliceEveryMs === 0 ? '' : `, slices of a leg ${sliceEveryMs} ms apart`}.`,
    `An entry that the venue refuses in passing is sent again ${entryRetries} times, ${entryRetryMs / 1_000} s apart; a simulated venue refuses nothing in passing.`,
  ].join(' ');
}

const CHARGES_CARD: RunCard['models'][number] = {
  name: 'charges',
  version: '1',
  assumption:
    "Zerodha's charges by date and exchange, each levy rounded half up to 1/10,000 paisa an order; the contract note of a day rounds each levy to the paisa, and that rounding is a row of its own.",
};

function flatChargesCard(perLot: number): RunCard['models'][number] {
  return {
    name: 'charges',
    version: '1',
    assumption: `A flat Rs ${perLot} for each lot of each executed order, told as brokerage, stands in place of all dated charges: a round trip pays it twice, settlement at expiry pays nothing, and no tax or duty is in the result.`,
  };
}

const MARGIN_CARD: RunCard['models'][number] = {
  name: 'margin',
  version: '1',
  assumption:
    "Margins are estimated, not asked for: the worst of SPAN's sixteen scenarios over all legs of an index (range 9.3 % of it, or six deviations of India VIX times the root of two where that is more; volatility up and down by a quarter, at least four points; two ranges at 35 %), 2 % exposure on what is short, 2 % more on expiry day since 2024-11-20. Published figures were met to -2 to +2 % of the total, two spreads to -4 and +12 %. Full margin counts at every date; the surcharges for options far out of the money are left out.",
};

function chainCard(): RunCard['models'][number] {
  const { vixToMoney, ofNifty, overnightShare, volatilityPerMove, carry, realised } = FROZEN_CHAIN;
  const percent = (part: number): string => `${Math.round(part * 1_000) / 10} %`;
  return {
    name: 'chain',
    version: String(CHAIN_MODEL_VERSION),
    assumption: `Option prices are MODELLED, not traded: Black-76 at the corners of each index candle, on a smile whose level is known before the open (${percent(vixToMoney)} of the India VIX of the session before, ${ofNifty.BANKNIFTY} times that for BANKNIFTY, else ${realised.scale} times the index's own realised volatility of up to ${realised.sessions} sessions before to the power of ${realised.power}), moves by ${volatilityPerMove} times the index's move in the day, and draws near expiries to a long-run home. Forwards stand ${percent(carry)} a year above the index; time is trading time, ${percent(overnightShare)} of a day's variance falling overnight; on the last day the settlement is the mean of the last half hour. The smile was frozen on the BANKNIFTY chain of 2023-04-10 and 04-11; what a level from realised volatility is multiplied by, on NIFTY and India VIX of 2019-01 to 2021-05, so that such levels lie as often above those from India VIX as below; both were judged on NIFTY options of 2025 and on what bought straddles gain from 2019 to 2025; jumps of volatility, events and supply and demand in a strike are not modelled; volume and open interest are unknown.`,
  };
}

function spreadSentence({ costs }: Config, spreads: SpreadReference | undefined, use: SpreadUse): string {
  const assumed = `the larger of 0.05 and ${costs.halfSpreadPct} % of premium`;
  if (spreads === undefined) return `The half-spread is assumed, not measured: ${assumed}.`;
  const days = [...spreads.days].map(([underlying, of]) => `${underlying} on ${daysText(of)}`).join(', ');
  return `The half-spread is the median of its cell in a table measured from recorded quotes (${days}) by premium, moneyness, days to expiry and time of day, up to a tick, for ${use.measured} fills; of a wider cell (any time of day, then any moneyness) where the own one is empty, for ${use.pooled}; ${assumed} where nothing was measured, for ${use.assumed}.`;
}

function daysText(days: readonly string[]): string {
  return days.length < 4 ? days.join(' and ') : `${days.length} days from ${days[0]} to ${days.at(-1)}`;
}
