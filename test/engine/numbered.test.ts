import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Numbered } from '../../engine/numbered.ts';

test('gives each thing once under its number and the rest in order, as a table does', () => {
  // A number from 0 takes that one of the things put so far, -1 puts one, -2 takes all.
  const step = fc.oneof(fc.constant(-1), fc.nat(60), fc.constantFrom(-1, -1, -2));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const [numbered, table] = [new Numbered<string>(), new Map<number, string>()];
      let count = 0;
      for (const what of steps) {
        if (what === -1) {
          table.set(count, `thing ${count}`);
          expect(numbered.put(`thing ${count}`)).toBe(count);
          count += 1;
        } else if (what === -2) {
          expect(numbered.takeAll()).toEqual([...table.values()]);
          table.clear();
        } else {
          expect(numbered.take(what)).toBe(table.get(what));
          table.delete(what);
        }
      }
    }),
  );
});
