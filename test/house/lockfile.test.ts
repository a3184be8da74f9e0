import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const text = readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { readonly packages: Record<string, LockedPackage> };
/** `buffers` 0.1.1, deep under exceljs, states no licence anywhere; its author's other packages are MIT. */
const UNSTATED = ['node_modules/buffers'];

const locked = Object.entries(packages).filter(([path]) => path !== '');

test('the lock names no registry and no folder of a machine', () => {
  expect(locked.length).toBeGreaterThan(100);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(text).not.toMatch(/file:|"\/|registry/);
});

test('every dependency is asked for by its exact version', () => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Manifest;
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-r\.\d+)?$/.test(version))).toEqual([]);
  for (const [name, version] of asked) expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
});

test('every package is whole: a version, a checksum unless it is another platform, its optional parts', () => {
  for (const [path, entry] of locked) {
    expect(entry.version, path).toMatch(/^\d/);
    expect(entry.integrity !== undefined || entry.optional === true, path).toBe(true);
    for (const name of Object.keys(entry.optionalDependencies ?? {}))
      expect(packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`], name).toBeDefined();
  }
});

test('what is installed with the program has a free licence', () => {
  const free =
    /^\(?((MIT|MIT\/X11|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|BlueOak-1\.0\.0|Python-2\.0|Unlicense|CC0-1\.0)( (OR|AND) )?)+/;
  const others = locked.filter(([, { dev, license }]) => dev !== true && !free.test(license ?? ''));
  expect(others.map(([path]) => path)).toEqual(UNSTATED);
});
