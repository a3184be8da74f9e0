import { unreachable } from '../engine/assert.ts';
import type { Instrument } from '../engine/model/instrument.ts';
import type { DayContents, Wanted } from './candle-archive-types.ts';
import type { SlotRun } from './day-buffers.ts';
import type { BlocksFound, FoundHeader } from './run-cache.ts';

/** A cache file whose header was read: what it holds, and where. */
export interface CachedDay extends DayContents {
  readonly path: string;
  readonly blocks: BlocksFound;
}

/** What of a file's groups is wanted, and where its instruments go. */
export interface Chosen {
  /** In their total order; the first has slot 0. */
  readonly instruments: readonly Instrument[];
  /** The one group that is wanted as it stands, where that is so. */
  readonly whole: number | undefined;
  readonly pieces: readonly { readonly group: number; readonly width: number; readonly runs: readonly SlotRun[] }[];
}

export function cachedDay(path: string, header: FoundHeader, intern: (key: string) => Instrument): CachedDay {
  const instruments = header.instruments.map(intern);
  const { start, length, groups, checksums, contentHash } = header;
  const expiries = new Set(instruments.flatMap((one) => (one.kind === 'option' ? one.expiry : [])));
  return {
    path,
    blocks: { start, length, groups, checksums },
    index: instruments[0]?.kind === 'index',
    futures: instruments.flatMap((one) => (one.kind === 'future' ? one.expiry : [])),
    expiries: [...expiries],
    instruments,
    contentHash,
  };
}

/** Finds the groups that hold what is wanted. */
export function chosenOf({ instruments, blocks }: CachedDay, wanted: Wanted): Chosen {
  const slots = new Int32Array(instruments.length).fill(-1);
  const picked: Instrument[] = [];
  for (let place = 0; place < instruments.length; place += 1) {
    const instrument = instruments[place];
    if (instrument === undefined || !isWanted(instrument, wanted)) continue;
    slots[place] = picked.length;
    picked.push(instrument);
  }
  const pieces = blocks.groups.flatMap((places, group) => {
    const runs = runsOf(places, slots);
    return runs.length === 0 ? [] : [{ group, width: places.length, runs }];
  });
  const [first] = pieces;
  const [run] = first?.runs ?? [];
  const isWhole = pieces.length === 1 && run?.count === first?.width && run?.count === picked.length;
  return { instruments: picked, whole: isWhole ? first?.group : undefined, pieces };
}

/** Neighbours in a group that are neighbours among the slots too. */
function runsOf(places: readonly number[], slots: Int32Array): readonly SlotRun[] {
  const runs: { from: number; to: number; count: number }[] = [];
  let last: { from: number; to: number; count: number } | undefined;
  for (let from = 0; from < places.length; from += 1) {
    const to = slots[places[from] ?? 0] ?? -1;
    if (to === -1) continue;
    if (last !== undefined && last.from + last.count === from && last.to + last.count === to) last.count += 1;
    else {
      last = { from, to, count: 1 };
      runs.push(last);
    }
  }
  return runs;
}

function isWanted(instrument: Instrument, wanted: Wanted): boolean {
  switch (instrument.kind) {
    case 'index':
      return wanted.index === 'include';
    case 'future':
      return wanted.futures === 'all' || wanted.futures.includes(instrument.expiry);
    case 'option': {
      if (wanted.expiries !== 'all' && !wanted.expiries.includes(instrument.expiry)) return false;
      const { strikes } = wanted;
      return strikes === undefined || (instrument.strike >= strikes.min && instrument.strike <= strikes.max);
    }
    default:
      return unreachable(instrument);
  }
}
