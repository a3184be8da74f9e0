import { join } from 'node:path';
import { DISK } from '../adapters/file-calls.ts';
import { readJournal } from '../adapters/journal-file.ts';
import { readMoney } from '../adapters/money-file.ts';
import { readPrices } from '../adapters/price-file.ts';
import { listRuns, replaceFile } from '../adapters/run-folder.ts';
import { storageProblem } from '../adapters/storage-problem.ts';
import type { JournalRecord, MoneyMinutes } from '../engine/journal.ts';
import type { TradedPrices } from '../engine/model/traded-prices.ts';
import { eventsCsv, tradesCsv } from '../reports/csv.ts';
import { Passport } from '../reports/passport.ts';
import type { Report } from '../reports/report.ts';
import { buildReport } from '../reports/report.ts';
import { UserError } from './user-error.ts';

/** Names of the files of a run. */
export const RUN_FILES = {
  passport: 'passport.json',
  journal: 'orders.jsonl',
  money: 'money.bin',
  prices: 'prices.bin',
  trades: 'trades.csv',
  events: 'events.csv',
  trace: 'trace.jsonl',
  workbook: 'report.xlsx',
  page: 'report.html',
} as const;

/** A finished run as it was read from its folder. */
export interface StoredRun {
  readonly path: string;
  readonly passport: Passport;
  readonly records: readonly JournalRecord[];
  readonly money: MoneyMinutes;
  /** Undefined where the run kept none. */
  readonly prices: readonly TradedPrices[] | undefined;
}

/** Writes trades, events, workbook and page through `put`, which takes the name of a file and its content. */
export async function putResults(
  { report, prices }: { readonly report: Report; readonly prices: StoredRun['prices'] },
  put: (name: string, content: string | Uint8Array) => void,
): Promise<void> {
  put(RUN_FILES.trades, tradesCsv(report));
  put(RUN_FILES.events, eventsCsv(report));
  const { workbookOf } = await import('../reports/workbook/workbook.ts');
  put(RUN_FILES.workbook, await workbookOf(report));
  const [{ pageOf }, { readPageFiles }] = await Promise.all([
    import('../reports/page/page.ts'),
    import('../adapters/page-files.ts'),
  ]);
  put(RUN_FILES.page, pageOf(report, prices, readPageFiles()));
}

/** Computes the report of a stored run anew and replaces its files. */
export async function rebuildResults(run: StoredRun): Promise<Report> {
  const report = buildReport(run.records, run.money, run.passport.run);
  await putResults({ report, prices: run.prices }, (name, content) => replaceFile(join(run.path, name), content));
  return report;
}

/** Finds a run by id or path and reads it; journal and money must be those that the passport names. */
export function readRun(run: string, root: string): StoredRun {
  const path = pathOf(run, root);
  const passport = readPassport(path);
  const journal = readJournal(join(path, RUN_FILES.journal));
  const { money, hash } = readMoney(join(path, RUN_FILES.money));
  const { journalHash, moneyHash, pricesHash } = passport.results;
  const prices = pricesHash ? readPrices(join(path, RUN_FILES.prices)) : undefined;
  if (journal.seal?.hash !== journalHash || hash !== moneyHash || (pricesHash && prices?.hash !== pricesHash))
    throw new UserError(
      `${path} was changed after it was written: its journal, its money or its prices are not those that its passport names`,
    );
  return { path, passport, records: journal.records, money, prices: prices?.days };
}

export function readPassport(path: string): Passport {
  const file = join(path, RUN_FILES.passport);
  const read = Passport.safeParse(parsedFile(file));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new UserError(`${file} is no passport of this program: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function pathOf(run: string, root: string): string {
  const known = listRuns(root);
  if (known.includes(run)) return join(root, run);
  if (DISK.exists(join(run, RUN_FILES.passport))) return run;
  const last = known.slice(-3).join(', ');
  const hint = last === '' ? `there is none in ${root}` : `the last ones in ${root} are ${last}`;
  throw new UserError(`RUN must be the id or the folder of a finished run (${hint}), was "${run}"`);
}

function parsedFile(file: string): unknown {
  try {
    return JSON.parse(Buffer.from(DISK.read(file)).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw storageProblem(error, file);
  }
}
