import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import type { Report } from '../report.ts';
import { drawdownDates, plural, ratioText } from '../text.ts';
import { rupeesOfFine } from './cells.ts';

/** One verdict: a figure large enough to read across a desk. */
export interface Tile {
  readonly label: string;
  readonly kind: 'result' | 'share' | 'ratio' | 'count';
  readonly value: number | string;
  /** Null where the figure is not a sum over the tables, or there is none. */
  readonly formula: string | null;
  readonly note: string;
}

const DEEPEST = 'SUMPRODUCT(MAX((tblDrawdowns[Basis]="intraday MTM")*tblDrawdowns[Depth]))';

/** The ten verdicts in the order in which a trader asks for them. */
export function tilesOf(report: Report): readonly Tile[] {
  return [...moneyTiles(report), ...structureTiles(report)];
}

function moneyTiles(report: Report): readonly Tile[] {
  const { totals, statistics, marked, run } = report;
  const deepest = marked[0];
  const depth = deepest === undefined ? 0 : rupeesOfFine(deepest.depth);
  return [
    {
      label: 'Net profit',
      kind: 'result',
      value: rupeesOfFine(totals.net),
      formula: 'SUM(tblDaily[Net])',
      note: `${(statistics.returnOnCapital * 100).toFixed(2)} % of capital`,
    },
    {
      label: 'Max drawdown, intraday MTM',
      kind: 'result',
      value: depth === 0 ? 0 : -depth,
      formula: `-${DEEPEST}`,
      note:
        deepest === undefined
          ? 'none'
          : `${((deepest.depth / FINE_PER_PAISA / run.capital) * 100).toFixed(2)} %, ${drawdownDates(deepest).split(',')[0]}`,
    },
    {
      label: 'Net ÷ max drawdown',
      ...ratio(report, statistics.netOverDrawdown, `SUM(tblDaily[Net])/${DEEPEST}`),
      note: 'intraday MTM drawdown',
    },
    {
      label: 'Profit factor',
      ...ratio(report, statistics.profitFactor, 'SUMIF(tblStructures[Net],">0")/-SUMIF(tblStructures[Net],"<0")'),
      note: 'wins ÷ losses of structures',
    },
    {
      label: 'Sharpe, daily',
      ...ratio(report, statistics.sharpe, 'AVERAGE(tblDaily[Net])/STDEV(tblDaily[Net])*SQRT(252)'),
      note: 'x √252, risk-free 0',
    },
  ];
}

function structureTiles(report: Report): readonly Tile[] {
  const { totals, statistics, trades, fills } = report;
  const { bestDay, worstDay, winRate, expectancy } = statistics;
  const costs = rupeesOfFine(totals.charges.total + totals.rounding);
  const gross = totals.gross / 100;
  return [
    {
      label: 'Win rate',
      kind: 'share',
      ...figure(winRate, 'COUNTIF(tblStructures[Net],">0")/COUNT(tblStructures[Net])'),
      note: `${statistics.wins} of ${plural(statistics.structures, 'structure')}`,
    },
    {
      label: 'Expectancy',
      kind: 'result',
      ...figure(expectancy === null ? null : rupeesOfFine(expectancy), 'AVERAGE(tblStructures[Net])'),
      note: 'net a structure',
    },
    {
      label: 'Structures',
      kind: 'count',
      value: statistics.structures,
      formula: 'COUNT(tblStructures[Net])',
      note: `${plural(trades.length, 'leg')}, ${plural(fills.length, 'fill')}`,
    },
    {
      label: 'Worst day',
      kind: 'result',
      ...figure(worstDay === null ? null : rupeesOfFine(worstDay.net), 'MIN(tblDaily[Net])'),
      note: `${worstDay?.day ?? 'none'}; best ${bestDay?.day ?? 'none'}`,
    },
    {
      label: 'Costs ÷ gross',
      kind: 'share',
      ...figure(gross > 0 ? costs / gross : null, `(${COSTS})/SUM(tblDaily[Gross])`),
      note: gross > 0 ? 'all charges' : 'gross is not above zero',
    },
  ];
}

const COSTS = 'SUM(tblDaily[Charges])+SUM(tblDaily[Rounding])';

/** A value with its formula, or words where there is no value. */
function figure(value: number | null, formula: string): Pick<Tile, 'value' | 'formula'> {
  return value === null ? { value: 'n/a', formula: null } : { value, formula };
}

function ratio(
  { statistics }: Report,
  value: number | null,
  formula: string,
): Pick<Tile, 'kind' | 'value' | 'formula'> {
  if (value === null) return { kind: 'ratio', value: ratioText(null, statistics), formula: null };
  return { kind: 'ratio', value, formula };
}
