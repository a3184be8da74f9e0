import type { Vector } from 'apache-arrow';
import type { FileCalls } from './file-calls.ts';
import { DISK } from './file-calls.ts';
import { replaceFile } from './run-folder.ts';

/** One column of an Arrow table. Instants are epoch milliseconds and carry India's zone; a null is an absent value. */
export type ArrowColumn =
  | { readonly name: string; readonly kind: 'instant' | 'number' | 'whole'; readonly values: Numbers }
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly (string | null)[] };

type Numbers = ArrayLike<number | null>;

/** Writes columns as an Arrow IPC file with texts about the whole in its schema. Equal columns give equal bytes. */
export async function writeArrow(parts: {
  readonly path: string;
  readonly columns: readonly ArrowColumn[];
  readonly about: Readonly<Record<string, string>>;
  readonly calls?: FileCalls;
}): Promise<void> {
  const arrow = await import('apache-arrow');
  const vectors = parts.columns.map((column, index) => [column.name, vectorOf(arrow, column, index)] as const);
  const table = new arrow.Table(Object.fromEntries(vectors));
  const schema = new arrow.Schema(table.schema.fields, new Map(Object.entries(parts.about)));
  const labelled = new arrow.Table(
    schema,
    table.batches.map((batch) => new arrow.RecordBatch(schema, batch.data)),
  );
  replaceFile(parts.path, arrow.tableToIPC(labelled, 'file'), parts.calls ?? DISK);
}

function vectorOf(arrow: typeof import('apache-arrow'), column: ArrowColumn, index: number): Vector {
  switch (column.kind) {
    case 'instant':
      return arrow.vectorFromArray(Array.from(column.values), new arrow.TimestampMillisecond('Asia/Kolkata'));
    case 'number':
      return arrow.vectorFromArray(Array.from(column.values), new arrow.Float64());
    case 'whole':
      return arrow.vectorFromArray(Array.from(column.values), new arrow.Int32());
    default:
      // The id is ours, since the library counts them up and equal tables would differ.
      return arrow.vectorFromArray(column.values, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), index));
  }
}
