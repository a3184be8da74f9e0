/**
 * A second reading of the weekly signals, written from their rules alone: it forgets everything between two bars and works each week out of the
 * plain list of hourly bars again. Prices in paise.
 */

/** An hourly bar by the date and the minute of the day at which it starts. */
export interface HourBar {
  readonly day: string;
  readonly minute: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface ReferenceReadings {
  readonly fourHourMode: 'session' | 'clock4' | 'seq4' | 'hour1';
  readonly breakoutLatch: 'once' | 'edge';
  readonly touchBypass: boolean;
  readonly s8Touch: 'week' | 'bar';
  readonly minPrevWeekBars: number;
  readonly onlyAt1115: boolean;
  readonly signals: readonly string[];
}

export interface ReferenceSignal {
  readonly day: string;
  /** Minute of the day at which its bar starts. */
  readonly minute: number;
  readonly name: string;
  readonly level: number;
}

/** The first signal of each week. */
export function referenceSignals(bars: readonly HourBar[], readings: ReferenceReadings): readonly ReferenceSignal[] {
  const mondays = [...new Set(bars.map(({ day }) => mondayOf(day)))].sort();
  const found: ReferenceSignal[] = [];
  for (let at = 1; at < mondays.length; at += 1) {
    const before = bars.filter(({ day }) => mondayOf(day) === mondays[at - 1]);
    const week = bars.filter(({ day }) => mondayOf(day) === mondays[at]);
    if (before.length < readings.minPrevWeekBars) continue;
    for (let k = 2; k <= week.length; k += 1) {
      if (readings.onlyAt1115 && k !== 2) continue;
      const fired = signalAt(before, week.slice(0, k), readings);
      const bar = week[k - 1];
      if (fired === undefined || bar === undefined) continue;
      found.push({ day: bar.day, minute: bar.minute, ...fired });
      break;
    }
  }
  return found;
}

function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** Open and close of each group of bars. */
function bodies(bars: readonly HourBar[], mode: ReferenceReadings['fourHourMode']): readonly [number, number][] {
  const groups: HourBar[][] = [];
  if (mode === 'hour1') for (const bar of bars) groups.push([bar]);
  if (mode === 'seq4') for (let at = 0; at + 4 <= bars.length; at += 4) groups.push(bars.slice(at, at + 4));
  if (mode === 'session' || mode === 'clock4') {
    const border = mode === 'session' ? 13 * 60 + 15 : 12 * 60;
    for (const day of [...new Set(bars.map((bar) => bar.day))]) {
      const own = bars.filter((bar) => bar.day === day);
      groups.push(own.filter(({ minute }) => minute < border));
      groups.push(own.filter(({ minute }) => minute >= border));
    }
  }
  return groups.flatMap((group): [number, number][] => {
    const [first, last] = [group[0], group.at(-1)];
    return first === undefined || last === undefined ? [] : [[first.open, last.close]];
  });
}

/** Whether the breakout of the last bar fires: sign +1 upwards, -1 downwards (on prices turned over). */
function breaks(given: readonly HourBar[], sign: 1 | -1, latch: 'once' | 'edge'): boolean {
  const bars = given.map((bar) => ({
    day: bar.day,
    open: sign * bar.open,
    close: sign * bar.close,
    high: sign === 1 ? bar.high : -bar.low,
  }));
  let breakoutHigh: number | undefined;
  let hasFired = false;
  let wasTrue = false;
  let fires = false;
  const first = bars[0];
  if (first === undefined) return false;
  for (let at = 1; at < bars.length; at += 1) {
    const bar = bars[at];
    if (bar === undefined) continue;
    let isTrue = false;
    if (bar.day === first.day) isTrue = bar.close > first.high;
    else if (breakoutHigh !== undefined) isTrue = bar.close > breakoutHigh;
    else if (
      bar.close > bar.open &&
      bar.close > first.high &&
      bar.high >= Math.max(...bars.slice(0, at).map(({ high }) => high))
    )
      breakoutHigh = bar.high;
    fires = isTrue && (latch === 'once' ? !hasFired : !wasTrue);
    hasFired ||= fires;
    wasTrue = isTrue;
  }
  return fires;
}

function signalAt(
  before: readonly HourBar[],
  week: readonly HourBar[],
  readings: ReferenceReadings,
): { readonly name: string; readonly level: number } | undefined {
  const groups = bodies(before, readings.fourHourMode);
  if (groups.length === 0) return undefined;
  const PH = Math.max(...before.map((bar) => bar.high));
  const PL = Math.min(...before.map((bar) => bar.low));
  const PC = before.at(-1)?.close ?? Number.NaN;
  const MB4 = Math.max(...groups.flat());
  const mB4 = Math.min(...groups.flat());
  const [upperTop, upperBot] = [Math.max(PH, MB4), Math.min(PH, MB4)];
  const [lowerTop, lowerBot] = [Math.max(PL, mB4), Math.min(PL, mB4)];
  const marginHigh = Math.max(3 * (upperTop - upperBot), 25);
  const marginLow = Math.max(3 * (lowerTop - lowerBot), 25);
  const bias = Math.sign(Math.abs(PC - MB4) - Math.abs(PC - mB4));
  const k = week.length;
  const [F, C] = [week[0], week.at(-1)];
  if (F === undefined || C === undefined) return undefined;
  const earlier = week.slice(0, -1);
  const MH = Math.max(...earlier.map((bar) => bar.high));
  const MC = Math.max(...earlier.map((bar) => bar.close));
  const mL = Math.min(...earlier.map((bar) => bar.low));
  const mC = Math.min(...earlier.map((bar) => bar.close));
  const up = breaks(week, 1, readings.breakoutLatch);
  const down = breaks(week, -1, readings.breakoutLatch);
  const near = (value: number, of: number, margin: number): boolean => Math.abs(value - of) <= margin;
  const lowBypass = readings.touchBypass && F.low <= lowerTop;
  const highBypass = readings.touchBypass && F.high >= upperBot;
  const formB = C.close < F.low && C.close < upperBot && C.close < mL && C.close < mC;
  const s3Base =
    bias === -1 &&
    (highBypass || (near(PC, upperBot, marginHigh) && near(F.open, upperBot, marginHigh))) &&
    F.close <= PH;
  const s3A = k === 2 && C.close < F.high && C.close < upperBot && (F.high >= upperBot || C.high >= upperBot);
  const s6Base = bias === -1 && F.high >= upperBot && F.close <= upperTop && F.close <= PH;
  const touched = (readings.s8Touch === 'bar' ? [C] : week).some((bar) => bar.high >= upperBot);
  const table: readonly (readonly [string, boolean, number])[] = [
    ['S1', k === 2 && F.open >= lowerBot && F.close < lowerBot && C.close > F.low, F.low - Math.abs(F.open - F.close)],
    [
      'S2',
      k === 2 &&
        bias === 1 &&
        F.open > PL &&
        (lowBypass || (near(PC, lowerBot, marginLow) && near(F.open, lowerBot, marginLow))) &&
        F.close >= lowerBot &&
        F.close >= PC &&
        C.close >= F.low &&
        C.close > PC &&
        C.close > lowerBot,
      lowerBot,
    ],
    ['S3', s3Base && (s3A || formB), PH],
    ['S4', up && bias === -1 && F.open > upperTop, F.low],
    ['S5', bias === 1 && F.open < lowerBot && F.close < lowerBot && F.close < PL && C.close < F.low, F.high],
    ['S6', s6Base && ((k === 2 && C.close < F.high && C.close < upperBot) || formB), PH],
    [
      'S7',
      up && !(C.close < PH && (100 * (PH - C.close)) / C.close < 0.4 - 1e-12) && C.close > MH && C.close > MC,
      F.low,
    ],
    ['S8', down && touched && C.close < upperBot && C.close < mL && C.close < mC, F.high],
  ];
  const first = table.find(([name, holds]) => holds && readings.signals.includes(name));
  return first === undefined ? undefined : { name: first[0], level: first[2] };
}
