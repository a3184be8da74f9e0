import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { storageProblem } from './storage-problem.ts';

/** The calls by which a run reaches the disk, so that a test can plant a full or a read-only one. */
export interface FileCalls {
  readonly mkdir: (path: string, options: { readonly recursive: boolean }) => void;
  readonly open: (path: string, flags: 'w' | 'wx' | 'a' | 'r') => number;
  /** Writes from an offset of the bytes and says how many were taken. */
  readonly write: (file: number, bytes: Uint8Array, offset: number) => number;
  readonly sync: (file: number) => void;
  readonly close: (file: number) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly exists: (path: string) => boolean;
  readonly list: (path: string) => readonly string[];
  readonly read: (path: string) => Uint8Array;
}

export const DISK: FileCalls = {
  mkdir: (path, options) => void mkdirSync(path, options),
  open: (path, flags) => openSync(path, flags),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  exists: (path) => existsSync(path),
  list: (path) => readdirSync(path).sort(),
  read: (path) => readFileSync(path),
};

/** Writes all bytes, however few the system takes at once. */
export function writeAll(calls: FileCalls, file: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) offset += calls.write(file, bytes, offset);
}

/** Writes a file whole and syncs it; a failure is a `StorageProblem`. */
export function writeFileSynced(calls: FileCalls, path: string, ...parts: readonly (string | Uint8Array)[]): void {
  try {
    const file = calls.open(path, 'w');
    try {
      for (const part of parts) writeAll(calls, file, typeof part === 'string' ? Buffer.from(part, 'utf8') : part);
      calls.sync(file);
    } finally {
      calls.close(file);
    }
  } catch (error) {
    throw storageProblem(error, path);
  }
}

/** Reads a file whole; a failure is a `StorageProblem`. */
export function readBytes(path: string, calls: FileCalls): Buffer {
  try {
    const bytes = calls.read(path);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw storageProblem(error, path);
  }
}
