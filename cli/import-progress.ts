import { basename } from 'node:path';
import type { WriteStream } from 'node:tty';
import cliProgress from 'cli-progress';

/** Shows which file of an import is being read. */
export interface ImportProgress {
  at(done: number, total: number, file: string): void;
  stop(): void;
}

/** A bar on a terminal, a line a file elsewhere. */
export function importProgress(stream: WriteStream): ImportProgress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

function barOn(stream: WriteStream): ImportProgress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {value}/{total} files  {file}',
    hideCursor: true,
    clearOnComplete: true,
  });
  let started = false;
  return {
    at(done, total, file) {
      if (!started) bar.start(total, done, { file: basename(file) });
      started = true;
      bar.update(done, { file: basename(file) });
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function linesOn(stream: WriteStream): ImportProgress {
  return {
    at(done, total, file) {
      stream.write(done < total ? `reading ${done + 1} of ${total}: ${basename(file)}\n` : `${file}\n`);
    },
    stop() {
      // Lines need no end.
    },
  };
}
