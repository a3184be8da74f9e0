import type { GuardRecord } from '../engine/journal.ts';
import type { StructureId } from '../engine/model/order.ts';
import type { EpochMs } from '../engine/model/time.ts';
import type { RunRecords } from './run-records.ts';

/** The level of one guard from when it was set, over each move, to when it acted or what it watched was closed. Paise. */
export interface GuardLine {
  readonly structureId: StructureId;
  /** Null where it watches the whole structure. */
  readonly leg: string | null;
  readonly basis: Exclude<GuardRecord['basis'], 'time'>;
  readonly act: Exclude<GuardRecord['act'], 'time'>;
  readonly steps: readonly (readonly [EpochMs, number])[];
  /** Null where it still stood when the run ended. */
  readonly endedAt: EpochMs | null;
  readonly fired: boolean;
}

type Growing = Omit<GuardLine, 'steps' | 'endedAt' | 'fired'> & {
  readonly guard: string;
  readonly steps: [EpochMs, number][];
  endedAt: EpochMs | null;
  fired: boolean;
};

/** Guards that have a level, in the order in which they were set. */
export function guardLines({ guards, legs, closed }: RunRecords): readonly GuardLine[] {
  const lines: Growing[] = [];
  const standing = new Map<StructureId, Growing[]>();
  for (const record of [...guards, ...legs, ...closed].sort((a, b) => a.seq - b.seq)) {
    const own = standing.get(record.structure) ?? [];
    if (record.kind === 'structure-closed') {
      for (const line of own) line.endedAt = record.ts;
      standing.delete(record.structure);
    } else if (record.kind === 'leg-closed') {
      for (const line of own) if (line.leg === record.leg) line.endedAt = record.ts;
      standing.set(
        record.structure,
        own.filter((line) => line.leg !== record.leg),
      );
    } else {
      standing.set(record.structure, guarded(own, record, lines));
    }
  }
  return lines.map(({ guard: _, ...line }) => line);
}

/** What stands after a guard was set, moved or fired; a new one joins the lines. */
function guarded(own: readonly Growing[], record: GuardRecord, lines: Growing[]): Growing[] {
  const { kind, structure, guard, leg, basis, act, level, ts } = record;
  if (basis === 'time' || act === 'time' || level === null) return [...own];
  if (kind === 'guard-set') {
    const steps: [EpochMs, number][] = [[ts, level]];
    const line: Growing = { structureId: structure, guard, leg, basis, act, steps, endedAt: null, fired: false };
    lines.push(line);
    return [...own, line];
  }
  const line = nearest(own, record);
  if (line === undefined) return [...own];
  if (kind === 'guard-moved') {
    line.steps.push([ts, level]);
    return [...own];
  }
  line.endedAt = ts;
  line.fired = kind === 'guard-fired';
  return own.filter((one) => one !== line);
}

/** Of two guards of one name, such as a level above and one below, the one that a record speaks of stands nearer to its level. */
function nearest(own: readonly Growing[], { guard, leg, level }: GuardRecord): Growing | undefined {
  let best: Growing | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const line of own) {
    if (line.guard !== guard || line.leg !== leg) continue;
    const apart = Math.abs((line.steps.at(-1)?.[1] ?? 0) - (level ?? 0));
    if (apart >= distance) continue;
    best = line;
    distance = apart;
  }
  return best;
}
