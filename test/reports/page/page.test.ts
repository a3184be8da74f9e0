import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { TradedPrices } from '../../../engine/model/traded-prices.ts';
import { pageOf } from '../../../reports/page/page.ts';
import { picturesOf } from '../../../reports/page/pictures.ts';
import type { RunCard } from '../../../reports/passport.ts';
import type { Report } from '../../../reports/report.ts';
import { buildReport } from '../../../reports/report.ts';
import { JournalScript, MONDAY, smallCard, smallJournal, smallMoney } from '../../support/journal-fixtures.ts';
import { PAGE_ASSETS } from '../../support/page-assets.ts';
import { randomRun } from '../../support/random-journal.ts';
import type { PageElement, ReadPage } from '../../support/read-page.ts';
import { attribute, figureOf, readPage, wordsOf } from '../../support/read-page.ts';
import { smallPrices } from '../../support/small-prices.ts';

const small = buildReport(smallJournal(), smallMoney(), smallCard());

function emptyReport(): Report {
  const money = { agents: [], ts: new Float64Array(), agent: new Uint16Array(), gross: new Float64Array() };
  return buildReport([], { ...money, charges: new Float64Array(), openLots: new Int32Array() }, smallCard());
}

function pageText(report: Report, prices: readonly TradedPrices[] | undefined = smallPrices()): string {
  return pageOf(report, prices, PAGE_ASSETS);
}

function byId({ elements }: ReadPage, id: string): PageElement | undefined {
  return elements.find((element) => attribute(element, 'id') === id);
}

function said(page: ReadPage, id: string): string {
  const element = byId(page, id);
  return element === undefined ? '' : wordsOf(element).replace(/\s+/g, ' ').trim();
}

test.each([
  ['of the small run', small],
  ['of forty days', forty()],
  ['of a run without a day', emptyReport()],
])('a page %s is well-formed, names every part once and refers to nothing outside', (_, report) => {
  const text = pageText(report);
  const page = readPage(text);
  expect(page.faults).toEqual([]);
  const ids = page.elements.flatMap((element) => attribute(element, 'id') ?? []);
  expect(ids.length).toBe(new Set(ids).size);
  const outward = page.elements.flatMap(({ tagName, attrs }) =>
    attrs
      .filter(({ name }) => ['src', 'href', 'action', 'srcset', 'data', 'poster', 'xlink:href'].includes(name))
      .filter(({ value }) => !value.startsWith('#'))
      .map(({ name, value }) => `${tagName} ${name}=${value}`),
  );
  expect(outward).toEqual([]);
  expect(page.elements.filter(({ tagName }) => ['link', 'iframe', 'img', 'object', 'base'].includes(tagName))).toEqual(
    [],
  );
  expect(text).not.toMatch(/https?:|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\(/);
  for (const link of page.elements.filter(({ tagName }) => tagName === 'a'))
    expect(ids).toContain(attribute(link, 'href')?.slice(1));
});

test('its policy lets a browser run the one script, use the one style and load nothing', () => {
  const page = readPage(pageText(small));
  const policy = page.elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
  const hashOf = (tagName: string): string => {
    const found = page.elements.filter(
      (element) => element.tagName === tagName && attribute(element, 'type') === undefined,
    );
    expect(found).toHaveLength(1);
    const text = found.map(wordsOf).join('');
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy && attribute(policy, 'content')).toBe(
    `default-src 'none'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; base-uri 'none'; form-action 'none'`,
  );
  // What such a policy refuses without a word: styles and scripts of single elements.
  const inline = page.elements.flatMap(({ attrs }) =>
    attrs.filter(({ name }) => name === 'style' || name.startsWith('on')),
  );
  expect(inline).toEqual([]);
  expect(gzipSync(PAGE_ASSETS.script + PAGE_ASSETS.style).length).toBeLessThan(60_000);
});

test('nothing that a run was told becomes part of the page', () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&<!--`;
  const card: RunCard = smallCard({
    warnings: [hostile],
    models: [{ name: hostile, version: '1', assumption: hostile }],
    strategies: [{ name: hostile, segment: 'NIFTY', params: { note: hostile }, hash: 'aaaaaaaa' }],
    settings: { note: hostile },
  });
  const records = smallJournal().map((record) =>
    'leg' in record && record.leg !== null
      ? { ...record, leg: `${record.leg}${hostile}` }
      : record.kind === 'structure-opened' || record.kind === 'structure-closed'
        ? { ...record, name: hostile }
        : record,
  );
  const page = readPage(
    pageText(buildReport(records as typeof records & ReturnType<typeof smallJournal>, smallMoney(), card)),
  );
  expect(page.faults).toEqual([]);
  expect(page.elements.filter(({ tagName }) => tagName === 'script')).toHaveLength(2);
  expect(page.elements.filter(({ tagName }) => tagName === 'img')).toEqual([]);
  expect(said(page, 'ground')).toContain(hostile);
  const payload = JSON.parse(said(page, 'payload'));
  expect(payload.trades.texts).toContain(`ce${hostile}`);
});

test('equal runs give equal pages, without clock, place or run id', () => {
  const again = buildReport(smallJournal(), smallMoney(), smallCard());
  expect(pageText(again)).toBe(pageText(small));
  const now = new Date();
  expect(pageText(small)).not.toContain(`${now.getFullYear()}-`);
});

test('the small run is told as it was worked out with a pencil', () => {
  const page = readPage(pageText(small));
  expect(figureOf(page, 'gross')).toBe('+₹4,042.50');
  expect(figureOf(page, 'net')).toBe('+₹3,731.62');
  expect(figureOf(page, 'drawdown-marked')).toContain('-₹2,096.39');
  expect(figureOf(page, 'sharpe')).toBe('n/a (3 structures)');
  expect(figureOf(page, 'exposure')).toBe('0.45 s without a stop, 0.15 s without their hedge, at most');
  const tiles = page.elements.filter((element) => attribute(element, 'data-tile') !== undefined);
  expect(tiles.map((tile) => attribute(tile, 'data-tile'))).toEqual([
    ...['net', 'net-over-drawdown', 'drawdown', 'sharpe', 'profit-factor'],
    ...['expectancy', 'win-rate', 'trades', 'worst-day', 'cost-share'],
  ]);
  const costs = page.elements.filter((element) => attribute(element, 'data-cost') !== undefined);
  expect(costs.map((row) => wordsOf(row).replace(/(₹[\d,]+\.\d\d).*/, '$1'))).toEqual([
    'Gross+₹4,042.50',
    ...['Brokerage-₹200.00', 'STT-₹37.50', 'Exchange fee-₹30.34', 'SEBI fee-₹0.09', 'Stamp duty-₹1.47', 'GST-₹41.48'],
    'Contract note rounding₹0.00',
    'Net+₹3,731.62',
  ]);
  const ambiguous = said(page, 'costs');
  expect(ambiguous).toContain('1 exit in a candle that spanned both stop and target');
  expect(ambiguous).toContain('Net of trades as acted +₹3,731.62; had the target filled +₹7,110.37');
  const rows = page.elements.filter((element) => attribute(element, 'data-row') !== undefined);
  expect(rows).toHaveLength(5);
  // No. 1 sold 75 at 100.00 and bought them back at 131.00: -2,325.00 gross, 62.18 charges.
  expect(rows[0] && wordsOf(rows[0])).toMatch(/100\.00131\.00-₹2,325\.00₹62\.18-₹2,387\.18SL hit/);
});

test('a market that is not real is named in the title, the bar and a banner', () => {
  for (const [kind, label] of [
    ['synthetic', 'SYNTHETIC'],
    ['modelled', 'MODELLED'],
  ] as const) {
    const card = smallCard();
    const page = readPage(
      pageText(buildReport(smallJournal(), smallMoney(), { ...card, data: { ...card.data, kind } })),
    );
    const titled = page.elements.find(({ tagName }) => tagName === 'title');
    expect(titled && wordsOf(titled)).toMatch(new RegExp(`^${label} BACKTEST atm-straddle on NIFTY`));
    const labels = page.elements.filter((element) => /^(label|banner)$/.test(attribute(element, 'class') ?? ''));
    expect(labels.map(wordsOf).map((words) => words.startsWith(label))).toEqual([true, true]);
  }
  expect(pageText(small)).not.toMatch(/SYNTHETIC|MODELLED/);
});

test('an empty run says what there is none of', () => {
  const page = readPage(pageText(emptyReport()));
  expect(said(page, 'equity')).toContain('No minute was played.');
  expect(said(page, 'months')).toContain('No session was played.');
  expect(said(page, 'trades')).toContain('No trade was closed.');
  expect(figureOf(page, 'net')).toBe('₹0.00');
});

test('a run that kept no prices says so, and one that kept them shows a chart of each structure', () => {
  expect(said(readPage(pageOf(small, undefined, PAGE_ASSETS)), 'trades')).toContain('Prices were not kept by this run');
  expect(said(readPage(pageText(small)), 'trades')).toContain('Each opens a chart of its structure.');
});

test('where room is short the largest results keep their charts, each price once', () => {
  const full = picturesOf(small, smallPrices());
  expect(Object.keys(full.pictures)).toEqual(['1', '2', '3']);
  expect(Object.keys(full.prices)).toEqual(['2025-01-06', '2025-01-07']);
  // Structure 3 made 4,375.65, structure 2 lost 1,940.93, structure 1 made 1,296.90.
  const one = picturesOf(small, smallPrices(), JSON.stringify(full).length / 2);
  expect(Object.keys(one.pictures)).toContain('3');
  expect(Object.keys(one.pictures)).not.toContain('1');
  expect(picturesOf(small, smallPrices(), 10)).toEqual({ pictures: {}, prices: {} });
  expect(picturesOf(small, []).pictures).toEqual({});
});

test('twenty thousand trades stay one page of a few megabytes with fifty rows', { timeout: 120_000 }, () => {
  const { records, money, card } = randomRun({ days: 2_500, seed: 3, perDay: 4 });
  const report = buildReport(records, money, card);
  expect(report.trades.length).toBeGreaterThanOrEqual(20_000);
  const text = pageText(report, []);
  expect(text.length).toBeLessThan(6_000_000);
  const page = readPage(text);
  expect(page.faults).toEqual([]);
  expect(page.elements.filter((element) => attribute(element, 'data-row') !== undefined)).toHaveLength(50);
  expect(JSON.parse(said(page, 'payload')).trades.id).toHaveLength(report.trades.length);
});

function forty(): Report {
  const { records, money, card } = randomRun({ days: 40, seed: 5 });
  return buildReport(records, money, card);
}

test('a session without a trade is a page with days and no trades', () => {
  const script = new JournalScript();
  script.openSession(MONDAY);
  const nothing = { gross: 0, charges: small.totals.charges, legs: 0, structures: 0, rounding: 0 };
  script.closeSession(MONDAY, { ...nothing, charges: emptyReport().totals.charges });
  const report = buildReport(script.records, { ...smallMoney(), ts: new Float64Array() }, smallCard());
  const page = readPage(pageText(report));
  expect(page.faults).toEqual([]);
  expect(said(page, 'excursions')).toContain('No structure was closed.');
});
