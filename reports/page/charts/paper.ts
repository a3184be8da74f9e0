import { shortMoneyText } from '../../money-text.ts';
import type { Markup, Piece } from '../html.ts';
import { html } from '../html.ts';
import type { Scale } from './scale.ts';
import { roundTicks, short } from './scale.ts';

/** Extent of a drawing in user units; `name` says on which paper it stands. */
export interface Paper {
  readonly name: 'wide' | 'narrow' | 'half' | 'drawn';
  readonly width: number;
  readonly height: number;
}

/** The part of a paper within its axes. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The same drawing for a desk and for a phone: type would be too small on a phone if one of them were only scaled. The style sheet shows
 * one and hides the other, so that nothing needs a script.
 */
export function onBothPapers(papers: readonly [Paper, Paper], draw: (paper: Paper) => Markup): Markup {
  return html`${papers.map(draw)}`;
}

/** An SVG with a spoken label; marks that say the same in a table nearby need no words of their own. */
export function drawing(paper: Paper, label: string, content: Piece): Markup {
  const { name, width, height } = paper;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** Short money for an axis: `₹1.25 L`, `-₹40,000`. Paise. */
export function moneyTick(paise: number): string {
  return shortMoneyText(Math.round(paise), { sign: '₹' }).replace(/\.00(?= )|(?<=\.\d)0(?= )/, '');
}

/** Horizontal lines with their values at the left; the line of zero is stronger. */
export function valueAxis(
  plot: Plot,
  axis: {
    readonly scale: Scale;
    readonly extent: readonly [number, number];
    readonly count: number;
    readonly text: (value: number) => string;
  },
): Markup {
  return html`${roundTicks(axis.extent[0], axis.extent[1], axis.count).map((value) => {
    const y = short(axis.scale(value));
    return html`<line class="${value === 0 ? 'zero' : 'grid'}" x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}"/><text class="tick" x="${plot.left - 6}" y="${y}" dy="4" text-anchor="end">${axis.text(value)}</text>`;
  })}`;
}

/** Labels below a plot, each with a small mark on the axis. */
export function labelAxis(plot: Plot, labels: readonly { readonly x: number; readonly text: string }[]): Markup {
  return html`${labels.map(
    ({ x, text }) =>
      html`<line class="grid" x1="${short(x)}" x2="${short(x)}" y1="${plot.bottom}" y2="${plot.bottom + 4}"/><text class="tick" x="${short(x)}" y="${plot.bottom + 17}" text-anchor="middle">${text}</text>`,
  )}`;
}
