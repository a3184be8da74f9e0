/** RSI strength as a person meets it: what is refused with a sentence, and how a run begins where the store does. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programForTests } from '../support/program.ts';
import { strengthDay, TO_CALL } from '../support/strength-day.ts';

const sim = programForTests();
const RSI = ['backtest', '--strategy', 'rsi-strength'];

describe('parameters', () => {
  test.for([
    [
      ['--segments', 'BANKNIFTY', '--set', 'itmOffset=150'],
      'parameter itmOffset must be a multiple of the strike step of BANKNIFTY, 100, was 150',
    ],
    [['--set', 'timeframe=4'], 'parameter timeframe must be one of 3, 5, 15, 30, 60, was 4'],
    [
      ['--set', 'expiry=next', '--set', 'expirySwitchDays=2'],
      'parameter expirySwitchDays goes with expiry nearest or monthly, was 2 with expiry next',
    ],
  ] as const)('%o are refused in a sentence', async ([words, sentence]) => {
    const cwd = sim.fresh('refused');
    const ended = await sim.run(
      [...RSI, '--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-07', ...words],
      cwd,
    );
    expect(ended).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('are shown with default, meaning and unit', async () => {
    const { stdout } = await sim.run(['strategies', 'rsi-strength']);
    expect(stdout).toMatch(/slPoints +50 +points of the basis that it may go against the entry/);
    expect(stdout).toMatch(/allowOvernightCross +false +a cross may have its two candles on two days/);
    expect(stdout).toMatch(/maxTradesPerDay +5 +trades a day/);
  });
});

describe('a store', () => {
  /** Index and one call of whole sessions in five-minute candles, imported as a person would. */
  const storeOf = async (...days: readonly string[]): Promise<string> => {
    const cwd = sim.fresh('store');
    const rows = days.flatMap((date) => {
      const candles = strengthDay({ head: date, moves: TO_CALL, cells: { '09:15': '22800CE 100' } });
      return [...candles.starts].flatMap((start, minute) =>
        candles.instruments.map(({ kind }, slot) => {
          const cell = minute * candles.instruments.length + slot;
          const { open, high, low, close } = candles.columns;
          const prices = [open, high, low, close].map((column) => (column[cell] ?? 0) / 100);
          return [kind === 'index' ? 'NIFTY' : 'NIFTY250109C22800', start / 1_000, ...prices].join(',');
        }),
      );
    });
    writeFileSync(join(cwd, 'candles.csv'), ['symbol,time,open,high,low,close', ...rows, ''].join('\n'));
    expect(await sim.run(['data', 'import', 'candles.csv', '--store', 'kept'], cwd)).toMatchObject({ code: 0 });
    return cwd;
  };

  test('of five-minute candles runs at five minutes, and refuses three minutes and one-minute filters in a sentence', async () => {
    const cwd = await storeOf('2025-01-02', '2025-01-03', '2025-01-06');
    const day = ['--store', 'kept', '--from', '2025-01-06', '--to', '2025-01-06'];
    const three = await sim.run([...RSI, ...day, '--set', 'timeframe=3'], cwd);
    const coarse = (asked: string) =>
      `sim: rsi-strength needs candles of ${asked}, which cannot be made of candles of 5m\n`;
    expect(three).toEqual({ code: 2, stdout: '', stderr: coarse('3m') });
    const minute = await sim.run([...RSI, ...day, '--set', 'minuteAgree=true'], cwd);
    expect(minute).toEqual({ code: 2, stdout: '', stderr: coarse('1m') });
    const five = await sim.run([...RSI, ...day, '--no-report'], cwd);
    expect([five.code, five.stdout.includes('the warm-up on')]).toEqual([0, false]);
  });

  test('that begins with the first day plays it, waits for its candles, and says so on the console, in the passport and among the events', async () => {
    const cwd = await storeOf('2025-01-06');
    const ended = await sim.run([...RSI, '--store', 'kept', '--from', '2025-01-06', '--to', '2025-01-06'], cwd);
    expect(ended.code).toBe(0);
    const sentence =
      'the warm-up on NIFTY begins with 0 of 2 sessions, kept lacks 2025-01-02, 2025-01-03; no signal comes before 2025-01-06 has the candles it needs';
    expect(ended.stdout.replace(/\s+/g, ' ')).toContain(sentence);
    const [run = ''] = readdirSync(join(cwd, 'runs'));
    const read = (name: string) => readFileSync(join(cwd, 'runs', run, name), 'utf8');
    expect(read('passport.json')).toContain(sentence);
    expect(read('events.csv')).toContain('warming up: 0 of the 15 candles of 5m before a signal');
    expect(read('trades.csv')).toContain('NIFTY 2025-01-09 22800 CE');
  });

  test('that begins a day before the first one warms up with that day', async () => {
    const cwd = await storeOf('2025-01-03', '2025-01-06');
    const days = ['--store', 'kept', '--from', '2025-01-06', '--to', '2025-01-06', '--no-report'];
    const ended = await sim.run([...RSI, ...days], cwd);
    expect(ended.stdout.replace(/\s+/g, ' ')).toContain('begins with 1 of 2 sessions, kept lacks 2025-01-02;');
  });
});
