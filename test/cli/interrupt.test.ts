/** Ctrl-C and SIGTERM: one sentence, the code of the signal, and no folder that looks like a run. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { listenForSignals } from '../../cli/signals.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
const LONG = ['backtest', '--data', 'synthetic', '--from', '2023-01-02', '--to', '2023-12-29', '--json'];

/** Starts a run that takes far longer than the test, and waits until its folder is being written. */
async function running(cwd: string): Promise<ReturnType<typeof sim.start>> {
  const started = sim.start(LONG, { cwd });
  const isBegun = (): boolean => existsSync(join(cwd, 'runs')) && readdirSync(join(cwd, 'runs')).length > 0;
  await vi.waitUntil(isBegun, { timeout: 100_000, interval: 20 });
  return started;
}

describe('a run', { timeout: 120_000 }, () => {
  test.concurrent('ends after the day being played, and takes its folder away', async () => {
    const cwd = sim.fresh('once');
    const { child, ended } = await running(cwd);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr.split('\n').at(-2)).toMatch(
      /^sim: Ctrl-C: the run was ended after \d{4}-\d\d-\d\d; nothing was kept$/,
    );
    expect(readdirSync(join(cwd, 'runs'))).toEqual([]);
    expect((await sim.run(['runs'], cwd)).stdout).toBe('no finished run in ./runs\n');
  });

  test.concurrent('ends at once when it is asked twice, and still takes its folder away', async () => {
    const cwd = sim.fresh('twice');
    const { child, ended } = await running(cwd);
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/\nsim: Ctrl-C: the run was ended (at once|after \S+); nothing was kept\n$/);
    expect(readdirSync(join(cwd, 'runs'))).toEqual([]);
  });

  test.concurrent('says the same of SIGTERM', async () => {
    const cwd = sim.fresh('term');
    const { child, ended } = await running(cwd);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(143);
    expect(stderr).toMatch(/\nsim: SIGTERM: the run was ended after \S+; nothing was kept\n$/);
    expect(readdirSync(join(cwd, 'runs'))).toEqual([]);
  });
});

describe('listening', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  function listened(): { said: string[]; exits: unknown[]; signals: ReturnType<typeof listenForSignals> } {
    const said: string[] = [];
    const exits: unknown[] = [];
    vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => exits.push(code)) as never);
    return { said, exits, signals: listenForSignals((sentence) => said.push(sentence)) };
  }

  test('ends the program at once before a run has begun', () => {
    const { said, exits, signals } = listened();
    process.emit('SIGINT', 'SIGINT');
    signals.end();
    expect({ said, exits }).toEqual({ said: ['sim: Ctrl-C: the run had not begun; nothing was kept'], exits: [130] });
  });

  test('notes a first signal in a run, and ends the program at the second', () => {
    const { said, exits, signals } = listened();
    signals.runBegins();
    process.emit('SIGINT', 'SIGINT');
    expect({ asked: signals.asked(), said, exits }).toEqual({ asked: true, said: [], exits: [] });
    process.emit('SIGTERM', 'SIGTERM');
    signals.end();
    expect({ said, exits }).toEqual({
      said: ['sim: SIGTERM: the run was ended at once; nothing was kept'],
      exits: [143],
    });
    expect([signals.word(), signals.exitCode()]).toEqual(['Ctrl-C', 130]);
  });
});
