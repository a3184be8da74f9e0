import { FINE_PER_PAISA, LEVY_NAMES } from '../../engine/model/levies.ts';
import type { DayRow } from '../daily.ts';
import type { Drawdown } from '../equity-curve.ts';
import type { Report } from '../report.ts';
import { drawdownDates, exposureText, LEVY_WORDS, percentText, plural, ratioText } from '../text.ts';
import { countOf, resultOf } from './amounts.ts';
import type { Markup, Piece } from './html.ts';
import { html } from './html.ts';

type Figure = readonly [id: string, label: string, value: Piece];

/** Every figure of the summary in full, in the words of the terminal. */
export function figuresSection(report: Report): Markup {
  const blocks = [moneyFigures(report), riskFigures(report), countFigures(report)];
  return html`<section class="card" id="figures" aria-labelledby="figures-h"><h2 id="figures-h">All figures</h2><div class="triple">${blocks.map(
    (figures) =>
      html`<table class="figures"><tbody>${figures.map(
        ([id, label, value]) =>
          html`<tr data-figure="${id}"><th scope="row" class="text">${label}</th><td>${value}</td></tr>`,
      )}</tbody></table>`,
  )}</div></section>`;
}

function moneyFigures({ totals, statistics }: Report): readonly Figure[] {
  return [
    ['gross', 'Gross', resultOf(totals.gross * FINE_PER_PAISA)],
    ...LEVY_NAMES.map((name): Figure => [name, LEVY_WORDS[name], resultOf(0 - totals.charges[name])]),
    ['rounding', 'Contract note rounding', resultOf(0 - totals.rounding)],
    ['charges', 'Charges', resultOf(0 - (totals.charges.total + totals.rounding))],
    ['net', 'Net', resultOf(totals.net)],
    ['return', 'Return on capital', percentText(statistics.returnOnCapital)],
    ...(totals.openGross === 0 && totals.openCharges === 0
      ? []
      : [['open-gross', 'Still open at the end, gross', resultOf(totals.openGross * FINE_PER_PAISA)] as const]),
  ];
}

function riskFigures({ marked, closed, statistics, run, inMarket }: Report): readonly Figure[] {
  const fall = (drawdown: Drawdown | undefined): Piece =>
    drawdown === undefined
      ? 'none'
      : html`${resultOf(-drawdown.depth)}<br><span class="times">${percentText(drawdown.depth / FINE_PER_PAISA / run.capital)} of capital, ${drawdownDates(drawdown)}</span>`;
  const dayOf = (day: DayRow | null): Piece =>
    day === null ? 'none' : html`${resultOf(day.net)}<br><span class="times">${day.day}</span>`;
  return [
    ['drawdown-marked', 'Drawdown, intraday MTM', fall(marked[0])],
    ['drawdown-closed', 'Drawdown, closed trades', fall(closed[0])],
    ['net-over-drawdown', 'Net ÷ max drawdown', ratioText(statistics.netOverDrawdown, statistics)],
    ['worst-day', 'Worst day', dayOf(statistics.worstDay)],
    ['best-day', 'Best day', dayOf(statistics.bestDay)],
    [
      'days',
      'Days won, lost',
      `${countOf(statistics.winningDays)}, ${countOf(statistics.losingDays)} of ${countOf(statistics.days)}`,
    ],
    ['sharpe', 'Sharpe, daily', ratioText(statistics.sharpe, statistics)],
    ['sortino', 'Sortino, daily', ratioText(statistics.sortino, statistics)],
    ['sqn', 'SQN', ratioText(statistics.sqn, statistics)],
    ['in-market', 'Time in the market', percentText(inMarket)],
  ];
}

function countFigures({ statistics, trades, fills, ambiguous }: Report): readonly Figure[] {
  const { averageWin, averageLoss, expectancyPoints, expectancyR } = statistics;
  const money = (fine: number | null): Piece => (fine === null ? 'n/a' : resultOf(fine));
  return [
    [
      'structures',
      'Structures',
      `${countOf(statistics.structures)} (${plural(trades.length, 'leg')}, ${plural(fills.length, 'fill')})`,
    ],
    [
      'win-rate',
      'Win rate',
      `${percentText(statistics.winRate)} of structures (${statistics.wins} won, ${statistics.losses} lost)`,
    ],
    ['expectancy', 'Expectancy a structure', money(statistics.expectancy)],
    [
      'expectancy-points',
      'Expectancy, points',
      expectancyPoints === null ? 'n/a' : (expectancyPoints / 100).toFixed(2),
    ],
    ['expectancy-r', 'Expectancy, R', expectancyR === null ? 'n/a' : expectancyR.toFixed(2)],
    ['average-win', 'Average win', money(averageWin)],
    ['average-loss', 'Average loss', money(averageLoss)],
    ['payoff', 'Payoff', ratioText(statistics.payoff, statistics)],
    ['profit-factor', 'Profit factor', ratioText(statistics.profitFactor, statistics)],
    [
      'streaks',
      'Longest streaks, structures',
      `${statistics.longestWinStreak} won, ${statistics.longestLossStreak} lost`,
    ],
    [
      'day-streaks',
      'Longest streaks, days',
      `${statistics.longestDayWinStreak} won, ${statistics.longestDayLossStreak} lost`,
    ],
    ['exposure', 'Sold legs stood', exposureText(trades)],
    ['ambiguous', 'Ambiguous exits', countOf(ambiguous.exits)],
  ];
}
