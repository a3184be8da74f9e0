import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { registerCharges } from '../../cli/commands/charges.ts';
import { UserError } from '../../cli/user-error.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const SALE = { date: '2025-06-02', exchange: 'NFO', side: 'SELL', price: '1000', quantity: '500' };

async function charges(flags: Record<string, string>, ...more: readonly string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const program = new Command('sim');
  registerCharges(program);
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  await program.parseAsync(['charges', ...words, ...more], { from: 'user' });
  return printed;
}

describe('sim charges', () => {
  test('prints each levy, exact and as on the note', async () => {
    expect(await charges(SALE)).toMatchInlineSnapshot(`
      "2025-06-02 NFO SELL 500 x 1000.00 = 500000.00 rupees
      levy                 exact   on the note
      brokerage        20.000000         20.00
      stt             500.000000        500.00
      exchange        177.650000        177.65
      sebi              0.500000          0.50
      stamp             0.000000          0.00
      gst              35.667000         35.67
      total           733.817000        733.82
      "
    `);
  });

  test('prints one JSON object', async () => {
    const answer = JSON.parse(
      await charges({ ...SALE, date: '2024-01-02', exchange: 'BFO', price: '101.35', quantity: '10' }, '--json'),
    );
    expect(answer).toMatchInlineSnapshot(`
      {
        "date": "2024-01-02",
        "exchange": "BFO",
        "levies": {
          "brokerage": 20,
          "exchange": 0.380063,
          "gst": 3.668594,
          "sebi": 0.001014,
          "stamp": 0,
          "stt": 0.633438,
          "total": 24.683109,
        },
        "note": {
          "brokerage": 20,
          "exchange": 0.38,
          "gst": 3.67,
          "sebi": 0,
          "stamp": 0,
          "stt": 0.63,
          "total": 24.68,
        },
        "price": 101.35,
        "quantity": 10,
        "rounding": -0.003109,
        "side": "SELL",
        "turnover": 1013.5,
        "unsure": [
          "exchange",
        ],
      }
    `);
  });

  test('says that nothing is sure after the evidence', async () => {
    const answer = JSON.parse(await charges({ ...SALE, date: '2026-10-01' }, '--json'));
    expect(answer.unsure).toEqual(['brokerage', 'stt', 'exchange', 'sebi', 'stamp', 'gst']);
    expect(answer.levies.stt).toBe(750);
  });

  test.each([
    ['date', '2025-02-30', '--date must be a day of the calendar, YYYY-MM-DD, was "2025-02-30"'],
    ['date', '2018-12-31', '--date must be 2019-01-01 or later for NFO, was "2018-12-31"'],
    ['exchange', 'NSE', '--exchange must be NFO or BFO, was "NSE"'],
    ['side', 'sell', '--side must be BUY or SELL, was "sell"'],
    ['price', '-1', '--price must be rupees above 0 up to 1000000, at most two decimals, was "-1"'],
    ['price', '10.005', '--price must be rupees above 0 up to 1000000, at most two decimals, was "10.005"'],
    ['price', '0', '--price must be rupees above 0 up to 1000000, at most two decimals, was "0"'],
    ['quantity', '1.5', '--quantity must be a whole number from 1 to 10000000, was "1.5"'],
    ['quantity', '0', '--quantity must be a whole number from 1 to 10000000, was "0"'],
  ])('refuses --%s %s in one sentence', async (name, value, message) => {
    const failure = await charges({ ...SALE, [name]: value }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ message, exitCode: 2 });
  });
});
