import { afterEach, expect, test, vi } from 'vitest';
import { needsShared, needsTool, requireShared, requireTool, sharedPath } from './require-tools.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('points at the shared folder beside the checkout', () => {
  expect(sharedPath('data', 'x')).toMatch(/shared[/\\]data[/\\]x$/);
});

test('says what is missing, and answers no', () => {
  vi.stubEnv('PATH', '');
  vi.stubEnv('SIM_REQUIRE_TOOLS', '');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  expect(needsTool('soffice')).toBe(false);
  expect(log).toHaveBeenCalledWith('skipping tests: soffice is missing (Debian package libreoffice-calc)');
});

test('turns a missing program into a failure when it is demanded', (ctx) => {
  vi.stubEnv('PATH', '');
  vi.stubEnv('SIM_REQUIRE_TOOLS', '1');
  expect(() => needsTool('soffice')).toThrow(/soffice is missing/);
  expect(() => requireTool(ctx, 'soffice')).toThrow(/soffice is missing/);
});

test('turns absent shared files into a failure when they are demanded', (ctx) => {
  vi.stubEnv('SIM_REQUIRE_SHARED', '1');
  expect(() => needsShared('no-such-folder')).toThrow(/absent/);
  expect(() => requireShared(ctx, 'no-such-folder')).toThrow(/absent/);
});
