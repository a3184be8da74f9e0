import type { SingleBar } from 'cli-progress';
import { rupeesText } from '../engine/model/units.ts';
import type { DayProgress } from './backtest.ts';

/** Shows how far a long run is: a bar on a terminal, a line per tenth elsewhere, nothing when told to be quiet. */
export interface Progress {
  day(progress: DayProgress): void;
  end(): void;
}

export async function progressFor(parts: {
  readonly stream: NodeJS.WriteStream;
  readonly quiet: boolean;
  readonly clock: () => number;
}): Promise<Progress> {
  if (parts.quiet) return { day: () => undefined, end: () => undefined };
  return parts.stream.isTTY ? await barOn(parts.stream, parts.clock) : linesOn(parts.stream, parts.clock);
}

async function barOn(stream: NodeJS.WriteStream, clock: () => number): Promise<Progress> {
  const { default: progress } = await import('cli-progress');
  const began = clock();
  let bar: SingleBar | undefined;
  return {
    day({ day, done, of, structures, net }) {
      if (bar === undefined) {
        const format = '{percentage} % [{bar}] {day}  {rate} days/s  {left} s left  {structures} trades  net {net}';
        bar = new progress.SingleBar({ format, stream, barsize: 24, hideCursor: true }, progress.Presets.legacy);
        bar.start(of, 0, { day, rate: '-', left: '-', structures, net: '-' });
      }
      const rate = ratePerSecond(done, began, clock);
      const left = rate === 0 ? '-' : Math.ceil((of - done) / rate);
      bar.update(done, { day, rate: rate.toFixed(1), left, structures, net: rupeesText(net) });
    },
    end: () => bar?.stop(),
  };
}

function linesOn(stream: NodeJS.WriteStream, clock: () => number): Progress {
  const began = clock();
  let tenth = 0;
  return {
    day({ day, done, of, structures, net }) {
      const now = Math.floor((done * 10) / of);
      if (now === tenth) return;
      tenth = now;
      const rate = ratePerSecond(done, began, clock).toFixed(1);
      stream.write(`${now * 10} %  ${day}  ${rate} days/s  ${structures} trades  net ${rupeesText(net)}\n`);
    },
    end: () => undefined,
  };
}

function ratePerSecond(done: number, began: number, clock: () => number): number {
  const seconds = (clock() - began) / 1_000;
  return seconds <= 0 ? 0 : done / seconds;
}
