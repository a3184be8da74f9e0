/** What the README shows is what the program does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsOf } from '../../cli/agents.ts';
import { Config } from '../../cli/config.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { ColumnMap } from '../../datasets/import/column-map.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { programForTests } from '../support/program.ts';
import { repositoryRoot } from '../support/require-tools.ts';

const sim = programForTests();
const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');

/** The fenced blocks of a language, in their order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

test('the sentences of its table of dates are those that the tests prove', () => {
  const proven = readFileSync(join(import.meta.dirname, 'bad-input.test.ts'), 'utf8');
  const sentences = [...readme.matchAll(/^\| .* \| `(.*?)` *\|$/gm)].map(([, sentence = '']) => sentence);
  expect(sentences).toHaveLength(9);
  const shape = (text: string): string => text.replaceAll(/\$\{(TODAY|TOMORROW)\}|\bTODAY\b|\bDAY\b/g, '*');
  for (const sentence of sentences) expect(shape(proven)).toContain(shape(sentence));
});

test('its column map and its desk are right', async () => {
  const [map = '', desk = ''] = blocks('yaml');
  expect(ColumnMap.parse(parse(map))).toMatchObject({ instrument: { column: 'ticker' }, prices: 'rupees' });
  const settings = parse(desk) as Record<string, unknown>;
  const config = await effectiveConfig({ file: { path: 'desk.yaml', settings } });
  expect(agentsOf(config).map(({ segment, lots }) => `${segment} ${lots}`)).toEqual([
    'NIFTY 2',
    'BANKNIFTY 2',
    'SENSEX 1',
    'SENSEX 1',
  ]);
});

test('its table of strategies has each of them, with what it needs of the data as its defaults ask for it', () => {
  const section = readme.slice(readme.indexOf('## The strategies that come with it'));
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| .* \| (.*?) *\|$/gm)].map(([, name = '', needs = '']) => {
    const words = {
      'option-volume': 'traded volume of options',
      future: 'near future',
      'open-interest': 'interest of options',
    };
    return [name, Object.keys(words).filter((need) => needs.includes(words[need as keyof typeof words]))] as const;
  });
  const asked = [...STRATEGIES.values()].map(({ name, universe, params }) => {
    const { needs = [] } = universe(params.parse({}), 'NIFTY');
    return [
      name,
      ['option-volume', 'future', 'open-interest'].filter((need) => needs.includes(need as never)),
    ] as const;
  });
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(asked));
});

test('every setting of execution and of risk in its tables is there', () => {
  const { execution, risk } = Config.parse({});
  const named = (from: string, to: string): readonly string[] =>
    [...readme.slice(readme.indexOf(from), readme.indexOf(to)).matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-zA-Z]+)(?:\.policy)?`/g)].map(([, name = '']) => name),
    );
  const ofExecution = named('## How orders go', '## The strategies that');
  expect(ofExecution.length).toBeGreaterThan(14);
  expect(ofExecution.filter((name) => !(name in execution))).toEqual([]);
  const known = new Set([
    ...Object.keys(Config.shape.risk.unwrap().shape),
    ...Object.keys(risk.perAgent),
    'riskPerStructure',
    'lotsMax',
  ]);
  const ofRisk = named('## Limits of risk', '## How orders go');
  expect(ofRisk.length).toBeGreaterThan(14);
  expect(ofRisk.filter((name) => !known.has(name))).toEqual([]);
});

test('its first command ends with a workbook, and those of its settings work', { timeout: 120_000 }, async () => {
  const [first = '', , , settings = ''] = blocks('sh');
  const cwd = sim.fresh('commands');
  const words = first.trim().split(' && npx sim ')[1]?.split(' ') ?? [];
  const ran = await sim.run(words, cwd);
  expect(ran.code).toBe(0);
  const book = join(cwd, ran.stdout.trimEnd().split('\n').at(-1) ?? '', 'report.xlsx');
  expect(readFileSync(book).subarray(0, 2).toString()).toBe('PK');

  for (const line of settings.trim().split('\n')) {
    const [command = '', file] = line.replace('npx sim ', '').split(' > ');
    const ended = await sim.run([...command.split(' '), ...(file === undefined ? ['--no-report'] : [])], cwd);
    expect({ line, code: ended.code, stderr: ended.stderr.includes('sim: ') }).toEqual({
      line,
      code: 0,
      stderr: false,
    });
    if (file !== undefined) writeFileSync(join(cwd, file), ended.stdout);
  }
});

test('every command it names is there', { timeout: 60_000 }, async () => {
  const named = new Set([...readme.matchAll(/`sim ([a-z]+)/g)].map(([, name = '']) => name));
  const { stdout } = await sim.run(['--help']);
  const known = [...stdout.matchAll(/^ {2}([a-z]+)( |$)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  expect([...named].sort()).toEqual(known.sort());
});
