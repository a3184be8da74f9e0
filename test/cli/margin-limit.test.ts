import { expect, test } from 'vitest';
import { Config } from '../../cli/config.ts';
import { engineParts } from '../../cli/engine-settings.ts';
import { modelCards } from '../../cli/models.ts';

const NO_USE = { measured: 0, pooled: 0, assumed: 0, assumedOf: new Map() };

function names(config: Record<string, unknown>): readonly string[] {
  return modelCards(Config.parse(config), undefined, NO_USE).map(({ name }) => name);
}

test('a run that limits margins says how they are guessed, another says nothing of them', () => {
  expect(names({ risk: { marginUseMax: 90 } })).toContain('margin');
  expect(names({})).not.toContain('margin');
});

test('the setting is per cent, the engine takes a fraction of the capital in paise', () => {
  const limited = engineParts(Config.parse({ account: { capital: 250_000.5 }, risk: { marginUseMax: 90 } })).risk;
  expect([limited.marginUseMax, limited.capital]).toEqual([0.9, 25_000_050]);
  expect(engineParts(Config.parse({})).risk.marginUseMax).toBeUndefined();
});

test.each([0, -1, 100.5])('%d per cent is refused', (marginUseMax) => {
  expect(Config.safeParse({ risk: { marginUseMax } }).success).toBe(false);
});
