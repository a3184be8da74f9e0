import { intervalText } from '../csv.ts';
import { moneyText } from '../money-text.ts';
import type { Report } from '../report.ts';
import { dataBanner } from '../report.ts';
import { plural } from '../text.ts';
import { countOf } from './amounts.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** Name of a run as a title: what traded where. */
export function titleOf({ run }: Report): string {
  const names = [...new Set(run.strategies.map(({ name }) => name))].join(', ');
  return `${names} on ${run.segments.join(', ')}`;
}

/** Mode, label of the market, what ran when, what it stood on, and what the reader is warned of. */
export function headerOf(report: Report): Markup {
  const { run, statistics } = report;
  const banner = dataBanner(run);
  return html`<div class="mode-bar mode-${run.mode.toLowerCase()}"><strong class="mode">${run.mode}</strong>${banner !== null && html`<strong class="label">${run.data.kind.toUpperCase()}</strong>`}<span class="mode-run">${titleOf(report)}, ${run.from} to ${run.to}</span><span class="switches"><button type="button" id="palette" aria-pressed="false" hidden>Blue and orange</button><button type="button" id="theme" aria-pressed="false" hidden>Dark</button></span></div>
<header class="run-header">
${banner !== null && html`<p class="banner" role="note"><strong>${banner.split(':')[0]}:</strong>${banner.slice(banner.indexOf(':') + 1)}</p>`}
<h1>${titleOf(report)}</h1>
<p class="lead">${run.from} to ${run.to}, ${plural(statistics.days, 'session')}; capital ${moneyText(run.capital, { sign: '₹', paise: false })}, ${plural(run.lots, 'lot')} a leg; candles of ${intervalText(run.data.intervalMs)}, ${run.data.kind === 'real' ? 'real' : run.data.kind.toUpperCase()}</p>
<dl class="facts">${factsOf(report).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${run.warnings.length > 0 && html`<aside class="warnings" aria-label="Warnings"><h2>Warnings</h2><ul>${run.warnings.map((warning) => html`<li>${warning}</li>`)}</ul></aside>`}
</header>`;
}

/** The ground a result stands on, beside the result. */
function factsOf({ run, quality, fills, statistics }: Report): readonly (readonly [string, string])[] {
  const coverage = run.data.coveragePct ?? quality.coveragePct;
  const { grades } = quality;
  const missing = quality.rungs.map(
    ({ underlying, parity, future, none }) =>
      `${underlying} ${countOf(parity + future + none)} minutes without its index${none > 0 ? ` (${countOf(none)} without any level)` : ''}`,
  );
  const fillModel = run.models.find(({ name }) => name === 'fills');
  const traded = fills.length === 0 ? 'no fill' : `${countOf(fills.length)} fills: ${gradeText(grades)}`;
  return [
    [
      'Data quality',
      `${coverage === null ? 'coverage unknown' : `${coverage.toFixed(2)} % of candles present`}; ${missing.join('; ') || 'no minute played'}; missing days ${listed(run.data.missingDays)}`,
    ],
    ['Evidence of fills', traded],
    ...(fillModel === undefined
      ? []
      : [['Fill model', `${firstSentence(fillModel.assumption)} More under Assumptions.`] as const]),
    [
      'Signals',
      `${countOf(quality.taken)} taken, ${countOf(quality.skipped.reduce((sum, { count }) => sum + count, 0))} skipped, ${countOf(statistics.structures)} structures closed`,
    ],
  ];
}

/** A full stop before a capital ends a sentence; one within a number does not. */
function firstSentence(text: string): string {
  return /^.*?\.(?= [A-Z]|$)/s.exec(text)?.[0] ?? text;
}

function gradeText(grades: Report['quality']['grades']): string {
  const words = [
    [grades.quoted, 'quoted'],
    [grades.traded, 'traded in the minute'],
    [grades['volume-unknown'], 'volume unknown'],
    [grades.stale, 'stale'],
    [grades.modelled, 'modelled'],
  ] as const;
  return words
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${countOf(count)} ${word}`)
    .join(', ');
}

function listed(days: readonly string[]): string {
  if (days.length === 0) return 'none';
  return days.length > 12 ? `${days.slice(0, 12).join(', ')} and ${days.length - 12} more` : days.join(', ');
}
