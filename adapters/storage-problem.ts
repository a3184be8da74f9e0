/** A file or folder of a run could not be read or written; the message is one sentence with the path in it. */
export class StorageProblem extends Error {
  override readonly name = 'StorageProblem';
  readonly kind: StorageTrouble;
  /** 1 where the machine failed, 2 where the user named a place that cannot be used. */
  readonly exitCode: 1 | 2;

  constructor(kind: StorageTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.exitCode = kind === 'disk-full' || kind === 'broken' ? 1 : 2;
  }
}

export type StorageTrouble = 'disk-full' | 'read-only' | 'not-found' | 'taken' | 'damaged' | 'broken';

/** Names what the system said about a path; a problem already named passes through. */
export function storageProblem(error: unknown, path: string): StorageProblem {
  if (error instanceof StorageProblem) return error;
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageProblem('disk-full', `no space is left to write ${path}`, error);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new StorageProblem('read-only', `${path} may not be written: the folder is read-only`, error);
    case 'ENOENT':
      return new StorageProblem('not-found', `${path} does not exist`, error);
    case 'ENOTDIR':
    case 'EEXIST':
      return new StorageProblem('taken', `${path} cannot be made: something else stands there`, error);
    default:
      return new StorageProblem('broken', `${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
