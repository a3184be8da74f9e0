import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileCalls } from '../../adapters/file-calls.ts';
import { DISK } from '../../adapters/file-calls.ts';
import { JournalFile, readJournal } from '../../adapters/journal-file.ts';
import { StorageProblem } from '../../adapters/storage-problem.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { canonicalText, stamped } from '../../engine/journal.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { apart, smallJournal } from '../support/journal-fixtures.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-journal-'));
  path = join(folder, 'orders.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const records = smallJournal();
/** Long enough for several blocks. */
const many: readonly JournalRecord[] = Array.from({ length: 1_200 }, (_, at) => ({
  ...records[at % records.length]!,
  seq: at + 1,
}));

function write(list: readonly JournalRecord[], calls: FileCalls = DISK): ReturnType<JournalFile['close']> {
  const file = new JournalFile(path, calls);
  for (const record of list) file.write(...apart(record));
  return file.close('ab'.repeat(32));
}

test('reads back what was written, with its seal', () => {
  const seal = write(many);
  const read = readJournal(path);
  expect(read.records).toEqual(many);
  expect(read).toMatchObject({ torn: 0, seal });
  expect(seal).toMatchObject({ records: 1_200, moneyHash: 'ab'.repeat(32) });
});

test('holds one record a line in its canonical text with a checksum, between seals', () => {
  write(many);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const seals = lines.filter((line) => line.startsWith('{"kind":"journal-sealed"'));
  expect(seals.length).toBeGreaterThan(1);
  const texts = many.map((record) => canonicalText(...apart(record)).slice(0, -1));
  const checked = texts.map((text) => `${text},"crc":"${bitByBit(text).toString(16).padStart(8, '0')}"}`);
  expect(lines.filter((line) => !seals.includes(line))).toEqual(checked);
});

test('gives equal bytes for equal records, and another hash for another record or another money file', () => {
  const hash = write(many).hash;
  const bytes = readFileSync(path);
  rmSync(path);
  expect(write(many).hash).toBe(hash);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  rmSync(path);
  expect(write(many.slice(1)).hash).not.toBe(hash);
  rmSync(path);
  const file = new JournalFile(path);
  for (const record of many) file.write(...apart(record));
  expect(file.close('cd'.repeat(32)).hash).not.toBe(hash);
});

test('cuts off a torn last line and says how long it was, wherever it tore', () => {
  write(many);
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const last = lines.at(-2)!;
  for (const left of [1, 20, last.length - 1]) {
    writeFileSync(path, text.slice(0, text.length - 1 - last.length + left));
    expect(readJournal(path)).toMatchObject({ torn: left, seal: undefined });
  }
  const record = lines.at(-3)!;
  writeFileSync(path, text.slice(0, text.length - 2 - last.length - 5));
  const torn = readJournal(path);
  expect(torn.records).toHaveLength(1_199);
  expect(torn.torn).toBe(record.length - 5);
});

test('refuses damage before the end, in a record, in its order and in a seal', () => {
  write(many);
  const lines = readFileSync(path, 'utf8').split('\n');
  const damaged = (change: (copy: string[]) => void): void => {
    const copy = [...lines];
    change(copy);
    writeFileSync(path, copy.join('\n'));
  };
  damaged((copy) => void copy.splice(40, 1, copy[40]!.replace('NIFTY', 'NIFTX')));
  expect(() => readJournal(path)).toThrow('line 41: does not fit its checksum');
  damaged((copy) => void copy.splice(40, 1));
  expect(() => readJournal(path)).toThrow('do not fit their seal');
  damaged((copy) => void copy.splice(40, 2, copy[41]!, copy[40]!));
  expect(() => readJournal(path)).toThrow('do not fit their seal');
  const sealed = lines.findIndex((line) => line.startsWith('{"kind":"journal-sealed"'));
  damaged((copy) => void copy.splice(sealed, 1));
  expect(() => readJournal(path)).toThrow('do not fit their seal');
});

test('says that a disk is full or a folder read-only', () => {
  const failing = (code: string): FileCalls => ({
    ...DISK,
    write: () => {
      throw Object.assign(new Error(code), { code });
    },
  });
  const problem = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
  const full = problem(() => write(records, failing('ENOSPC')));
  expect(full).toBeInstanceOf(StorageProblem);
  expect(full).toMatchObject({ kind: 'disk-full', exitCode: 1, message: `no space is left to write ${path}` });
  rmSync(path);
  expect(problem(() => write(records, failing('EROFS')))).toMatchObject({ kind: 'read-only', exitCode: 2 });
  expect(problem(() => new JournalFile(path))).toMatchObject({ kind: 'taken', exitCode: 2 });
});

test('writes every byte where the system takes a few at a time', () => {
  const seal = write(records, {
    ...DISK,
    write: (file, bytes, offset) => DISK.write(file, bytes.subarray(0, offset + 7), offset),
  });
  expect(readJournal(path)).toMatchObject({ torn: 0, seal });
});

/** CRC-32 (ISO 3309, reflected polynomial EDB88320) the slow way; its check value of "123456789" is cbf43926. */
function bitByBit(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

test('checks with the published checksum', () => {
  expect(bitByBit('123456789')).toBe(0xcbf43926);
});

test('keeps what is written beyond ASCII, and records longer than a block', () => {
  const note = { kind: 'note', agent: null, text: '₹1,23,456 — नमस्ते 🙂 "quoted" \\ \n'.repeat(20_000) } as const;
  const kept = [{ ...note }, { ...note, text: 'é' }, { ...note }].map((each, at) =>
    stamped({ seq: at + 1, ts: 1_700_000_000_000 as EpochMs, flow: 'out' }, each),
  );
  write(kept);
  expect(readJournal(path).records).toEqual(kept);
});
