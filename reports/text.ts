import type { LevyName } from '../engine/model/levies.ts';
import { FINE_PER_PAISA, LEVY_NAMES } from '../engine/model/levies.ts';
import { dayOf, stampText } from '../engine/model/time.ts';
import { intervalText } from './csv.ts';
import type { Drawdown } from './equity-curve.ts';
import type { MoneyStyle } from './money-text.ts';
import { moneyText, nearestPaisa } from './money-text.ts';
import type { Summary } from './report.ts';
import { dataBanner } from './report.ts';
import type { Statistics } from './statistics.ts';

/** How a summary is printed on a terminal. */
export interface TextStyle {
  /** False where the terminal's character set has no rupee sign. */
  readonly unicode: boolean;
}

export const LEVY_WORDS: Readonly<Record<LevyName, string>> = {
  brokerage: 'Brokerage',
  stt: 'STT',
  exchange: 'Exchange fee',
  sebi: 'SEBI fee',
  stamp: 'Stamp duty',
  gst: 'GST',
};

const LABEL_WIDTH = 24;
/** Reasons of skipped signals that a summary names. */
const SKIPS_SHOWN = 20;

/** The summary that a run ends with. */
export function summaryText(report: Summary, style: TextStyle): string {
  const banner = dataBanner(report.run);
  const blocks = [
    headerLines(report, moneyStyle(style)),
    moneyLines(report, moneyStyle(style)),
    riskLines(report, moneyStyle(style)),
    countLines(report, moneyStyle(style)),
    groundLines(report),
  ];
  const page = blocks.map((lines) => lines.join('\n')).join('\n\n');
  return banner === null ? `${page}\n` : `${banner}\n\n${page}\n`;
}

/** Whether a terminal with these settings shows the rupee sign. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale);
}

/** A ratio with two decimals, or why there is none. */
export function ratioText(value: number | null, statistics: Statistics): string {
  if (value !== null) return value.toFixed(2);
  return statistics.enough ? 'n/a' : `n/a (${plural(statistics.structures, 'structure')})`;
}

export function percentText(share: number | null): string {
  if (share === null) return 'n/a';
  const percent = share * 100;
  return `${percent.toFixed(Math.abs(percent) < 1 && percent !== 0 ? 2 : 1)} %`;
}

/** A drawdown with its dates, in words. */
export function drawdownDates({ peakAt, troughAt, recoveredAt }: Drawdown): string {
  const end = recoveredAt === null ? 'not recovered' : `recovered ${dayOf(recoveredAt)}`;
  return `${dayOf(peakAt)} to ${dayOf(troughAt)}, ${end}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function moneyStyle({ unicode }: TextStyle): MoneyStyle {
  return { sign: unicode ? '₹' : 'Rs ', plus: true };
}

function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`;
}

function headerLines({ run, statistics }: Summary, { sign }: MoneyStyle): readonly string[] {
  const agents = run.strategies.map(({ name, segment }) => `${name}/${segment}`).join(', ');
  return [
    line('Run', `${run.mode} ${run.from} to ${run.to}, ${plural(statistics.days, 'session')}`),
    line('Strategies', agents),
    line('Capital', moneyText(run.capital, { sign, paise: false })),
    line('Candles', `${intervalText(run.data.intervalMs)}, ${run.data.kind}`),
  ];
}

function moneyLines({ totals }: Summary, style: MoneyStyle): readonly string[] {
  const width = 20;
  const money = (fine: number): string => moneyText(nearestPaisa(fine), style).padStart(width);
  const levies = LEVY_NAMES.map((name) => line(`  ${LEVY_WORDS[name]}`, money(-totals.charges[name])));
  return [
    line('Gross', money(totals.gross * FINE_PER_PAISA)),
    ...levies,
    line('  Contract note rounding', money(-totals.rounding)),
    line('Charges', money(-(totals.charges.total + totals.rounding))),
    line('Net', money(totals.net)),
  ];
}

function riskLines({ marked, closed, statistics, run }: Summary, style: MoneyStyle): readonly string[] {
  const { bestDay, worstDay } = statistics;
  const fall = (drawdown: Drawdown | undefined): string => {
    if (drawdown === undefined) return 'none';
    const share = percentText(drawdown.depth / FINE_PER_PAISA / run.capital);
    return `${moneyText(-nearestPaisa(drawdown.depth), style)} (${share} of capital), ${drawdownDates(drawdown)}`;
  };
  const dayLine = (day: Statistics['bestDay']): string =>
    day === null ? 'none' : `${day.day} ${moneyText(nearestPaisa(day.net), style)}`;
  return [
    line('Drawdown, intraday MTM', fall(marked[0])),
    line('Drawdown, closed trades', fall(closed[0])),
    line('Worst day', dayLine(worstDay)),
    line('Best day', dayLine(bestDay)),
    line('Return on capital', percentText(statistics.returnOnCapital)),
    line(
      'Sharpe, Sortino',
      `${ratioText(statistics.sharpe, statistics)}, ${ratioText(statistics.sortino, statistics)}`,
    ),
  ];
}

function countLines({ statistics, trades, fills, ambiguous }: Summary, style: MoneyStyle): readonly string[] {
  const { structures, wins, losses, expectancy, expectancyR } = statistics;
  const each = expectancy === null ? 'n/a' : moneyText(nearestPaisa(expectancy), style);
  const inR = expectancyR === null ? '' : `, ${expectancyR.toFixed(2)} R`;
  const sums = `as acted ${moneyText(nearestPaisa(ambiguous.net), style)}, had the target filled ${moneyText(nearestPaisa(ambiguous.netIfTarget), style)}`;
  return [
    line('Structures', `${structures} (${plural(trades.length, 'leg')}, ${plural(fills.length, 'fill')})`),
    line('Win rate', `${percentText(statistics.winRate)} of structures (${wins} won, ${losses} lost)`),
    line('Expectancy', `${each} a structure${inR}`),
    line('Profit factor', ratioText(statistics.profitFactor, statistics)),
    line(
      'Longest streaks',
      `${statistics.longestWinStreak} won, ${statistics.longestLossStreak} lost (structures); ${statistics.longestDayWinStreak} and ${statistics.longestDayLossStreak} days`,
    ),
    line('Sold legs stood', exposureText(trades)),
    line('Ambiguous exits', ambiguous.exits === 0 ? '0' : `${ambiguous.exits}; net of trades ${sums}`),
  ];
}

/** The longest that any sold leg stood without what protects it, in seconds. */
export function exposureText(trades: Summary['trades']): string {
  const longest = (of: (trade: Summary['trades'][number]) => number): string =>
    (trades.reduce((most, trade) => Math.max(most, of(trade)), 0) / 1_000).toFixed(2);
  return `${longest(({ nakedMs }) => nakedMs)} s without a stop, ${longest(({ unhedgedMs }) => unhedgedMs)} s without their hedge, at most`;
}

function groundLines({ quality, run }: Summary): readonly string[] {
  const { grades } = quality;
  const coverage = run.data.coveragePct ?? quality.coveragePct;
  const rungs = quality.rungs.map(
    ({ underlying, index, parity, future, none }) =>
      `${underlying} ${index} index, ${parity} parity, ${future} future, ${none} none`,
  );
  const skipped = quality.skipped.slice(0, SKIPS_SHOWN).map(({ gate, count }) => `${count} x ${gate}`);
  const more = quality.skipped.length - skipped.length;
  if (more > 0) skipped.push(`${more} more reasons in events.csv`);
  return [
    line('Candle coverage', coverage === null ? 'unknown' : `${coverage.toFixed(2)} %`),
    line('Missing days', run.data.missingDays.length === 0 ? 'none' : run.data.missingDays.join(', ')),
    line('Underlying minutes', rungs.length === 0 ? 'none' : rungs.join('; ')),
    line(
      'Fill evidence',
      `${grades.quoted} quoted, ${grades.traded} traded, ${grades['volume-unknown']} volume unknown, ${grades.stale} stale, ${grades.modelled} modelled`,
    ),
    line('Signals', `${quality.taken} taken${skipped.length === 0 ? '' : `; skipped ${skipped.join(', ')}`}`),
    ...run.models.map((model) => line(`Model ${model.name}`, model.assumption)),
    ...run.warnings.map((warning) => line('Warning', warning)),
  ];
}

/** The summary as one plain object, money in rupees. */
export function summaryJson(report: Summary): Readonly<Record<string, unknown>> {
  const { run, totals, statistics, ambiguous, quality } = report;
  const rupees = (fine: number | null): number | null => (fine === null ? null : fine / 1_000_000);
  const fall = (drawdown: Drawdown | undefined): unknown =>
    drawdown === undefined
      ? null
      : {
          depth: rupees(drawdown.depth),
          pctOfCapital: (drawdown.depth / FINE_PER_PAISA / run.capital) * 100,
          peakAt: stampText(drawdown.peakAt),
          troughAt: stampText(drawdown.troughAt),
          recoveredAt: drawdown.recoveredAt === null ? null : stampText(drawdown.recoveredAt),
        };
  const dayOfRow = (day: Statistics['bestDay']): unknown => day && { day: day.day, net: rupees(day.net) };
  return {
    mode: run.mode,
    from: run.from,
    to: run.to,
    dataKind: run.data.kind,
    strategies: run.strategies.map(({ name, segment }) => `${name}/${segment}`),
    capital: run.capital / 100,
    days: statistics.days,
    structures: statistics.structures,
    trades: report.trades.length,
    fills: report.fills.length,
    gross: totals.gross / 100,
    charges: Object.fromEntries([...LEVY_NAMES, 'total' as const].map((name) => [name, rupees(totals.charges[name])])),
    rounding: rupees(totals.rounding),
    net: rupees(totals.net),
    drawdown: { intradayMtm: fall(report.marked[0]), closedTrades: fall(report.closed[0]) },
    winRate: statistics.winRate,
    expectancy: rupees(statistics.expectancy),
    expectancyR: statistics.expectancyR,
    profitFactor: statistics.profitFactor,
    sharpe: statistics.sharpe,
    sortino: statistics.sortino,
    worstDay: dayOfRow(statistics.worstDay),
    bestDay: dayOfRow(statistics.bestDay),
    streaks: {
      structuresWon: statistics.longestWinStreak,
      structuresLost: statistics.longestLossStreak,
      daysWon: statistics.longestDayWinStreak,
      daysLost: statistics.longestDayLossStreak,
    },
    nakedMsMax: report.trades.reduce((most, { nakedMs }) => Math.max(most, nakedMs), 0),
    unhedgedMsMax: report.trades.reduce((most, { unhedgedMs }) => Math.max(most, unhedgedMs), 0),
    ambiguousExits: {
      count: ambiguous.exits,
      priced: ambiguous.priced,
      netAsActed: rupees(ambiguous.net),
      netIfTargetFilled: rupees(ambiguous.netIfTarget),
    },
    quality: { ...quality, coveragePct: run.data.coveragePct ?? quality.coveragePct },
    missingDays: run.data.missingDays,
    models: run.models,
    warnings: run.warnings,
  };
}
