import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { ModelledIndex } from '../../adapters/modelled-index.ts';
import { ModelledChain } from '../../datasets/modelled/modelled-chain.ts';
import { sessionTableOf } from '../../datasets/session-table.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';
import { indexStore } from '../support/index-store.ts';
import { indexWalk } from '../support/index-walk.ts';
import { testReference } from '../support/play.ts';

const root = mkdtempSync(join(tmpdir(), 'sim-modelled-index-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Thursday and Friday, the Saturday of a drill that had two short sessions, and the Monday after. */
const [THURSDAY, FRIDAY, SATURDAY, MONDAY] = ['2024-02-29', '2024-03-01', '2024-03-02', '2024-03-04'].map(day) as [
  ReturnType<typeof day>,
  ReturnType<typeof day>,
  ReturnType<typeof day>,
  ReturnType<typeof day>,
];
const VIX = { '2024-02-29': 15.2, '2024-03-01': 15.3, '2024-03-02': 15.1 };
let made = 0;

/** What Monday's volatility moves from, with the sessions that the store holds before it. */
async function closeBefore(of: {
  readonly days: readonly ReturnType<typeof day>[];
  readonly vix?: Readonly<Record<string, number>>;
}): Promise<number | undefined> {
  made += 1;
  const store = join(root, String(made));
  const index = { underlying: 'NIFTY', days: [...of.days, MONDAY], seed: 5 } as const;
  await indexStore(store, { indices: [index], ...(of.vix && { vix: of.vix }) });
  const reference = testReference();
  const archive = new CandleArchive({ store, sessions: sessionTableOf(reference.calendar) });
  const modelled = new ModelledIndex({ archive, chain: new ModelledChain(reference) });
  await modelled.prepare({ intervalMs: MINUTE_MS, underlyings: ['NIFTY'], days: [MONDAY] });
  const found = modelled.on({ day: MONDAY, intervalMs: MINUTE_MS, underlying: 'NIFTY' })!.closeBefore;
  archive.close();
  return found;
}

/** Last candle of the made-up day; the store keeps of the Saturday what lies in its windows, 09:15 to 10:00 and 11:30 to 12:30. */
function lastOf(on: ReturnType<typeof day>): number {
  const { close } = indexWalk({ day: on, seed: 5 });
  return close[on === SATURDAY ? 194 : 374]!;
}

describe('the close that a day moves from', () => {
  test('is that of a special session, where one was the last', async () => {
    expect(await closeBefore({ days: [FRIDAY, SATURDAY] })).toBe(lastOf(SATURDAY));
    expect(await closeBefore({ days: [FRIDAY, SATURDAY], vix: VIX })).toBe(lastOf(SATURDAY));
  });

  test('is the latest there is where the level comes from what the index did up to it', async () => {
    expect(await closeBefore({ days: [FRIDAY] })).toBe(lastOf(FRIDAY));
    expect(await closeBefore({ days: [THURSDAY] })).toBe(lastOf(THURSDAY));
  });

  test('is not known where India VIX speaks of a session without candles, or nothing was there for days', async () => {
    expect(await closeBefore({ days: [FRIDAY], vix: VIX })).toBeUndefined();
    expect(await closeBefore({ days: [day('2024-02-23')] })).toBeUndefined();
    expect(await closeBefore({ days: [] })).toBeUndefined();
  });
});
