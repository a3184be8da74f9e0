import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JournalFile } from '../../adapters/journal-file.ts';
import { writeMoney } from '../../adapters/money-file.ts';
import { PriceFile } from '../../adapters/price-file.ts';
import { RunFolder } from '../../adapters/run-folder.ts';
import { registerReport } from '../../cli/commands/report.ts';
import { registerRuns } from '../../cli/commands/runs.ts';
import { putResults, RUN_FILES } from '../../cli/run-results.ts';
import { UserError } from '../../cli/user-error.ts';
import { passportText, sealPassport } from '../../reports/passport.ts';
import { buildReport, resultCard } from '../../reports/report.ts';
import { apart, instant, MONDAY, smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sim-stored-'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function storeRun(configHash: string): Promise<string> {
  const folder = new RunFolder({ root, startedAt: instant(MONDAY, '20:00:00'), configHash });
  const journal = new JournalFile(folder.file(RUN_FILES.journal));
  for (const record of smallJournal()) journal.write(...apart(record));
  const moneyHash = writeMoney(folder.file(RUN_FILES.money), smallMoney());
  const pricesHash = new PriceFile(folder.file(RUN_FILES.prices)).close();
  const { hash: journalHash, records: journalRecords } = journal.close(moneyHash, pricesHash);
  const report = buildReport(smallJournal(), smallMoney(), smallCard());
  await putResults({ report, prices: [] }, (name, content) => folder.put(name, content));
  const session = {
    runId: folder.id,
    startedAt: 'then',
    finishedAt: 'later',
    host: 'here',
    node: 'v20',
    durations: {},
  };
  const results = resultCard(report, { journalHash, journalRecords, moneyHash, pricesHash });
  folder.put(RUN_FILES.passport, passportText(sealPassport(smallCard(), results, session)));
  return folder.finish();
}

async function sim(...words: readonly string[]): Promise<string> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const program = new Command().exitOverride();
    registerReport(program);
    registerRuns(program);
    await program.parseAsync(['node', 'sim', ...words, '--runs', root]);
  } finally {
    spy.mockRestore();
  }
  return said.join('');
}

test('sim report makes the same files again from the journal alone', async () => {
  const path = await storeRun('ab12');
  const files = [RUN_FILES.workbook, RUN_FILES.trades, RUN_FILES.events, RUN_FILES.page];
  const before = files.map((name) => readFileSync(join(path, name)));
  for (const name of files) writeFileSync(join(path, name), 'spoilt');
  const text = await sim('report', '20250106-200000-ab12');
  expect(text).toContain('Structures              3 (5 legs, 10 fills)');
  expect(text.trimEnd().split('\n').at(-1)).toBe(path);
  expect(files.map((name) => readFileSync(join(path, name)))).toEqual(before);
  const { trace: _, ...written } = RUN_FILES;
  expect(readdirSync(path).sort()).toEqual(Object.values(written).sort());
  expect(JSON.parse(await sim('report', path, '--json'))).toMatchObject({ net: 3_731.62, path });
});

test('sim report names a run that is not there, a journal that was changed, and a passport that is none', async () => {
  await expect(sim('report', 'nope')).rejects.toThrow(`there is none in ${root}`);
  const path = await storeRun('ab12');
  await expect(sim('report', 'nope')).rejects.toThrow(
    'RUN must be the id or the folder of a finished run (the last ones in',
  );
  const journal = new JournalFile(join(path, 'other.jsonl'));
  journal.close();
  writeFileSync(join(path, RUN_FILES.journal), readFileSync(join(path, 'other.jsonl')));
  await expect(sim('report', path)).rejects.toThrow('was changed after it was written');
  writeFileSync(join(path, RUN_FILES.passport), '{"hash": 1');
  await expect(sim('report', path)).rejects.toBeInstanceOf(UserError);
});

test('sim runs lists finished runs, for people and for machines', async () => {
  expect(await sim('runs')).toBe(`no finished run in ${root}\n`);
  await storeRun('ab12');
  await storeRun('cd34');
  const lines = (await sim('runs')).split('\n');
  expect(lines[0]).toMatch(/^run +mode +data +from +to +strategies +structures +net Rs +drawdown Rs$/);
  expect(lines[1]).toMatch(
    /^20250106-200000-ab12 +BACKTEST +real +2025-01-06 +2025-01-07 +atm-straddle\/NIFTY +3 +3731\.62 +2096\.39$/,
  );
  const rows = JSON.parse(await sim('runs', '--json'));
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({ id: '20250106-200000-cd34', net: 3_731.62, structures: 3 });
});

test('equal runs have equal passport hashes whenever they ran', async () => {
  const [a, b] = [await storeRun('ab12'), await storeRun('ab12')];
  const hash = (path: string): unknown => JSON.parse(readFileSync(join(path, RUN_FILES.passport), 'utf8')).hash;
  expect(a).not.toBe(b);
  expect(hash(a)).toBe(hash(b));
});
