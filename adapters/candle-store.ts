import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PartitionName } from '../datasets/candle-row.ts';
import { intervalMsOf, intervalText, partitionPath } from '../datasets/candle-row.ts';
import type { StoreKind } from '../datasets/manifest.ts';
import { StoreCard } from '../datasets/manifest.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { compareText, isUnderlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';

/** A store that cannot be used as asked; the message says why and what to do. */
export class StoreProblem extends Error {
  override readonly name = 'StoreProblem';
}

/** The folders and files of a store on disk; it knows where things stand, not what is in them. */
export class CandleStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get exists(): boolean {
    return existsSync(this.root);
  }

  /** The kind that the store says it is; a folder without a card is a real one when it holds anything of ours. */
  get kind(): StoreKind | undefined {
    return this.card()?.kind;
  }

  card(): StoreCard | undefined {
    const path = join(this.root, 'store.json');
    if (!existsSync(path)) return undefined;
    const parsed = StoreCard.safeParse(parseJson(path));
    if (!parsed.success)
      throw new StoreProblem(`${path} is not a store's card: it must hold {"format": 1, "kind": "real"}`);
    return parsed.data;
  }

  /** Makes the store on first use, and refuses to put real rows into a synthetic one or the other way round. */
  claim(kind: StoreKind, note = ''): void {
    const card = this.card();
    if (card === undefined) {
      mkdirSync(this.root, { recursive: true });
      writeJson(join(this.root, 'store.json'), { format: 1, kind, note });
      return;
    }
    this.refuseOther(kind);
  }

  /** Throws when the store exists and is of the other kind. */
  refuseOther(kind: StoreKind): void {
    const found = this.kind;
    if (found === undefined || found === kind) return;
    throw new StoreProblem(
      `${this.root} is a ${found} store and takes no ${kind} rows; name another folder with --store`,
    );
  }

  underlyings(intervalMs: number): Underlying[] {
    const names = children(join(this.root, 'candles', `interval=${intervalText(intervalMs)}`), 'underlying=');
    return names.filter(isUnderlying);
  }

  /** Intervals that hold anything, finest first. */
  intervals(): number[] {
    const found = children(join(this.root, 'candles'), 'interval=').map(intervalMsOf);
    return found.filter((ms) => ms !== undefined).sort((a, b) => a - b);
  }

  /** Days with candles, rising. */
  days(of: { readonly intervalMs: number; readonly underlying: Underlying }): Day[] {
    const folder = join(this.root, 'candles', `interval=${intervalText(of.intervalMs)}`, `underlying=${of.underlying}`);
    return children(folder, 'date=').filter(isDay);
  }

  partitionFolder(name: PartitionName): string {
    return join(this.root, 'candles', partitionPath(name));
  }

  /** The Parquet files of a partition, in order of name. */
  partitionFiles(name: PartitionName): string[] {
    return parquetFiles(this.partitionFolder(name));
  }

  /** Changes whenever the files of a partition do. */
  signature(name: PartitionName): string {
    return signatureOf(this.partitionFiles(name));
  }

  /** Files of a table beside the candles, such as `daily/index/name=NIFTY`. */
  tableFiles(...parts: readonly string[]): string[] {
    return parquetFiles(join(this.root, ...parts));
  }

  /** Sub-folders `<prefix>...` of a table, without the prefix, in order. */
  tableParts(prefix: string, ...parts: readonly string[]): string[] {
    return children(join(this.root, ...parts), prefix);
  }

  manifests(): string[] {
    return children(join(this.root, 'imports'), '').map((id) => join(this.root, 'imports', id, 'manifest.json'));
  }
}

/** Name, size and time of change of some files, as one text. */
export function signatureOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${basename(file)}:${size}:${mtimeMs}`;
    })
    .join('|');
}

/** Writes a small file so that a reader sees the old or the new one, never a half. */
export function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.tmp`, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}

function children(folder: string, prefix: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !name.startsWith('.'))
    .map((name) => name.slice(prefix.length))
    .sort(compareText);
}

function parquetFiles(folder: string): string[] {
  return children(folder, '')
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, name));
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
