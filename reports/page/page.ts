import { createHash } from 'node:crypto';
import type { TradedPrices } from '../../engine/model/traded-prices.ts';
import type { Report } from '../report.ts';
import { curvePoints } from './charts/curve-points.ts';
import { costSection } from './cost-section.ts';
import { curveReading, equitySection } from './equity-section.ts';
import { figuresSection } from './figures-section.ts';
import { groundSection } from './ground-section.ts';
import { headerOf, titleOf } from './header.ts';
import type { Markup } from './html.ts';
import { html, scriptJson } from './html.ts';
import type { PagePayload } from './payload.ts';
import { picturesOf } from './pictures.ts';
import { breakdownSection, distributionSection, excursionSection } from './spread-section.ts';
import { tileStrip } from './tiles.ts';
import { monthSection, weekdaySection } from './time-section.ts';
import { tradeColumns, tradeLines } from './trade-lines.ts';
import { tradeSection, tradeWindow } from './trade-section.ts';

/** Style and script of every page, made when the program is built. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

const CURVE_POINTS = 1_000;

const SECTIONS = [
  ['equity', 'Equity'],
  ['months', 'Months'],
  ['weekdays', 'Weekdays'],
  ['distribution', 'Days'],
  ['breakdowns', 'Where'],
  ['excursions', 'Excursions'],
  ['costs', 'Costs'],
  ['trades', 'Trades'],
  ['figures', 'Figures'],
  ['ground', 'Assumptions'],
] as const;

/**
 * The report as one page that asks nothing of anybody: style, script and figures stand in it, and its policy lets a browser run that
 * one script and load nothing. Without a script everything is there but charts of single trades. Equal reports give equal bytes.
 */
export function pageOf(report: Report, prices: readonly TradedPrices[] | undefined, assets: PageAssets): string {
  const points = curvePoints(report.curve, CURVE_POINTS);
  const trades = tradeColumns(report.trades);
  const payload: PagePayload = { curve: curveReading(points), trades, ...picturesOf(report, prices ?? []) };
  const charts = { kept: prices !== undefined, shown: Object.keys(payload.pictures).length };
  const sections = [
    equitySection(report, points),
    monthSection(report),
    weekdaySection(report),
    distributionSection(report),
    breakdownSection(report),
    excursionSection(report),
    costSection(report),
    tradeSection(report, tradeLines(trades), charts),
    figuresSection(report),
    groundSection(report),
  ];
  const body = html`<a class="skip" href="#main">To the results</a>${headerOf(report)}
<nav class="sections" aria-label="Parts of this page">${SECTIONS.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
<main id="main"><h2 class="hidden">Verdict</h2>${tileStrip(report)}
${sections}</main>
<footer>${report.run.code.name} ${report.run.code.version}. Times are Indian Standard Time. Money is net of charges where it says net. Equal runs make equal pages.</footer>
${tradeWindow()}
<script type="application/json" id="payload">${scriptJson(payload)}</script>
<script>${{ markup: assets.script }}</script>`;
  return `<!doctype html>\n${pageAround(report, assets, body).markup}\n`;
}

function pageAround(report: Report, { style, script }: PageAssets, body: Markup): Markup {
  const { run } = report;
  const label = run.data.kind === 'real' ? '' : `${run.data.kind.toUpperCase()} `;
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  return html`<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>${label}${run.mode} ${titleOf(report)}, ${run.from} to ${run.to}</title><style>${{ markup: style }}</style></head><body>
${body}
</body></html>`;
}

/** The hash by which a policy knows a text. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
