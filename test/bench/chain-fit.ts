import type { CandleArchive } from '../../adapters/candle-archive.ts';
import type { ChainParameters } from '../../datasets/modelled/chain-parameters.ts';
import { FROZEN_CHAIN } from '../../datasets/modelled/chain-parameters.ts';
import { chainSmile } from '../../datasets/modelled/chain-smile.ts';
import type { SessionMove } from '../../datasets/modelled/volatility-level.ts';
import { levelBefore, sessionMove } from '../../datasets/modelled/volatility-level.ts';
import { activityOf, runningShare, YEAR_DAYS } from '../../datasets/session-variance.ts';
import { black76Price } from '../../engine/indicators/black76.ts';
import { LEVEL_YEARS, smileAround } from '../../engine/market/vol-surface.ts';
import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { day, daysBetween, MINUTE_MS } from '../../engine/model/time.ts';
import type { ChainTruth } from './chain-sets.ts';
import {
  absentFolders,
  candleTruths,
  chainStore,
  openArchive,
  parityAt,
  quantile,
  reference,
  SETS,
  VIX_BEFORE,
} from './chain-sets.ts';
import { leastPoint } from './nelder-mead.ts';

/** Minutes between the rows that are fitted on, and out-of-the-money options below a rupee are left aside: they are all tick. */
const EVERY_MINUTES = 5;
const PRICE_MIN = 100;

/** NIFTY by the half hour, up to the session after the last of the shared India VIX. */
const REALISED = { to: day('2021-05-17'), intervalMs: 30 * MINUTE_MS } as const;

/** Fewer sessions before a day, and its realised volatility is a guess. */
const SESSIONS_MIN = 20;

/** Finds the numbers of the chain model anew and prints them beside the frozen ones. */
export async function benchChainFit(folder: string): Promise<void> {
  const absent = absentFolders();
  if (absent.length > 0)
    return console.log(`\nFit of the modelled chain: skipped, ${absent.join(', ')} is not in ../shared/data`);
  const store = await chainStore(folder);
  const archive = openArchive(store);
  try {
    const fitted = await fittedOn(archive);
    console.log('\nFit of the modelled chain: BANKNIFTY chain 2023-04-10 and 04-11, NIFTY and India VIX 2015 to 2021');
    const rows = [...plainEntries(fitted)].map(([name, value]) => {
      const frozen = new Map(plainEntries(FROZEN_CHAIN)).get(name) ?? Number.NaN;
      return { name, fitted: Number(value.toPrecision(4)), frozen };
    });
    console.table(rows);
  } finally {
    archive.close();
  }
}

function plainEntries(parameters: ChainParameters): (readonly [string, number])[] {
  return Object.entries(parameters).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'number'
      ? [[name, value] as const]
      : Object.entries(value as Record<string, number>).map(([inner, number]) => [`${name}.${inner}`, number] as const),
  );
}

async function fittedOn(archive: CandleArchive): Promise<ChainParameters> {
  const daily = await dailyFit(archive);
  const niftyMoves = await movesOf(archive, { underlying: 'NIFTY', ...REALISED });
  const vix = new Map((await archive.dailyValues({ name: 'INDIA VIX' })).map((value) => [value.day, value.close]));
  const power = realisedPower(niftyMoves, vix);
  const flat = await candleTruths(archive, { underlying: 'BANKNIFTY', days: SETS.bankNifty2023, carry: 0 });
  const carry = carryOf(flat);
  const truths = await candleTruths(archive, { underlying: 'BANKNIFTY', days: SETS.bankNifty2023, carry });
  const moves = await movesOf(archive, {
    underlying: 'BANKNIFTY',
    intervalMs: 15 * MINUTE_MS,
    to: '2023-04-06' as Day,
  });
  const eve = moves.findLast((move) => move.day < (SETS.bankNifty2023[0] as Day));
  const sample = sampleOf(truths, carry, eve?.close);
  const start = [1.15, 1.1, 8, 0.3, -0.12, 0.045, 9];
  const point = leastPoint(
    (x) => lossOf(sample, parametersOf(x, daily)),
    start,
    start.map((x) => 0.2 * x),
  );
  const smile = { ...parametersOf(point, daily), carry };
  console.log(`loss ${lossOf(sample, smile).toFixed(4)} over ${sample.length} prices`);
  const vixToMoney = moneyOfVix(smile);
  const bankNifty = smile.vixToMoney / vixToMoney;
  const ofNifty = { ...smile.ofNifty, BANKNIFTY: bankNifty, BANKEX: bankNifty };
  const realised = { ...FROZEN_CHAIN.realised, scale: 1, power };
  const fitted = { ...smile, vixToMoney, ofNifty, realised };
  const scale = quantile(levelRatios(fitted, niftyMoves, vix), 0.5);
  const scaled = { ...fitted, realised: { ...realised, scale } };
  const misses = levelRatios(scaled, niftyMoves, vix).map((ratio) => Math.abs(1 - 1 / ratio));
  const [half, most] = [quantile(misses, 0.5), quantile(misses, 0.9)].map((miss) => (100 * miss).toFixed(1));
  console.log(
    `level from realised volatility against that from India VIX, ${misses.length} days: half within ${half} %, nine in ten within ${most} %`,
  );
  return scaled;
}

/** The level from India VIX over that from realised volatility, day by day; home has no say, and days with few sessions before are left out. */
function levelRatios(
  parameters: ChainParameters,
  moves: readonly SessionMove[],
  vix: ReadonlyMap<Day, number>,
): readonly number[] {
  const unbelieving = { ...parameters, realised: { ...parameters.realised, homeSessions: 0 } };
  return moves.flatMap((move, index) => {
    const before = reference.calendar.previousTradingDay(move.day);
    const vixBefore = before === undefined ? undefined : vix.get(before);
    if (vixBefore === undefined || index < SESSIONS_MIN) return [];
    const sessions = moves.slice(Math.max(0, index - parameters.realised.sessions), index).toReversed();
    const of = { underlying: 'NIFTY', sessions, parameters: unbelieving } as const;
    const own = levelBefore({ ...of, vixBefore: undefined }).level;
    return [levelBefore({ ...of, vixBefore }).level / own];
  });
}

/** The multiple of India VIX stands whole in `vixToMoney` until it is divided between the wings and BANKNIFTY. */
function parametersOf(
  x: readonly number[],
  daily: Pick<ChainParameters, 'home' | 'volatilityPerMove'>,
): ChainParameters {
  const [vixToMoney = 0, termPull = 0, termDays = 1, overnightShare = 0, skew = 0, curvature = 0, wing = 1] = x;
  return { ...FROZEN_CHAIN, ...daily, vixToMoney, termPull, termDays, overnightShare, skew, curvature, wing };
}

interface Sampled {
  readonly vix: number;
  readonly moved: number;
  readonly daysLeft: number;
  readonly left: number;
  readonly forward: number;
  readonly strike: number;
  readonly right: OptionContract['right'];
  readonly price: number;
}

function sampleOf(truths: readonly ChainTruth[], carry: number, closeBefore: number | undefined): readonly Sampled[] {
  const sample: Sampled[] = [];
  let before = closeBefore ?? Number.NaN;
  for (const truth of truths) {
    const { index, options, prices, session } = truth;
    const spent = runningShare(activityOf(session, Float64Array.from(index.starts)));
    const expiries = [...new Set(options.map(({ expiry }) => expiry))];
    for (let row = EVERY_MINUTES - 1; row < index.starts.length; row += EVERY_MINUTES) {
      if (index.valid[row] !== 1) continue;
      const spot = index.close[row] as number;
      const forwards = new Map(expiries.map((expiry) => [expiry, parityAt(truth, row, expiry)]));
      options.forEach(({ expiry, strike, right }, slot) => {
        const price = prices[row * options.length + slot] as number;
        const own = forwards.get(expiry) ?? Number.NaN;
        const forward = Number.isNaN(own) ? spot * Math.exp((carry * daysBetween(truth.day, expiry)) / 365) : own;
        const isOutside = right === 'CE' ? strike >= forward : strike < forward;
        if (!isOutside || price < PRICE_MIN) return;
        sample.push({
          vix: (VIX_BEFORE.get(truth.day) ?? Number.NaN) / 10_000,
          moved: Math.log(spot / before),
          daysLeft: reference.contracts.daysToExpiry(truth.day, expiry).businessDays,
          left: 1 - (spent[row] as number),
          forward,
          strike,
          right,
          price,
        });
      });
    }
    before = (index.close[index.starts.length - 1] as number) || before;
  }
  return sample;
}

/** Mean of a loss that is square for small misses and straight for large ones, a miss being counted in 2 points and 5 per cent. */
function lossOf(sample: readonly Sampled[], parameters: ChainParameters): number {
  let sum = 0;
  for (const { vix, moved, daysLeft, left, forward, strike, right, price } of sample) {
    const years = (daysLeft + left * (1 - parameters.overnightShare)) / YEAR_DAYS;
    const scale = parameters.vixToMoney;
    const { atm, skew } = chainSmile({ level: vix * scale, home: parameters.home * scale, moved, years }, parameters);
    const { curvature, wing } = parameters;
    const volatility = smileAround({ skew, curvature, wing }, Math.log(strike / forward) / Math.sqrt(years), atm);
    const miss = (black76Price({ forward, strike, years, volatility, right }) - price) / (200 + 0.05 * price);
    sum += Math.sqrt(1 + miss * miss) - 1;
  }
  return sum / sample.length;
}

/** What forwards have a year over the nearest one, least squares through it. */
function carryOf(truths: readonly ChainTruth[]): number {
  let [above, below] = [0, 0];
  for (const truth of truths) {
    const expiries = [...new Set(truth.options.map(({ expiry }) => expiry))];
    const [nearest = truth.day] = expiries;
    for (let row = EVERY_MINUTES - 1; row < truth.index.starts.length; row += EVERY_MINUTES) {
      const base = parityAt(truth, row, nearest);
      for (const expiry of expiries.slice(1)) {
        const log = Math.log(parityAt(truth, row, expiry) / base);
        const years = daysBetween(nearest, expiry) / 365;
        if (Number.isNaN(log)) continue;
        above += log * years;
        below += years * years;
      }
    }
  }
  return above / below;
}

/** Volatility at the money as a part of the variance strike that India VIX is, on this smile at 30 days: the strip of options out of the money. */
function moneyOfVix(parameters: ChainParameters): number {
  const { home, curvature, wing } = parameters;
  const { atm, skew } = chainSmile({ level: home, home, moved: 0, years: LEVEL_YEARS }, parameters);
  const deviation = atm * Math.sqrt(LEVEL_YEARS);
  const step = 0.01;
  let strip = 0;
  for (let z = -4; z <= 4; z += step) {
    const strike = Math.exp(z * deviation);
    const volatility = smileAround({ skew, curvature, wing }, z * atm, atm);
    const right = strike < 1 ? 'PE' : 'CE';
    const price = black76Price({ forward: 1, strike, years: LEVEL_YEARS, volatility, right });
    strip += (price / strike) * step * deviation;
  }
  return atm / Math.sqrt((2 * strip) / LEVEL_YEARS);
}

/** From daily closes: the median of India VIX, and its move against NIFTY's, days of more than 4 per cent left aside. */
async function dailyFit(archive: CandleArchive): Promise<Pick<ChainParameters, 'home' | 'volatilityPerMove'>> {
  const vix = await archive.dailyValues({ name: 'INDIA VIX' });
  const closes = new Map((await archive.dailyValues({ name: 'NIFTY' })).map((value) => [value.day, value.close]));
  const both = vix.flatMap((value) => {
    const close = closes.get(value.day);
    return close === undefined ? [] : [{ vix: value.close, close }];
  });
  const moves = both.slice(1).map((now, at) => {
    const before = both[at] ?? now;
    return [Math.log(now.close / before.close), Math.log(now.vix / before.vix)] as const;
  });
  const volatilityPerMove = slopeOf(moves.filter(([move]) => Math.abs(move) < 0.04));
  const home =
    quantile(
      vix.map(({ close }) => close),
      0.5,
    ) / 10_000;
  return { home, volatilityPerMove };
}

/** How steeply India VIX followed what NIFTY did before it: least squares of the logarithms. */
function realisedPower(moves: readonly SessionMove[], vix: ReadonlyMap<Day, number>): number {
  const { memory, sessions } = FROZEN_CHAIN.realised;
  const points = moves.flatMap((move, at) => {
    const value = vix.get(move.day);
    if (value === undefined || at < sessions) return [];
    let [sum, weights] = [0, 0];
    for (let k = 0; k < sessions; k += 1) {
      const one = moves[at - k];
      if (one?.night === undefined) continue;
      sum += memory ** k * (one.variance + one.night);
      weights += memory ** k;
    }
    return [[0.5 * Math.log((YEAR_DAYS * sum) / weights), Math.log(value / 10_000)] as const];
  });
  return slopeOf(points);
}

/** What an index moved session by session, oldest first. */
export async function movesOf(
  archive: CandleArchive,
  of: { readonly underlying: Underlying; readonly intervalMs: number; readonly to: Day },
): Promise<readonly SessionMove[]> {
  const { underlying, intervalMs, to } = of;
  const wanted = reference.calendar.tradingDays(reference.calendar.firstDay, to);
  const days =
    archive.coverage({ underlying, days: wanted }).find((one) => one.intervalMs === intervalMs)?.present ?? [];
  await archive.prepare({ intervalMs, underlyings: [underlying], days });
  const moves: SessionMove[] = [];
  for (const on of days) {
    const { starts, columns, instruments } = archive.readDay({
      day: on,
      intervalMs,
      wanted: [{ underlying, index: 'include', futures: [], expiries: [] }],
    });
    if (instruments.length === 0) continue;
    const before = moves.at(-1);
    const isNext = before?.day === reference.calendar.previousTradingDay(on);
    const move = sessionMove(
      { starts, ...columns },
      { day: on, intervalMs, closeBefore: isNext ? before?.close : undefined },
    );
    if (move !== undefined) moves.push(move);
  }
  return moves;
}

/** Least squares of the second on the first: how much the second rises with it. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return (
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  );
}
