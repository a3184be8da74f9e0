/** Past runs as the RMS is told of them: read from their folders, and acted on when the next run begins. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JournalFile, readJournal } from '../../adapters/journal-file.ts';
import { writeMoney } from '../../adapters/money-file.ts';
import { PriceFile } from '../../adapters/price-file.ts';
import { RunFolder } from '../../adapters/run-folder.ts';
import { playBacktest } from '../../cli/backtest-play.ts';
import { Config } from '../../cli/config.ts';
import { RUN_FILES, readPassport } from '../../cli/run-results.ts';
import type { PastRuns } from '../../cli/standings.ts';
import { standingsOf } from '../../cli/standings.ts';
import { invariant } from '../../engine/assert.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import type { Day } from '../../engine/model/time.ts';
import { day } from '../../engine/model/time.ts';
import { lots } from '../../engine/model/units.ts';
import type { RunCard } from '../../reports/passport.ts';
import { passportText, sealPassport } from '../../reports/passport.ts';
import { buildReport, resultCard } from '../../reports/report.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import {
  AGENT,
  apart,
  instant,
  JournalScript,
  numbered,
  smallCard,
  smallJournal,
  smallMoney,
  TUESDAY,
} from '../support/journal-fixtures.ts';
import { play } from '../support/play.ts';
import { doing, rest, scripted } from '../support/script.ts';
import { tape } from '../support/tape.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sim-standing-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const HASH = 'abcdef0123456789';

function storeRun(time: string, card: Partial<RunCard> = {}, records: readonly JournalRecord[] = smallJournal()): void {
  const folder = new RunFolder({ root, startedAt: instant(TUESDAY, time), configHash: 'cafe' });
  const journal = new JournalFile(folder.file(RUN_FILES.journal));
  for (const record of records) journal.write(...apart(record));
  const moneyHash = writeMoney(folder.file(RUN_FILES.money), smallMoney());
  const pricesHash = new PriceFile(folder.file(RUN_FILES.prices)).close();
  const { hash: journalHash, records: journalRecords } = journal.close(moneyHash, pricesHash);
  const report = buildReport(smallJournal(), smallMoney(), smallCard());
  const results = resultCard(report, { journalHash, journalRecords, moneyHash, pricesHash });
  const session = { runId: folder.id, startedAt: '', finishedAt: '', host: '', node: '', durations: {} };
  folder.put(
    RUN_FILES.passport,
    passportText(sealPassport(smallCard(card), results, { ...session, startedAt: 'then', finishedAt: 'later' })),
  );
  folder.finish();
}

/** The standing of the straddle on NIFTY. */
function standing(past: Partial<PastRuns> = {}, hash = HASH) {
  const plan = {
    definition: atmStraddle,
    params: {},
    segment: 'NIFTY',
    lots: lots(1),
    specialSessions: false,
  } as unknown as Parameters<typeof standingsOf>[0][number]['plan'];
  const where = { root, mode: 'BACKTEST', dataKind: 'real', before: day('2025-01-08'), ...past } as const;
  return standingsOf([{ plan, hash }], where).get(AGENT);
}

/** A Tuesday on which one call lost 2,000 points of 75 units at a risk of 75,000 paise: two R, and what it cost. */
function otherTuesday(): readonly JournalRecord[] {
  const script = new JournalScript();
  script.openSession(TUESDAY);
  const leg = { leg: 'CE', contract: 'NIFTY 2025-01-09 23700 CE', entry: 10_000, exit: 12_000 } as const;
  script.play(TUESDAY, {
    risk: 75_000,
    reason: 'SL',
    legs: [{ ...leg, entryAt: '09:20:01', exitAt: '10:00:00', reason: 'SL' }],
  });
  return numbered(script.records);
}

describe('the reader of past runs', () => {
  test('adds up what the journal of a run says', () => {
    storeRun('20:00:00');
    // Nets in whole paise, rounded down: 129,689; -194,093; 437,564. R: 142,125 / 450,000; -187,875 / 180,000; one without a risk.
    expect(standing()).toEqual({
      structures: 3,
      wins: 2,
      lossesInARow: 0,
      drawdown: 0,
      drawdownR: 1.04375,
      rOfDays: [0.315833333, -1.04375],
      slip: 10,
      filledPct: 100,
    });
  });

  test('takes a day from the latest run that played it', () => {
    storeRun('20:00:00');
    storeRun('21:00:00', { from: TUESDAY }, otherTuesday());
    // 20 rupees of 75 units lost, 150,000 paise, and 6,217.6552 of charges.
    expect(standing()).toMatchObject({
      structures: 2,
      wins: 1,
      lossesInARow: 1,
      drawdown: 156_218,
      rOfDays: [0.315833333, -2],
    });
  });

  test.each<[string, Partial<RunCard>, Partial<PastRuns>, string?]>([
    ['of another mode', { mode: 'PAPER' }, {}],
    ['on another kind of data', { data: { ...smallCard().data, kind: 'synthetic' } }, {}],
    ['that end on or after the first day', {}, { before: TUESDAY }],
    ['of other code or parameters', {}, {}, '0123456789abcdef'],
    [
      'on another segment',
      { strategies: smallCard().strategies.map((card) => ({ ...card, segment: 'BANKNIFTY' })) },
      {},
    ],
  ])('leaves out runs %s', (_name, card, past, hash) => {
    storeRun('20:00:00', card);
    expect(standing(past, hash)).toBeUndefined();
  });

  test('adds two agents of the same code and parameters together', () => {
    const [card] = smallCard().strategies;
    invariant(card !== undefined, 'the small card has a strategy');
    const other = 'second/NIFTY' as typeof AGENT;
    const again = otherTuesday().map((record) =>
      'agent' in record && record.agent === AGENT ? ({ ...record, agent: other } as JournalRecord) : record,
    );
    storeRun('20:00:00', { strategies: [card, { ...card, name: 'second' }] }, again);
    expect(standing()).toMatchObject({ structures: 1, wins: 0, rOfDays: [-2] });
  });

  test('counts an entry that rested at two prices as one', () => {
    const handlers = doing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => rest(ctx, 'short', 'SELL CE STOP 93 90'),
      '09:40': (ctx) => rest(ctx, 'late', 'SELL CE STOP 50 48'),
    });
    const played = play({
      days: [
        tape`
          2025-01-06  expiry 2025-01-09  strike 23000
          09:15  NIFTY 23005  CE 100
          09:30  CE 100 100 91 91
        `,
      ],
      agents: [scripted(handlers, { name: 'atm-straddle' })],
    });
    const placed = played.records.filter((record) => record.kind === 'order-placed' && record.purpose === 'entry');
    expect(placed).toHaveLength(3);
    storeRun('20:00:00', {}, played.records);
    // Two tries: the first filled at its second price, the last never.
    expect(standing()?.filledPct).toBe(50);
  });

  test('finds nothing where there is no folder of runs', () => {
    expect(standing({ root: join(root, 'nowhere') })).toBeUndefined();
  });
});

describe('a run that reads them', () => {
  const play = async (on: Day, standing: Record<string, unknown>) => {
    const said: string[] = [];
    const config = Config.parse({ data: { source: 'synthetic' }, runs: root, risk: { standing } });
    const outcome = await playBacktest(
      { config, from: on, to: on, withReport: false, withTrace: false, unicode: false },
      {
        say: (sentence) => said.push(sentence),
        begins: () => undefined,
        day: () => undefined,
        goesOn: () => Promise.resolve(true),
        folder: () => undefined,
      },
    );
    const { records } = readJournal(join(outcome.path, RUN_FILES.journal));
    return { said, path: outcome.path, acts: records.filter(({ kind }) => kind === 'rms-acted'), records };
  };

  test('starts halted at a red flag, says so, and trades just before it', { timeout: 60_000 }, async () => {
    // What the days before lost since their best, from the results of their passports (fine paise), paise.
    let lost = 0;
    for (const on of ['2025-01-06', '2025-01-07', '2025-01-08', '2025-01-09', '2025-01-10'].map(day)) {
      const { structures, net } = readPassport((await play(on, {})).path).results;
      expect(structures).toBe(1);
      lost = Math.max(0, lost - Math.round(net / 10_000));
    }
    expect(lost).toBeGreaterThan(0);
    const others = { badDaysInARowMax: 1_000, winPctMin: 0, slipMax: 1_000, drawdownRMax: 1_000 };
    const next = day('2025-01-13');
    // Each structure is rounded down to the paisa, and a day's contract note levy by levy: less than 50 paise in five days.
    const free = await play(next, { read: 'runs', ...others, drawdownMax: (lost + 50) / 100 });
    expect(free.acts).toEqual([]);
    expect(free.records.some(({ kind }) => kind === 'structure-opened')).toBe(true);
    const unread = await play(next, { ...others, drawdownMax: (lost - 50) / 100 });
    expect(unread.acts).toEqual([]);
    const halted = await play(next, { read: 'runs', ...others, drawdownMax: (lost - 50) / 100 });
    expect(halted.acts).toMatchObject([{ act: 'halt', scope: AGENT, rule: 'standing-drawdown' }]);
    expect(halted.records.some(({ kind }) => kind === 'structure-opened')).toBe(false);
    const sentence = halted.said.find((text) => text.startsWith(`${AGENT} starts halted: past runs of the strategy`));
    expect(sentence).toBeDefined();
    expect(readPassport(halted.path).run.warnings).toContain(sentence);
  });
});
