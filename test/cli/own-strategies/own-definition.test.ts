import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { playInMemory } from '../../../cli/backtest.ts';
import type { PreparedJob } from '../../../cli/backtest-job.ts';
import { prepareJob } from '../../../cli/backtest-job.ts';
import { effectiveConfig } from '../../../cli/config-layers.ts';
import { sourcesOf } from '../../../cli/own-backtest.ts';
import { Beat } from '../../../cli/own-strategies/beat.ts';
import { loadOwn } from '../../../cli/own-strategies/own-strategies.ts';
import { UserError } from '../../../cli/user-error.ts';
import type { JournalRecord } from '../../../engine/journal.ts';
import { day } from '../../../engine/model/time.ts';
import type { OwnText } from '../../support/own-strategy.ts';
import { ownText } from '../../support/own-strategy.ts';

const folder = mkdtempSync(join(tmpdir(), 'sim-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Plays one synthetic day with a strategy file. */
async function playedWith(text: string): Promise<{ records: readonly JournalRecord[]; job: PreparedJob }> {
  count += 1;
  const file = join(folder, `mine-${count}.ts`);
  writeFileSync(file, text);
  const config = await effectiveConfig({ flags: { strategy: file, data: 'synthetic' } });
  const at = day('2025-01-06');
  const clock = (): number => Date.UTC(2026, 0, 1);
  const own = loadOwn(await sourcesOf(config), new Beat());
  const { job } = await prepareJob({ config, own, from: at, to: at, clock, notice: () => undefined });
  const records: JournalRecord[] = [];
  await playInMemory({ ...job, clock, withReport: false, onDay: () => Promise.resolve('go on') }, records);
  return { records, job };
}

/** The sentence that refuses a strategy file, the folder left out. */
async function refusalOf(text: string): Promise<string | undefined> {
  try {
    await playedWith(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const file = join(folder, `mine-${count}.ts`);
    const placed = error.message.replaceAll(new RegExp(`${file}:(?=\\d)`, 'g'), 'mine.ts:');
    return placed.replaceAll(file, './mine.ts');
  }
}

test('a whole strategy is played', async () => {
  expect(await refusalOf(ownText({ name: 'mine', onMinute: "ctx.note('here');" }))).toBeUndefined();
});

describe('a strategy', () => {
  const AT_1 = 'failed on 2025-01-06 at 09:16';
  const leg = (
    lots: string,
    contract = "ctx.contract(ctx.expiry('nearest')!, atTheMoney(ctx.spot!, ctx.strikeStep), 'CE')!",
  ): string =>
    `ctx.enter({ signal: 'a', seen: {}, legs: [{ tag: 'x', contract: ${contract}, side: 'SELL', lots: ${lots} }] } as never);`;
  const CASES: readonly (readonly [title: string, text: Omit<OwnText, 'name'>, sentence: string])[] = [
    [
      'that throws',
      { onMinute: "if (ctx.time >= '09:30') (undefined as any).x();" },
      "onMinute of ./mine.ts failed on 2025-01-06 at 09:30: TypeError: Cannot read properties of undefined (reading 'x') (mine.ts:6); nothing was kept",
    ],
    [
      'that throws a text',
      { onMinute: "throw 'enough';" },
      `onMinute of ./mine.ts ${AT_1}: it threw enough; nothing was kept`,
    ],
    [
      'that asks the clock',
      { onMinute: 'if (Date.now() > 0) ctx.note("x");' },
      'mine.ts:6 says Date: time arrives with the event: read ctx.now, ctx.time or ctx.day',
    ],
    [
      'that hides where it gets its chance',
      { before: 'const { random } = Math;', onMinute: 'ctx.note(String(random()));' },
      `onMinute of ./mine.ts ${AT_1}: Math.random: equal runs must give equal results: there is no chance in a strategy (mine.ts:6); nothing was kept`,
    ],
    [
      'that makes code of a text',
      { onMinute: "(0, [].map)[['con', 'structor'].join('') as 'map']('return 1' as never)();" },
      `onMinute of ./mine.ts ${AT_1}: EvalError: Code generation from strings disallowed for this context (mine.ts:6); nothing was kept`,
    ],
    [
      'that waits',
      { create: 'create: () => ({ async onMinute() {} }) as never' },
      'mine.ts:6 says async: a strategy answers at once: nothing in it waits',
    ],
    [
      'that gives what looks like waiting',
      { create: 'create: () => ({ onMinute: () => ({ then() {} }) }) as never' },
      `onMinute of ./mine.ts ${AT_1}: it is async, and nothing in a strategy may wait; nothing was kept`,
    ],
    [
      'that throws what cannot be told',
      { onMinute: 'throw { get message() { throw 1; } };' },
      `onMinute of ./mine.ts ${AT_1}: it threw what cannot be told; nothing was kept`,
    ],
    [
      'whose parameters are no object',
      { params: 'z.strictObject({}).transform(() => 7)' },
      'params of ./mine.ts must give an object, was 7',
    ],
    [
      'that refuses with no sentence',
      { universe: '}), refuse: () => ({ why: 1 } as never), ...({' },
      'refuse of ./mine.ts must give a sentence or nothing, was {"why":1}',
    ],
    [
      'that wants no number of lots',
      { onMinute: leg('Number.NaN') },
      `onMinute of ./mine.ts ${AT_1}: ctx.enter: legs[0].lots must be a whole number from 1 to 10000, was NaN (mine.ts:6); nothing was kept`,
    ],
    [
      'that makes up a contract',
      { onMinute: leg('1', "{ name: 'NIFTY23000CE' }") },
      `onMinute of ./mine.ts ${AT_1}: ctx.enter: legs[0].contract must be a contract as ctx.contract gives it, was {"name":"NIFTY23000CE"} (mine.ts:6); nothing was kept`,
    ],
    [
      'that trades another index',
      { onMinute: leg('1', "{ kind: 'option', underlying: 'SENSEX', expiry: ctx.day, strike: 100, right: 'CE' }") },
      `onMinute of ./mine.ts ${AT_1}: ctx.enter: a leg must be of the segment NIFTY, was of SENSEX (mine.ts:6); nothing was kept`,
    ],
    [
      'that asks for a call at no time',
      { onMinute: "ctx.at('25:99' as never, 'x');" },
      `onMinute of ./mine.ts ${AT_1}: ctx.at: time must be a time of day, HH:MM, was "25:99" (mine.ts:6); nothing was kept`,
    ],
    [
      'that closes what it was not given',
      { onMinute: "ctx.exit({} as never, 'MANUAL');" },
      'a strategy may only name structures that it was given; nothing was kept',
    ],
    [
      'whose create gives nothing',
      { create: 'create: () => undefined as never' },
      'create of ./mine.ts must give handlers: what is asked must be an object with onSessionOpen, onMinute, onTimer, onQuote, onFill, onLegClosed, onStructureClosed, was absent',
    ],
    [
      'whose handler is no function',
      { create: "create: () => ({ onMinute: 'now' }) as never" },
      'create of ./mine.ts must give handlers: onMinute must be a function, was "now"',
    ],
    [
      'whose universe is no universe',
      { universe: 'strikesAround: Number.NaN' },
      'universe of ./mine.ts: strikesAround must be a whole number from 0 to 1000, was NaN',
    ],
    [
      'whose create fails',
      { create: "create() { throw new RangeError('no'); }" },
      'create of ./mine.ts failed: RangeError: no (mine.ts:6)',
    ],
    [
      'that needs more of a warm-up than there are days',
      { universe: "series: [{ span: 'day', warmUp: 1_900 }]" },
      '--from must leave room for a warm-up of 1900 candles before it, was 2025-01-06; the tables begin on 2019-01-01',
    ],
  ];
  test('that changes a wish after it asked changes nothing of it', async () => {
    const change = 'leg.lots = Number.NaN; leg.side = 7; legs.pop(); seen.a = Number.NaN;';
    const text = `
      if (ctx.time !== '09:20') return;
      const contract = ctx.contract(ctx.expiry('nearest')!, atTheMoney(ctx.spot!, ctx.strikeStep), 'CE')!;
      const leg: any = { tag: 'x', contract, side: 'SELL', lots: 2 }; const legs = [leg]; const seen: any = { a: 1 };
      ctx.skip('b', 'gate', seen); ctx.enter({ signal: 'a', seen, legs }); ${change}`;
    const { records } = await playedWith(ownText({ name: 'mine', onMinute: text }));
    const placed = records.filter(({ kind }) => kind === 'order-placed');
    expect(placed[0]).toMatchObject({ side: 'SELL', lots: 2, leg: 'x' });
    const signals = records.flatMap((record) => (record.kind === 'signal' ? [[record.name, record.seen]] : []));
    expect(signals).toEqual([
      ['b', { a: 1 }],
      ['a', { a: 1 }],
    ]);
  });

  test('that waits for a promise of another waits for ever, and nothing of it runs beside the beat', async () => {
    const text = "(z.string() as any)['parse' + ['As', 'ync'].join('')]('a').then(() => ctx.note('late'));";
    const { records } = await playedWith(ownText({ name: 'mine', onMinute: text }));
    expect(records.filter(({ kind }) => kind === 'note')).toEqual([]);
  });

  test('whose handlers are methods of a class keeps its state in them', async () => {
    const before =
      "class Trader { #count = 0; onMinute(ctx: any) { this.#count += 1; if (this.#count === 3) ctx.note('third'); } }";
    const { records } = await playedWith(ownText({ name: 'mine', before, create: 'create: () => new Trader()' }));
    expect(records.flatMap((record) => (record.kind === 'note' ? [record.text] : []))).toEqual(['third']);
  });

  test('gets what its schema made, and the run keeps what can be written', async () => {
    const params = 'z.strictObject({ w: z.number().default(2) }).transform(({ w }) => ({ w, map: new Map([[w, 9]]) }))';
    const create = 'create: ({ w, map }) => ({ onSessionOpen: (ctx) => ctx.note(String(map.get(w))) })';
    const { records, job } = await playedWith(ownText({ name: 'mine', params, create }));
    expect(records.flatMap((record) => (record.kind === 'note' ? [record.text] : []))).toEqual(['9']);
    expect(job.agents.map((agent) => agent.params)).toEqual([{ w: 2, map: {} }]);
  });

  test.each(CASES)('%s', async (_title, text, sentence) => {
    expect(await refusalOf(ownText({ name: 'mine', ...text }))).toBe(sentence);
  });

  const FILES: readonly (readonly [title: string, text: string, sentence: string])[] = [
    ['with nothing in it', '', './mine.ts must export one strategy, made with defineStrategy, was no export at all'],
    [
      'with another thing in it',
      'export const rules = 1;',
      './mine.ts must export one strategy, made with defineStrategy, was only rules',
    ],
    [
      'with two strategies in it',
      `${ownText({ name: 'mine' })}export const other = { ...strategy };`,
      './mine.ts must export one strategy, made with defineStrategy, was 2 of them',
    ],
    [
      'with a part missing',
      'export const strategy = { name: "mine", universe: () => ({}) };',
      'the strategy of ./mine.ts is not whole: version must be a whole number of at least 1, was absent',
    ],
    [
      'with a name that is taken',
      ownText({ name: 'atm-straddle' }),
      './mine.ts calls its strategy atm-straddle, a name that the program has already; choose another',
    ],
    [
      'with a name of another kind',
      ownText({ name: 'My Idea' }),
      'the strategy of ./mine.ts is not whole: name must be a name of small letters, digits and hyphens, such as ema-cross, was "My Idea"',
    ],
    [
      'that fails when it is read',
      'export const x = (undefined as any).y;',
      "./mine.ts cannot be run: TypeError: Cannot read properties of undefined (reading 'y') (mine.ts:1)",
    ],
    ['that is no TypeScript', 'const (', 'mine.ts:1 cannot be read: Expected identifier but found "("'],
  ];
  test.each(FILES)('file %s', async (_title, text, sentence) => {
    expect(await refusalOf(text)).toBe(sentence);
  });
});
