/**
 * Tests that lean on something a checkout does not bring: programs of the system, and the shared data beside the
 * repository. Missing, they are skipped with a line saying what is missing; with SIM_REQUIRE_TOOLS=1 or
 * SIM_REQUIRE_SHARED=1 the same absence is a failure.
 *
 * Inside one test, which is counted by what it misses at the end of the run:
 *
 *     test('LibreOffice opens the book', (ctx) => { const soffice = requireTool(ctx, 'soffice'); ... });
 *     test('imports the chain', (ctx) => { const folder = requireShared(ctx, 'data', 'nifty-opt-1min-2021'); ... });
 *
 * For a whole group: `describe('books', { skip: !needsTool('soffice') }, () => { ... })`.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { TestContext } from 'vitest';

/** Programs that tests may ask for, with the Debian package that brings each. */
const TOOLS = {
  soffice: 'libreoffice-calc',
  pdftotext: 'poppler-utils',
} as const;

export type Tool = keyof typeof TOOLS;

/** The folder of the checkout. */
export const repositoryRoot: string = resolve(import.meta.dirname, '../..');

/** The program's full path, or the test is skipped (failed under SIM_REQUIRE_TOOLS=1). */
export function requireTool(ctx: TestContext, tool: Tool): string {
  const path = toolPath(tool);
  if (path !== undefined) return path;
  demand('SIM_REQUIRE_TOOLS', missingTool(tool));
  return ctx.skip(missingTool(tool));
}

/** Whether the program is there; an absence is printed (thrown under SIM_REQUIRE_TOOLS=1). */
export function needsTool(tool: Tool): boolean {
  if (toolPath(tool) !== undefined) return true;
  demand('SIM_REQUIRE_TOOLS', missingTool(tool));
  console.log(`skipping tests: ${missingTool(tool)}`);
  return false;
}

/** The program's full path, or undefined; nothing is demanded. */
export function toolPath(tool: Tool): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, tool)).find(isExecutable);
}

/** A path under the shared folder beside the checkout, present or not. */
export function sharedPath(...parts: readonly string[]): string {
  return resolve(repositoryRoot, '../shared', ...parts);
}

/** The path under the shared folder, or the test is skipped (failed under SIM_REQUIRE_SHARED=1). */
export function requireShared(ctx: TestContext, ...parts: readonly string[]): string {
  const path = sharedPath(...parts);
  if (existsSync(path)) return path;
  demand('SIM_REQUIRE_SHARED', missingShared(parts));
  return ctx.skip(missingShared(parts));
}

/** Whether the path is there; an absence is printed (thrown under SIM_REQUIRE_SHARED=1). */
export function needsShared(...parts: readonly string[]): boolean {
  if (existsSync(sharedPath(...parts))) return true;
  demand('SIM_REQUIRE_SHARED', missingShared(parts));
  console.log(`skipping tests: ${missingShared(parts)}`);
  return false;
}

function missingTool(tool: Tool): string {
  return `${tool} is missing (Debian package ${TOOLS[tool]})`;
}

function missingShared(parts: readonly string[]): string {
  return existsSync(sharedPath()) ? `${['../shared', ...parts].join('/')} is absent` : '../shared is absent';
}

function demand(variable: string, absence: string): void {
  if (process.env[variable] === '1') throw new Error(`${absence}, and ${variable}=1 demands it`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
