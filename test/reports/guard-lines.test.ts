import { expect, test } from 'vitest';
import { guardLines } from '../../reports/guard-lines.ts';
import { sortRecords } from '../../reports/run-records.ts';
import { AGENT, instant, JournalScript, MONDAY, smallJournal, TUESDAY } from '../support/journal-fixtures.ts';

test('a line runs from where its guard was set, over its moves, to the end of its leg', () => {
  const lines = guardLines(sortRecords(smallJournal()));
  expect(lines.map(({ structureId, leg, act }) => `${structureId} ${leg} ${act}`)).toEqual([
    '1 ce stop',
    '1 pe stop',
    '2 ce stop',
    '2 ce target',
    '3 pe trail',
  ]);
  const trail = lines.find(({ act }) => act === 'trail');
  expect(trail?.steps.map(([, level]) => level)).toEqual([10_500, 10_000]);
  expect(trail?.endedAt).toBe(instant(TUESDAY, '13:05:00') + 400);
});

test('of two levels of one name the one that fired ends, the other with its structure', () => {
  const script = new JournalScript();
  const at = (time: string): ReturnType<typeof instant> => instant(MONDAY, time);
  const place = { agent: AGENT, structure: 1, guard: 'spot-move', leg: null, basis: 'underlying', act: 'stop' };
  const guard = (kind: string, level: number, time: string): void =>
    script.add(at(time), { kind, ...place, level, seen: null, ambiguous: false } as never);
  guard('guard-set', 2_410_000, '09:20:00');
  guard('guard-set', 2_390_000, '09:20:00');
  guard('guard-fired', 2_390_000, '10:00:00');
  script.add(at('10:00:02'), { kind: 'structure-closed', agent: AGENT, structure: 1 } as never);
  expect(guardLines(sortRecords(script.records))).toEqual([
    expect.objectContaining({ steps: [[at('09:20:00'), 2_410_000]], endedAt: at('10:00:02'), fired: false }),
    expect.objectContaining({ steps: [[at('09:20:00'), 2_390_000]], endedAt: at('10:00:00'), fired: true }),
  ]);
});
