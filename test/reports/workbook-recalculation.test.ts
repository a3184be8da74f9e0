import { expect, test } from 'vitest';
import { streamOf } from '../../engine/prng.ts';
import { buildReport } from '../../reports/report.ts';
import { workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { recalculated } from '../support/libre-office.ts';
import { randomRun } from '../support/random-journal.ts';
import { requireTool } from '../support/require-tools.ts';
import type { ReadBook } from '../support/xlsx-cells.ts';
import { readBook, withValue } from '../support/xlsx-cells.ts';

const TRADES_SHEET = 4;
const CHANGES = 20;
const SEED = 20_260_421;
/** Columns of Trades that hold amounts: prices, points, money, shares and R. */
const AMOUNTS = new Set(
  [
    'index_entry_spot strike_price lots entry_price stop_loss_points initial_sl_price trailing_stop_points exit_price pnl_points',
    'pnl_value charges net_value return_pct max_favorable_excursion max_adverse_excursion r_multiple quantity',
    'index_exit_spot final_sl_price iv_entry iv_exit held_value',
  ].flatMap((line) => line.split(' ')),
);

test('LibreOffice finds every formula true, a planted false value wrong, and any changed amount', {
  timeout: 300_000,
}, async (ctx) => {
  const soffice = requireTool(ctx, 'soffice');
  const run = randomRun({ days: 40, seed: 3 });
  const whole = await workbookOf(buildReport(run.records, run.money, run.card));
  const small = await workbookOf(buildReport(smallJournal(), smallMoney(), smallCard()));
  const quiet = await workbookOf(
    buildReport(
      smallJournal().filter(({ kind }) => kind.startsWith('session-')),
      emptyMoney(),
      smallCard(),
    ),
  );
  const lied = withValue(whole, { sheet: 1, place: 'B6', value: '123456.78' });
  const short = randomRun({ days: 6, seed: 4 });
  const few = await workbookOf(buildReport(short.records, short.money, short.card));
  const places = chosenAmounts(readBook(few));
  const changed = places.map(({ place, value }) =>
    withValue(few, { sheet: TRADES_SHEET, place, value: String(value + 0.01) }),
  );
  const [ofWhole, ofSmall, ofQuiet, ofLied, ...ofChanged] = recalculated(soffice, [
    whole,
    small,
    quiet,
    lied,
    ...changed,
  ]).map(readBook);

  // First the proof that it counts anew: the planted value must be replaced by the true one.
  expect(readBook(lied).get('Summary')?.get('B6')?.value).toBe(123_456.78);
  expect(differences(readBook(lied), ofLied!)).toEqual([
    `Summary!B6 kept 123456.78, counted ${readBook(whole).get('Summary')?.get('B6')?.value}`,
  ]);

  for (const [before, after] of [
    [whole, ofWhole!],
    [small, ofSmall!],
    [quiet, ofQuiet!],
  ] as const) {
    expect(differences(readBook(before), after)).toEqual([]);
    expect(falseChecks(after)).toEqual([]);
    expect(after.get('Checks')!.size).toBeGreaterThan(100);
  }
  expect(ofChanged).toHaveLength(CHANGES);
  ofChanged.forEach((book, at) => {
    expect(falseChecks(book), `${places[at]!.place} was changed`).not.toEqual([]);
    expect(book.get('Summary')?.get('K2')?.value).toBe(false);
  });
});

/** Formula cells of which the kept value is not the counted one. */
function differences(kept: ReadBook, counted: ReadBook): readonly string[] {
  const found: string[] = [];
  let formulas = 0;
  for (const [sheet, cells] of kept) {
    for (const [place, { formula, value }] of cells) {
      if (!formula) continue;
      formulas += 1;
      const now = counted.get(sheet)?.get(place)?.value;
      const same =
        typeof value === 'number' && typeof now === 'number'
          ? Math.abs(value - now) <= 1e-6 + Math.abs(value) * 1e-10
          : value === now;
      if (!same) found.push(`${sheet}!${place} kept ${value}, counted ${now}`);
    }
  }
  expect(formulas).toBeGreaterThan(100);
  return found;
}

function falseChecks(book: ReadBook): readonly string[] {
  const checks = book.get('Checks') ?? new Map();
  return [...checks].filter(([place, { value }]) => place.startsWith('E') && value === false).map(([place]) => place);
}

function chosenAmounts(book: ReadBook): readonly { readonly place: string; readonly value: number }[] {
  const trades = book.get('Trades')!;
  const columns = new Set(
    [...trades]
      .filter(([place, { value }]) => /^[A-Z]+1$/.test(place) && AMOUNTS.has(String(value)))
      .map(([place]) => place.slice(0, -1)),
  );
  expect(columns.size).toBe(AMOUNTS.size);
  const amounts = [...trades].flatMap(([place, { value }]) =>
    columns.has(place.replace(/\d+$/, '')) && typeof value === 'number' ? [{ place, value }] : [],
  );
  const chance = streamOf(SEED, 'changed amounts');
  return Array.from({ length: CHANGES }, () => amounts[Math.floor(chance() * amounts.length)]!);
}

function emptyMoney(): ReturnType<typeof smallMoney> {
  return {
    agents: [],
    ts: new Float64Array(),
    agent: new Uint16Array(),
    gross: new Float64Array(),
    charges: new Float64Array(),
    openLots: new Int32Array(),
  };
}
