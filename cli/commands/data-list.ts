import type { Command } from 'commander';
import type { StoreSummary, TableSummary } from '../../adapters/store-summary.ts';
import { openStore } from '../open-store.ts';
import { grouped } from '../remark-text.ts';

/** `sim data list`: what a store holds. */
export function registerDataList(data: Command): void {
  data
    .command('list')
    .description('what a store holds: underlyings, intervals, days, rows')
    .option('--store <dir>', 'folder of the store', './data')
    .option('--json', 'print one JSON object')
    .action(async (flags: { readonly store: string; readonly json?: true }) => {
      const { Duck } = await import('../../adapters/duckdb.ts');
      const { summarise } = await import('../../adapters/store-summary.ts');
      const store = await openStore(flags.store);
      const duck = await Duck.open();
      try {
        const summary = await summarise(store, duck);
        process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : `${listText(summary).join('\n')}\n`);
      } finally {
        duck.close();
      }
    });
}

/** The store as a table of text. */
function listText({ store, kind, tables, imports }: StoreSummary): string[] {
  const head = ['table', 'name', 'interval', 'days', 'first', 'last', 'rows'];
  const rows = tables.map((table) => cellsOf(table));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width);
    });
    return padded.join('  ').trimEnd();
  };
  const title = kind === 'synthetic' ? `store ${store} (SYNTHETIC)` : `store ${store}`;
  return [`${title}, ${imports} imports`, line(head), ...rows.map(line)];
}

/** Columns of numbers. */
const RIGHT: ReadonlySet<number> = new Set([3, 6]);

function cellsOf({ table, name, interval, days, first, last, rows }: TableSummary): string[] {
  return [table, name, interval ?? '', String(days), first ?? '', last ?? '', grouped(rows)];
}
