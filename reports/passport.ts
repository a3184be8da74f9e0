import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';

const DayText = z.custom<Day>((value) => typeof value === 'string' && isDay(value), 'a day reads YYYY-MM-DD');
const Count = z.number().int().nonnegative();
const Text = z.string().min(1);
const Hash = z.string().regex(/^[0-9a-f]{8,64}$/);
const Segment = z.enum(UNDERLYINGS);
const Plain = z.json();

/** One strategy on one segment; its agent is called `name/segment`. */
const StrategyCard = z.strictObject({
  name: Text,
  /** The strategy's own name, where the agent has another. */
  strategy: Text.optional(),
  segment: Segment,
  params: z.record(z.string(), Plain),
  /** Of name, version, parameters, and the code where it is the person's own. */
  hash: Hash,
  /** SHA-256 of the code of a strategy of the person's own; absent for those of the program. */
  code: Hash.optional(),
});

/** A model that guessed something, and the guess as a sentence. */
const ModelCard = z.strictObject({ name: Text, version: Text, assumption: Text });

const DataCard = z.strictObject({
  kind: z.enum(['real', 'synthetic', 'modelled']),
  hash: Hash,
  intervalMs: Count,
  /** Session days played. */
  days: Count,
  /** Cells of the universe that had a candle; null where nothing was counted. */
  coveragePct: z.number().min(0).max(100).nullable(),
  missingDays: z.array(DayText),
  skippedDays: z.array(z.strictObject({ day: DayText, reason: Text })),
});

/** What the run was made of and with. Equal runs have equal cards, whenever and wherever they ran. */
const RunCard = z.strictObject({
  formatVersion: z.literal(1),
  mode: z.enum(['BACKTEST', 'PAPER', 'LIVE']),
  from: DayText,
  to: DayText,
  segments: z.array(Segment).min(1),
  strategies: z.array(StrategyCard).min(1),
  /** Paise. */
  capital: z.number().int().positive(),
  lots: Count,
  /** The effective configuration. */
  settings: z.record(z.string(), Plain),
  data: DataCard,
  code: z.strictObject({ name: Text, version: Text }),
  seed: z.union([z.number(), z.string()]),
  models: z.array(ModelCard),
  warmup: z.strictObject({ candles: Count, endsAt: z.string().nullable() }),
  /** Minutes of each rung of the underlying ladder. */
  rungs: z.partialRecord(Segment, z.strictObject({ index: Count, parity: Count, future: Count, none: Count })),
  warnings: z.array(Text),
});

/** What came out, in paise, so that a list of runs need not read journals. */
const ResultCard = z.strictObject({
  journalHash: Hash,
  journalRecords: Count,
  moneyHash: Hash.nullable(),
  /** Prices of what was traded; absent in runs that were made before they were kept. */
  pricesHash: Hash.nullable().optional(),
  structures: Count,
  trades: Count,
  gross: z.number().int(),
  charges: z.number(),
  net: z.number(),
  /** Deepest fall of equity, marked each minute. */
  drawdown: z.number(),
});

/** When and where it ran: outside the hash and on no sheet. */
const SessionCard = z.strictObject({
  runId: Text,
  startedAt: Text,
  finishedAt: Text,
  host: z.string(),
  node: z.string(),
  /** Milliseconds by step. */
  durations: z.record(z.string(), z.number()),
  /** The person's own strategies: their files, and whether `sim strategies check` had passed them when the run began. */
  own: z
    .array(
      z.strictObject({
        name: Text,
        file: Text,
        code: Hash,
        check: z.enum(['checked', 'check did not hold', 'not checked']),
      }),
    )
    .optional(),
});

/** `passport.json` of a run. */
export const Passport = z.strictObject({
  /** SHA-256 of `run` and `results`, keys sorted. */
  hash: Hash,
  run: RunCard,
  results: ResultCard,
  session: SessionCard,
});

export type RunCard = z.infer<typeof RunCard>;
export type ResultCard = z.infer<typeof ResultCard>;
export type SessionCard = z.infer<typeof SessionCard>;
export type Passport = z.infer<typeof Passport>;

/** Checks the cards and hashes what is to be equal for equal runs. */
export function sealPassport(run: RunCard, results: ResultCard, session: SessionCard): Passport {
  const hash = createHash('sha256').update(sortedJson({ run, results })).digest('hex');
  return Passport.parse({ hash, run, results, session });
}

/** JSON with the keys of every object sorted by code unit, so that equal values have equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The text of `passport.json`. */
export function passportText(passport: Passport): string {
  return `${JSON.stringify(passport, undefined, 2)}\n`;
}
