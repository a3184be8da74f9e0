import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { dayOf, daysBetween } from '../../engine/model/time.ts';
import type { Drawdown } from '../equity-curve.ts';
import type { Report } from '../report.ts';
import { drawdownDates, percentText, plural, ratioText } from '../text.ts';
import { countOf, resultOf } from './amounts.ts';
import type { Markup, Piece } from './html.ts';
import { html } from './html.ts';

/** The verdicts, in the order in which a trader asks for them. */
export function tileStrip(report: Report): Markup {
  return html`<ul class="tiles">${[...resultTiles(report), ...countTiles(report)].map(
    ({ id, label, figure, note }) =>
      html`<li class="tile" data-tile="${id}"><span class="tile-label">${label}</span><strong>${figure}</strong><span class="tile-note">${note}</span></li>`,
  )}</ul>`;
}

/** How long a fall lasted, in calendar days. */
export function recoveryText({ peakAt, troughAt, recoveredAt }: Drawdown): string {
  if (recoveredAt !== null && dayOf(recoveredAt) === dayOf(peakAt)) return 'within one day';
  const down = daysBetween(dayOf(peakAt), dayOf(troughAt));
  const up = recoveredAt === null ? null : daysBetween(dayOf(troughAt), dayOf(recoveredAt));
  return `${plural(down, 'day')} down, ${up === null ? 'not recovered' : `${plural(up, 'day')} to recover`}`;
}

interface Tile {
  readonly id: string;
  readonly label: string;
  readonly figure: Piece;
  readonly note: Piece;
}

function resultTiles(report: Report): readonly Tile[] {
  const { totals, statistics, marked, run } = report;
  const deepest = marked[0];
  return [
    {
      id: 'net',
      label: 'Net profit',
      figure: resultOf(totals.net, 'short'),
      note: `${percentText(statistics.returnOnCapital)} of capital`,
    },
    {
      id: 'net-over-drawdown',
      label: 'Net ÷ max drawdown',
      figure: ratio(report, statistics.netOverDrawdown),
      note: 'intraday MTM drawdown',
    },
    {
      id: 'drawdown',
      label: 'Max drawdown',
      figure: deepest === undefined ? 'none' : resultOf(-deepest.depth, 'short'),
      note:
        deepest === undefined
          ? 'never a rupee below its peak'
          : html`${percentText(deepest.depth / FINE_PER_PAISA / run.capital)} of capital, ${drawdownDates(deepest).split(',')[0]}; ${recoveryText(deepest)}`,
    },
    {
      id: 'sharpe',
      label: 'Sharpe',
      figure: ratio(report, statistics.sharpe),
      note: 'daily, x √252, risk-free 0',
    },
    {
      id: 'profit-factor',
      label: 'Profit factor',
      figure: ratio(report, statistics.profitFactor),
      note: 'wins ÷ losses of structures',
    },
  ];
}

function countTiles({ totals, statistics, trades, fills }: Report): readonly Tile[] {
  const { expectancy, expectancyR, winRate, worstDay, bestDay } = statistics;
  const costs = totals.charges.total + totals.rounding;
  const gross = totals.gross * FINE_PER_PAISA;
  return [
    {
      id: 'expectancy',
      label: 'Expectancy',
      figure: expectancy === null ? 'n/a' : resultOf(expectancy, 'short'),
      note: `net a structure${expectancyR === null ? '' : `, ${expectancyR.toFixed(2)} R`}`,
    },
    {
      id: 'win-rate',
      label: 'Win rate',
      figure: percentText(winRate),
      note: `${countOf(statistics.wins)} won, ${countOf(statistics.losses)} lost`,
    },
    {
      id: 'trades',
      label: 'Trades',
      figure: html`<data value="${statistics.structures}">${countOf(statistics.structures)}</data>`,
      note: `structures; ${countOf(trades.length)} legs, ${countOf(fills.length)} fills`,
    },
    {
      id: 'worst-day',
      label: 'Worst day',
      figure: worstDay === null ? 'none' : resultOf(worstDay.net, 'short'),
      note:
        worstDay === null
          ? ''
          : html`${worstDay.day}${bestDay !== null && html`; best ${bestDay.day} ${resultOf(bestDay.net, 'short')}`}`,
    },
    {
      id: 'cost-share',
      label: 'Costs ÷ gross',
      figure: gross > 0 ? percentText(costs / gross) : 'n/a',
      note: gross > 0 ? 'all charges' : 'gross is not above zero',
    },
  ];
}

function ratio({ statistics }: Report, value: number | null): Markup {
  const text = ratioText(value, statistics);
  return value === null ? html`<span class="few">${text}</span>` : html`<data value="${value}">${text}</data>`;
}
