import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TraceFile } from '../../adapters/trace-file.ts';
import type { AgentId } from '../../engine/model/order.ts';
import { instant, MONDAY } from '../support/journal-fixtures.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-trace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('holds one JSON object a decision, its instant as India reads it', () => {
  const path = join(folder, 'trace.jsonl');
  const file = new TraceFile(path);
  const agent = 'swing-break/NIFTY' as AgentId;
  file.write(instant(MONDAY, '09:21:01'), agent, 'swing', { kind: 'LOW', price: 9_600, bars: [1, 3] });
  file.write(instant(MONDAY, '09:21:01'), agent, 'best', { call: null });
  file.close();
  expect(readFileSync(path, 'utf8')).toBe(
    '{"ts":"2025-01-06T09:21:01.000+05:30","agent":"swing-break/NIFTY","kind":"swing","values":{"kind":"LOW","price":9600,"bars":[1,3]}}\n' +
      '{"ts":"2025-01-06T09:21:01.000+05:30","agent":"swing-break/NIFTY","kind":"best","values":{"call":null}}\n',
  );
});

test('keeps every line of a long trace', () => {
  const path = join(folder, 'trace.jsonl');
  const file = new TraceFile(path);
  for (let at = 0; at < 20_000; at += 1) file.write(instant(MONDAY, '09:21:01'), 'a/NIFTY' as AgentId, 'level', { at });
  file.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { values: { at: number } }).values.at)).toEqual(
    Array.from({ length: 20_000 }, (_, at) => at),
  );
});
