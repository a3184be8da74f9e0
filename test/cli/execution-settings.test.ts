import { describe, expect, test } from 'vitest';
import { Config } from '../../cli/config.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { engineParts } from '../../cli/engine-settings.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';

function executionOf(execution: Readonly<Record<string, unknown>>) {
  return engineParts(Config.parse({ execution })).settings.execution;
}

describe('settings of execution', () => {
  test('are those of the engine where nobody says anything', () => {
    expect(executionOf({})).toEqual(DEFAULT_EXECUTION);
  });

  test('make a policy whole from its name alone', () => {
    const { entry, exit } = executionOf({
      entry: { policy: 'limit-then-market' },
      exit: { policy: 'limit-then-market', bufferPct: 0.5, waitMs: 3000 },
    });
    expect(entry).toEqual({ kind: 'limit-then-market', bufferPct: 0.3, waitMs: 5_000 });
    expect(exit).toEqual({ kind: 'limit-then-market', bufferPct: 0.5, waitMs: 3_000 });
  });

  test('reach the engine each under its name', () => {
    const others = {
      sliceEveryMs: 500,
      basketWait: 'sent',
      basketWaitMs: 7_000,
      exitWaitMs: 6_000,
      entryRetries: 1,
      entryRetryMs: 900,
      ordersPerDayMax: 4_000,
      ordersPerDayReserve: 300,
      churn: { cycleMs: 1_000, blockAfter: 3, blockWithinMs: 2_000, pauseAfter: 9 },
    };
    expect(executionOf(others)).toMatchObject(others);
  });

  test('let a chase alarm after one to eighteen attempts, since the twentieth is the last that differs', () => {
    for (const sound of [1, 18]) expect(executionOf({ chaseAlarmAfter: sound }).chaseAlarmAfter).toBe(sound);
    for (const wrong of [0, 19]) expect(() => executionOf({ chaseAlarmAfter: wrong })).toThrow('chaseAlarmAfter');
  });

  test('that keep all orders of a day for exits are refused', async () => {
    const settings = { execution: { ordersPerDayMax: 500 } };
    await expect(effectiveConfig({ file: { path: 'desk.yaml', settings } })).rejects.toThrow(
      /ordersPerDayReserve .*must be below .*ordersPerDayMax.*, was 500 of 500; nothing could be entered/,
    );
  });
});
