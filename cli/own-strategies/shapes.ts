import { z } from 'zod';
import { UNDERLYINGS } from '../../engine/model/instrument.ts';
import { EXIT_REASONS } from '../../engine/model/order.ts';
import { isDay } from '../../engine/model/time.ts';
import { TICK } from '../../engine/model/units.ts';

/** Closed candles that a series keeps at most. */
const CANDLES_MAX = 2_000;

/** A value by a test; what is allowed stands in the message, as the sentences of this program say it. */
function is(allowed: string, test: (value: unknown) => boolean): z.ZodType {
  return z.custom<unknown>(test, allowed);
}

function number(allowed: string, test: (value: number) => boolean): z.ZodType {
  return is(allowed, (value) => typeof value === 'number' && Number.isFinite(value) && test(value));
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER): z.ZodType {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return number(`a whole number ${range}`, (value) => Number.isSafeInteger(value) && value >= least && value <= most);
}

function text(allowed: string, test: (value: string) => boolean): z.ZodType {
  return is(allowed, (value) => typeof value === 'string' && test(value));
}

function oneOf(values: readonly unknown[]): z.ZodType {
  return is(`one of ${values.join(', ')}`, (value) => values.includes(value));
}

function group(fields: Readonly<Record<string, z.ZodType>>): z.ZodObject {
  return z.strictObject(fields, `an object with ${Object.keys(fields).join(', ')}`);
}

function list(of: z.ZodType, allowed: string): z.ZodType {
  return z.array(of, allowed).min(1, allowed);
}

const name = text('a text of 1 to 80 characters', ({ length }) => length > 0 && length <= 80);
const clockTime = text('a time of day, HH:MM', (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value));
const day = text('a day of the calendar, YYYY-MM-DD', isDay);
const price = number('a price in whole paise above 0', (value) => Number.isSafeInteger(value) && value > 0);
const tickPrice = number(`a price in whole paise on the tick of ${TICK}`, (value) => value > 0 && value % TICK === 0);
const distance = number('a number above 0', (value) => value > 0);
const level = number('a number', () => true);
/** As many as the configuration allows: beyond, an order is a slip of the hand. */
const lots = whole(1, 10_000);
const structure = is('a structure of ctx.structures', (value) => typeof value === 'object' && value !== null);
const reason = oneOf(EXIT_REASONS);
const underlying = oneOf(UNDERLYINGS);
const seen = z.record(
  z.string(),
  is('a number, a text, true, false or null', isPlain),
  'an object of numbers and texts, such as { spot }',
);

const ContractShape = z.union(
  [
    group({ kind: oneOf(['option']), underlying, expiry: day, strike: price, right: oneOf(['CE', 'PE']) }),
    group({ kind: oneOf(['future']), underlying, expiry: day }),
  ],
  'a contract as ctx.contract gives it',
);

const TermsShape = z.union(
  [
    group({ kind: oneOf(['MARKET']) }),
    group({ kind: oneOf(['LIMIT']), price: tickPrice }),
    group({ kind: oneOf(['STOP_LIMIT']), trigger: tickPrice, price: tickPrice }),
  ],
  `MARKET, LIMIT with a price, or STOP_LIMIT with trigger and price, in whole paise on the tick of ${TICK}`,
);

const LegShape = group({
  tag: name,
  contract: ContractShape,
  side: oneOf(['BUY', 'SELL']),
  lots,
  terms: TermsShape.optional(),
});

const MoveShape = z.union(
  [group({ pct: distance }), group({ paise: distance })],
  '{ pct } or { paise }, a number above 0',
);

const GuardShape = group({
  name,
  act: oneOf(['stop', 'target', 'trail']),
  basis: oneOf(['leg', 'combined', 'underlying', 'money']),
  leg: name.optional(),
  distance: z.union(
    [group({ pct: distance }), group({ paise: distance }), group({ level }), group({ r: distance })],
    '{ pct }, { paise } or { r }, a number above 0, or { level }, on money also below 0',
  ),
  direction: oneOf(['up', 'down', 'both']).optional(),
  closes: oneOf(['leg', 'structure']),
  evaluate: oneOf(['touch', 'close']).optional(),
  reason: reason.optional(),
  step: whole(1).optional(),
  armsAfter: MoveShape.optional(),
  toCostAfter: MoveShape.optional(),
  heldBy: oneOf(['engine', 'venue']).optional(),
  room: whole(TICK).optional(),
});

const PlanShape = group({
  signal: name,
  seen,
  legs: list(LegShape, 'a list of at least one leg'),
  guards: z.array(GuardShape, 'a list of guards').optional(),
  squareOffAt: clockTime.optional(),
  reentry: whole(0).optional(),
  execution: z
    .union(
      [
        group({ kind: oneOf(['market']) }),
        group({
          kind: oneOf(['limit-then-market']),
          bufferPct: number('a number from 0 to 100', (value) => value >= 0 && value <= 100),
          waitMs: whole(0, 600_000),
        }),
      ],
      'market, or limit-then-market with bufferPct and waitMs',
    )
    .optional(),
  risk: whole(1).optional(),
  restingStopPct: distance.optional(),
  isSized: oneOf([true, false]).optional(),
});

/** What own code may ask for, as it must look: types alone do not stop a number that is none. */
export const WISHES = {
  enter: PlanShape,
  rest: group({ place: name, plan: PlanShape, repriceBeyond: whole(0) }),
  withdraw: group({ place: name, reason: name }),
  watch: group({ contract: ContractShape }),
  trace: group({ kind: name, values: z.record(z.string(), is('plain values, lists or objects of them', isPlainDeep)) }),
  add: group({ signal: name, seen, structure, leg: name, lots }),
  at: group({ time: clockTime, name }),
  skip: group({ signal: name, gate: name, seen }),
  moveGuard: group({ structure, guard: name, leg: name.optional(), level: whole(Number.MIN_SAFE_INTEGER) }),
  exit: group({ structure, reason }),
  flatten: group({ reason }),
  note: group({ text: text('a text', () => true) }),
} as const;

const SPANS = 'a length in ms of whole minutes, "day" or "week"';

/** What own code says it looks at. */
export const UniverseShape = group({
  underlying,
  expiries: list(oneOf(['nearest', 'next', 'monthly', 'next-monthly']), 'a list of at least one expiry'),
  strikesAround: whole(0, 1_000),
  recentreSteps: whole(1, 1_000),
  series: z
    .array(
      group({
        of: oneOf(['underlying', 'future']).optional(),
        span: is(SPANS, (value) => value === 'day' || value === 'week' || isWholeMinutes(value)),
        warmUp: whole(0, CANDLES_MAX),
        whenShort: oneOf(['refuse', 'wait']).optional(),
      }),
      'a list of { span, warmUp }',
    )
    .optional(),
  needs: z
    .array(oneOf(['open-interest', 'option-volume', 'future', 'future-volume', 'vix']), 'a list of needs')
    .optional(),
});

/** What the RMS is to keep for an agent of own code. */
export const LimitsShape = group({
  structuresPerDayMax: whole(0).optional(),
  structuresOpenMax: whole(0).optional(),
  structuresOpenPerRightMax: whole(0).optional(),
  structuresOpenCallsMax: whole(0).optional(),
  structuresOpenPutsMax: whole(0).optional(),
  lossPerDayMax: whole(1).optional(),
  profitPerDayTarget: whole(1).optional(),
  rLossPerDayMax: distance.optional(),
  rProfitPerDayTarget: distance.optional(),
  lossesInARowMax: whole(1).optional(),
});

const aFunction = is('a function', (value) => typeof value === 'function');

/** A strategy as `defineStrategy` takes it. */
export const DefinitionShape = group({
  name: text('a name of small letters, digits and hyphens, such as ema-cross', (value) =>
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value),
  ),
  version: whole(1),
  description: text('a text', ({ length }) => length > 0),
  segments: list(underlying, `a list among ${UNDERLYINGS.join(', ')}`),
  params: is('a schema of z, such as z.strictObject({})', (value) => value instanceof z.ZodType),
  meantFor: oneOf(['weekly']).optional(),
  refuse: aFunction.optional(),
  universe: aFunction,
  limits: aFunction.optional(),
  create: aFunction,
});

/** The parts of a definition. */
export const DEFINITION_PARTS: readonly string[] = Object.keys(DefinitionShape.shape);

/** The handlers that a strategy may have. */
export const HANDLERS: readonly string[] = [
  'onSessionOpen',
  'onMinute',
  'onTimer',
  'onQuote',
  'onFill',
  'onLegClosed',
  'onStructureClosed',
];

/** What `create` gives back: every handler may be left out. */
export const HandlersShape = group(Object.fromEntries(HANDLERS.map((handler) => [handler, aFunction.optional()])));

/** One sentence about the first thing that a shape refuses, nothing where it fits. `of` is what the whole is called. */
export function faultOf(shape: z.ZodType, value: unknown, of: string): string | undefined {
  const issue = shape.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  const path = issue.path.reduce<string>(
    (way, part) => way + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
    of,
  );
  const called = (way: string): string => way.replace(/^\./, '') || 'what is asked';
  if (issue.code === 'unrecognized_keys') return `${called(`${path}.${issue.keys[0]}`)} is unknown`;
  return `${called(path)} must be ${issue.message}, was ${shown(valueAt(value, issue.path))}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((place, part) => (place as Record<PropertyKey, unknown> | undefined)?.[part], value);
}

const SHOWN_MAX = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  const whole = shownWhole(value);
  return whole.length > SHOWN_MAX ? `${whole.slice(0, SHOWN_MAX)}...` : whole;
}

function shownWhole(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch (error) {
    return error instanceof Error ? 'an object that is part of itself' : 'an object';
  }
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function isPlainDeep(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlainDeep);
  return isPlain(value) || (typeof value === 'object' && value !== null && Object.values(value).every(isPlainDeep));
}

function isWholeMinutes(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value % 60_000 === 0;
}
