import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMoney, writeMoney } from '../../adapters/money-file.ts';
import type { MoneyMinutes } from '../../engine/journal.ts';
import { smallMoney } from '../support/journal-fixtures.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-money-'));
  path = join(folder, 'money.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('gives columns and hash back, from a slice of a larger buffer as well', () => {
  const money = smallMoney();
  const wide = new Float64Array([0, ...money.gross, 0]);
  const hash = writeMoney(path, { ...money, gross: wide.subarray(1, -1) });
  expect(readMoney(path)).toEqual({ money, hash });
  expect(writeMoney(path, money)).toBe(hash);
});

test('begins with one line of JSON and holds nothing for a run without minutes', () => {
  const none: MoneyMinutes = {
    agents: [],
    ts: new Float64Array(),
    agent: new Uint16Array(),
    gross: new Float64Array(),
    charges: new Float64Array(),
    openLots: new Int32Array(),
  };
  writeMoney(path, none);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ format: 'sim-money-1', rows: 0, agents: [] });
  expect(readMoney(path).money).toEqual(none);
});

test('refuses a file that was cut or that is none of ours', () => {
  writeMoney(path, smallMoney());
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 8));
  expect(() => readMoney(path)).toThrow('bytes, not');
  writeFileSync(path, 'Date,Open\n1,2\n');
  expect(() => readMoney(path)).toThrow('is no money file');
  expect(() => readMoney(join(folder, 'absent'))).toThrow('does not exist');
});
