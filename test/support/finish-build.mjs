/** After the compiler: takes away outputs whose source is gone, and makes the program executable. */
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const output = join(entry.parentPath, entry.name);
  const source = join(root, output.slice(join(root, 'dist').length)).replace(/(\.d)?\.(ts|js)$/, '.ts');
  if (!existsSync(source)) rmSync(output);
}

chmodSync(join(root, 'dist/cli/main.js'), 0o755);
