import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { expect, test } from 'vitest';
import { readMoney } from '../../adapters/money-file.ts';
import { TRADE_COLUMNS } from '../../reports/csv.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

test('sim runs export writes money and trades that read back as they were', { timeout: 120_000 }, async () => {
  const cwd = sim.fresh('export');
  const words = ['backtest', '--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-07', '--json'];
  const { path, runId } = JSON.parse((await sim.run(words, cwd)).stdout) as { path: string; runId: string };

  const exported = await sim.run(['runs', 'export', runId, '--out', 'tables', '--json'], cwd);
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(exported.stdout)).toEqual({
    run: runId,
    data: 'synthetic',
    files: [
      { path: 'tables/money.arrow', rows: 750 },
      { path: 'tables/trades.arrow', rows: 4 },
    ],
  });
  const money = tableFromIPC(readFileSync(join(cwd, 'tables/money.arrow')));
  const trades = tableFromIPC(readFileSync(join(cwd, 'tables/trades.arrow')));

  const { money: written } = readMoney(join(cwd, path, 'money.bin'));
  expect(money.getChild('time')?.get(0)).toBe(written.ts[0]);
  expect(String(money.getChild('time')?.type)).toBe('Timestamp<MILLISECOND, Asia/Kolkata>');
  expect(Float64Array.from(money.getChild('gross') ?? [])).toEqual(written.gross.map((paise) => paise / 100));
  expect(Float64Array.from(money.getChild('charges') ?? [])).toEqual(written.charges.map((fine) => fine / 1_000_000));
  expect(Int32Array.from(money.getChild('open_lots') ?? [])).toEqual(written.openLots);
  expect(money.getChild('agent')?.get(749)).toBe('atm-straddle/NIFTY');

  // The same trades as the CSV file says, column by column.
  const [head = '', ...rows] = readFileSync(join(cwd, path, 'trades.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(trades.schema.fields.map(({ name }) => name)).toEqual(head.split(','));
  expect(head.split(',')).toEqual([...TRADE_COLUMNS]);
  expect(trades.numRows).toBe(rows.length);
  for (const column of ['net_value', 'exit_price', 'quantity', 'option_symbol'] as const) {
    const cells = Array.from(trades.getChild(column) ?? [], String);
    for (const [at, cell] of cells.entries()) expect(rows[at]).toContain(`,${cell}`);
  }
  expect(Object.fromEntries(trades.schema.metadata)).toMatchObject({ mode: 'BACKTEST', data: 'synthetic' });

  expect((await sim.run(['runs', 'export', path], cwd)).code).toBe(0);
  for (const name of ['money.arrow', 'trades.arrow'])
    expect(readFileSync(join(cwd, path, name))).toEqual(readFileSync(join(cwd, 'tables', name)));
  expect(readdirSync(join(cwd, 'tables')).sort()).toEqual(['money.arrow', 'trades.arrow']);
});

test('sim runs export of a run that is not there is refused', async () => {
  const ended = await sim.run(['runs', 'export', 'last', '--runs', 'mine']);
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: 'sim: RUN must be the id or the folder of a finished run (there is none in mine), was "last"\n',
  });
});
