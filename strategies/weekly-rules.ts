/** The eight weekly signals, each a list of conditions in order: the first that does not hold is the gate. Prices in paise. */
import type { WeekView } from './weekly-week.ts';

export const WEEKLY_SIGNALS = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'] as const;
export type WeeklySignal = (typeof WEEKLY_SIGNALS)[number];

/** Readings of the rules on which their sources differ. */
export interface RuleReadings {
  /** The margin tests of S2 and S3 fall away where the first bar touches the zone. */
  readonly touchBypass: boolean;
  /** Whether S8 needs a touch of the upper zone by any bar of the week or by the present one. */
  readonly s8Touch: 'week' | 'bar';
}

/** What a rule says of a bar: the condition that failed, or its direction and its raw stop level. */
export type Judged =
  | { readonly fires: false; readonly gate: string }
  | { readonly fires: true; readonly bull: boolean; readonly level: number };

type Condition = readonly [text: string, holds: boolean];

interface Rule {
  readonly bull: boolean;
  readonly conditions: (view: WeekView, readings: RuleReadings) => readonly Condition[];
  readonly level: (view: WeekView) => number;
}

const SECOND_BAR = 2;

const RULES: Readonly<Record<WeeklySignal, Rule>> = {
  S1: {
    bull: true,
    conditions: ({ number, zones, first, bar }) => [
      ['only at the second bar', number === SECOND_BAR],
      ['first open at or above the lower zone', first.open >= zones.lowerBottom],
      ['first close below the lower zone', first.close < zones.lowerBottom],
      ['close above the first low', bar.close > first.low],
    ],
    level: ({ first }) => first.low - Math.abs(first.open - first.close),
  },
  S2: { bull: true, conditions: supportHolds, level: ({ zones }) => zones.lowerBottom },
  S3: { bull: false, conditions: resistanceHolds, level: ({ zones }) => zones.high },
  S4: {
    bull: true,
    conditions: ({ zones, first, breaksOut }) => [
      ['a breakout upwards', breaksOut],
      ['bearish bias', zones.bias === -1],
      ['first open above the upper zone', first.open > zones.upperTop],
    ],
    level: ({ first }) => first.low,
  },
  S5: {
    bull: false,
    conditions: ({ zones, first, bar }) => [
      ['bullish bias', zones.bias === 1],
      ['first open below the lower zone', first.open < zones.lowerBottom],
      ['first close below the lower zone', first.close < zones.lowerBottom],
      ["first close below last week's low", first.close < zones.low],
      ['close below the first low', bar.close < first.low],
    ],
    level: ({ first }) => first.high,
  },
  S6: { bull: false, conditions: weaknessConfirmed, level: ({ zones }) => zones.high },
  S7: {
    bull: true,
    conditions: ({ zones, bar, before, breaksOut }) => [
      ['a breakout upwards', breaksOut],
      // Within 0.40 per cent under last week's high, in whole numbers: 100 * (high - close) / close < 0.40.
      ["not just under last week's high", !(bar.close < zones.high && 250 * (zones.high - bar.close) < bar.close)],
      ["close above the week's highest high", bar.close > before.high],
      ["close above the week's highest close", bar.close > before.highClose],
    ],
    level: ({ first }) => first.low,
  },
  S8: {
    bull: false,
    conditions: ({ zones, bar, before, breaksDown, touchedByBar, touchedThisWeek }, { s8Touch }) => [
      ['a breakdown', breaksDown],
      ['a touch of the upper zone', s8Touch === 'bar' ? touchedByBar : touchedThisWeek],
      ['close below the upper zone', bar.close < zones.upperBottom],
      ...belowTheWeek(bar, before),
    ],
    level: ({ first }) => first.high,
  },
};

/** Judges one signal at the close of a bar. */
export function judged(signal: WeeklySignal, view: WeekView, readings: RuleReadings): Judged {
  const rule = RULES[signal];
  for (const [text, holds] of rule.conditions(view, readings)) if (!holds) return { fires: false, gate: text };
  return { fires: true, bull: rule.bull, level: rule.level(view) };
}

function supportHolds({ number, zones, first, bar }: WeekView, { touchBypass }: RuleReadings): readonly Condition[] {
  const isNear = touchBypass && first.low <= zones.lowerTop;
  return [
    ['only at the second bar', number === SECOND_BAR],
    ['bullish bias', zones.bias === 1],
    ["first open above last week's low", first.open > zones.low],
    [
      'last close within the margin of the lower zone',
      isNear || isWithin(zones.close, zones.lowerBottom, zones.marginLow),
    ],
    [
      'first open within the margin of the lower zone',
      isNear || isWithin(first.open, zones.lowerBottom, zones.marginLow),
    ],
    ['first close at or above the lower zone', first.close >= zones.lowerBottom],
    ['first close at or above the last close', first.close >= zones.close],
    ['close at or above the first low', bar.close >= first.low],
    ['close above the last close', bar.close > zones.close],
    ['close above the lower zone', bar.close > zones.lowerBottom],
  ];
}

function resistanceHolds(view: WeekView, { touchBypass }: RuleReadings): readonly Condition[] {
  const { zones, first, bar } = view;
  const isNear = touchBypass && first.high >= zones.upperBottom;
  const touches = first.high >= zones.upperBottom || bar.high >= zones.upperBottom;
  return [
    ['bearish bias', zones.bias === -1],
    [
      'last close within the margin of the upper zone',
      isNear || isWithin(zones.close, zones.upperBottom, zones.marginHigh),
    ],
    [
      'first open within the margin of the upper zone',
      isNear || isWithin(first.open, zones.upperBottom, zones.marginHigh),
    ],
    ["first close at or below last week's high", first.close <= zones.high],
    turnsDown(view, [...isUnderFirst(view), ['touch of the upper zone', touches]]),
  ];
}

function weaknessConfirmed(view: WeekView): readonly Condition[] {
  const { zones, first } = view;
  return [
    ['bearish bias', zones.bias === -1],
    ['first high at or above the upper zone', first.high >= zones.upperBottom],
    ['first close at or below the top of the upper zone', first.close <= zones.upperTop],
    ["first close at or below last week's high", first.close <= zones.high],
    turnsDown(view, isUnderFirst(view)),
  ];
}

/**
 * Both forms of a turn down: A at the second bar alone, B at any bar from the second on. Either will do; the text names the condition at which each
 * form fails.
 */
function turnsDown(view: WeekView, formA: readonly Condition[]): Condition {
  const missingB = missingOf(fallsBelowAll(view));
  if (view.number !== SECOND_BAR) return [`turns down, form B: ${missingB}`, missingB === undefined];
  const missingA = missingOf(formA);
  return [`turns down, form A: ${missingA}, form B: ${missingB}`, missingA === undefined || missingB === undefined];
}

function missingOf(conditions: readonly Condition[]): string | undefined {
  return conditions.find(([, holds]) => !holds)?.[0];
}

/** Form A: a close below the first high and below the upper zone. */
function isUnderFirst({ zones, first, bar }: WeekView): readonly Condition[] {
  return [
    ['close below the first high', bar.close < first.high],
    ['close below the upper zone', bar.close < zones.upperBottom],
  ];
}

/** Form B: a close below the first low, the zone, and all that the week has seen. */
function fallsBelowAll({ zones, first, bar, before }: WeekView): readonly Condition[] {
  return [
    ['close below the first low', bar.close < first.low],
    ['close below the upper zone', bar.close < zones.upperBottom],
    ...belowTheWeek(bar, before),
  ];
}

function belowTheWeek(bar: WeekView['bar'], before: WeekView['before']): readonly Condition[] {
  return [
    ["close below the week's lowest low", bar.close < before.low],
    ["close below the week's lowest close", bar.close < before.lowClose],
  ];
}

function isWithin(value: number, of: number, margin: number): boolean {
  return Math.abs(value - of) <= margin;
}
