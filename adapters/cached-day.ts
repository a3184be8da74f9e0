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
  const slots = instruments.map(() => -1);
  const picked = instruments.filter((instrument) => isWanted(instrument, wanted));
  let slot = 0;
  for (const [place, instrument] of instruments.entries()) {
    if (instrument !== picked[slot]) continue;
    slots[place] = slot;
    slot += 1;
  }
  const pieces = blocks.groups.flatMap((places, group) => {
    const runs = runsOf(places.map((place) => slots[place] ?? -1));
    return runs.length === 0 ? [] : [{ group, width: places.length, runs }];
  });
  const [first] = pieces;
  const [run] = first?.runs ?? [];
  const isWhole = pieces.length === 1 && run?.count === first?.width && run?.count === picked.length;
  return { instruments: picked, whole: isWhole ? first?.group : undefined, pieces };
}

/** Neighbours in a group that are neighbours among the slots too. */
function runsOf(slots: readonly number[]): readonly SlotRun[] {
  const runs: { from: number; to: number; count: number }[] = [];
  for (const [from, to] of slots.entries()) {
    if (to === -1) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.count === from && last.to + last.count === to) last.count += 1;
    else runs.push({ from, to, count: 1 });
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
