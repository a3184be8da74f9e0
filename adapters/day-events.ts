import { invariant } from '../engine/assert.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { CandleFrame } from '../engine/model/candle-frame.ts';
import type { InputEvent, OpeningFacts } from '../engine/model/event.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { EpochMs } from '../engine/model/time.ts';
import { epochMs } from '../engine/model/time.ts';

/** Hours of a session as its inputs need them. */
export interface SessionWindows {
  readonly windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  readonly planned: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  readonly special: boolean;
  readonly indexLiveUntil: EpochMs;
  readonly settlementAt: EpochMs;
}

export interface DayInputs {
  readonly session: SessionWindows;
  readonly candles: DayCandles;
  readonly closeGraceMs: number;
  /** Inputs that came before this day; its own are numbered from the next on. */
  readonly seqBefore?: number;
  readonly facts: readonly OpeningFacts[];
  readonly officialCloses: readonly { readonly underlying: Underlying; readonly level: number }[];
}

/**
 * The inputs of one day of candles, in order: the session opens, each minute is drawn at its start and known `closeGraceMs` after its
 * end, the session closes. A candle stamped at its start is re-stamped here and nowhere else.
 */
export function dayEvents(inputs: DayInputs): InputEvent[] {
  const { session, candles, closeGraceMs, facts, officialCloses, seqBefore } = inputs;
  const first = session.windows[0]?.open ?? epochMs(0);
  const last = session.windows.at(-1)?.close ?? first;
  const events: InputEvent[] = [
    {
      kind: 'session-opened',
      ts: first,
      day: candles.day,
      special: session.special,
      windows: session.windows,
      planned: session.planned,
      indexLiveUntil: session.indexLiveUntil,
      settlementAt: session.settlementAt,
      intervalMs: candles.intervalMs,
      instruments: candles.instruments,
      facts,
    },
  ];
  let waiting: InputEvent | undefined;
  candles.starts.forEach((start, minute) => {
    const frame = new CandleFrame();
    frame.show(candles, minute);
    if (waiting !== undefined && waiting.ts <= start) {
      events.push(waiting);
      waiting = undefined;
    }
    events.push({ kind: 'minute-drawn', ts: epochMs(start), frame });
    if (waiting !== undefined) events.push(waiting);
    const ends = Math.min(start + candles.intervalMs, windowEnd(session, start));
    frame.intervalMs = ends - start;
    waiting = { kind: 'minute-closed', ts: epochMs(ends + closeGraceMs), frame };
  });
  if (waiting !== undefined) events.push(waiting);
  const closes = epochMs(last + 2 * Math.max(closeGraceMs, 1_000));
  events.push({ kind: 'session-closed', ts: closes, day: candles.day, officialCloses });
  return seqBefore === undefined ? events : events.map((event, index) => ({ ...event, seq: seqBefore + index + 1 }));
}

function windowEnd(session: SessionWindows, start: number): number {
  const window = session.windows.find(({ open, close }) => start >= open && start < close);
  invariant(window !== undefined, `a candle starts at ${start}, outside the windows of its session`);
  return window.close;
}
