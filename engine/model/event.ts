import type { CandleFrame } from './candle-frame.ts';
import type { Instrument, Underlying } from './instrument.ts';
import type { AgentId, EvidenceGrade, FillSteps, OrderId, Terms } from './order.ts';
import type { Day, EpochMs } from './time.ts';
import type { Lots, Paise } from './units.ts';

/** What is known of an underlying when its session opens; paise, undefined where nobody knows. */
export interface OpeningFacts {
  readonly underlying: Underlying;
  readonly previousClose: number | undefined;
  /** India VIX close of the session before, in hundredths of a point. */
  readonly vixPreviousClose: number | undefined;
}

/** The last day with a session before a day by the calendar: any, and an ordinary one; undefined before the tables begin. */
export interface PreviousSessions {
  readonly any: Day | undefined;
  readonly ordinary: Day | undefined;
}

/** A session begins: which instrument has which slot today, and the windows in which the market is open. */
export interface SessionOpened {
  readonly kind: 'session-opened';
  readonly ts: EpochMs;
  readonly day: Day;
  readonly special: boolean;
  readonly windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  /** The windows as known before the open: a halt that nobody announced is not in them. */
  readonly planned: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  /** From then on the index is no live price: its shares have left continuous trading. */
  readonly indexLiveUntil: EpochMs;
  /** From then on the settlement level of contracts that expire today is known, and they fill no more. */
  readonly settlementAt: EpochMs;
  readonly intervalMs: number;
  readonly instruments: readonly Instrument[];
  readonly facts: readonly OpeningFacts[];
  /** Absent where nobody asked the calendar. */
  readonly previous?: PreviousSessions;
}

/**
 * A session ends. `officialCloses` are the final index levels of the day where they are known, paise; `estimatedCloses` are what stands
 * for them where they are not, better than the last level.
 */
export interface SessionClosed {
  readonly kind: 'session-closed';
  readonly ts: EpochMs;
  readonly day: Day;
  readonly officialCloses: readonly FinalLevel[];
  readonly estimatedCloses?: readonly FinalLevel[];
}

/** Level that contracts of an underlying settle at, paise. */
export interface FinalLevel {
  readonly underlying: Underlying;
  readonly level: number;
}

/** The market's path for the minute that begins now was drawn from its candles; only the venue's side may look into it. */
export interface MinuteDrawn {
  readonly kind: 'minute-drawn';
  readonly ts: EpochMs;
  readonly frame: CandleFrame;
}

/** One minute of the whole market is over and known. */
export interface MinuteClosed {
  readonly kind: 'minute-closed';
  readonly ts: EpochMs;
  readonly frame: CandleFrame;
}

/** A watched instrument's price moved. */
export interface QuoteChanged {
  readonly kind: 'quote-changed';
  readonly ts: EpochMs;
  readonly slot: number;
  readonly price: Paise;
}

/** A human's word. `halt` = no new entries; `flatten` = close own lots of a scope; `exit-positions` = halt and flatten all. */
export interface OperatorCommanded {
  readonly kind: 'operator-commanded';
  readonly ts: EpochMs;
  readonly command: 'halt' | 'resume' | 'flatten' | 'exit-positions';
  readonly scope: string;
  readonly by: string;
}

/** Time passed with nothing else to say, so that timers fire in silence. */
export interface ClockTicked {
  readonly kind: 'clock-ticked';
  readonly ts: EpochMs;
}

/** The venue said something about an order. `tsExchange` is its instant. */
export type OrderEvent =
  | { readonly kind: 'order-accepted'; readonly order: OrderId; readonly tsExchange: EpochMs }
  | { readonly kind: 'order-rejected'; readonly order: OrderId; readonly tsExchange: EpochMs; readonly reason: string }
  | { readonly kind: 'order-triggered'; readonly order: OrderId; readonly tsExchange: EpochMs }
  | {
      readonly kind: 'order-filled';
      readonly order: OrderId;
      readonly tsExchange: EpochMs;
      readonly lots: Lots;
      readonly price: Paise;
      readonly grade: EvidenceGrade;
      readonly manner: 'taken' | 'passive' | 'settled';
      readonly steps: FillSteps;
    }
  | {
      readonly kind: 'order-modified';
      readonly order: OrderId;
      readonly tsExchange: EpochMs;
      readonly terms: Terms;
      /** Lots that the order is for now, those filled included. */
      readonly lots: Lots;
    }
  | { readonly kind: 'modify-rejected'; readonly order: OrderId; readonly tsExchange: EpochMs; readonly reason: string }
  | { readonly kind: 'order-canceled'; readonly order: OrderId; readonly tsExchange: EpochMs }
  | { readonly kind: 'cancel-rejected'; readonly order: OrderId; readonly tsExchange: EpochMs; readonly reason: string }
  | { readonly kind: 'order-expired'; readonly order: OrderId; readonly tsExchange: EpochMs }
  | {
      readonly kind: 'order-unresolved';
      readonly order: OrderId;
      readonly tsExchange: EpochMs;
      readonly reason: string;
    };

/** A time that somebody asked for has come. */
export type TimerFired =
  | { readonly kind: 'timer-fired'; readonly owner: 'agent'; readonly agent: AgentId; readonly name: string }
  | { readonly kind: 'timer-fired'; readonly owner: 'desk'; readonly task: number };

/** An order, a change or a cancel reaches the simulated venue. */
export interface RequestArrived {
  readonly kind: 'request-arrived';
  readonly request: number;
}

/** What the engine plans for itself: it waits in the queue until it is due. */
export type ScheduledEvent = OrderEvent | TimerFired | RequestArrived;

/**
 * What comes in from outside, in order. `seq` is the order of arrival, given by whoever took it in: it settles ties of `ts`, and the
 * kernel refuses an input that does not rise. Absent where a single hand feeds the kernel in order, such as a test.
 */
export type InputEvent = Occurrence & { readonly seq?: number };

type Occurrence =
  | SessionOpened
  | SessionClosed
  | MinuteDrawn
  | MinuteClosed
  | QuoteChanged
  | OperatorCommanded
  | ClockTicked
  | (OrderEvent & { readonly ts: EpochMs });

export type EngineEvent = InputEvent | ScheduledEvent;
