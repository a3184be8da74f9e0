import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { JournalFile, readJournal } from '../../adapters/journal-file.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { canonicalText, stamped } from '../../engine/journal.ts';
import type { JournalSink } from '../../engine/ports.ts';
import { apart } from '../support/journal-fixtures.ts';
import { play } from '../support/play.ts';
import { entering, scripted, time } from '../support/script.ts';
import { tape } from '../support/tape.ts';

const root = mkdtempSync(join(tmpdir(), 'sim-sink-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface SinkBench {
  readonly sink: JournalSink;
  /** What was written, as it is found again. */
  finish(): readonly JournalRecord[];
}

function inMemory(): SinkBench {
  const records: JournalRecord[] = [];
  return { sink: { write: (stamp, record) => records.push(stamped(stamp, record)) }, finish: () => records };
}

let files = 0;
function inFile(): SinkBench {
  files += 1;
  const path = join(root, `${files}.jsonl`);
  const file = new JournalFile(path);
  return {
    sink: file,
    finish: () => {
      file.close();
      return readJournal(path).records;
    },
  };
}

const DAY = tape`
  09:19  NIFTY 23005  CE 100             PE 90
  09:22  CE 100 140 100 135  PE 90 90 70 70
`;

function recorded(makeBench: () => SinkBench): readonly JournalRecord[] {
  const bench = makeBench();
  play({
    days: [DAY],
    agents: [scripted(entering('09:20', ['SELL CE', 'SELL PE'], { squareOffAt: time('15:15') }))],
    parts: { sink: bench.sink },
  });
  return bench.finish();
}

describe.for([
  ['the list in memory', inMemory],
  ['the journal file', inFile],
] as const)('%s as a journal sink', ([, makeBench]) => {
  test('keeps every record, numbered without a gap, in an order that time never leaves', () => {
    const records = recorded(makeBench);
    expect(records.length).toBeGreaterThan(20);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    for (const [index, { ts }] of records.entries()) expect(ts).toBeGreaterThanOrEqual(records[index - 1]?.ts ?? 0);
  });

  test('says which records were fed and which follow from them', () => {
    const records = recorded(makeBench);
    const fed = new Set(records.filter(({ flow }) => flow === 'in').map(({ kind }) => kind));
    expect([...fed].sort()).toEqual(['session-closed', 'session-opened']);
  });

  test('gives back what the others give, text by text', () => {
    expect(recorded(makeBench).map((record) => canonicalText(...apart(record)))).toEqual(
      recorded(inMemory).map((record) => canonicalText(...apart(record))),
    );
  });
});
