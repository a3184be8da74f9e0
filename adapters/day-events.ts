import { broken } from '../engine/assert.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { CandleFrame } from '../engine/model/candle-frame.ts';
import type {
  FinalLevel,
  InputEvent,
  MinuteClosed,
  MinuteDrawn,
  OpeningFacts,
  PreviousSessions,
} from '../engine/model/event.ts';
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
  readonly previous?: PreviousSessions;
  readonly officialCloses: readonly FinalLevel[];
  readonly estimatedCloses?: readonly FinalLevel[];
}

/** How many inputs a day makes: two for each minute, and its opening and closing. */
export function inputsOfDay({ starts }: DayCandles): number {
  return 2 * starts.length + 2;
}

/**
 * The inputs of one day of candles, in order: the session opens, each minute is drawn at its start and known `closeGraceMs` after its
 * end, the session closes. A candle stamped at its start is re-stamped here and nowhere else. The batches, their minutes and frames
 * are the same few objects all day: who keeps one copies it.
 */
export function* dayBatches(inputs: DayInputs): Generator<readonly InputEvent[]> {
  const { session, candles, closeGraceMs, facts, officialCloses, estimatedCloses = [] } = inputs;
  const first = session.windows[0]?.open ?? epochMs(0);
  const last = session.windows.at(-1)?.close ?? first;
  const numbers = new SeqNumbers(inputs.seqBefore);
  yield [
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
      ...(inputs.previous && { previous: inputs.previous }),
      ...numbers.next(),
    },
  ];
  yield* minuteBatches(inputs, numbers);
  const closes = epochMs(last + 2 * Math.max(closeGraceMs, 1_000));
  yield [{ kind: 'session-closed', ts: closes, day: candles.day, officialCloses, estimatedCloses, ...numbers.next() }];
}

/** A minute becomes known after the next one was drawn, so two frames take turns; after a pause it is known before. */
function* minuteBatches(inputs: DayInputs, numbers: SeqNumbers): Generator<readonly InputEvent[]> {
  const { session, candles, closeGraceMs } = inputs;
  const frames = [new CandleFrame(), new CandleFrame()] as const;
  const drawn: Changing<MinuteDrawn> = { kind: 'minute-drawn', ts: epochMs(0), frame: frames[0] };
  const closed: Changing<MinuteClosed> = { kind: 'minute-closed', ts: epochMs(0), frame: frames[0] };
  // Three lists for the whole day: one that is emptied and filled each minute would throw its memory away each time.
  const first = [drawn] as const;
  const onTime = [drawn, closed] as const;
  const afterPause = [closed, drawn] as const;
  let waits = false;
  for (let minute = 0; minute < candles.starts.length; minute += 1) {
    const start = candles.starts[minute] ?? 0;
    const frame = frames[minute % 2 === 0 ? 0 : 1];
    frame.show(candles, minute);
    const ends = Math.min(start + candles.intervalMs, windowEnd(session, start));
    frame.intervalMs = ends - start;
    drawn.ts = epochMs(start);
    drawn.frame = frame;
    const inTurn = closed.ts <= start ? afterPause : onTime;
    const batch = waits ? inTurn : first;
    for (const event of batch) numbers.on(event);
    yield batch;
    closed.ts = epochMs(ends + closeGraceMs);
    closed.frame = frame;
    waits = true;
  }
  if (waits) yield [numbers.on(closed)];
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] } & { seq?: number };

/** Numbers inputs by their arrival, where a run counts them. */
class SeqNumbers {
  #last: number | undefined;

  constructor(before: number | undefined) {
    this.#last = before;
  }

  next(): { readonly seq?: number } {
    if (this.#last === undefined) return {};
    this.#last += 1;
    return { seq: this.#last };
  }

  on<T extends { seq?: number }>(event: T): T {
    if (this.#last === undefined) return event;
    this.#last += 1;
    event.seq = this.#last;
    return event;
  }
}

function windowEnd(session: SessionWindows, start: number): number {
  for (const { open, close } of session.windows) if (start >= open && start < close) return close;
  return outside(start);
}

/** Apart from the search, since optimised code would write the number's text for every minute, needed or not. */
function outside(start: number): never {
  return broken(`a candle starts at ${start}, outside the windows of its session`);
}
