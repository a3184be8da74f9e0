import { FINE_PER_PAISA, LEVY_NAMES } from '../../engine/model/levies.ts';
import type { Drawdown } from '../equity-curve.ts';
import { moneyText, nearestPaisa } from '../money-text.ts';
import type { Report } from '../report.ts';
import { drawdownDates, LEVY_WORDS, percentText, plural, ratioText } from '../text.ts';
import type { Cell } from './book.ts';
import { cell, rupeesOfFine } from './cells.ts';
import { LOOK } from './style.ts';

/** A label with its figure. */
export interface Line {
  readonly label: string;
  readonly content: Cell;
  readonly strong?: boolean;
}

/** From gross to net and what it was worth, as formulas over Daily and Legs. */
export function resultLines({ totals, statistics, run, marked, closed }: Report): readonly Line[] {
  const negative = (fine: number): number => (fine === 0 ? 0 : -rupeesOfFine(fine));
  return [
    { label: 'Gross', content: cell('signed-result', totals.gross / 100, { formula: 'SUM(tblDaily[Gross])' }) },
    ...LEVY_NAMES.map((name): Line => {
      const formula = `-SUM(tblLegs[${LEVY_WORDS[name]}])`;
      return {
        label: `   ${LEVY_WORDS[name]}`,
        content: cell('signed-money', negative(totals.charges[name]), { formula }),
      };
    }),
    {
      label: '   Rounding of notes',
      content: cell('signed-money', negative(totals.rounding), { formula: '-SUM(tblDaily[Rounding])' }),
    },
    {
      label: 'Net',
      content: cell('signed-result', rupeesOfFine(totals.net), { formula: 'SUM(tblDaily[Net])' }),
      strong: true,
    },
    {
      label: 'Return on capital',
      content: cell('share', statistics.returnOnCapital, { formula: 'SUM(tblDaily[Net])/RunCapital' }),
    },
    ...fallLines('intraday MTM', marked[0], run.capital),
    ...fallLines('closed trades', closed[0], run.capital),
    ...(totals.openGross === 0 && totals.openCharges === 0
      ? []
      : [{ label: 'Still open at the end, gross', content: cell('signed-result', totals.openGross / 100) }]),
  ];
}

function fallLines(name: string, fall: Drawdown | undefined, capital: number): readonly Line[] {
  if (fall === undefined) return [{ label: `Drawdown, ${name}`, content: words('none') }];
  const share = percentText(fall.depth / FINE_PER_PAISA / capital);
  const [dates = '', end = ''] = drawdownDates(fall).split(', ');
  return [
    { label: `Drawdown, ${name}`, content: cell('signed-result', -rupeesOfFine(fall.depth)) },
    { label: `   ${share} of capital`, content: words(dates) },
    { label: '', content: words(end) },
  ];
}

/** Counts over structures and days. */
export function tradingLines(report: Report): readonly Line[] {
  const { statistics, trades, ambiguous, inMarket } = report;
  const { averageWin, averageLoss, bestDay, worstDay, expectancyR, expectancyPoints } = statistics;
  const money = (fine: number | null): Cell =>
    fine === null ? words('n/a') : cell('signed-result', rupeesOfFine(fine));
  const ratio = (value: number | null): Cell =>
    value === null ? words(ratioText(null, statistics)) : cell('ratio', value);
  return [
    { label: 'Structures, legs', content: words(`${statistics.structures}, ${trades.length}`) },
    { label: 'Won, lost', content: words(`${statistics.wins}, ${statistics.losses}`) },
    { label: 'Average win', content: money(averageWin) },
    { label: 'Average loss', content: money(averageLoss) },
    { label: 'Payoff', content: ratio(statistics.payoff) },
    {
      label: 'Expectancy, points',
      content: expectancyPoints === null ? words('n/a') : cell('ratio', expectancyPoints / 100),
    },
    { label: 'Expectancy, R', content: expectancyR === null ? words('n/a') : cell('ratio', expectancyR) },
    { label: 'Sortino, daily', content: ratio(statistics.sortino) },
    { label: 'SQN', content: ratio(statistics.sqn) },
    {
      label: 'Longest streaks, structures',
      content: words(`${statistics.longestWinStreak} won, ${statistics.longestLossStreak} lost`),
    },
    {
      label: 'Longest streaks, days',
      content: words(`${statistics.longestDayWinStreak} won, ${statistics.longestDayLossStreak} lost`),
    },
    { label: 'Best day', content: money(bestDay?.net ?? null) },
    { label: 'Worst day', content: money(worstDay?.net ?? null) },
    {
      label: 'Days won, lost',
      content: words(`${statistics.winningDays}, ${statistics.losingDays} of ${statistics.days}`),
    },
    { label: 'Time in the market', content: words(percentText(inMarket)) },
    { label: 'Ambiguous exits', content: cell('count', ambiguous.exits) },
  ];
}

/** What the run stood on. */
export function groundLines({ quality, run, ambiguous, fills }: Report): readonly (readonly [string, string])[] {
  const coverage = run.data.coveragePct ?? quality.coveragePct;
  const { grades } = quality;
  const style = { sign: '₹' } as const;
  const skipped = quality.skipped.slice(0, 5).map(({ gate, count }) => `${count} x ${gate}`);
  return [
    [
      'Candles',
      `${run.data.kind === 'real' ? 'real' : run.data.kind.toUpperCase()}, coverage ${coverage === null ? 'unknown' : `${coverage.toFixed(2)} %`}, missing days ${run.data.missingDays.length === 0 ? 'none' : run.data.missingDays.join(', ')}`,
    ],
    ...quality.rungs.map(
      ({ underlying, index, parity, future, none }) =>
        [
          `${underlying} level`,
          `${index} minutes from the index, ${parity} from put-call parity, ${future} from the future, ${none} from nothing`,
        ] as const,
    ),
    [
      'Evidence of fills',
      `${fills.length} fills: ${grades.quoted} quoted, ${grades.traded} traded in the minute, ${grades['volume-unknown']} with volume unknown, ${grades.stale} stale, ${grades.modelled} modelled`,
    ],
    [
      'Signals',
      `${quality.taken} taken${skipped.length === 0 ? ', none skipped' : `; skipped: ${skipped.join(', ')}`}`,
    ],
    [
      'Ambiguous exits',
      ambiguous.exits === 0
        ? 'none: no candle spanned both stop and target of a pair'
        : `${plural(ambiguous.exits, 'exit')} in a candle that spanned stop and target, acted on the stop. Net of trades ${moneyText(nearestPaisa(ambiguous.net), style)}; had the target filled ${moneyText(nearestPaisa(ambiguous.netIfTarget), style)}`,
    ],
  ];
}

function words(text: string): Cell {
  return { value: text, style: LOOK.bodyRight };
}
