import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileCalls } from '../../adapters/file-calls.ts';
import { DISK } from '../../adapters/file-calls.ts';
import { listRuns, RunFolder, replaceFile, runIdOf } from '../../adapters/run-folder.ts';
import { at, day, istTime } from '../../engine/model/time.ts';

let root = '';
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'sim-runs-')), 'runs');
});
afterEach(() => rmSync(join(root, '..'), { recursive: true }));

const startedAt = at(day('2026-11-21'), istTime('14:32'));
const parts = { startedAt, configHash: 'AB12ffff' } as const;

function failing(call: keyof FileCalls, code: string): FileCalls {
  const fail = (): never => {
    throw Object.assign(new Error(code), { code });
  };
  return { ...DISK, [call]: fail };
}

test('names a run by its start in India and its configuration', () => {
  expect(runIdOf(startedAt, 'AB12ffff')).toBe('20261121-143200-ab12');
});

test('bears a hidden name until it is finished, then its own', () => {
  const run = new RunFolder({ root, ...parts });
  run.put('passport.json', '{}');
  expect(readdirSync(root)).toEqual(['.unfinished-20261121-143200-ab12']);
  expect(listRuns(root)).toEqual([]);
  expect(run.finish()).toBe(join(root, '20261121-143200-ab12'));
  expect(listRuns(root)).toEqual(['20261121-143200-ab12']);
  expect(readFileSync(run.file('passport.json'), 'utf8')).toBe('{}');
});

test('takes the next second where a run of that second exists, finished or not', () => {
  const first = new RunFolder({ root, ...parts });
  const second = new RunFolder({ root, ...parts });
  first.finish();
  const third = new RunFolder({ root, ...parts });
  expect([first.id, second.id, third.id].map((id) => id.slice(9, 15))).toEqual(['143200', '143201', '143202']);
});

test('leaves nothing behind when it is abandoned, and keeps a finished run', () => {
  const run = new RunFolder({ root, ...parts });
  run.put('orders.jsonl', 'x');
  run.abandon();
  expect(readdirSync(root)).toEqual([]);
  const kept = new RunFolder({ root, ...parts });
  kept.finish();
  kept.abandon();
  expect(existsSync(kept.finalPath)).toBe(true);
});

test('says that a disk is full with 1 and that a folder is read-only with 2, and then looks unfinished', () => {
  const calls = failing('write', 'ENOSPC');
  const run = new RunFolder({ root, ...parts, calls });
  expect(() => run.put('trades.csv', 'a')).toThrow(expect.objectContaining({ kind: 'disk-full', exitCode: 1 }));
  expect(listRuns(root)).toEqual([]);
  const readOnly = { ...parts, root: join(root, 'x') };
  for (const code of ['EROFS', 'EACCES'])
    expect(() => new RunFolder({ ...readOnly, calls: failing('mkdir', code) })).toThrow(
      expect.objectContaining({ kind: 'read-only', exitCode: 2 }),
    );
  const stuck = new RunFolder({ root, ...parts, calls: failing('rename', 'EROFS') });
  expect(() => stuck.finish()).toThrow(expect.objectContaining({ kind: 'read-only' }));
  expect(listRuns(root)).toEqual([]);
});

test('refuses a root that is a file', () => {
  mkdirSync(join(root, '..'), { recursive: true });
  writeFileSync(root, '');
  expect(() => new RunFolder({ root, ...parts })).toThrow(expect.objectContaining({ kind: 'taken', exitCode: 2 }));
});

test('lists nothing where there is no folder, and only what is named and looks like a run', () => {
  expect(listRuns(root)).toEqual([]);
  for (const name of ['20261121-143200-ab12', '20261121-143200-ab13', 'notes', '.unfinished-20261121-143200-ab14'])
    mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, '20261121-143200-ab13', 'passport.json'), '{}');
  expect(listRuns(root)).toEqual(['20261121-143200-ab13']);
});

test('replaces a file whole or not at all', () => {
  mkdirSync(root);
  const path = join(root, 'report.xlsx');
  replaceFile(path, 'old');
  expect(() => replaceFile(path, 'new', failing('write', 'ENOSPC'))).toThrow('no space is left');
  expect(readFileSync(path, 'utf8')).toBe('old');
  replaceFile(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});
