/** Places that cannot be written, and disks that run full: one sentence with the path, and nothing that looks like a run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FileCalls } from '../../adapters/file-calls.ts';
import { DISK } from '../../adapters/file-calls.ts';
import { JournalFile } from '../../adapters/journal-file.ts';
import { listRuns } from '../../adapters/run-folder.ts';
import { StorageProblem } from '../../adapters/storage-problem.ts';
import { runBacktest } from '../../cli/backtest.ts';
import { prepareJob } from '../../cli/backtest-job.ts';
import { Config } from '../../cli/config.ts';
import { day, epochMs } from '../../engine/model/time.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

/** Runs one synthetic day with planted file calls and returns what it threw, with the folder of its runs. */
async function played(plant: (calls: FileCalls) => Partial<FileCalls>): Promise<{ error: unknown; root: string }> {
  const root = mkdtempSync(join(tmpdir(), 'sim-storage-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const config = Config.parse({ data: { source: 'synthetic' }, runs: root });
  const clock = () => Date.now();
  const notice = () => undefined;
  const { job } = await prepareJob({ config, from: day('2025-01-06'), to: day('2025-01-06'), clock, notice });
  const onDay = async () => 'go on' as const;
  const calls = { ...DISK, ...plant(DISK) };
  const error = await runBacktest({ ...job, clock, onDay, withReport: true, calls }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, root };
}

/** What the system throws. */
function failure(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

/** Refuses to write into the file of a name; files are known by what they were opened as. */
function failingAt(name: string, code: string): (calls: FileCalls) => Partial<FileCalls> {
  return (calls) => {
    const names = new Map<number, string>();
    return {
      open: (path, flags) => {
        const file = calls.open(path, flags);
        names.set(file, path);
        return file;
      },
      write: (file, bytes, offset) => {
        // Half of it still fits, as on a real disk.
        if (names.get(file)?.endsWith(name) !== true) return calls.write(file, bytes, offset);
        if (offset > 0 || bytes.length < 2) throw failure(code);
        return calls.write(file, bytes.subarray(0, bytes.length >> 1), 0);
      },
    };
  };
}

describe('a disk that runs full', () => {
  test.each(['orders.jsonl', 'money.bin', 'trades.csv', 'events.csv', 'report.xlsx', 'passport.json'])(
    'at %s ends the run with code 1 and leaves nothing',
    async (name) => {
      const { error, root } = await played(failingAt(name, 'ENOSPC'));
      expect(error).toBeInstanceOf(StorageProblem);
      expect(error).toMatchObject({ kind: 'disk-full', exitCode: 1 });
      expect((error as Error).message).toMatch(
        new RegExp(`^no space is left to write ${root}/\\.unfinished-\\d{8}-\\d{6}-[0-9a-f]{4}/${name}$`),
      );
      expect(readdirSync(root)).toEqual([]);
    },
  );

  test('in the middle of a journal is not forgotten, whoever caught it first', () => {
    const root = mkdtempSync(join(tmpdir(), 'sim-storage-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    let isFull = true;
    const journal = new JournalFile(join(root, 'orders.jsonl'), {
      ...DISK,
      write: (file, bytes, offset) => {
        if (isFull) throw failure('ENOSPC');
        return DISK.write(file, bytes, offset);
      },
    });
    const stamp = { seq: 1, ts: epochMs(1), flow: 'out' } as const;
    const note = { kind: 'note', agent: null, text: 'x'.repeat(300_000) } as const;
    expect(() => journal.write(stamp, note)).toThrow('no space is left');
    isFull = false;
    expect(() => journal.write(stamp, { ...note, text: '' })).toThrow('no space is left');
    expect(() => journal.close()).toThrow('no space is left');
    journal.abandon();
  });

  test('keeps a hidden name where nothing can be removed either', async () => {
    const { error, root } = await played((calls) => ({
      ...failingAt('passport.json', 'ENOSPC')(calls),
      remove: () => {
        throw failure('EIO');
      },
    }));
    expect(error).toMatchObject({ kind: 'disk-full' });
    expect(readdirSync(root)).toEqual([expect.stringMatching(/^\.unfinished-/)]);
    expect(listRuns(root)).toEqual([]);
  });

  test('is met by the program itself', { timeout: 120_000 }, async (ctx) => {
    const disk = sim.fresh('disk');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
    if (mounted.status !== 0) return ctx.skip('no small tmpfs may be mounted here');
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const days = ['--from', '2025-01-06', '--to', '2025-01-08'];
    const ended = await sim.run(['backtest', '--data', 'synthetic', ...days, '--runs', disk, '--json']);
    expect({ ...ended, stderr: ended.stderr.split('\n').at(-2) }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^sim: no space is left to write ${disk}/\\.unfinished-`)),
    });
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe('a folder that may not be written', () => {
  test.each(['EROFS', 'EACCES', 'EPERM'])('is the mistake of who named it (%s)', async (code) => {
    const { error, root } = await played(() => ({
      mkdir: () => {
        throw failure(code);
      },
    }));
    expect(error).toMatchObject({ kind: 'read-only', exitCode: 2 });
    expect((error as Error).message).toBe(`${root} may not be written: the folder is read-only`);
    expect(readdirSync(root)).toEqual([]);
  });

  test('is met by the program itself', async (ctx) => {
    if (!existsSync('/sys/kernel')) return ctx.skip('no file system that nobody may write to is here');
    const days = ['--from', '2025-01-06', '--to', '2025-01-06'];
    const ended = await sim.run(['backtest', '--data', 'synthetic', ...days, '--runs', '/sys/runs', '--json']);
    expect({ ...ended, stderr: ended.stderr.split('\n').at(-2) }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sim: /sys/runs may not be written: the folder is read-only',
    });
  });
});

test('a run whose name is taken in the meantime takes the next second', async () => {
  const { error, root } = await played((calls) => {
    let isFirst = true;
    return {
      mkdir: (path, options) => {
        if (isFirst && path.includes('.unfinished-')) {
          isFirst = false;
          mkdirSync(path);
        }
        calls.mkdir(path, options);
      },
    };
  });
  expect(error).toBeUndefined();
  expect(listRuns(root)).toHaveLength(1);
});
