import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { registerDataCheck } from '../../cli/commands/data-check.ts';
import { registerDataImport } from '../../cli/commands/data-import.ts';
import { registerDataList } from '../../cli/commands/data-list.ts';
import { fixture, temporaryFolder } from '../support/import-fixtures.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('data import says what it read, dropped, repaired and wrote', async () => {
  const store = join(temporaryFolder(), 'store');
  const out = await sim('import', fixture('chain-running-volume.csv'), '--store', store);
  expect(out.replaceAll(store, 'STORE').replace(/imports\/\w+/, 'imports/ID')).toMatchInlineSnapshot(`
    "candles by symbol (1m): 1 file, 17 rows, 11 kept, 2023-04-10 09:15 to 2023-04-10 09:25
      times     Date + Time: India time, start of the candle
      dropped           2  all prices 0: not traded yet
      dropped           2  outside the session
      dropped           1  close, high or low empty or 0
      dropped           1  symbol not understood
      repaired          2  open 0 or empty: previous close of the day, held within low and high
      repaired          1  high or low did not contain open and close: widened
      note      1 filler candles (no trade, last price repeated) kept with volume 0
      note      volume is a running total of the day: turned into differences
      note      1 symbols not understood, such as RELIANCE-I
    store STORE: 11 rows added, 0 corrected, 0 unchanged, 1 partition written
    manifest STORE/imports/ID/manifest.json
    "
  `);
  expect(await sim('import', fixture('chain-running-volume.csv'), '--store', store)).toMatch(
    /nothing new in these files/,
  );
});

test('data check grades days, names defects and says what a run does about them', async () => {
  const store = join(temporaryFolder(), 'store');
  await sim('import', fixture('chain-running-volume.csv'), fixture('banknifty_ltp_oi_5min.json'), '--store', store);
  const text = await sim('check', '--store', store);
  expect(text).toMatch(
    /2023-04-10 {2}D {2}future 2023-04-27 1 contract 0\.2 % \| 2023-04-13 1 contract 2\.6 %, longest gap 1/,
  );
  expect(text).toMatch(/open interest unknown \(1 day\): what needs open interest gives no signal and says so/);
  expect(text).toMatch(/no index \(2 days\): the underlying is the parity forward of the traded expiry/);
  expect(text).toMatch(/one price a candle \(1 day\): snapshot closes/);
  expect(text).toMatch(/dropped {10}2 {2}outside the session/);
  const json = JSON.parse(
    await sim('check', '--store', store, '--underlying', 'BANKNIFTY', '--from', '2023-04-10', '--json'),
  );
  expect(json.days).toHaveLength(1);
  expect(json.days[0]).toMatchObject({ day: '2023-04-10', grade: 'D', paritySd: null });
  expect(json.days[0].groups[1]).toMatchObject({
    kind: 'option',
    candles: 10,
    longestGap: 1,
    zeroVolume: 1,
    unknownOi: 1,
  });
});

test('data list names tables, days and rows', async () => {
  const store = join(temporaryFolder(), 'store');
  await sim('import', fixture('bhavcopy.csv'), fixture('overlap-a.csv'), fixture('quotes.jsonl'), '--store', store);
  const { tables } = JSON.parse(await sim('list', '--store', store, '--json'));
  expect(
    tables.map(
      (table: Record<string, unknown>) => `${table['table']} ${table['name']} ${table['days']} ${table['rows']}`,
    ),
  ).toEqual(['candles NIFTY 1 2', 'quotes BANKNIFTY 1 2', 'daily contracts NIFTY 1 3']);
  expect(await sim('list', '--store', store)).toMatch(/candles +NIFTY +1m +1 +2021-06-11 +2021-06-11 +2/);
});

test.each([
  [['check', '--store', '/nowhere'], /the store \/nowhere does not exist; make it with: sim data import/],
  [['list', '--store', '/nowhere'], /the store \/nowhere does not exist/],
  [['check', '--underlying', 'GOLD'], /--underlying takes NIFTY, .*, was "GOLD"/],
  [['check', '--from', '2025-02-30'], /--from takes a day of the calendar, YYYY-MM-DD, was "2025-02-30"/],
  [['check', '--from', '2025-02-02', '--to', '2025-01-01'], /--from 2025-02-02 lies after --to 2025-01-01/],
  [['import', '/nowhere.csv'], /\/nowhere\.csv does not exist/],
])('%j ends with one sentence and exit code 2', async (args, sentence) => {
  await expect(sim(...args)).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 2,
    message: expect.stringMatching(sentence),
  });
});

test('a full disk is named and leaves no partition', async (ctx) => {
  const mount = join(temporaryFolder(), 'small');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    ctx.skip('this machine mounts no tmpfs for tests');
  }
  try {
    const importing = sim('import', fixture('chain-running-volume.csv'), '--store', join(mount, 'store'));
    await expect(importing).rejects.toMatchObject({ name: 'StorageProblem', exitCode: 1 });
    expect(existsSync(join(mount, 'store/candles'))).toBe(false);
  } finally {
    execFileSync('umount', [mount]);
  }
});

/** Runs a data command in this process and gives what it printed. */
async function sim(...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const data = new Command('data').exitOverride();
  for (const register of [registerDataImport, registerDataCheck, registerDataList]) register(data);
  await data.parseAsync(args, { from: 'user' });
  return out.join('');
}
