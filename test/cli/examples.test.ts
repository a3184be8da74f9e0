/** The desks that come with the program: each has its document's figures, runs as it stands, and runs again to the same bytes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsOf } from '../../cli/agents.ts';
import type { Config } from '../../cli/config.ts';
import { readConfigFile } from '../../cli/config-file.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { schemaText } from '../../cli/config-schema.ts';
import { exampleNames } from '../../cli/example-files.ts';
import { idOf } from '../../engine/kernel-parts.ts';
import { addDays, day } from '../../engine/model/time.ts';
import { isValid } from '../support/json-schema.ts';
import { programForTests } from '../support/program.ts';
import { repositoryRoot } from '../support/require-tools.ts';

const sim = programForTests();
const folder = join(repositoryRoot, 'examples');

/** What a document that ordered strategies says in figures. */
interface Ordered {
  readonly name: string;
  /** Agents with the parameters whose figures it names. */
  readonly agents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Lots of a leg, by agent or for all. */
  readonly lots: number;
  readonly desk: Readonly<Record<string, unknown>>;
}

const RSI = {
  timeframe: 5,
  rsiPeriod: 9,
  lines: 'seed',
  itmOffset: 100,
  slPoints: 50,
  tslPoints: 50,
  maxTradesPerDay: 5,
};
const WINDOW = { entryFrom: '09:20', entryTo: '15:15', exitAt: '15:15' };

const STRADDLE = {
  anchorTime: '09:20',
  pivotWindow: 15,
  legsByDte: [{ maxDte: 366, sellPct: 2.5, hedgePct: 1.25 }],
  trailPct: 1,
  slBuffer: 1,
  entryOrder: 'limit-then-market',
  limitBufferPct: 0.3,
  limitWaitSeconds: 5,
};

const SHORT_STRADDLE = { entryAt: '09:20', exitAt: '15:15', legStopPct: 25, rollOnSpot: false };
const ZONES = {
  zonePct: 0.1,
  confirmPct: 0.04,
  volumeFactor: 1.2,
  volumeBars: 20,
  armCandles: 6,
  stopPremiumPct: 20,
  targetPremiumPct: 40,
  holdMinutes: 45,
  tradesPerDayMax: 3,
  cooldownMinutes: 5,
  walls: 0,
};
const BREAKOUT = {
  openingMinutes: 15,
  yesterdayPct: 0.3,
  volumeFactor: 1.5,
  oiWindowMinutes: 15,
  oiStrikes: 5,
  pcrGate: true,
  pcrLevel: 1,
  pcrStrikes: 10,
  stopInsidePct: 0.1,
  premiumStopPct: 25,
  trailAtr: 1,
  atrPeriod: 14,
};
const TREND = { mode: 'daily', emaPeriod: 50, distancePct: 0.5, volumeFactor: 1.2, volumeBars: 20, crossLag: 1 };

const ORDERED: readonly Ordered[] = [
  {
    name: 'index-options',
    agents: {
      'atm-straddle/NIFTY': SHORT_STRADDLE,
      'atm-straddle/BANKNIFTY': SHORT_STRADDLE,
      'key-zone-reversal/NIFTY': ZONES,
      'key-zone-reversal/BANKNIFTY': ZONES,
      'oi-breakout/NIFTY': BREAKOUT,
      'oi-breakout/BANKNIFTY': BREAKOUT,
      'ema-trend/NIFTY': TREND,
      'ema-trend/BANKNIFTY': TREND,
    },
    lots: 1,
    desk: { segments: ['NIFTY', 'BANKNIFTY'] },
  },
  {
    name: 'straddle-vwap',
    agents: {
      'straddle-vwap/NIFTY': { ...STRADDLE, shiftStep: 50 },
      'straddle-vwap/SENSEX': { ...STRADDLE, shiftStep: 100 },
    },
    lots: 1,
    desk: { risk: { lossPerDayMax: 100_000 } },
  },
  {
    name: 'swing-break',
    agents: {
      'swing-break/NIFTY': {
        strikesAround: 10,
        priceMin: 100,
        priceMax: 300,
        vwapPremium: 0.04,
        slPctMin: 0.02,
        slPctMax: 0.1,
        slAboveHigh: 1,
        targetSl: 10,
        rValue: 6_500,
        maxLots: 10,
        maxPositions: 5,
        maxPositionsCe: 3,
        maxPositionsPe: 3,
        dayTargetR: 5,
        dayLossR: 5,
        preferRoundStrike: false,
        exitAt: '15:15',
      },
    },
    lots: 1,
    desk: { account: { capital: 10_000_000 } },
  },
  {
    name: 'rsi-strength',
    agents: {
      'rsi-strength/NIFTY': { ...RSI, ...WINDOW, pyramidPoints: 10, lotAddition: 5, maxQuantity: 1_500 },
      'rsi-strength/BANKNIFTY': { ...RSI, ...WINDOW, pyramidPoints: 20, lotAddition: 10, maxQuantity: 1_000 },
      'rsi-strength/SENSEX': { ...RSI, ...WINDOW, pyramidPoints: 20, lotAddition: 10, maxQuantity: 1_000 },
    },
    lots: 1,
    desk: { risk: { squareOffAt: '15:15' } },
  },
  {
    name: 'weekly-signals',
    agents: {
      'weekly-signals/NIFTY': {
        signals: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'],
        hedgeOffset: 200,
        slLevel: 'strike',
        slBasis: 'touch',
        progressiveStop: false,
        exitMode: 'intraday1515',
        exitAt: '15:15',
        expiry: 'nearest',
        structuresOpenMax: 3,
        lossPerDay: 10_000,
      },
    },
    lots: 10,
    desk: {
      account: { capital: 500_000 },
      risk: { lossPerDayMax: 10_000, structuresOpenAccountMax: 3, squareOffAt: '15:15' },
    },
  },
];

async function deskNamed(name: string): Promise<Config> {
  return await effectiveConfig({ file: await readConfigFile(join(folder, `${name}.yaml`)) });
}

test('there is one for each document, and the help names them', async () => {
  const names = ORDERED.map(({ name }) => name).sort();
  expect(exampleNames()).toEqual(names);
  expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.yaml`));
  const { stdout } = await sim.run(['config', 'example', '--help']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`a desk: ${names.join(', ')}`);
  expect(await sim.run(['config', 'example', 'rsi-strenght'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `sim: NAME must be one of ${names.join(', ')}, was "rsi-strenght" (did you mean rsi-strength?)\n`,
  });
});

describe.each(ORDERED)('$name', ({ name, agents, lots, desk }) => {
  test('has the figures of its document', async () => {
    const config = await deskNamed(name);
    const plans = agentsOf(config);
    expect(plans.map(idOf)).toEqual(Object.keys(agents));
    for (const plan of plans) {
      expect(plan.params, idOf(plan)).toMatchObject(agents[idOf(plan)] ?? {});
      expect(plan.lots, idOf(plan)).toBe(lots);
    }
    expect(config).toMatchObject({ ...desk, data: { source: 'synthetic' } });
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
    expect(isValid(JSON.parse(schemaText()) as Record<string, unknown>, parse(text))).toBe(true);
  });

  test('is printed, found right, and runs as it stands, twice to the same bytes', { timeout: 240_000 }, async () => {
    const cwd = sim.fresh(name);
    const file = join(folder, `${name}.yaml`);
    expect(await sim.run(['config', 'example', name])).toEqual({
      code: 0,
      stdout: readFileSync(file, 'utf8'),
      stderr: '',
    });
    expect(await sim.run(['config', 'check', file], cwd)).toMatchObject({ code: 0, stderr: '' });
    const { from } = await deskNamed(name);
    const to = addDays(from ?? day('2025-01-06'), 2);
    const words = ['backtest', '--config', file, '--to', to, '--no-report', '--trace', '--json'];
    const runs = await Promise.all([sim.run(words, cwd), sim.run(words, cwd)]);
    expect(
      runs.map(({ code }) => code),
      runs[0]?.stderr,
    ).toEqual([0, 0]);
    const [one = '', other = ''] = runs.map(({ stdout }) => join(cwd, (JSON.parse(stdout) as { path: string }).path));
    const journal = readFileSync(join(one, 'orders.jsonl'));
    expect(journal.equals(readFileSync(join(other, 'orders.jsonl')))).toBe(true);
    expect(evaluatedIn(one)).toEqual(new Set(Object.keys(agents)));
  });
});

/** Agents that made a decision which the trace tells. */
function evaluatedIn(run: string): ReadonlySet<string> {
  const lines = readFileSync(join(run, 'trace.jsonl'), 'utf8').trimEnd().split('\n');
  return new Set(lines.map((line) => (JSON.parse(line) as { readonly agent: string }).agent));
}
