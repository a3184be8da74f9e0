import { compareText } from '../../engine/model/instrument.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { dayOf } from '../../engine/model/time.ts';
import type { TradedPrices } from '../../engine/model/traded-prices.ts';
import type { GuardLine } from '../guard-lines.ts';
import type { FillRow } from '../leg-fills.ts';
import type { Report } from '../report.ts';
import type { StructureRow } from '../round-trips.ts';
import type { FillMark, PagePayload, Picture } from './payload.ts';
import type { DayTexts, LevelText, PriceText } from './price-text.ts';
import { levelText, premiumText, spansOf } from './price-text.ts';

/** Room for the charts of trades; with it a page stays well below 15 MB. */
const CHARS_MAX = 8_000_000;

type Charts = Pick<PagePayload, 'pictures' | 'prices'>;

/**
 * Everything that charts of trades need, the structures with the largest results first until the room is used up: they are what a
 * reader looks for.
 */
export function picturesOf(report: Report, prices: readonly TradedPrices[], charsMax = CHARS_MAX): Charts {
  const store = new PriceStore(prices);
  const fills = grouped(report.fills);
  const guards = grouped(report.guards);
  const ranked = [...report.structures].sort(
    (a, b) => Math.abs(b.net) - Math.abs(a.net) || a.structureId - b.structureId,
  );
  const pictures: [string, Picture][] = [];
  let chars = 0;
  for (const structure of ranked) {
    const own = fills.get(structure.structureId) ?? [];
    const days = store.daysBetween(structure);
    const picture = pictureOf(structure, { days, fills: own, guards: guards.get(structure.structureId) ?? [] });
    const contracts = [...new Set(own.map(({ contract }) => contract))];
    const wanted = { days, contracts, underlying: picture.underlying };
    const more = JSON.stringify(picture).length + store.charsOf(wanted);
    if (days.length === 0) continue;
    if (chars + more > charsMax) break;
    chars += more;
    store.keep(wanted);
    pictures.push([String(structure.structureId), picture]);
  }
  // In the order of their numbers, whatever the order in which they were chosen.
  pictures.sort(([a], [b]) => Number(a) - Number(b));
  return { pictures: Object.fromEntries(pictures), prices: store.kept };
}

function pictureOf(
  { name, segment }: StructureRow,
  parts: {
    readonly days: readonly string[];
    readonly fills: readonly FillRow[];
    readonly guards: readonly GuardLine[];
  },
): Picture {
  return {
    name,
    underlying: parts.fills[0]?.contract.split(' ')[0] ?? segment,
    days: parts.days,
    fills: parts.fills.flatMap(({ tradeId, at, price, side, purpose }): readonly FillMark[] =>
      tradeId === null ? [] : [[tradeId, at, price, side === 'BUY' ? 1 : 0, purpose === 'entry' ? 1 : 0]],
    ),
    guards: parts.guards.filter(({ basis }) => basis !== 'money').map(({ structureId: _, ...guard }) => guard),
  };
}

interface Wanted {
  readonly days: readonly string[];
  readonly contracts: readonly string[];
  readonly underlying: string;
}

/** Prices as texts, made when they are first asked for; each day and contract stands in the page once, however many trades share it. */
class PriceStore {
  readonly #days: ReadonlyMap<string, TradedPrices>;
  readonly #texts = new Map<string, PriceText | LevelText>();
  readonly #kept = new Map<string, { levels: Record<string, LevelText>; premiums: Record<string, PriceText> }>();

  constructor(prices: readonly TradedPrices[]) {
    this.#days = new Map(prices.map((day) => [day.day, day]));
  }

  /** Days with prices on which a structure was open. */
  daysBetween({ openedAt, closedAt }: { readonly openedAt: EpochMs; readonly closedAt: EpochMs }): readonly string[] {
    const [from, to] = [dayOf(openedAt), dayOf(closedAt)];
    if (from === to) return this.#days.has(from) ? [from] : [];
    return [...this.#days.keys()].filter((day) => day >= from && day <= to).sort(compareText);
  }

  /** How much longer the page would become. */
  charsOf(wanted: Wanted): number {
    let chars = 0;
    for (const { kind, day, key, text } of this.#textsOf(wanted))
      if (this.#kept.get(day)?.[kind][key] === undefined) chars += text.text.length + key.length + 40;
    return chars;
  }

  keep(wanted: Wanted): void {
    for (const { kind, day, key, text } of this.#textsOf(wanted)) {
      const own = this.#kept.get(day) ?? { levels: {}, premiums: {} };
      this.#kept.set(day, own);
      if (kind === 'levels') own.levels[key] = text as LevelText;
      else own.premiums[key] = text;
    }
  }

  get kept(): Readonly<Record<string, DayTexts>> {
    const rising = [...this.#kept].sort(([a], [b]) => compareText(a, b));
    return Object.fromEntries(
      rising.map(([day, { levels, premiums }]) => {
        const prices = this.#days.get(day);
        const spans = prices === undefined ? [] : spansOf(prices);
        return [day, { every: prices?.intervalMs ?? 0, spans, levels: inOrder(levels), premiums: inOrder(premiums) }];
      }),
    );
  }

  *#textsOf({
    days,
    contracts,
    underlying,
  }: Wanted): Generator<{ kind: 'levels' | 'premiums'; day: string; key: string; text: PriceText | LevelText }> {
    for (const day of days) {
      const prices = this.#days.get(day);
      const level = prices?.levels.find((one) => one.underlying === underlying);
      if (level !== undefined)
        yield {
          kind: 'levels',
          day,
          key: underlying,
          text: this.#once(`${day} ${underlying}`, () => levelText(level)),
        };
      for (const contract of contracts) {
        const premium = prices?.premiums.find((one) => one.contract === contract);
        if (premium !== undefined)
          yield {
            kind: 'premiums',
            day,
            key: contract,
            text: this.#once(`${day} ${contract}`, () => premiumText(premium)),
          };
      }
    }
  }

  #once<T extends PriceText>(key: string, make: () => T): T {
    const known = this.#texts.get(key);
    if (known !== undefined) return known as T;
    const text = make();
    this.#texts.set(key, text);
    return text;
  }
}

function inOrder<T>(of: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(of).sort(([a], [b]) => compareText(a, b)));
}

function grouped<T extends { readonly structureId: number }>(rows: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const list = groups.get(row.structureId);
    if (list === undefined) groups.set(row.structureId, [row]);
    else list.push(row);
  }
  return groups;
}
