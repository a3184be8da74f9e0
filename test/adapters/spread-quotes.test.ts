import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NotRead } from '../../adapters/spread-quotes.ts';
import { readQuotes } from '../../adapters/spread-quotes.ts';
import type { QuoteTape } from '../../datasets/spreads/quote-tape.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { at, clockText, epochMs, istTime } from '../../engine/model/time.ts';
import { facts, fixture, temporaryFolder } from '../support/import-fixtures.ts';
import { quoteFiles } from '../support/quote-files.ts';

async function read(
  ...paths: readonly string[]
): Promise<{ readonly quotes: readonly string[]; readonly notRead: readonly NotRead[] }> {
  const quotes: string[] = [];
  const notRead = await readQuotes({ paths, facts, take: (tape) => quotes.push(...lines(tape)) });
  return { quotes, notRead };
}

/** Shape, day, clock, contract, bid, ask and level in paise. */
function lines(tape: QuoteTape): string[] {
  return Array.from(tape.ms, (ms, row) => {
    const contract = tape.contracts[tape.contract[row] ?? 0];
    const clock = clockText(epochMs(at(tape.day, istTime('00:00')) + ms));
    const source = tape.sources[tape.source[row] ?? 0];
    const key = contract === undefined ? '' : instrumentKey(contract);
    return `${source}: ${tape.day} ${clock} ${key} ${tape.bid[row]} ${tape.ask[row]} ${tape.level[row]}`;
  });
}

describe('recorded quotes', () => {
  test('of the exchange page are read once a page, at the time that the page says', async () => {
    const folder = quoteFiles(temporaryFolder());
    const shape = 'option chain snapshots of the exchange page';
    expect(await read(join(folder, 'snapshots.csv'))).toEqual({
      quotes: [
        `${shape}: 2025-08-29 10:00:00.000 NIFTY 2025-09-02 24500 CE 12000 12020 0`,
        `${shape}: 2025-08-29 10:01:00.000 NIFTY 2025-09-02 24500 CE 12000 12060 0`,
        `${shape}: 2025-08-29 10:00:00.000 NIFTY 2025-09-02 24500 PE 10000 10040 0`,
        `${shape}: 2025-08-29 10:01:00.000 NIFTY 2025-09-02 24500 PE 0 10040 0`,
      ],
      notRead: [
        { source: shape, what: 'page of the day before', rows: 2 },
        { source: shape, what: 'page repeated: collected again before it changed', rows: 2 },
      ],
    });
  });

  test('of a saved page bring the level of the index', async () => {
    const folder = quoteFiles(temporaryFolder());
    expect((await read(join(folder, 'page.json'))).quotes).toEqual([
      'option chain page of the exchange: 2023-08-31 11:33:02.000 BANKNIFTY 2023-08-31 44100 CE 11900 11930 4408520',
      'option chain page of the exchange: 2023-08-31 11:33:02.000 BANKNIFTY 2023-08-31 44100 PE 0 0 4408520',
    ]);
  });

  test('of ticks are read too, which an import refuses; of a second the last one', async () => {
    const folder = quoteFiles(temporaryFolder());
    expect(await read(join(folder, 'BANKNIFTY21SEP35300CE_2021-08-20.jsonl'))).toEqual({
      quotes: [
        'Kite ticks: 2021-08-20 10:00:01.000 BANKNIFTY 2021-09-30 35300 CE 75200 75700 0',
        'Kite ticks: 2021-08-20 10:00:02.000 BANKNIFTY 2021-09-30 35300 CE 75100 75700 0',
      ],
      notRead: [
        { source: 'Kite ticks', what: 'the same contract twice at one moment', rows: 1 },
        { source: 'Kite ticks', what: 'time cannot be read', rows: 1 },
      ],
    });
    expect((await read(join(folder, 'BANKNIFTY25DEC59000CE_51414_2025-12-15.csv'))).quotes).toEqual([
      'Upstox ticks: 2025-12-15 09:32:49.113 BANKNIFTY 2025-12-30 59000 CE 76190 76310 0',
      'Upstox ticks: 2025-12-15 09:32:50.000 BANKNIFTY 2025-12-30 59000 CE 76110 76335 0',
    ]);
  });

  test('by line are read with their exponent', async () => {
    const folder = quoteFiles(temporaryFolder());
    expect((await read(join(folder, 'quotes.jsonl'))).quotes).toEqual([
      'best bid and ask by line: 2026-01-29 11:28:39.133 BANKNIFTY 2026-02-24 59700 CE 105100 105330 0',
      'best bid and ask by line: 2026-01-29 11:28:39.633 BANKNIFTY 2026-02-24 59700 PE 76865 77060 0',
    ]);
  });

  test('come in one order, whatever the order of the paths', async () => {
    const folder = quoteFiles(temporaryFolder());
    const [a, b] = ['snapshots.csv', 'page.json'].map((name) => join(folder, name));
    expect(await read(a ?? '', b ?? '')).toEqual(await read(b ?? '', a ?? ''));
  });

  test('are not in files of candles, of last prices or of an unknown shape', async () => {
    await expect(read(fixture('NIFTY_minute.csv'))).rejects.toThrow(
      /NIFTY_minute\.csv holds candles .*, without best bids and asks; spreads are measured from/,
    );
    await expect(read(fixture('unknown.csv'))).rejects.toThrow(/unknown\.csv is of no known shape/);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ticks.csv'), 'timestamp,token,ltp\n2025-10-07 10:00:00,256265,24500\n');
    await expect(read(folder)).rejects.toThrow(/ticks\.csv holds Kite last prices, without best bids and asks/);
  });

  test('of ticks need the contract in the name of their file', async () => {
    const folder = temporaryFolder();
    const from = quoteFiles(join(folder, 'all'));
    const nameless = join(folder, '51414.csv');
    writeFileSync(nameless, readFileSync(join(from, 'BANKNIFTY25DEC59000CE_51414_2025-12-15.csv')));
    await expect(read(nameless)).rejects.toThrow(
      '51414.csv holds ticks of one contract, but its name does not begin with a symbol',
    );
  });
});
