/** The program as others get it: a tarball with everything it needs and nothing else, installed in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';
import { isSoak } from '../support/soak.ts';

const demanded = process.env['SIM_REQUIRE_TOOLS'] === '1';
const inFull = demanded || isSoak || process.env['CI'] === 'true';

let folder: string;
let paths: readonly string[] | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-pack-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball holds the program, its dated facts and the bundled exceljs, and no tests', {
  timeout: 120_000,
}, (ctx) => {
  requireBuild(ctx);
  const all = packed();
  const own = all.filter((path) => !path.startsWith('node_modules/'));
  expect(own).toEqual(
    expect.arrayContaining([
      'package.json',
      'LICENSE',
      'README.md',
      'dist/cli/main.js',
      'dist/page/page.js',
      'dist/page/page.css',
    ]),
  );
  expect(own.some((path) => /^datasets\/reference\/.*\.json$/.test(path))).toBe(true);
  expect(own.filter((path) => /^examples\/.*\.yaml$/.test(path))).not.toEqual([]);
  expect(own.filter((path) => /^(test|data|runs|\.ci)\/|(?<!\.d)\.ts$|\.env/.test(path))).toEqual([]);
  expect(all).toContain('node_modules/exceljs/package.json');
  expect(all).toContain('node_modules/traverse/package.json');
  expect(statSync(join(repositoryRoot, 'dist/cli/main.js')).mode & 0o111).not.toBe(0);
});

test('installed from its tarball in another folder, the program runs and exceljs loads', {
  timeout: 400_000,
}, (ctx) => {
  if (!inFull) return ctx.skip('installing the tarball is for CI (CI=true) and the soak');
  requireBuild(ctx);
  packed();
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const installed = npm(['install', '--ignore-scripts', '--fetch-retries=1', './sim-0.1.0.tgz'], folder);
  if (installed.status !== 0 && isUnreachable(installed.stderr) && !demanded)
    return ctx.skip('the package registry is unreachable');
  expect(installed.status, installed.stderr).toBe(0);

  const help = spawnSync('npx', ['--no-install', 'sim', '--help'], { cwd: folder, encoding: 'utf8' });
  expect(help.status, help.stderr).toBe(0);
  expect(help.stdout).toMatch(/Usage: sim/);
  const load = "import('exceljs').then((book) => console.log(typeof book.default.Workbook))";
  const loaded = spawnSync('node', ['-e', load], { cwd: join(folder, 'node_modules/sim'), encoding: 'utf8' });
  expect(loaded.stdout.trim(), loaded.stderr).toBe('function');
  writeCheckAndRun();
});

/** The README's five minutes: a first strategy is written, found right by the compiler, tested, checked and played. */
function writeCheckAndRun(): void {
  const ran = (file: string, args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(file, args, { cwd: folder, encoding: 'utf8' });
    expect(status, `${file} ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  const sim = (...args: readonly string[]): string => ran('npx', ['--no-install', 'sim', ...args]);
  sim('strategies', 'new', 'my-cross');
  const strictly = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext'];
  ran(join(repositoryRoot, 'node_modules/.bin/tsc'), [...strictly, 'my-cross.ts']);
  expect(ran('node', ['--test', 'my-cross.test.mjs'])).toMatch(/^# fail 0$/m);
  expect(sim('strategies', 'check', './my-cross.ts')).toMatch(/\n\.\/my-cross\.ts is checked\n$/);
  const days = ['--from', '2025-01-06', '--to', '2025-01-08', '--data', 'synthetic'];
  const run =
    sim('backtest', '--strategy', './my-cross.ts', ...days)
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  expect(
    readFileSync(join(folder, run, 'report.xlsx'))
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  expect(JSON.parse(readFileSync(join(folder, run, 'passport.json'), 'utf8'))).toMatchObject({
    run: { strategies: [{ name: 'my-cross', segment: 'NIFTY' }] },
    session: { own: [{ file: 'my-cross.ts', check: 'checked' }] },
  });
}

function requireBuild(ctx: TestContext): void {
  if (existsSync(join(repositoryRoot, 'dist/cli/main.js'))) return;
  if (demanded) throw new Error('dist/cli/main.js is absent: run npm run build first');
  ctx.skip('dist/cli/main.js is absent: run npm run build first');
}

/** What the tarball holds; packed once, and written down only where it is going to be installed. */
function packed(): readonly string[] {
  paths ??= pack(inFull ? ['--pack-destination', folder] : ['--dry-run']);
  return paths;
}

function pack(args: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = npm(['pack', '--json', ...args], repositoryRoot);
  expect(status, stderr).toBe(0);
  const [tarball] = JSON.parse(stdout) as readonly [{ readonly files: readonly { readonly path: string }[] }];
  return tarball.files.map(({ path }) => path);
}

/** The ordinary npm client, without the settings that an enclosing `npm test` leaves in the environment. */
function npm(args: readonly string[], cwd: string): { stdout: string; stderr: string; status: number | null } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_local_prefix|package_|lifecycle_)/.test(name)),
  );
  return spawnSync('npm', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
}

function isUnreachable(stderr: string): boolean {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/.test(stderr);
}
