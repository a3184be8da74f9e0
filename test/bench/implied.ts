import { black76Price, emptySheet, impliedInto } from '../../engine/indicators/black76.ts';
import type { Sample } from './rounds.ts';
import { inFreshProcess, interleaved, printTable, timed } from './rounds.ts';
import { makeYardstick, readYearColumn, YEAR } from './yardstick.ts';

/** Years of trading of a minute. */
const MINUTE_YEARS = 1 / (YEAR.minutes * YEAR.days);
const STEP = 5_000;
const OPTIONS = YEAR.instruments - 1;

/** Implied volatility and delta of a whole chain each minute of a year: a bare loop of Newton's steps, and ours. The times are of all. */
export function benchImplied(folder: string, rounds: number): void {
  makeYardstick(folder);
  const contracts = YEAR.days * YEAR.minutes * OPTIONS;
  const sides = Object.keys(SOLVERS).map((name) => ({
    name: SOLVERS[name]?.title ?? name,
    once: () => inFreshProcess('implied', [name, folder]),
  }));
  const samples = interleaved(sides, rounds);
  printTable(`Implied volatility and delta of ${contracts} contract-minutes`, samples);
  for (const [name, list] of samples) {
    const each = list.map(({ ms }) => (ms * 1e6) / contracts).sort((a, b) => a - b);
    console.log(`  ${name}: ${each[each.length >> 1]?.toFixed(0)} ns a contract`);
  }
}

/** One way of solving, its first run in this process. */
export function impliedPart([name = '', folder = '']: readonly string[]): Sample {
  const solver = SOLVERS[name];
  if (solver === undefined) throw new Error(`no solver is called ${name}`);
  const closes = readYearColumn(folder, 'close');
  const { result, ms, cpuMs } = timed(() => solveYear(closes, solver.solve));
  const off = `${((100 * result.off) / result.solved).toFixed(3)} % of prices missed by more than a paisa`;
  return { ms, cpuMs, answer: `${result.solved} solved, ${off}` };
}

/** Volatility, or NaN; the delta goes into the box. */
type Solve = (terms: Terms, guess: number, box: Box) => number;

interface Terms {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly price: number;
  readonly right: 'CE' | 'PE';
}

interface Box {
  delta: number;
}

const sheet = emptySheet();

const SOLVERS: Readonly<Record<string, { readonly title: string; readonly solve: Solve }>> = {
  bare: { title: 'bare Newton from the minute before', solve: bareNewton },
  ours: {
    title: 'impliedInto from the minute before',
    solve: ({ forward, strike, years, price, right }, guess, box) => {
      const found = impliedInto({ forward, strike, years, price, right, guess }, sheet);
      box.delta = sheet.delta;
      return found ?? Number.NaN;
    },
  },
};

function solveYear(closes: Int32Array, solve: Solve): { readonly solved: number; readonly off: number } {
  const guesses = new Float64Array(OPTIONS).fill(0.14);
  const deltas = new Float64Array(OPTIONS);
  const box: Box = { delta: 0 };
  let [solved, off] = [0, 0];
  for (let minute = 0; minute < YEAR.days * YEAR.minutes; minute += 1) {
    const day = Math.floor(minute / YEAR.minutes);
    const base = minute * YEAR.instruments;
    const opening = closes[day * YEAR.minutes * YEAR.instruments] ?? 0;
    const low = Math.round(opening / STEP) * STEP - 10 * STEP;
    const forward = closes[base] ?? 0;
    const years = ((5 - (day % 5)) * YEAR.minutes - (minute % YEAR.minutes)) * MINUTE_YEARS;
    for (let k = 0; k < OPTIONS; k += 1) {
      const right = k % 2 === 0 ? 'CE' : 'PE';
      const terms: Terms = { forward, strike: low + (k >> 1) * STEP, years, price: closes[base + 1 + k] ?? 0, right };
      const volatility = solve(terms, guesses[k] ?? 0.14, box);
      if (!(volatility > 0)) continue;
      guesses[k] = volatility;
      deltas[k] = box.delta;
      solved += 1;
      // A look at some of them keeps both sides honest without being what is timed.
      if (solved % 997 === 0 && Math.abs(black76Price({ ...terms, volatility }) - terms.price) > 1) off += 997;
    }
  }
  return { solved, off };
}

/** Newton's steps to a paisa on the platform's own functions and a short normal distribution: what speed costs at the least. */
function bareNewton({ forward, strike, years, price, right }: Terms, guess: number, box: Box): number {
  const root = Math.sqrt(years);
  const log = Math.log(forward / strike);
  const isCall = right === 'CE';
  let volatility = guess;
  for (let i = 0; i < 8; i += 1) {
    const d1 = log / (volatility * root) + 0.5 * volatility * root;
    const d2 = d1 - volatility * root;
    const near = shortCdf(isCall ? d1 : -d1);
    const far = shortCdf(isCall ? d2 : -d2);
    const over = (isCall ? forward * near - strike * far : strike * far - forward * near) - price;
    box.delta = isCall ? near : -near;
    if (Math.abs(over) <= 1) return volatility;
    const vega = forward * root * 0.3989422804014327 * Math.exp(-0.5 * d1 * d1);
    if (!(vega > 1)) return Number.NaN;
    volatility = Math.min(Math.max(volatility - over / vega, 0.01), 3);
  }
  return Number.NaN;
}

/** M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 26.2.17: good to 7.5e-8. */
function shortCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp(-0.5 * x * x) * sum;
  return x > 0 ? 1 - tail : tail;
}
