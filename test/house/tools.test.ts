/** The tools themselves, each shown a planted fault: one that stays silent here would stay silent everywhere. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-house-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bare compile of the engine', () => {
  test('knows no console, process, timers, fetch or node modules', () => {
    const planted = ['console.log(1);', 'process.exit();', 'setTimeout(f, 1);', "fetch('x');", "import 'node:fs';"];
    planted.forEach((line, at) => {
      writeFileSync(join(folder, `plant-${at}.ts`), `${line}\nexport declare function f(): void;\n`);
    });
    const config = { extends: join(repositoryRoot, 'tsconfig.engine.json'), include: ['*.ts'] };
    const options = { rootDir: '.', typeRoots: [] };
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, compilerOptions: options }));
    const { stdout, status } = runTool('tsc', ['-p', folder, '--pretty', 'false']);
    expect(status).not.toBe(0);
    planted.forEach((line, at) => {
      expect(stdout, line).toContain(`plant-${at}.ts(1,`);
    });
  });
});

describe('Biome', () => {
  test.for(['engine/planted.ts', 'strategies/planted.ts'])('refuses impure globals in %s', (path) => {
    const names = ['Date', 'Promise', 'Intl', 'console', 'process', 'setTimeout', 'fetch', 'performance'];
    const found = lint(path, `${names.map((name, at) => `export const x${at} = ${name};`).join('\n')}\n`);
    for (const name of names) expect(found, name).toMatch(new RegExp(`global variable ${name}\\b`));
  });

  test('refuses long functions, default exports, enums, any and stray promises', () => {
    const body = Array.from({ length: 61 }, (_, at) => `  f(${at});`).join('\n');
    const source = [
      `export function long(f: (n: number) => void): void {\n${body}\n}`,
      'export default 1;',
      'export enum E { A }',
      'export const y: any = 1;',
      "export async function later(): Promise<void> {\n  await fetch('x');\n}",
      'export function stray(): void {\n  later();\n}',
    ].join('\n');
    const found = lint('adapters/planted.ts', source);
    for (const rule of [
      'noExcessiveLinesPerFunction',
      'noDefaultExport',
      'noEnum',
      'noExplicitAny',
      'noFloatingPromises',
    ])
      expect(found).toContain(rule);
  });
});

/** Biome lints what lies on a disk, so the plant gets a folder of its own with this checkout's rules. */
function lint(path: string, source: string): string {
  const root = mkdtempSync(join(folder, 'biome-'));
  const config: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'biome.json'), 'utf8'));
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...(config as object), vcs: { enabled: false } }));
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), source);
  const { stdout, stderr, status } = runTool('biome', ['lint', '--max-diagnostics=100', '--colors=off'], root);
  expect(status).not.toBe(0);
  return stdout + stderr;
}

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function runTool(name: string, args: readonly string[], cwd = repositoryRoot): Outcome {
  return spawnSync(join(repositoryRoot, 'node_modules/.bin', name), args, { cwd, encoding: 'utf8' });
}
