import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { registerDataSpreads } from '../../cli/commands/data-spreads.ts';
import { fixture, temporaryFolder } from '../support/import-fixtures.ts';
import { quoteFiles, snapshotPages } from '../support/quote-files.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('data spreads says what it measured, left out and where nothing is known', async () => {
  const folder = quoteFiles(temporaryFolder());
  const pages = join(temporaryFolder(), 'pages.csv');
  writeFileSync(pages, snapshotPages(12));
  // The forward is 24500 + 120.10 - 100.30: both are next to the money. With the three quotes of the other file 0.10 stood for 13
  // minutes, 0.20 for one and 0.30 for 13.
  expect(await spreads(pages, join(folder, 'snapshots.csv'), join(folder, 'page.json'))).toMatchInlineSnapshot(`
    "option chain page of the exchange, BANKNIFTY, 2023-08-31: 1 of 2 quotes measured
      left out          1  one-sided
    option chain snapshots of the exchange page, NIFTY, 2025-08-29: 27 of 28 quotes measured
      left out          1  one-sided
    option chain snapshots of the exchange page: 2 rows not read, page of the day before
    option chain snapshots of the exchange page: 2 rows not read, page repeated: collected again before it changed

    NIFTY, strikes from -1 to 1 % out of the money: median half-spread in rupees (in brackets nine tenths of the time)
    days             0 to 5          5 to 20         20 to 50        50 to 100       100 to 200       200 to 400       400 to 800       800 and up
    0                 empty            empty            empty            empty            empty            empty            empty            empty
    1-7               empty            empty            empty            empty      0.20 (0.30)            empty            empty            empty
    8-14              empty            empty            empty            empty            empty            empty            empty            empty
    15-28             empty            empty            empty            empty            empty            empty            empty            empty
    29-45             empty            empty            empty            empty            empty            empty            empty            empty
    46+               empty            empty            empty            empty            empty            empty            empty            empty
    1 of 960 cells measured, none at 0, 8-14, 15-28, 29-45, 46+ days

    BANKNIFTY, strikes from -1 to 1 % out of the money: median half-spread in rupees (in brackets nine tenths of the time)
    days             0 to 5          5 to 20         20 to 50        50 to 100       100 to 200       200 to 400       400 to 800       800 and up
    0                 empty            empty            empty            empty            empty            empty            empty            empty
    1-7               empty            empty            empty            empty            empty            empty            empty            empty
    8-14              empty            empty            empty            empty            empty            empty            empty            empty
    15-28             empty            empty            empty            empty            empty            empty            empty            empty
    29-45             empty            empty            empty            empty            empty            empty            empty            empty
    46+               empty            empty            empty            empty            empty            empty            empty            empty
    0 of 960 cells measured, none at 0, 1-7, 8-14, 15-28, 29-45, 46+ days
    "
  `);
});

test('the file it writes is the same for the same quotes', async () => {
  const folder = quoteFiles(temporaryFolder());
  const [one, two] = ['one.json', 'two.json'].map((name) => join(temporaryFolder(), name));
  const files = ['snapshots.csv', 'BANKNIFTY25DEC59000CE_51414_2025-12-15.csv'].map((name) => join(folder, name));
  expect(await spreads(...files, '--out', one ?? '')).toMatch(/written to .*one\.json\n$/);
  await spreads(...files.reverse(), '--out', two ?? '');
  const written = readFileSync(one ?? '', 'utf8');
  expect(readFileSync(two ?? '', 'utf8')).toBe(written);
  expect(await spreads(...files, '--json')).toBe(written);
  expect(JSON.parse(written)).toMatchObject({
    quantiles: [25, 50, 75, 90],
    measured: [
      { source: 'Upstox ticks', underlying: 'BANKNIFTY', quotes: 2, measured: 2, levelUnknown: 2 },
      { underlying: 'NIFTY', quotes: 4, measured: 3, oneSided: 1 },
    ],
    rows: [],
  });
});

test.each([
  [[fixture('NIFTY_minute.csv')], /without best bids and asks/],
  [['/nowhere'], /\/nowhere does not exist/],
])('%j ends with one sentence and exit code 2', async (args, sentence) => {
  await expect(spreads(...args)).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 2,
    message: expect.stringMatching(sentence),
  });
});

/** Runs the command in this process and gives what it printed. */
async function spreads(...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const data = new Command('data').exitOverride();
  registerDataSpreads(data);
  await data.parseAsync(['spreads', ...args], { from: 'user' });
  return out.join('');
}
