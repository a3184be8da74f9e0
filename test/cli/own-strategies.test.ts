/** Strategies of a person's own: what goes wrong in one is a sentence and exit code 2, what runs is the same as anywhere else. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runBacktest } from '../../cli/backtest.ts';
import { prepareJob } from '../../cli/backtest-job.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { sourcesOf } from '../../cli/own-backtest.ts';
import { Beat } from '../../cli/own-strategies/beat.ts';
import { loadOwn } from '../../cli/own-strategies/own-strategies.ts';
import { playTape } from '../../cli/testing.ts';
import { day } from '../../engine/model/time.ts';
import { Passport } from '../../reports/passport.ts';
import type { OwnText } from '../support/own-strategy.ts';
import { ownStraddle, ownText } from '../support/own-strategy.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
const DAYS = ['--from', '2025-01-06', '--to', '2025-01-07'];
const SYNTHETIC = [...DAYS, '--data', 'synthetic'];

/** A fresh folder with one strategy file in it. */
function folderWith(text: string, file = 'mine.ts'): string {
  const cwd = sim.fresh('own');
  writeFileSync(join(cwd, file), text);
  return cwd;
}

/** Runs a strategy file that must be refused and gives the last sentence; nothing may be left that looks like a run. */
async function refusalOf(text: string, words: readonly string[] = [], file = 'mine.ts'): Promise<string | undefined> {
  const cwd = folderWith(text, file);
  const ended = await sim.run(['backtest', ...SYNTHETIC, '--strategy', `./${file}`, ...words], cwd);
  expect(ended, ended.stderr).toMatchObject({ code: 2, stdout: '' });
  expect(existsSync(join(cwd, 'runs')) ? readdirSync(join(cwd, 'runs')) : []).toEqual([]);
  expect(existsSync(join(cwd, '.sim'))).toBe(false);
  return ended.stderr.trimEnd().split('\n').at(-1);
}

/** Checks a strategy file whose check must end with a sentence and no verdict. */
async function checkRefusalOf(text: string, words: readonly string[]): Promise<string | undefined> {
  const cwd = folderWith(text);
  const ended = await sim.run(['strategies', 'check', './mine.ts', ...words], cwd);
  expect(ended, ended.stderr).toMatchObject({ code: 2, stdout: '' });
  expect(existsSync(join(cwd, '.sim'))).toBe(false);
  return ended.stderr.trimEnd().split('\n').at(-1);
}

describe('a strategy', { timeout: 60_000 }, () => {
  const CASES: readonly (readonly [title: string, text: string, sentence: string])[] = [
    [
      'that throws',
      ownText({ name: 'mine', onMinute: "if (ctx.time >= '09:30') (undefined as any).x();" }),
      "onMinute of ./mine.ts failed on 2025-01-06 at 09:30: TypeError: Cannot read properties of undefined (reading 'x') (mine.ts:6); nothing was kept",
    ],
    [
      'that asks the clock',
      ownText({ name: 'mine', onMinute: "if (Date.now() > 0) ctx.note('x');" }),
      'mine.ts:6 says Date: time arrives with the event: read ctx.now, ctx.time or ctx.day',
    ],
    [
      'that gives nonsense',
      ownText({ name: 'mine', create: 'create: () => 7 as never' }),
      'create of ./mine.ts must give handlers: what is asked must be an object with onSessionOpen, onMinute, onTimer, onQuote, onFill, onLegClosed, onStructureClosed, was 7',
    ],
  ];
  test.concurrent.each(CASES)('%s', async (_title, text, sentence) => {
    expect(await refusalOf(text)).toBe(`sim: ${sentence}`);
  });

  const SHORT = ['--set', 'own.beatMs=300'];
  const END = 'did not come back within 0.3 s';
  const WHY = 'a loop in it has no end (own.beatMs sets the limit); nothing was kept';
  const FOR_EVER = '{ for (;;) {} }';
  const LOOPS: readonly (readonly [where: string, text: string, place: string])[] = [
    ['the top level', 'while (true) {}', 'the top level of ./mine.ts'],
    ['a field', `export const strategy = { create() {}, get name() ${FOR_EVER} };`, 'the top level of ./mine.ts'],
    ['create', ownText({ name: 'mine', create: `create() ${FOR_EVER}` }), 'create of ./mine.ts'],
    ['a handler', ownText({ name: 'mine', onMinute: "while (ctx.time >= '09:20') {}" }), 'onMinute of ./mine.ts'],
    [
      'reading one',
      ownText({ name: 'mine', create: `create: () => ({ get onMinute() ${FOR_EVER} })` }),
      'create of ./mine.ts',
    ],
    [
      'params',
      ownText({ name: 'mine', params: `z.strictObject({}).transform(() => ${FOR_EVER})` }),
      'params of ./mine.ts',
    ],
    [
      'plain params',
      ownText({ name: 'mine', params: `z.strictObject({}).transform(() => ({ toJSON() ${FOR_EVER} }))` }),
      'params of ./mine.ts',
    ],
    ['refuse', ownText({ name: 'mine', create: `create: () => ({}), refuse() ${FOR_EVER}` }), 'refuse of ./mine.ts'],
    ['universe', ownText({ name: 'mine', universe: `get series() ${FOR_EVER}` }), 'universe of ./mine.ts'],
    [
      'an error',
      ownText({ name: 'mine', create: `create() { throw { message: { toString() ${FOR_EVER} } }; }` }),
      'create of ./mine.ts',
    ],
  ];
  test.concurrent.each(LOOPS)('that loops without end in %s is ended at the beat', async (_where, text, place) => {
    const [ran, checked] = await Promise.all([refusalOf(text, SHORT), checkRefusalOf(text, SHORT)]);
    const when = place.startsWith('onMinute') ? [' on 2025-01-06 at 09:20', ' on 2025-03-04 at 09:20'] : ['', ''];
    expect([ran, checked]).toEqual(when.map((at) => `sim: ${place} ${END}${at}; ${WHY}`));
  });

  test.concurrent('that gets out and loops where no beat is heard is ended all the same', async () => {
    const before = "(z.string as any)[['con', 'structor'].join('')]('return setImmediate')()(() => { for (;;) {} });";
    expect(await refusalOf(ownText({ name: 'mine', before }), SHORT)).toBe(
      'sim: the thread of ./mine.ts gave no sign of life for 5 s; something in it has no end (own.beatMs sets the limit); nothing was kept',
    );
  });

  test.concurrent('that fills memory beside the heap', async () => {
    const onMinute = 'for (;;) kept.push(new Uint8Array(20_000_000).fill(1));';
    const text = ownText({ name: 'mine', before: 'const kept: unknown[] = [];', onMinute });
    expect(await refusalOf(text, ['--set', 'own.memoryMb=256'])).toBe(
      'sim: ./mine.ts used up the memory that its thread may have (own.memoryMb sets the limit); nothing was kept',
    );
  });

  test.concurrent('that asks for what the store lacks', async () => {
    const cwd = folderWith(ownText({ name: 'mine', universe: 'series: [{ span: 300_000, warmUp: 10 }]' }));
    const days = join(cwd, 'kept/candles/interval=3m/underlying=NIFTY');
    for (const date of ['06', '07']) mkdirSync(join(days, `date=2025-01-${date}`), { recursive: true });
    writeFileSync(join(cwd, 'kept/store.json'), '{"format": 1, "kind": "real", "note": ""}');
    const refused = async (...words: readonly string[]): Promise<string> => {
      const { code, stderr } = await sim.run(
        ['backtest', ...DAYS, '--store', 'kept', '--strategy', './mine.ts', ...words],
        cwd,
      );
      expect(code).toBe(2);
      return stderr.trimEnd().split('\n').at(-1) ?? '';
    };
    expect(await refused('--segments', 'BANKNIFTY')).toBe(
      'sim: kept has no candles of BANKNIFTY on 2025-01-06, 2025-01-07; add them with: sim data import PATH --store kept, or leave them out with --skip-missing',
    );
    expect(await refused()).toBe('sim: mine needs candles of 5m, which cannot be made of candles of 3m');
    renameSync(join(cwd, 'kept/candles/interval=3m'), join(cwd, 'kept/candles/interval=1m'));
    expect(await refused()).toBe(
      'sim: kept lacks days that the warm-up of NIFTY needs before the first day: 2025-01-03; import them or choose a later --from',
    );
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });
});

test('a file that is not there, of another kind, or named without its ending', async () => {
  const cwd = folderWith(ownText({ name: 'mine' }));
  mkdirSync(join(cwd, 'many.ts'));
  const refused = async (name: string): Promise<string> =>
    (await sim.run(['backtest', ...SYNTHETIC, '--strategy', name], cwd)).stderr;
  expect(await refused('./other.ts')).toBe(
    'sim: the strategy file ./other.ts does not exist; a first one is written by: sim strategies new other\n',
  );
  expect(await refused('./mine.py')).toBe('sim: a strategy file must end with .ts, .mts, .js, .mjs, was ./mine.py\n');
  expect(await refused('./many.ts')).toBe('sim: a strategy must be a file, was the folder ./many.ts\n');
  expect(await refused('mine')).toMatch(/, was "mine"; the file is named with \.\/mine\.ts\n$/);
});

describe('a run', () => {
  test('in its thread gives the bytes of a run without one, and the trades of the same code in the program', async () => {
    const cwd = folderWith(ownStraddle('my-straddle'));
    const words = [...SYNTHETIC, '--seed', '3', '--set', 'legStopPct=12', '--json'];
    const [own, built] = await Promise.all([
      sim.run(['backtest', '--strategy', './mine.ts', '--runs', 'thread', ...words], cwd),
      sim.run(['backtest', '--strategy', 'atm-straddle', '--runs', 'built', ...words], cwd),
    ]);
    expect([own.code, built.code], own.stderr).toEqual([0, 0]);
    const paths = [own, built].map(({ stdout }) => join(cwd, (JSON.parse(stdout) as { path: string }).path));
    const [thread = '', program = ''] = paths;
    const inProcess = await ranInProcess(cwd);
    for (const file of ['orders.jsonl', 'money.bin', 'prices.bin', 'trades.csv', 'report.xlsx', 'report.html'])
      expect(readFileSync(join(thread, file)).equals(readFileSync(join(inProcess, file))), file).toBe(true);
    expect(passportOf(thread).hash).toBe(passportOf(inProcess).hash);
    const trades = (path: string): string => readFileSync(join(path, 'trades.csv'), 'utf8');
    expect(trades(thread).split('\n').length).toBeGreaterThan(4);
    expect(trades(thread).replaceAll('my-straddle', 'atm-straddle')).toBe(trades(program));
  });

  test('says whose code it was and whether it was checked', async () => {
    const cwd = folderWith(ownText({ name: 'mine', onMinute: "if (ctx.time === '09:20') ctx.note('here');" }));
    const warned: boolean[] = [];
    const run = async (): Promise<Passport> => {
      const { stdout, stderr } = await sim.run(
        ['backtest', ...SYNTHETIC, '--strategy', './mine.ts', '--json', '--no-report'],
        cwd,
      );
      warned.push(stderr.includes('./mine.ts has not been checked; see: sim strategies check ./mine.ts'));
      return passportOf(join(cwd, (JSON.parse(stdout) as { path: string }).path));
    };
    const before = await run();
    expect(before.session.own).toMatchObject([{ name: 'mine', file: 'mine.ts', check: 'not checked' }]);
    expect(before.run.settings['strategy']).toBe('mine');
    expect(before.run.strategies[0]?.code).toBe(before.session.own?.[0]?.code);
    expect(await sim.run(['strategies', 'check', './mine.ts', ...DAYS], cwd)).toMatchObject({ code: 0 });
    const after = await run();
    expect(after.session.own?.[0]?.check).toBe('checked');
    expect(after.hash).toBe(before.hash);
    writeFileSync(
      join(cwd, 'mine.ts'),
      ownText({ name: 'mine', onMinute: "if (ctx.time === '09:21') ctx.note('here');" }),
    );
    const edited = await run();
    expect(edited.session.own?.[0]?.check).toBe('not checked');
    expect(warned).toEqual([true, false, true]);
    expect(edited.run.strategies[0]?.hash).not.toBe(before.run.strategies[0]?.hash);
  });

  test('stands beside the program’s own in one account, and is explained, from a file of settings', async () => {
    const cwd = folderWith(ownText({ name: 'mine', onMinute: "if (ctx.time === '09:20') ctx.note('here');" }));
    const settings = 'agents:\n  - { strategy: ./mine.ts, segments: [BANKNIFTY] }\n  - { strategy: atm-straddle }\n';
    writeFileSync(join(cwd, 'desk.yaml'), settings);
    const checked = await sim.run(['config', 'check', 'desk.yaml'], cwd);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toContain('desk.yaml is ok: ./mine.ts on BANKNIFTY, atm-straddle on NIFTY\n');
    expect(checked.stdout).toMatch(/\nagents\[0\]\.strategy +\.\/mine\.ts +desk\.yaml:2\n/);
    const ran = await sim.run(['backtest', ...SYNTHETIC, '--config', 'desk.yaml', '--json', '--no-report'], cwd);
    expect(ran.code, ran.stderr).toBe(0);
    const { run } = passportOf(join(cwd, (JSON.parse(ran.stdout) as { path: string }).path));
    expect(run.strategies.map(({ name, segment, code }) => [name, segment, code !== undefined])).toEqual([
      ['mine', 'BANKNIFTY', true],
      ['atm-straddle', 'NIFTY', false],
    ]);
    writeFileSync(join(cwd, 'twin.ts'), ownText({ name: 'mine' }));
    writeFileSync(
      join(cwd, 'twins.yaml'),
      'agents:\n  - { strategy: ./mine.ts }\n  - { strategy: ./twin.ts, segments: [BANKNIFTY] }\n',
    );
    expect(await sim.run(['config', 'check', 'twins.yaml'], cwd)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sim: strategies must have different names, was mine in ./mine.ts and in ./twin.ts\n',
    });
  });
});

describe('Ctrl-C', { timeout: 60_000 }, () => {
  /** Starts a run, sends the signal once something stands in the runs, and gives how it ended. */
  async function interrupted(
    parts: Omit<OwnText, 'name'>,
    ms = 0,
  ): Promise<{ code: number | null; last: string | undefined; left: readonly string[] }> {
    const cwd = folderWith(ownText({ name: 'mine', ...parts }));
    const words = [
      '--from',
      '2023-01-02',
      '--to',
      '2023-12-29',
      '--data',
      'synthetic',
      '--strategy',
      './mine.ts',
      '--json',
    ];
    const { child, ended } = sim.start(['backtest', ...words], { cwd });
    const isBegun = (): boolean => existsSync(join(cwd, 'runs')) && readdirSync(join(cwd, 'runs')).length > 0;
    await vi.waitUntil(isBegun, { timeout: 50_000, interval: 20 });
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    return { code, last: stderr.trimEnd().split('\n').at(-1), left: readdirSync(join(cwd, 'runs')) };
  }

  test.concurrent('ends the run after the day being played', async () => {
    const { code, last, left } = await interrupted({});
    expect({ code, left }).toEqual({ code: 130, left: [] });
    expect(last).toMatch(/^sim: Ctrl-C: the run was ended after \d{4}-\d\d-\d\d; nothing was kept$/);
  });

  test.concurrent.each([
    ['a handler', { onMinute: 'for (;;) {}' }],
    ['a field that is read', { create: 'create: () => ({ get onMinute() { for (;;) {} } })' }],
  ])('does not wait for %s that does not come back', async (_what, parts) => {
    // On a busy machine the thread needs a while from the run's folder to its first call of own code, whose limit are ten seconds.
    expect(await interrupted(parts, 3_000)).toEqual({
      code: 130,
      last: 'sim: Ctrl-C: the strategy did not come back, and the run was ended; nothing was kept',
      left: [],
    });
  });
});

describe('sim strategies', () => {
  test('new writes a first file that passes its check and its test, and never writes over one', async () => {
    const cwd = sim.fresh('new');
    const made = await sim.run(['strategies', 'new', 'my-cross'], cwd);
    expect(made.code, made.stderr).toBe(0);
    expect(readdirSync(cwd)).toEqual(['my-cross.test.mjs', 'my-cross.ts']);
    const test = readFileSync(join(cwd, 'my-cross.test.mjs'), 'utf8');
    const [, tape = ''] = /tape: `([^`]+)`/.exec(test) ?? [];
    const params = { candleMinutes: 5, fast: 1, slow: 2 };
    const { fills, signals } = await playTape(join(cwd, 'my-cross.ts'), { params, tape });
    // 100 less 0.25 and 0.05; 129.60 is 30 % above, and 0.3 s later the line, which rises 2 a second, is at 130.20; with 0.33 and 0.05
    // that is 130.60 on the tick.
    expect(fills.map(({ time, side, price }) => [time, side, price])).toEqual([
      ['09:30', 'SELL', '99.70'],
      ['09:40', 'BUY', '130.60'],
    ]);
    expect(signals).toEqual([{ time: '09:30', name: 'cross', taken: true, gate: null }]);
    expect(await sim.run(['strategies', 'new', 'my-cross'], cwd)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sim: my-cross.ts is there already and was left as it is; choose another NAME\n',
    });
    for (const name of ['atm-straddle', 'check', 'My'])
      expect(await sim.run(['strategies', 'new', name], cwd)).toMatchObject({ code: 2, stdout: '' });
    const listed = await sim.run(['strategies', './my-cross.ts', '--json'], cwd);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      name: 'my-cross',
      params: [{ name: 'candleMinutes', default: 5 }, {}, {}, {}, {}, {}, {}],
    });
    const checked = await sim.run(['strategies', 'check', './my-cross.ts', '--json'], cwd);
    const { held, lines } = JSON.parse(checked.stdout) as {
      held: boolean;
      lines: readonly { result: string; name: string }[];
    };
    expect([checked.code, held]).toEqual([0, true]);
    expect(lines.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'purity passed',
      'runs passed',
      'same twice passed',
      'no look-ahead passed',
    ]);
  });

  test.each([
    [
      'says what it may not',
      ownText({ name: 'mine', onMinute: 'Date.now();' }),
      ['failed purity', 'not run runs', 'not run same twice', 'not run no look-ahead'],
    ],
    [
      'throws, with a warning about its numbers',
      ownText({ name: 'mine', onMinute: 'throw Math.exp(1);' }),
      ['passed purity', 'warning exact numbers', 'failed runs', 'not run same twice', 'not run no look-ahead'],
    ],
    [
      'keeps something outside of create',
      ownText({
        name: 'mine',
        before: 'let count = 0;',
        onMinute: 'count += 1; if (count % 100 === 0) ctx.note(String(count));',
      }),
      ['passed purity', 'passed runs', 'failed same twice'],
    ],
  ])('check of a file that %s ends with 3', async (_title, text, expected) => {
    const cwd = folderWith(text);
    const words = ['strategies', 'check', './mine.ts', '--from', '2025-03-06', '--to', '2025-03-06', '--json'];
    const { code, stdout, stderr } = await sim.run(words, cwd);
    expect(code, stderr).toBe(3);
    const { lines } = JSON.parse(stdout) as { lines: readonly { result: string; name: string }[] };
    expect(lines.map(({ name, result }) => `${result} ${name}`).slice(0, expected.length)).toEqual(expected);
  });

  test('check of what is no strategy file ends with 2', async () => {
    const ended = [
      await sim.run(['strategies', 'check', 'atm-straddle']),
      await sim.run(['strategies', 'check', './absent.ts']),
      await sim.run(['strategies', 'check', './absent.ts', '--from', '2025-03-06']),
    ];
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [2, 'sim: FILE must be a strategy file such as ./mine.ts, was "atm-straddle"\n'],
      [2, 'sim: the strategy file ./absent.ts does not exist; a first one is written by: sim strategies new absent\n'],
      [2, 'sim: --from and --to must be given together, was one of them\n'],
    ]);
  });
});

function passportOf(path: string): Passport {
  return Passport.parse(JSON.parse(readFileSync(join(path, 'passport.json'), 'utf8')));
}

/** The same run as the thread's, made in this process. */
async function ranInProcess(cwd: string): Promise<string> {
  const dates = { from: day('2025-01-06'), to: day('2025-01-07') };
  const runs = join(cwd, 'in-process');
  const flags = { ...dates, strategy: join(cwd, 'mine.ts'), data: 'synthetic', seed: 3, runs };
  const config = await effectiveConfig({ flags, set: ['legStopPct=12'] });
  const own = loadOwn(await sourcesOf(config), new Beat());
  const clock = (): number => Date.UTC(2026, 0, 1);
  const { job } = await prepareJob({ config, own, ...dates, clock, notice: () => undefined });
  const { path } = await runBacktest({ ...job, clock, withReport: true, onDay: () => Promise.resolve('go on') });
  return path;
}
