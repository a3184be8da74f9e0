/** What a person may get wrong in a file of settings: one sentence with file, line and column, exit code 2, nothing written. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Config } from '../../cli/config.ts';
import { nearestName } from '../../cli/nearest-name.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

const STRATEGY_NAMES = [...STRATEGIES.keys()].join(', ');
const SETTINGS = Object.keys(Config.shape).join(', ');
const RISK = Object.keys(Config.shape.risk.unwrap().shape).join(', ');

type Wrong = readonly [name: string, text: string, sentence: string];

const SHAPES: readonly Wrong[] = [
  [
    'broken YAML, with its line',
    'runs: 5\nrisk: [1\nlots: 2\n',
    'desk.yaml is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 3, column 1',
  ],
  ['a name twice', 'lots: 1\nlots: 2\n', 'desk.yaml is not valid YAML: Map keys must be unique at line 2, column 1'],
  ['a list', '- 1\n', 'desk.yaml must hold settings as "name: value" lines, was a list'],
  ['a lone word', 'straddle\n', 'desk.yaml must hold settings as "name: value" lines, was a string'],
  [
    'an unknown setting that is nearly one',
    '# a desk\nacount: 5\n',
    `acount in desk.yaml:2:1 is unknown (did you mean account?); the configuration takes ${SETTINGS}`,
  ],
  ['an unknown setting', 'x: 5\n', `x in desk.yaml:1:1 is unknown; the configuration takes ${SETTINGS}`],
  [
    'an unknown setting of a group',
    'risk:\n  entryTo: "14:45"\n  lossPerDay: 5\n',
    `risk.lossPerDay in desk.yaml:3:3 is unknown (did you mean lossPerDayMax?); risk takes ${RISK}`,
  ],
  [
    'an unknown setting of an agent',
    'agents:\n  - strategy: atm-straddle\n  - strategy: rsi-strength\n    lot: 2\n',
    'agents[1].lot in desk.yaml:4:5 is unknown (did you mean lots?); agents[1] takes strategy, name, segments, lots, params, risk',
  ],
  [
    'a wrong type in a group on one line',
    'lots: 1\ncosts: { spreads: measured, slippageTicks: none }\n',
    'costs.slippageTicks in desk.yaml:2:29 must be a whole number from 0 to 1000000, was "none"',
  ],
  [
    'a wrong value behind an alias',
    'from: &day 2025-13-01\nto: *day\n',
    'from in desk.yaml:1:1 must be a day of the calendar, YYYY-MM-DD, was "2025-13-01"',
  ],
  [
    'an agent without a strategy',
    'agents:\n  - { strategy: atm-straddle }\n  - { lots: 2 }\n',
    'agents[1].strategy in desk.yaml:3:5 must be a text, was absent',
  ],
  ['zero lots', 'lots: 0\n', 'lots in desk.yaml:1:1 must be a whole number from 1 to 10000, was 0'],
  [
    'zero lots of an agent',
    'agents:\n  - strategy: atm-straddle\n    lots: 0\n',
    'agents[0].lots in desk.yaml:3:5 must be a whole number from 1 to 10000, was 0',
  ],
  [
    'a cap of zero rupees',
    'risk:\n  lossPerDayMax: 0\n',
    'risk.lossPerDayMax in desk.yaml:2:3 must be a multiple of 0.01 from 0.01 to 100000000000, was 0',
  ],
  [
    'a cap of less than half a paisa',
    'risk:\n  lossPerDayMax: 0.001\n',
    'risk.lossPerDayMax in desk.yaml:2:3 must be a multiple of 0.01 from 0.01 to 100000000000, was 0.001',
  ],
  [
    "a risk of an agent's structures between two paise",
    'agents:\n  - strategy: atm-straddle\n    risk: { riskPerStructure: 6500.005 }\n',
    'agents[0].risk.riskPerStructure in desk.yaml:3:13 must be a multiple of 0.01 from 0.01 to 100000000000, was 6500.005',
  ],
  [
    'a step of a trail of no paisa',
    'execution:\n  trailStep: 0.004\n',
    'execution.trailStep in desk.yaml:2:3 must be a multiple of 0.01 from 0.01 to 1000, was 0.004',
  ],
  [
    'a cap of zero structures',
    'risk:\n  structuresOpenMax: 0\n',
    'risk.structuresOpenMax in desk.yaml:2:3 must be a whole number from 1 to 1000000, was 0',
  ],
  [
    'a name of an agent that no report could show',
    'agents:\n  - { strategy: atm-straddle, name: "Late Desk" }\n',
    'agents[0].name in desk.yaml:2:31 must be a text like ^[a-z][a-z0-9]*(-[a-z0-9]+)*$, was "Late Desk"',
  ],
];

const MOVED: readonly Wrong[] = [
  ['the capital', 'capital: 5\n', 'capital in desk.yaml:1:1 has moved to account.capital'],
  ['the kind of data', 'lots: 1\ndata: store\n', 'data in desk.yaml:2:1 has moved to data.source, was "store"'],
  ['the delays', 'latency:\n  venueToUsMs: 5\n', 'latency in desk.yaml:1:1 has moved to costs.latency'],
  [
    'the list of strategies',
    'strategies:\n  - name: atm-straddle\n',
    'strategies in desk.yaml:1:1 has moved to agents, where each names its strategy as strategy',
  ],
];

const AGENTS: readonly Wrong[] = [
  [
    'a wrong parameter of the one strategy',
    'params:\n  legStopPct: 0\n',
    'parameter legStopPct in desk.yaml:2:3 must be a number above 0 up to 300, was 0',
  ],
  [
    'a wrong parameter of the second agent',
    'agents:\n  - strategy: rsi-strength\n  - strategy: atm-straddle\n    params:\n      entryAt: "09:30"\n      legStopPct: wide\n',
    'parameter legStopPct in desk.yaml:6:7 must be a number above 0 up to 300, was "wide"',
  ],
  [
    'a parameter between the multiples that it may be',
    'strategy: oi-breakout\nparams:\n  openingMinutes: 7\n',
    'parameter openingMinutes in desk.yaml:3:3 must be a multiple of 5 from 5 to 180, was 7',
  ],
  [
    'parameters that contradict each other',
    'agents:\n  - strategy: rsi-strength\n    params: { entryFrom: "15:00", entryTo: "14:00" }\n',
    'parameter entryFrom in desk.yaml:3:15 must be before entryTo, was 15:00 and 14:00',
  ],
  [
    'an unknown strategy',
    'agents:\n  - strategy: atm-straddle\n  - strategy: iron\n',
    `the strategy in desk.yaml:3:5 must be one of ${STRATEGY_NAMES}, was "iron"`,
  ],
  [
    'a segment that the strategy does not trade',
    'agents:\n  - strategy: atm-straddle\n    segments: [NIFTY, BANKEX]\n',
    'segments of atm-straddle in desk.yaml:3:23 must be among NIFTY, BANKNIFTY, SENSEX, was "BANKEX"',
  ],
  [
    "a segment of the desk's that an agent's strategy does not trade",
    'segments:\n  - NIFTY\n  - BANKEX\nagents:\n  - strategy: atm-straddle\n',
    'segments of atm-straddle in desk.yaml:3:5 must be among NIFTY, BANKNIFTY, SENSEX, was "BANKEX"',
  ],
  [
    'the same agent twice',
    'agents:\n  - strategy: atm-straddle\n  - strategy: rsi-strength\n  - strategy: atm-straddle\n    lots: 2\n',
    'agents in desk.yaml:4:5 must each have a segment or a name of their own, was atm-straddle on NIFTY twice; a strategy stands twice on a segment with a name each',
  ],
  [
    'an agent with the name of another strategy',
    'agents:\n  - { strategy: atm-straddle, name: rsi-strength }\n',
    "name of an agent of atm-straddle in desk.yaml:2:31 must not be another strategy's, was rsi-strength",
  ],
  [
    'a name for two strategies',
    'agents:\n  - { strategy: atm-straddle, name: one }\n  - { strategy: rsi-strength, name: one }\n',
    "name of an agent of atm-straddle in desk.yaml:2:31 must not be another strategy's, was one",
  ],
  [
    'a strategy beside agents',
    'strategy: atm-straddle\nagents:\n  - strategy: atm-straddle\n',
    'agents in desk.yaml:2:1 must stand without strategy in desk.yaml:1:1, was both; each of agents names its own strategy and params',
  ],
];

const CONTRADICTIONS: readonly Wrong[] = [
  [
    'a last entry before the first',
    'risk:\n  entryFrom: "11:00"\n  entryTo: "10:00"\n',
    'risk.entryFrom in desk.yaml:2:3 must be before risk.entryTo in desk.yaml:3:3, was 11:00 and 10:00; nothing could be entered',
  ],
  [
    'entries that begin when everything is closed',
    'risk: { squareOffAt: "15:00", entryFrom: "15:00" }\n',
    'risk.entryFrom in desk.yaml:1:31 must be before risk.squareOffAt in desk.yaml:1:9, was 15:00 and 15:00; nothing could be entered',
  ],
  [
    'entries that begin in the quiet minutes before everything is closed',
    'risk: { squareOffAt: "15:15", entryFrom: "15:10" }\n',
    'risk.entryFrom in desk.yaml:1:31 must be more than 5 minutes before risk.squareOffAt in desk.yaml:1:9, was 15:10 and 15:15; nothing could be entered',
  ],
  [
    'more lots than a leg may have',
    'lots: 5\nrisk: { perAgent: { lotsMax: 2 } }\n',
    'lots in desk.yaml:1:1 must be at most risk.perAgent.lotsMax in desk.yaml:2:21, was 5 and 2; nothing could be entered',
  ],
  [
    'more lots of an agent than its own legs may have',
    'agents:\n  - { strategy: atm-straddle, lots: 3, risk: { lotsMax: 2 } }\n',
    'agents[0].lots in desk.yaml:2:31 must be at most agents[0].risk.lotsMax in desk.yaml:2:48, was 3 and 2; nothing could be entered',
  ],
  [
    'more lots than all legs of a structure may have',
    'lots: 5\nrisk: { lotsPerStructureMax: 4 }\n',
    'lots in desk.yaml:1:1 must be at most risk.lotsPerStructureMax in desk.yaml:2:9, was 5 and 4; nothing could be entered',
  ],
  [
    'a last day before the first',
    'to: 2025-01-06\nfrom: 2025-01-07\n',
    'from in desk.yaml:2:1 must not be after to in desk.yaml:1:1, was 2025-01-07 after 2025-01-06',
  ],
  [
    'a modelled chain on invented prices',
    'data:\n  chain: modelled\n  source: synthetic\n',
    'data.chain in desk.yaml:2:3 modelled must have real index candles to price on, was asked with data.source in desk.yaml:3:3 synthetic, whose prices are invented; leave one of them out',
  ],
];

test.concurrent.each([...SHAPES, ...MOVED, ...AGENTS, ...CONTRADICTIONS])('%s', async (_name, text, sentence) => {
  const cwd = sim.fresh('file');
  writeFileSync(join(cwd, 'desk.yaml'), text);
  const refused = { code: 2, stdout: '', stderr: `sim: ${sentence}\n` };
  expect(await sim.run(['config', 'check', 'desk.yaml'], cwd)).toEqual(refused);
  expect(readdirSync(cwd)).toEqual(['desk.yaml']);
});

test.concurrent.each([...AGENTS, ...CONTRADICTIONS.slice(0, 2)])('a run refuses %s', async (_name, text, sentence) => {
  const cwd = sim.fresh('run');
  writeFileSync(join(cwd, 'desk.yaml'), text);
  const words = [
    'backtest',
    '--data',
    'synthetic',
    '--from',
    '2025-01-06',
    '--to',
    '2025-01-07',
    '--config',
    'desk.yaml',
  ];
  expect(await sim.run(words, cwd)).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
  expect(readdirSync(cwd)).toEqual(['desk.yaml']);
});

test('what a flag said is called by the flag, not by a line of the file', async () => {
  const cwd = sim.fresh('flag');
  writeFileSync(join(cwd, 'desk.yaml'), 'lots: 2\nrisk:\n  entryTo: "10:00"\nparams: { legStopPct: 20 }\n');
  const refusalOf = async (...words: readonly string[]): Promise<string> =>
    (await sim.run(['backtest', '--config', 'desk.yaml', ...words], cwd)).stderr;
  expect(await refusalOf('--lots', '0', '--explain')).toBe(
    'sim: --lots must be a whole number from 1 to 10000, was 0\n',
  );
  expect(await refusalOf('--set', 'legStopPct=0', '--explain')).toBe(
    'sim: parameter legStopPct must be a number above 0 up to 300, was 0\n',
  );
  expect(await refusalOf('--set', 'risk.entryFrom=11:00', '--explain')).toBe(
    'sim: --set risk.entryFrom must be before risk.entryTo in desk.yaml:3:3, was 11:00 and 10:00; nothing could be entered\n',
  );
});

test('an absent file, and a folder', async () => {
  const cwd = sim.fresh('absent');
  mkdirSync(join(cwd, 'folder'));
  for (const [file, reason] of [
    ['desk.yaml', 'must name a file that exists, was desk.yaml'],
    ['folder', 'must name a file, was the folder folder'],
  ] as const) {
    expect(await sim.run(['config', 'check', file], cwd)).toMatchObject({ code: 2, stderr: `sim: FILE ${reason}\n` });
    expect(await sim.run(['backtest', '--config', file], cwd)).toMatchObject({
      code: 2,
      stderr: `sim: --config ${reason}\n`,
    });
  }
});

test('the nearest of names is the one that fewest letters lead to, and none that is far', () => {
  const known = ['legStopPct', 'legStop', 'lots', 'entryAt'];
  expect(nearestName('legstopPc', known)).toBe('legStopPct');
  expect(nearestName('lost', known)).toBe('lots');
  expect(nearestName('entyrAt', known)).toBe('entryAt');
  expect(nearestName('quantity', known)).toBeUndefined();
});
