import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsOf } from '../../cli/agents.ts';
import { Config } from '../../cli/config.ts';
import type { ConfigLayers } from '../../cli/config-layers.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { schemaText } from '../../cli/config-schema.ts';
import { effectiveSettings, exampleText, settingsText } from '../../cli/config-text.ts';
import type { Rules } from '../../cli/setting-rules.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

/** Dotted names of all settings of a schema, groups opened. */
function settingNames({ properties = {} }: Rules, before = ''): string[] {
  return Object.entries(properties).flatMap(([name, rules]) =>
    rules.properties === undefined ? [`${before}${name}`] : settingNames(rules, `${before}${name}.`),
  );
}

const schema = JSON.parse(schemaText()) as Rules;

async function configOf(text: string, layers: Omit<ConfigLayers, 'file'> = {}): Promise<Config> {
  const settings = (parse(text) ?? {}) as Record<string, unknown>;
  return await effectiveConfig({ file: { path: 'desk.yaml', settings }, ...layers });
}

describe('the example', () => {
  test('comes to the defaults', async () => {
    expect(await configOf(exampleText())).toEqual(Config.parse({}));
  });

  test('says every setting of the schema, each with what it means', () => {
    const withExamples = exampleText().replace(/^( *)#(?! )/gm, '$1');
    const said = parse(withExamples) as Record<string, unknown>;
    const names = settingNames(schema);
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const value = name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], said);
      expect(value, name).not.toBeUndefined();
    }
    expect(exampleText()).not.toMatch(/# +\(/);
  });

  test('is right with each setting that has no default taken in', async () => {
    const lines = exampleText().split('\n');
    const starts = lines.flatMap((line, at) => (/^ *#[a-z]/i.test(line) ? [at] : []));
    expect(starts.length).toBeGreaterThan(15);
    for (const start of starts) {
      const name = lines[start]?.replace(/^ *#(\w+):.*/, '$1');
      const text = lines
        .map((line, at) => (at === start || (name === 'agents' && /^# {2}/.test(line)) ? line.replace('#', '') : line))
        .filter((line) => name !== 'agents' || !/^(strategy|params):/.test(line))
        .join('\n');
      await expect(configOf(text), name).resolves.toHaveProperty('account.capital', 1_000_000);
    }
  });
});

describe('layers', () => {
  test('lay flags over the file, and the file over the defaults', async () => {
    const text = 'account: { capital: 500000 }\nlots: 3\ncosts:\n  slippageTicks: 2\n';
    const config = await configOf(text, { flags: { lots: 4, seed: undefined }, set: ['costs.halfSpreadPct=1'] });
    expect(config).toMatchObject({ account: { capital: 500_000 }, lots: 4, data: { seed: 1 } });
    expect(config.costs).toMatchObject({
      slippageTicks: 2,
      spreads: 'measured',
      halfSpreadPct: 1,
      participationPct: 10,
    });
  });

  const DESK = `
    account: { capital: 2000000 }
    lots: 2
    agents:
      - strategy: atm-straddle
        segments: [NIFTY, BANKNIFTY]
        params: { legStopPct: 30 }
      - strategy: atm-straddle
        segments: [SENSEX]
        lots: 1
  `;

  test('make one account of several strategies and segments', async () => {
    const agents = agentsOf(await configOf(DESK));
    expect(agents.map(({ definition, segment, lots }) => `${definition.name} ${segment} ${lots}`)).toEqual([
      'atm-straddle NIFTY 2',
      'atm-straddle BANKNIFTY 2',
      'atm-straddle SENSEX 1',
    ]);
    expect(agents.map(({ params }) => (params as { legStopPct: number }).legStopPct)).toEqual([30, 30, 25]);
  });

  test('let flags win over what the list says', async () => {
    const more = agentsOf(await configOf(DESK, { flags: { lots: 5 } }));
    expect(more.map(({ lots }) => lots)).toEqual([5, 5, 5]);
    const one = await configOf(DESK, { flags: { strategy: 'atm-straddle', segments: ['SENSEX'] } });
    expect(one.agents).toBeUndefined();
    expect(agentsOf(one).map(({ segment }) => segment)).toEqual(['SENSEX']);
  });

  test('set a parameter of all strategies, or of the one that is named', async () => {
    const named = agentsOf(await configOf(DESK.replace('lots: 1', 'name: late'), { set: ['late.exitAt=14:00'] }));
    expect(named.map(({ params }) => (params as { exitAt: string }).exitAt)).toEqual(['15:15', '15:15', '14:00']);
    for (const key of ['exitAt', 'atm-straddle.exitAt']) {
      const agents = agentsOf(await configOf(DESK, { set: [`${key}=14:30`] }));
      expect(agents.map(({ params }) => (params as { exitAt: string }).exitAt)).toEqual(['14:30', '14:30', '14:30']);
    }
    const alone = await configOf('strategy: other', { set: [] });
    expect(alone.strategy).toBe('other');
    await expect(configOf('strategy: other', { set: ['atm-straddle.exitAt=14:30'] })).rejects.toThrow(
      '--set atm-straddle.exitAt must name a strategy or an agent of the run, was atm-straddle',
    );
  });

  test('leave a file of a prototype harmless', async () => {
    await expect(configOf('', { set: ['__proto__.lots=3'] })).rejects.toThrow('--set must read key=value');
  });
});

describe('what a configuration comes to', () => {
  test('names the parameters of the strategies, and makes the same when it is used again', async () => {
    const config = await configOf('lots: 3', { set: ['legStopPct=40', 'risk.lossPerDayMax=20000'] });
    expect(effectiveSettings(config)).toMatchObject({
      strategy: 'atm-straddle',
      params: { legStopPct: 40, entryAt: '09:20' },
      risk: { lossPerDayMax: 20_000 },
    });
    const again = await configOf(settingsText(effectiveSettings(config)));
    expect(effectiveSettings(again)).toEqual(effectiveSettings(config));
    expect(agentsOf(again)).toEqual(agentsOf(config));
  });
});

describe('sim config', () => {
  test('prints an example that it finds right, and a schema', async () => {
    const cwd = sim.fresh('example');
    const [example, printed] = await Promise.all([sim.run(['config', 'example']), sim.run(['config', 'schema'])]);
    expect(example).toEqual({ code: 0, stdout: exampleText(), stderr: '' });
    expect(printed).toEqual({ code: 0, stdout: schemaText(), stderr: '' });
    writeFileSync(join(cwd, 'desk.yaml'), example.stdout);
    const checked = await sim.run(['config', 'check', 'desk.yaml'], cwd);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/^desk\.yaml is ok: atm-straddle on NIFTY\n\n/);
  });

  test('check prints every value with its origin', async () => {
    const cwd = sim.fresh('origins');
    writeFileSync(join(cwd, 'desk.yaml'), ORIGINS);
    const { code, stdout } = await sim.run(['config', 'check', 'desk.yaml'], cwd);
    expect(code).toBe(0);
    const [said = '', ...rows] = stdout.split('\n').filter((line) => line !== '');
    expect(said).toBe('desk.yaml is ok: atm-straddle on NIFTY, atm-straddle on SENSEX, late on BANKNIFTY');
    const cells = new Map(rows.map((row) => row.split(/ {2,}/)).map(([name, value, from]) => [name, [value, from]]));
    expect(cells.size).toBe(rows.length);
    expect([...cells].filter(([, [, from]]) => from?.startsWith('desk.yaml'))).toEqual([
      ['account.capital', ['2000000', 'desk.yaml:1']],
      ['agents[0].strategy', ['atm-straddle', 'desk.yaml:4']],
      ['agents[0].segments', ['[NIFTY, SENSEX]', 'desk.yaml:2']],
      ['agents[0].params.legStopPct', ['30', 'desk.yaml:5']],
      ['agents[1].strategy', ['atm-straddle', 'desk.yaml:6']],
      ['agents[1].name', ['late', 'desk.yaml:7']],
      ['agents[1].segments', ['[BANKNIFTY]', 'desk.yaml:8']],
      ['agents[1].lots', ['3', 'desk.yaml:10']],
      ['agents[1].params.entryAt', ['11:00', 'desk.yaml:12']],
      ['risk.lossPerDayMax', ['20000', 'desk.yaml:13']],
    ]);
    expect(cells.get('agents[0].lots')).toEqual(['1', 'program default']);
    expect(cells.get('agents[0].params.entryAt')).toEqual(['09:20', 'strategy default']);
    expect(cells.get('agents[1].params.legStopPct')).toEqual(['25', 'strategy default']);
    expect(cells.get('costs.latency.venueToUsMs')).toEqual(['100', 'program default']);
    expect(cells.get('risk.entryTo')).toEqual(['none', 'program default']);
    for (const name of settingNames(schema).filter((one) => !/^(agents|segments|lots|strategy|params)$/.test(one)))
      expect(cells.has(name), name).toBe(true);
    const starts = new Set(rows.map((row) => row.search(/(desk\.yaml:\d+|(strategy|program) default)$/)));
    expect(starts.size).toBe(1);
  });

  test('check says the same as one JSON object', async () => {
    const cwd = sim.fresh('origins');
    writeFileSync(join(cwd, 'desk.yaml'), ORIGINS);
    const { stdout } = await sim.run(['config', 'check', 'desk.yaml', '--json'], cwd);
    const told = JSON.parse(stdout) as Record<string, unknown> & { readonly values: readonly unknown[] };
    expect(told).toMatchObject({
      file: 'desk.yaml',
      agents: ['atm-straddle on NIFTY', 'atm-straddle on SENSEX', 'late on BANKNIFTY'],
      settings: { account: { capital: 2_000_000 }, agents: [{ params: { legStopPct: 30, entryAt: '09:20' } }, {}] },
    });
    expect(told.values).toContainEqual({ name: 'agents[0].params.legStopPct', value: 30, from: 'desk.yaml:5' });
    expect(told.values).toContainEqual({ name: 'risk.entryTo', value: null, from: 'program default' });
  });

  test('a run explains its settings as a file that makes it, with who said what', async () => {
    const cwd = sim.fresh('explain');
    writeFileSync(join(cwd, 'desk.yaml'), ORIGINS);
    const words = ['--config', 'desk.yaml', '--capital', '700000', '--set', 'late.exitAt=14:00'];
    const explained = await sim.run(['backtest', ...words, '--explain'], cwd);
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout).toContain('\n  capital: 700000 # --capital\n');
    expect(explained.stdout).toContain('      exitAt: 14:00 # --set late.exitAt\n');
    expect(explained.stdout).toContain('      entryAt: 11:00 # desk.yaml:12\n');
    writeFileSync(join(cwd, 'again.yaml'), explained.stdout);
    const [one, other] = await Promise.all(
      [words, ['--config', 'again.yaml']].map((flags) => sim.run(['backtest', ...flags, '--explain', '--json'], cwd)),
    );
    expect(JSON.parse(one?.stdout ?? '')).toEqual(JSON.parse(other?.stdout ?? ''));
  });
});

const ORIGINS = `account: { capital: 2000000 }
segments: [NIFTY, SENSEX]
agents:
  - strategy: atm-straddle
    params: { legStopPct: 30 }
  - strategy: atm-straddle
    name: late
    segments:
      - BANKNIFTY
    lots: 3
    params:
      entryAt: "11:00"
risk: { lossPerDayMax: 20000 }
`;

test('a desk of several strategies is played as one account', { timeout: 120_000 }, async () => {
  const cwd = sim.fresh('desk');
  writeFileSync(
    join(cwd, 'desk.yaml'),
    `from: 2025-01-06
to: 2025-01-07
data: { source: synthetic }
agents:
  - strategy: atm-straddle
    segments: [NIFTY]
  - strategy: atm-straddle
    segments: [SENSEX]
    lots: 2
    params: { entryAt: 10:00 }
  - strategy: atm-straddle
    name: late
    segments: [SENSEX]
    params: { entryAt: 11:00 }
`,
  );
  const ran = await sim.run(['backtest', '--config', 'desk.yaml', '--no-report', '--json'], cwd);
  expect(ran.stderr).toContain(
    'atm-straddle on NIFTY, 1 lot a leg; atm-straddle on SENSEX, 2 lots a leg; late on SENSEX, 1 lot a leg; capital Rs 1000000',
  );
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    strategies: ['atm-straddle/NIFTY', 'atm-straddle/SENSEX', 'late/SENSEX'],
    structures: 6,
  });
  const folder = join(cwd, (JSON.parse(ran.stdout) as { readonly path: string }).path);
  const { run } = JSON.parse(readFileSync(join(folder, 'passport.json'), 'utf8')) as {
    readonly run: { readonly strategies: readonly { readonly name: string; readonly strategy?: string }[] };
  };
  expect(run.strategies.map(({ name, strategy }) => [name, strategy])).toEqual([
    ['atm-straddle', undefined],
    ['atm-straddle', undefined],
    ['late', 'atm-straddle'],
  ]);
});
