import { priceOf, whenOf } from '../amounts.ts';
import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import type { FillMark, PictureGuard } from '../payload.ts';
import type { LegView, TradeView } from '../trade-view.ts';
import { pointAt } from './curve-points.ts';
import type { Paper, Plot } from './paper.ts';
import { drawing, labelAxis, moneyTick, valueAxis } from './paper.ts';
import type { Scale } from './scale.ts';
import { linear, pathThrough, roomyExtent, short, stepsThrough } from './scale.ts';
import { timeLabels } from './time-labels.ts';

const GAP = 28;
/** Room above and below in a strip, for the names of levels. */
const ROOM = 0.14;
const HEIGHTS = { level: 120, leg: 150, combined: 110, profit: 100 } as const;

/** One strip of the chart: what it says, how high it is, and what is drawn on it. */
interface Strip {
  readonly title: string;
  readonly height: number;
  readonly draw: (plot: Plot, x: TimeScale) => Markup;
}

interface TimeScale {
  /** From the number of a minute. */
  readonly ofMinute: Scale;
  /** From an instant; within a minute as far as it had run. */
  readonly of: Scale;
}

/** A structure from half an hour before its entry to the end of the day: underlying, each leg, the legs together, the open result. */
export function tradeChart(view: TradeView, width: number): Markup {
  const left = width < 520 ? 60 : 76;
  const right = width - 12;
  const strips = stripsOf(view);
  const x = timeScale(view.times, [left, right]);
  let top = 18;
  const plots = strips.map(({ height }): Plot => {
    const plot = { left, right, top, bottom: top + height };
    top += height + GAP;
    return plot;
  });
  const bottom = top - GAP;
  const paper: Paper = { name: 'drawn', width, height: bottom + 24 };
  const last: Plot = { left, right, top: 18, bottom };
  const labels = timeLabels(view.times, width < 520 ? 5 : 12);
  return drawing(paper, 'Prices while the structure was open, with its entries, stops and exits', [
    passages(view, x, last),
    strips.map(({ title, draw }, at) => {
      const plot = plots[at] ?? last;
      return html`<g><text class="axis-name" x="${left}" y="${plot.top - 6}">${title}</text>${draw(plot, x)}</g>`;
    }),
    labelAxis(
      last,
      labels.map(({ at, text }) => ({ x: Math.min(Math.max(x.ofMinute(at), left + 14), right - 14), text })),
    ),
    html`<g class="cursor" data-left="${left}" data-right="${right}"><line y1="18" y2="${bottom}"/></g>`,
  ]);
}

function stripsOf(view: TradeView): readonly Strip[] {
  const estimated = view.estimated === 0 ? '' : ` (${view.estimated} minutes by parity or future)`;
  const strips: Strip[] = [
    {
      title: `${view.underlying}${estimated}`,
      height: HEIGHTS.level,
      draw: (plot, x) => levelStrip(view, plot, x),
    },
    ...view.legs.map((leg) => ({
      title: `${leg.trades[0]?.side ?? ''} ${leg.contract}`,
      height: HEIGHTS.leg,
      draw: (plot: Plot, x: TimeScale) => legStrip(leg, plot, x),
    })),
  ];
  if (view.combined.length > 0)
    strips.push({
      title: 'Legs together, premium per unit',
      height: HEIGHTS.combined,
      draw: (plot, x) => combinedStrip(view, plot, x),
    });
  strips.push({
    title: 'Result before charges, open and booked',
    height: HEIGHTS.profit,
    draw: (plot, x) => profitStrip(view, plot, x),
  });
  return strips;
}

function levelStrip(view: TradeView, plot: Plot, x: TimeScale): Markup {
  const strikes = [...new Set(view.legs.flatMap(({ contract }) => strikeOf(contract) ?? []))];
  const extent = roomyExtent([...known(view.level), ...levelsOf(view.levelGuards)], ROOM);
  const y = linear(extent, [plot.bottom, plot.top]);
  const near = strikes.filter((strike) => strike > extent[0] && strike < extent[1]);
  return html`${valueAxis(plot, { scale: y, extent, count: 3, text: levelTick })}${near.map(
    (strike) =>
      html`<line class="strike" x1="${plot.left}" x2="${plot.right}" y1="${short(y(strike))}" y2="${short(y(strike))}"/><text class="mark-name" x="${plot.right}" y="${short(y(strike) - 3)}" text-anchor="end">strike ${levelTick(strike)}</text>`,
  )}${line(view.level, x, y, 'level')}${guardPaths(view.levelGuards, { x, y, plot })}`;
}

function legStrip(leg: LegView, plot: Plot, x: TimeScale): Markup {
  const right = leg.contract.endsWith(' PE') ? 'put' : 'call';
  const shown = leg.candles.flatMap((candle) => (candle === null ? [] : [candle.high, candle.low]));
  const extent = roomyExtent([...shown, ...levelsOf(leg.guards), ...leg.fills.map(([, , price]) => price)], ROOM);
  const y = linear([Math.max(extent[0], 0), extent[1]], [plot.bottom, plot.top]);
  const band = leg.candles
    .map((candle, at) =>
      candle === null ? '' : `M${short(x.ofMinute(at))} ${short(y(candle.high))}V${short(y(candle.low))}`,
    )
    .join('');
  const closes = leg.candles.map((candle) => candle?.close ?? null);
  return html`${valueAxis(plot, { scale: y, extent: [Math.max(extent[0], 0), extent[1]], count: 3, text: levelTick })}<path class="band ${right}" d="${band}"/>${line(closes, x, y, right)}${guardPaths(leg.guards, { x, y, plot })}${leg.fills.map((fill) => fillMark(fill, x, y))}`;
}

function combinedStrip(view: TradeView, plot: Plot, x: TimeScale): Markup {
  const extent = roomyExtent([...known(view.combined), ...levelsOf(view.combinedGuards)], ROOM);
  const y = linear(extent, [plot.bottom, plot.top]);
  return html`${valueAxis(plot, { scale: y, extent, count: 3, text: levelTick })}${line(view.combined, x, y, 'level')}${guardPaths(view.combinedGuards, { x, y, plot })}`;
}

function profitStrip(view: TradeView, plot: Plot, x: TimeScale): Markup {
  const extent = roomyExtent([0, ...known(view.profit)]);
  const y = linear(extent, [plot.bottom, plot.top]);
  return html`${valueAxis(plot, { scale: y, extent, count: 3, text: moneyTick })}${line(view.profit, x, y, 'equity')}`;
}

/** When the first leg came and when each leg went, through all strips. */
function passages(view: TradeView, x: TimeScale, plot: Plot): Markup {
  const trades = view.legs.flatMap((leg) => leg.trades);
  const opened = Math.min(...trades.map(({ openedAt }) => openedAt));
  const closed = Math.max(...trades.map(({ closedAt }) => closedAt));
  const [from, to] = [x.of(opened), x.of(closed)];
  return html`<rect class="held" x="${short(from)}" y="${plot.top}" width="${short(Math.max(to - from, 1))}" height="${plot.bottom - plot.top}"/>`;
}

/** Triangles point up for purchases and down for sales; entries are full, exits hollow. */
function fillMark([, ts, price, bought, entered]: FillMark, x: TimeScale, y: Scale): Markup {
  const [at, level] = [short(x.of(ts)), short(y(price))];
  const shape = bought ? 'l-6 11h12z' : 'l-6-11h12z';
  const words = `${entered ? 'Entered' : 'Left'}, ${bought ? 'bought' : 'sold'} at ${priceOf(price)}, ${whenOf(ts)}`;
  return html`<path class="fill ${entered ? 'entry' : 'exit'}" d="M${at} ${level}${shape}"><title>${words}</title></path>`;
}

const GUARD_NAMES = { stop: 'stop', target: 'target', trail: 'trailing stop' } as const;

function guardPaths(
  guards: readonly PictureGuard[],
  on: { readonly x: TimeScale; readonly y: Scale; readonly plot: Plot },
): Markup {
  const { x, y, plot } = on;
  return html`${guards.map(({ act, steps, endedAt, fired }) => {
    const points = steps.map(([ts, level]) => [x.of(ts), y(level)] as const);
    const start = points[0] ?? [plot.left, plot.top];
    const end = endedAt === null ? plot.right : x.of(endedAt);
    const [, height] = points.at(-1) ?? start;
    const name = `${GUARD_NAMES[act]} ${priceOf(steps[0]?.[1] ?? null)}`;
    const labelled = start[0] > plot.right - 120 ? 'end' : 'start';
    return html`<path class="guard ${act}" d="${stepsThrough(points)}H${short(end)}"><title>${name}${steps.length > 1 ? `, moved ${steps.length - 1} times` : ''}${fired ? ', acted' : ''}</title></path><text class="mark-name" x="${short(start[0] + 4)}" y="${short(start[1] - 4)}" text-anchor="${labelled}">${name}</text>${fired && html`<path class="fired" d="M${short(end)} ${short(height)}m-4-4l8 8m0-8l-8 8"/>`}`;
  })}`;
}

function line(values: readonly (number | null)[], x: TimeScale, y: Scale, name: string): Markup {
  const path = pathThrough(values.map((value, at) => (value === null ? null : [x.ofMinute(at), y(value)])));
  return html`<path class="line ${name}" d="${path}"/>`;
}

function timeScale(times: readonly number[], range: readonly [number, number]): TimeScale {
  const ofMinute = linear([0, Math.max(times.length - 1, 1)], range);
  const ends = times.map((ts) => ({ ts }));
  return {
    ofMinute,
    of: (ts) => {
      const at = pointAt(ends, ts);
      const [before, after] = [times[at - 1], times[at]];
      if (before === undefined || after === undefined || ts >= after) return ofMinute(at);
      // A night between two minutes takes no room, so an instant in it stands at the later minute.
      const share = Math.max(0, 1 - (after - ts) / Math.min(after - before, 300_000));
      return ofMinute(at - 1 + share);
    },
  };
}

function strikeOf(contract: string): number | undefined {
  const strike = Number(contract.split(' ')[2]);
  return Number.isFinite(strike) ? strike * 100 : undefined;
}

function known(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

function levelsOf(guards: readonly PictureGuard[]): readonly number[] {
  return guards.flatMap(({ steps }) => steps.map(([, level]) => level));
}

/** Levels and premiums as axis labels: no decimals where they say nothing. */
function levelTick(paise: number): string {
  return priceOf(paise).replace(/\.00$/, '');
}
