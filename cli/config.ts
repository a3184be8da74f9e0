import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day, IstTime } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import { DEFAULT_EXECUTION } from '../engine/orders/execution-policy.ts';
import { UserError } from './user-error.ts';

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform((text) => text as IstTime);
const dayText = z
  .string()
  .refine(isDay, 'a day of the calendar, YYYY-MM-DD')
  .transform((text) => text as Day);
const segment = z.enum(UNDERLYINGS);
const rupees = z.number().positive().max(1e11);
const count = z.number().int().nonnegative();
const pct = z.number().nonnegative().max(100);

const StrategyChoice = z.strictObject({
  name: z.string(),
  segments: z.array(segment).min(1).optional(),
  lots: z.number().int().positive().max(10_000).optional(),
  params: z.record(z.string(), z.unknown()).default({}),
});

const Risk = z.strictObject({
  lossPerDayMax: rupees.optional().describe('rupees; all agents are flattened and halted'),
  lossPerDaySegmentMax: rupees.optional().describe('rupees, for the agents of one segment'),
  lossPlannedCounts: z.enum(['new', 'new-and-open']).default('new'),
  profitPerDayTarget: rupees.optional().describe('rupees'),
  profitTargetAct: z.enum(['halt', 'flatten']).default('halt'),
  profitLockFrom: rupees.optional().describe('rupees of net from which a share of the best net is kept'),
  profitLockShare: z.number().min(0).lt(1).default(0.5),
  structuresPerDayMax: count.optional(),
  structuresOpenMax: count.optional(),
  structuresOpenAccountMax: count.optional(),
  lotsPerOrderMax: count.optional(),
  lotsPerStructureMax: count.optional(),
  entryFrom: time.optional(),
  entryTo: time.optional(),
  squareOffAt: time.optional(),
});

const Execution = z.strictObject({
  protectionPct: pct.default(DEFAULT_EXECUTION.protectionPct),
  stopRoomPct: pct.default(DEFAULT_EXECUTION.stopRoomPct),
  stopRoomMin: z
    .number()
    .positive()
    .default(DEFAULT_EXECUTION.stopRoomMin / 100)
    .describe('rupees'),
  disasterStop: z.boolean().default(true).describe('a resting stop for every short leg'),
  disasterStopGuardMultiple: z.number().min(1).default(DEFAULT_EXECUTION.disasterStop.guardMultiple),
  disasterStopPctMin: z.number().positive().default(DEFAULT_EXECUTION.disasterStop.pctMin),
  chaseEveryMs: z.number().int().min(100).default(DEFAULT_EXECUTION.chaseEveryMs),
  chaseAlarmAfter: count.default(DEFAULT_EXECUTION.chaseAlarmAfter),
});

/** What a run is made with. Money in rupees here and only here; the engine gets paise. */
export const Config = z.strictObject({
  strategy: z.string().default('atm-straddle'),
  params: z.record(z.string(), z.unknown()).default({}),
  strategies: z.array(StrategyChoice).min(1).optional().describe('instead of strategy, params and segments'),
  segments: z.array(segment).min(1).default(['NIFTY']),
  lots: z.number().int().positive().max(10_000).default(1),
  capital: rupees.default(1_000_000).describe('rupees'),
  from: dayText.optional(),
  to: dayText.optional(),
  data: z.enum(['store', 'synthetic']).optional(),
  store: z.string().min(1).optional(),
  runs: z.string().min(1).default('./runs'),
  interval: z
    .string()
    .regex(/^\d{1,3}m$/, 'minutes, such as 1m or 3m')
    .optional(),
  seed: z.number().int().nonnegative().default(1),
  skipMissing: z.boolean().default(false),
  specialSessions: z.enum(['include', 'exclude']).default('exclude'),
  carry: z.enum(['flat', 'hypothetical']).default('flat'),
  closeGraceMs: z.number().int().min(0).max(10_000).default(1_000),
  fills: z
    .strictObject({
      slippageTicks: count.default(1),
      halfSpreadPct: pct.default(0.25),
      participationPct: pct.positive().default(10),
    })
    .prefault({}),
  latency: z
    .strictObject({
      decideToVenueMs: count.default(300),
      venueToUsMs: count.default(100),
      betweenLegsMs: count.default(150),
    })
    .prefault({}),
  execution: Execution.prefault({}),
  risk: Risk.prefault({}),
});

export type Config = z.infer<typeof Config>;

/** Reads a configuration file (YAML, of which JSON is a part); errors name file, line and field. */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) throw new UserError(`--config must name a file that exists, was ${path}`);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(readFileSync(path, 'utf8'), { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${path} is not valid YAML: ${firstLine(error.message)}`);
  const value: unknown = document.toJS({ maxAliasCount: 10 });
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new UserError(
      `${path} must hold settings as "name: value" lines, was ${Array.isArray(value) ? 'a list' : typeof value}`,
    );
  }
  return value as Record<string, unknown>;
}

/** Lays flags over a file's settings and checks the whole. `set` entries read `key=value`; a dotted key names a setting, a plain one a strategy parameter. */
export async function effectiveConfig(parts: {
  readonly file: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly set: readonly string[];
}): Promise<Config> {
  const merged: Record<string, unknown> = { ...parts.file };
  for (const [name, value] of Object.entries(parts.flags)) if (value !== undefined) merged[name] = value;
  for (const entry of parts.set) await applySet(merged, entry);
  const read = Config.safeParse(merged);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UserError(sentenceOf(issue, merged));
}

async function applySet(into: Record<string, unknown>, entry: string): Promise<void> {
  const at = entry.indexOf('=');
  if (at <= 0) throw new UserError(`--set must read key=value, was "${entry}"`);
  const { parse } = await import('yaml');
  const value: unknown = parse(entry.slice(at + 1));
  const path = entry.slice(0, at).split('.');
  const names = path.length === 1 ? ['params', ...path] : path;
  let place = into;
  for (const name of names.slice(0, -1)) {
    const inner = { ...(place[name] as Record<string, unknown> | undefined) };
    place[name] = inner;
    place = inner;
  }
  place[names.at(-1) ?? ''] = value;
}

/** One sentence with the field, the value and what is allowed. */
export function sentenceOf(issue: z.core.$ZodIssue | undefined, input: unknown): string {
  if (issue === undefined) return 'the configuration is not valid';
  if (issue.code === 'unrecognized_keys') {
    const where = issue.path.length === 0 ? '' : ` in ${issue.path.join('.')}`;
    return `${issue.keys.join(', ')}${where} is no known setting`;
  }
  const value = issue.path.reduce<unknown>(
    (place, name) => (place as Record<PropertyKey, unknown> | undefined)?.[name],
    input,
  );
  return `${issue.path.join('.')} is not allowed: ${issue.message}, was ${JSON.stringify(value)}`;
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? text;
}
