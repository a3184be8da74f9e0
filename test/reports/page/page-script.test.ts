/** The page's own script, as it is bundled, in a document of its own. */
import { Window } from 'happy-dom';
import { afterEach, expect, test } from 'vitest';
import { pageOf } from '../../../reports/page/page.ts';
import { buildReport } from '../../../reports/report.ts';
import { smallCard, smallJournal, smallMoney } from '../../support/journal-fixtures.ts';
import { PAGE_ASSETS } from '../../support/page-assets.ts';
import { randomRun } from '../../support/random-journal.ts';
import { smallPrices } from '../../support/small-prices.ts';

type Element = InstanceType<Window['Element']>;

const windows: Window[] = [];
afterEach(async () => {
  for (const window of windows.splice(0)) await window.happyDOM.close();
});

function opened(text: string): {
  readonly one: (selector: string) => Element;
  readonly all: (selector: string) => Element[];
} {
  const window = new Window({ url: 'file:///report.html', width: 1_200, height: 900 });
  windows.push(window);
  window.document.write(text);
  // The document is real and its script runs in it; here it is handed over as a browser would, with nothing else in reach.
  new Function('window', 'document', 'setTimeout', PAGE_ASSETS.script)(
    window,
    window.document,
    window.setTimeout.bind(window),
  );
  const all = (selector: string): Element[] => [...window.document.querySelectorAll(selector)];
  return {
    all,
    one: (selector) => {
      const [found] = all(selector);
      if (found === undefined) throw new Error(`nothing is ${selector}`);
      return found;
    },
  };
}

function small(withPrices = true): ReturnType<typeof opened> {
  const report = buildReport(smallJournal(), smallMoney(), smallCard());
  return opened(pageOf(report, withPrices ? smallPrices() : undefined, PAGE_ASSETS));
}

function long(): ReturnType<typeof opened> {
  const { records, money, card } = randomRun({ days: 60, seed: 4 });
  return opened(pageOf(buildReport(records, money, card), [], PAGE_ASSETS));
}

function press(element: Element, key?: string): void {
  const { Event, KeyboardEvent } = windows.at(-1) as Window;
  element.dispatchEvent(
    key === undefined ? new Event('click', { bubbles: true }) : new KeyboardEvent('keydown', { key, bubbles: true }),
  );
}

function choose(page: ReturnType<typeof opened>, name: string, value: string): void {
  const field = page.one(`#filters [name="${name}"]`) as Element & { value: string };
  field.value = value;
  const { Event } = windows.at(-1) as Window;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

const numbers = (page: ReturnType<typeof opened>): number[] =>
  page.all('#trade-list tbody tr').map((row) => Number(row.getAttribute('data-row')));

test('a heading sorts its column, the second press the other way around, and says which', () => {
  const page = small();
  const net = page.one('th[data-column="net"]');
  const button = page.one('th[data-column="net"] button');
  press(button);
  // Trade 1, the call stopped on Monday, lost most: -2,325.00 and 62.18 of charges.
  const falling = numbers(page);
  expect(net.getAttribute('aria-sort')).toBe('descending');
  expect(falling).toHaveLength(5);
  expect(falling.at(-1)).toBe(1);
  press(button);
  expect(numbers(page)).toEqual([...falling].reverse());
  press(page.one('th[data-column="id"] button'));
  expect(numbers(page)).toEqual([1, 2, 3, 4, 5]);
  expect(net.hasAttribute('aria-sort')).toBe(false);
});

test('filters leave what fits and count it', () => {
  const page = small();
  choose(page, 'reason', 'SL hit');
  expect(
    page.all('#trade-list tbody td.text').filter(({ textContent }) => textContent?.startsWith('SL hit')),
  ).toHaveLength(2);
  expect(page.one('#page-now').textContent).toBe('1 to 2 of 2 (5 in all)');
  choose(page, 'side', 'SELL PE');
  expect(page.one('#page-now').textContent).toBe('no trade fits (5 in all)');
});

test('pages of fifty are turned, and the ends are closed', () => {
  const page = long();
  expect(page.one('#page-now').textContent).toBe('1 to 50 of 120');
  expect(page.one('#page-before').hasAttribute('disabled')).toBe(true);
  press(page.one('#page-next'));
  expect(numbers(page)[0]).toBe(51);
  press(page.one('#page-last'));
  expect(page.one('#page-now').textContent).toBe('101 to 120 of 120');
  expect(page.one('#page-next').hasAttribute('disabled')).toBe(true);
  press(page.one('#page-first'));
  expect(numbers(page)).toHaveLength(50);
});

test('a trade opens with the chart of its structure, its legs and its stops', () => {
  const page = small();
  press(page.one('[data-trade="1"]'));
  expect(page.one('#trade').hasAttribute('open')).toBe(true);
  expect(page.one('#trade-title').textContent).toBe('Trade 1: NIFTY 2025-01-09 24000 CE');
  expect(page.all('#trade-body tbody tr')).toHaveLength(2);
  expect(page.one('#trade-body .chosen').textContent).toMatch(/^1 ceNIFTY 2025-01-09 24000 CESELL 75 \(1\)100\.00/);
  const strips = page.all('#trade-chart .axis-name').map(({ textContent }) => textContent);
  expect(strips).toEqual([
    'NIFTY',
    'SELL NIFTY 2025-01-09 24000 CE',
    'SELL NIFTY 2025-01-09 24000 PE',
    'Legs together, premium per unit',
    'Result before charges, open and booked',
  ]);
  expect(page.all('#trade-chart .fill.entry')).toHaveLength(2);
  expect(page.all('#trade-chart .fill.exit')).toHaveLength(2);
  expect(page.all('#trade-chart .guard.stop')).toHaveLength(2);
});

test('the chart is read with the arrow keys, minute by minute', () => {
  const page = small();
  press(page.one('[data-trade="1"]'));
  const chart = page.one('#trade-chart');
  press(chart, 'Home');
  // Entered at 09:20:01, so every minute since 09:15 is shown; level and premiums are those of the straight lines.
  expect(page.one('#trade-chart .read-out').textContent).toBe(
    '2025-01-06 09:16: NIFTY 24,000.00; NIFTY 2025-01-09 24000 CE 100.00 (99.00 to 101.00); NIFTY 2025-01-09 24000 PE 200.00 (199.00 to 201.00)',
  );
  press(chart, 'End');
  // Both legs are out: 1,421.25 gross.
  expect(page.one('#trade-chart .read-out').textContent).toMatch(/^2025-01-06 15:30: .*; result \+₹1,421$/);
});

test('the window turns to the next trade of the list as it is sorted, and closes', () => {
  const page = small();
  press(page.one('th[data-column="id"] button'));
  press(page.one('th[data-column="id"] button'));
  press(page.one('[data-trade="5"]'));
  expect(page.one('#trade-before').hasAttribute('disabled')).toBe(true);
  press(page.one('#trade-next'));
  expect(page.one('#trade-title').textContent).toMatch(/^Trade 4: /);
  press(page.one('#trade-close'));
  expect(page.one('#trade').hasAttribute('open')).toBe(false);
});

test('without prices a trade still shows its legs', () => {
  const page = small(false);
  press(page.one('[data-trade="2"]'));
  expect(page.one('#trade-body').textContent).toContain('The prices of this structure are not in this page.');
  expect(page.all('#trade-body tbody tr')).toHaveLength(2);
});

test('the curve is read with the arrow keys, from its start to its end', () => {
  const page = small();
  const chart = page.one('#equity-chart');
  press(chart, 'End');
  expect(page.one('#equity-chart .read-out').textContent).toMatch(
    /^2025-01-07 15:\d\d: net \+₹3,732, below its peak ₹0$/,
  );
  press(chart, 'Home');
  expect(page.one('#equity-chart .read-out').textContent).toBe('2025-01-06 09:20: net ₹0, below its peak ₹0');
});

test('the switches turn the page dark and its colours blue and orange, and back', () => {
  const page = small();
  const root = page.one('html');
  press(page.one('#theme'));
  expect([root.getAttribute('data-theme'), page.one('#theme').getAttribute('aria-pressed')]).toEqual(['dark', 'true']);
  press(page.one('#theme'));
  expect(root.getAttribute('data-theme')).toBe('light');
  press(page.one('#palette'));
  expect(root.getAttribute('data-palette')).toBe('blue');
});
