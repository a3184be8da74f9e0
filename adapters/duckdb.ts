import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';

/** A private database in memory; the engine of SQL is loaded when the first one is opened, never before. */
export class Duck {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(settings: { readonly threads?: number } = {}): Promise<Duck> {
    const duckdb = await import('@duckdb/node-api');
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      threads: String(settings.threads ?? 2),
      // Nothing is fetched from the network, and stamps never pass through a zone of the machine.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    return new Duck(instance, connection);
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Runs statements that do not depend on each other, two at a time; the first failure ends them. */
  async runEach(statements: readonly string[]): Promise<void> {
    const second = await this.#instance.connect();
    let next = 0;
    const work = async (connection: DuckDBConnection): Promise<void> => {
      for (let sql = statements[next]; sql !== undefined; sql = statements[next]) {
        next += 1;
        await connection.run(sql).catch((error: unknown) => {
          next = statements.length;
          throw error;
        });
      }
    };
    const ends = await Promise.allSettled([work(this.#connection), work(second)]);
    second.closeSync();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** All rows of a small answer, as objects; whole numbers of 64 bits come as numbers. */
  async rows<Row extends object>(sql: string): Promise<Row[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    const names = reader.deduplicatedColumnNames();
    return reader.getRows().map((row) => {
      const entries = names.map((name, column) => [name, plain(row[column])] as const);
      return Object.fromEntries(entries) as Row;
    });
  }

  /** The only row of an answer. */
  async row<Row extends object>(sql: string): Promise<Row> {
    const [first] = await this.rows<Row>(sql);
    if (first === undefined) throw new Error(`no row came back from: ${sql}`);
    return first;
  }

  /** A large answer, chunk by chunk. */
  async *chunks(sql: string): AsyncGenerator<DuckDBDataChunk> {
    const result = await this.#connection.stream(sql);
    while (true) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  /** Fills a table that was just created, in its columns' order; texts become what the columns hold. */
  async fill(table: string, rows: readonly (readonly (string | number | null)[])[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const cells = first.map((_, column) => `cells[${column + 1}]`).join(', ');
    const text = literal(JSON.stringify(rows));
    await this.#connection.run(
      `INSERT INTO ${table} SELECT ${cells} FROM (SELECT unnest(from_json(${text}, '[["VARCHAR"]]')) AS cells)`,
    );
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A value as SQL text. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** A list of file names as SQL text. */
export function fileList(files: readonly string[]): string {
  return `[${files.map(literal).join(', ')}]`;
}

/** A name as SQL text. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A whole column of 32-bit numbers. The fast way leans on a private field of the pinned driver; the slow one does not. */
export function int32Column(chunk: DuckDBDataChunk, column: number): Int32Array {
  const vector = chunk.getColumnVector(column) as unknown as { items?: unknown; getItem(index: number): unknown };
  if (vector.items instanceof Int32Array) return vector.items;
  return Int32Array.from({ length: chunk.rowCount }, (_, index) => Number(vector.getItem(index)));
}

/** The same for a column of 64-bit floating numbers. */
export function doubleColumn(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector = chunk.getColumnVector(column) as unknown as { items?: unknown; getItem(index: number): unknown };
  if (vector.items instanceof Float64Array) return vector.items;
  return Float64Array.from({ length: chunk.rowCount }, (_, index) => Number(vector.getItem(index)));
}

function plain(value: DuckDBValue | undefined): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
