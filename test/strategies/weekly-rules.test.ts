import { describe, expect, test } from 'vitest';
import type { Candle } from '../../engine/model/candle-frame.ts';
import type { RuleReadings, WeeklySignal } from '../../strategies/weekly-rules.ts';
import { judged } from '../../strategies/weekly-rules.ts';
import type { Extremes, WeekView } from '../../strategies/weekly-week.ts';
import type { Zones } from '../../strategies/weekly-zones.ts';
import { hoursOf } from '../support/weekly-days.ts';

const USUAL: RuleReadings = { touchBypass: false, s8Touch: 'week' };

/** Points of the index, as in the rules; the upper zone is 23,450 to 23,500, the lower one 23,000 to 23,050, margins are 150. */
interface Case {
  readonly number?: number;
  readonly bias?: -1 | 0 | 1;
  readonly lastClose?: number;
  readonly zones?: Partial<Zones>;
  /** `open/high/low/close`. */
  readonly first?: string;
  readonly bar?: string;
  /** Highest high, lowest low, highest and lowest close of the bars before. */
  readonly before?: readonly [number, number, number, number];
  readonly breaks?: boolean;
  readonly touches?: 'never' | 'this week' | 'now';
}

function viewOf(one: Case): WeekView {
  const { number = 2, bias = 1, lastClose = 23_080, breaks = false, touches = 'never' } = one;
  const [first, bar] = [one.first, one.bar].map((hours) => hoursOf('2025-01-13', hours ?? '23100')[0] as Candle);
  const [high = 0, low = 0, highClose = 0, lowClose = 0] = (one.before ?? [0, 0, 0, 0]).map((price) => price * 100);
  const before: Extremes = { high, low, highClose, lowClose };
  const zones: Zones = {
    high: 2_350_000,
    low: 2_300_000,
    close: lastClose * 100,
    upperTop: 2_350_000,
    upperBottom: 2_345_000,
    lowerTop: 2_305_000,
    lowerBottom: 2_300_000,
    marginHigh: 15_000,
    marginLow: 15_000,
    bias,
    ...one.zones,
  };
  const [touchedThisWeek, touchedByBar] = [touches !== 'never', touches === 'now'];
  const view = { number, zones, before, touchedThisWeek, touchedByBar, breaksOut: breaks, breaksDown: breaks };
  return { ...view, first: first as Candle, bar: bar as Candle };
}

/** What a signal says of a case: its side and raw stop level in points, or the gate. */
function say(signal: WeeklySignal, one: Case, readings: Partial<RuleReadings> = {}): string {
  const verdict = judged(signal, viewOf(one), { ...USUAL, ...readings });
  return verdict.fires ? `${verdict.bull ? 'sells a put' : 'sells a call'} of ${verdict.level / 100}` : verdict.gate;
}

interface Rule {
  readonly signal: WeeklySignal;
  readonly fires: Case;
  readonly says: string;
  /** What is changed so that one condition alone fails, and how its gate reads. */
  readonly gates: readonly (readonly [gate: string, change: Case])[];
  /** What may change without harm: the conditions at their edges. */
  readonly edges?: readonly Case[];
}

const UNDER_FIRST_LOW = 'close below the first low';
/** Form A of S3 and S6 on its way down from the upper zone, and form B at a later bar. */
const FORM_A: Case = { bias: -1, lastClose: 23_420, first: '23430/23460/23400/23440', bar: '23440/23445/23430/23435' };
const FORM_B: Case = { ...FORM_A, number: 4, bar: '23410/23420/23380/23390', before: [23_470, 23_395, 23_460, 23_400] };
const FORM_B_GATES = [
  [
    `turns down, form B: ${UNDER_FIRST_LOW}`,
    { ...FORM_B, bar: '23410/23420/23380/23390', first: '23430/23460/23390/23440' },
  ],
  ["turns down, form B: close below the week's lowest low", { ...FORM_B, before: [23_470, 23_390, 23_460, 23_400] }],
  // Never so on clean bars, whose closes are not below their lows.
  ["turns down, form B: close below the week's lowest close", { ...FORM_B, before: [23_470, 23_395, 23_460, 23_390] }],
  [
    'turns down, form B: close below the upper zone',
    {
      ...FORM_B,
      first: '23490/23500/23480/23495',
      bar: '23480/23485/23440/23450',
      before: [23_500, 23_470, 23_495, 23_490],
    },
  ],
] as const;

const RULES: readonly Rule[] = [
  {
    signal: 'S1',
    fires: { bias: 0, first: '23050/23060/22960/22980', bar: '22980/23015/22975/23010' },
    // 22,960 less the body of 70.
    says: 'sells a put of 22890',
    gates: [
      ['only at the second bar', { number: 3 }],
      ['first open at or above the lower zone', { first: '22999.95/23060/22960/22980' }],
      ['first close below the lower zone', { first: '23050/23060/22960/23000' }],
      ['close above the first low', { bar: '22980/23015/22950/22960' }],
    ],
    edges: [{ bias: -1 }, { first: '23000/23060/22960/22999.95', bar: '22980/23015/22950/22960.05' }],
  },
  {
    signal: 'S2',
    fires: { first: '23100/23110/23040/23090', bar: '23090/23100/23085/23095' },
    says: 'sells a put of 23000',
    gates: [
      ['only at the second bar', { number: 3 }],
      ['bullish bias', { bias: 0 }],
      ["first open above last week's low", { first: '23000/23110/22990/23090' }],
      [
        'last close within the margin of the lower zone',
        { lastClose: 23_150.05, first: '23100/23170/23040/23155', bar: '23155/23165/23150/23160' },
      ],
      ['first open within the margin of the lower zone', { first: '23150.05/23160/23040/23090' }],
      [
        'first close at or above the lower zone',
        { lastClose: 22_980, first: '23010/23020/22985/22999.95', bar: '23000/23015/22995/23010' },
      ],
      ['first close at or above the last close', { first: '23100/23110/23040/23079.95' }],
      ['close at or above the first low', { first: '23110/23120/23100/23105', bar: '23105/23105/23095/23099.95' }],
      ['close above the last close', { bar: '23090/23100/23075/23080' }],
      [
        'close above the lower zone',
        { lastClose: 22_990, first: '23010/23020/22995/23005', bar: '23005/23010/22995/23000' },
      ],
    ],
    edges: [
      { lastClose: 23_150, first: '23150/23170/23040/23150', bar: '23155/23165/23140/23150.05' },
      { lastClose: 22_990, first: '23000.05/23020/22995/23000', bar: '23005/23010/22990/23000.05' },
      { first: '23100/23110/23085/23090', bar: '23090/23100/23080/23085' },
    ],
  },
  {
    signal: 'S3',
    fires: FORM_A,
    says: 'sells a call of 23500',
    gates: [
      ['bearish bias', { bias: 0 }],
      ['last close within the margin of the upper zone', { lastClose: 23_299.95 }],
      ['first open within the margin of the upper zone', { first: '23299.95/23460/23290/23440' }],
      ["first close at or below last week's high", { first: '23430/23510/23400/23500.05' }],
      [
        `turns down, form A: close below the first high, form B: ${UNDER_FIRST_LOW}`,
        { first: '23430/23440/23400/23435', bar: '23435/23450/23430/23440' },
      ],
      [
        `turns down, form A: close below the upper zone, form B: ${UNDER_FIRST_LOW}`,
        { bar: '23440/23455/23430/23450' },
      ],
      [
        `turns down, form A: touch of the upper zone, form B: ${UNDER_FIRST_LOW}`,
        { first: '23430/23449.95/23400/23440', bar: '23440/23449.95/23430/23435' },
      ],
      [`turns down, form B: ${UNDER_FIRST_LOW}`, { number: 3 }],
      ...FORM_B_GATES,
    ],
    edges: [
      FORM_B,
      // Form B at the second bar, without any touch.
      { ...FORM_B, number: 2, first: '23430/23440/23400/23435' },
      { lastClose: 23_300, first: '23300/23510/23290/23500' },
      { first: '23600/23610/23400/23440' },
      { first: '23430/23440/23400/23435', bar: '23435/23450/23430/23439.95' },
    ],
  },
  {
    signal: 'S4',
    fires: { bias: -1, number: 9, breaks: true, first: '23510/23550/23490/23520', bar: '23520/23580/23515/23570' },
    says: 'sells a put of 23490',
    gates: [
      ['a breakout upwards', { breaks: false }],
      ['bearish bias', { bias: 0 }],
      ['first open above the upper zone', { first: '23500/23550/23490/23520' }],
    ],
    edges: [{ first: '23500.05/23550/23490/23520' }],
  },
  {
    signal: 'S5',
    fires: { number: 5, first: '22990/23005/22960/22980', bar: '22980/22985/22940/22950' },
    says: 'sells a call of 23005',
    gates: [
      ['bullish bias', { bias: 0 }],
      ['first open below the lower zone', { first: '23000/23005/22960/22980' }],
      ['first close below the lower zone', { first: '22990/23005/22960/23000' }],
      // Never so on clean data, where last week's low is the bottom of the zone.
      ["first close below last week's low", { zones: { low: 2_298_000 } }],
      [UNDER_FIRST_LOW, { bar: '22980/22985/22940/22960' }],
    ],
    edges: [{ number: 2 }, { first: '22999.95/23005/22960/22999.95', bar: '22980/22985/22940/22959.95' }],
  },
  {
    signal: 'S6',
    // The first open is far from the zone, so it is no S3.
    fires: { ...FORM_A, first: '23200/23460/23190/23440' },
    says: 'sells a call of 23500',
    gates: [
      ['bearish bias', { bias: 0 }],
      ['first high at or above the upper zone', { first: '23200/23449.95/23190/23440' }],
      // Never without the next one on clean data, where the top of the zone is last week's high.
      ['first close at or below the top of the upper zone', { zones: { upperTop: 2_343_000 } }],
      [
        "first close at or below last week's high",
        { zones: { upperTop: 2_352_000 }, first: '23200/23520/23190/23500.05' },
      ],
      [
        `turns down, form A: close below the first high, form B: ${UNDER_FIRST_LOW}`,
        { first: '23200/23450/23190/23440', bar: '23440/23455/23430/23450' },
      ],
      [
        `turns down, form A: close below the upper zone, form B: ${UNDER_FIRST_LOW}`,
        { bar: '23440/23455/23430/23450' },
      ],
      [`turns down, form B: ${UNDER_FIRST_LOW}`, { number: 3 }],
      ...FORM_B_GATES,
    ],
    edges: [
      FORM_B,
      { first: '23200/23450/23190/23440', bar: '23440/23445/23430/23449.95' },
      { first: '23200/23500/23190/23500' },
    ],
  },
  {
    signal: 'S7',
    fires: {
      number: 6,
      bias: 0,
      breaks: true,
      first: '23400/23550/23390/23540',
      bar: '23570/23610/23560/23600',
      before: [23_590, 23_380, 23_580, 23_385],
    },
    says: 'sells a put of 23390',
    gates: [
      ['a breakout upwards', { breaks: false }],
      // By hand: 0.4 per cent of 25,000.05 are 100.0002, and 25,100 lies 99.95 above it.
      ["not just under last week's high", { zones: { high: 2_510_000 }, bar: '24900/25010/24890/25000.05' }],
      ["not just under last week's high", { zones: { high: 2_360_005 } }],
      ["close above the week's highest high", { before: [23_600, 23_380, 23_580, 23_385] }],
      // Never so on clean bars, whose closes are not above their highs.
      ["close above the week's highest close", { before: [23_590, 23_380, 23_600, 23_385] }],
    ],
    // Exactly 0.4 per cent below is far enough, and so is the high itself.
    edges: [
      { zones: { high: 2_510_000 }, bar: '24900/25010/24890/25000' },
      { zones: { high: 2_360_000 } },
      { bias: -1 },
    ],
  },
  {
    signal: 'S8',
    fires: {
      number: 6,
      bias: 0,
      breaks: true,
      touches: 'this week',
      first: '23440/23460/23300/23310',
      bar: '23290/23295/23240/23250',
      before: [23_470, 23_260, 23_460, 23_270],
    },
    says: 'sells a call of 23460',
    gates: [
      ['a breakdown', { breaks: false }],
      ['a touch of the upper zone', { touches: 'never' }],
      ['close below the upper zone', { bar: '23480/23490/23440/23450', before: [23_600, 23_460, 23_590, 23_470] }],
      ["close below the week's lowest low", { before: [23_470, 23_250, 23_460, 23_270] }],
      // Never so on clean bars.
      ["close below the week's lowest close", { before: [23_470, 23_260, 23_460, 23_250] }],
    ],
    edges: [{ touches: 'now' }, { bar: '23480/23490/23440/23449.95', before: [23_600, 23_460, 23_590, 23_470] }],
  },
];

describe.each(RULES)('$signal', ({ signal, fires, says, gates, edges = [] }) => {
  test(`fires and ${says}`, () => {
    expect(say(signal, fires)).toBe(says);
  });

  test.each(gates)('is not there without %s', (gate, change) => {
    expect(say(signal, { ...fires, ...change })).toBe(gate);
  });

  test.each(edges.map((change, at) => [at + 1, change] as const))('holds at its edges (%i)', (_at, change) => {
    expect(say(signal, { ...fires, ...change })).toMatch(/^sells/);
  });
});

describe('readings on which the sources differ', () => {
  test('a touch of the zone by the first bar lets S2 do without its margins', () => {
    const far: Case = { lastClose: 23_200, first: '23180/23210/23050/23205', bar: '23205/23215/23200/23210' };
    expect(say('S2', far)).toBe('last close within the margin of the lower zone');
    expect(say('S2', far, { touchBypass: true })).toBe('sells a put of 23000');
    const untouched = { ...far, first: '23180/23210/23050.05/23205' };
    expect(say('S2', untouched, { touchBypass: true })).toBe('last close within the margin of the lower zone');
  });

  test('a touch of the zone by the first bar lets S3 do without its margins, so that it comes before S6', () => {
    const far: Case = { ...FORM_A, first: '23200/23450/23190/23440' };
    expect(say('S3', far)).toBe('first open within the margin of the upper zone');
    expect(say('S6', far)).toBe('sells a call of 23500');
    expect(say('S3', far, { touchBypass: true })).toBe('sells a call of 23500');
    const untouched = { ...far, first: '23200/23449.95/23190/23440' };
    expect(say('S3', untouched, { touchBypass: true })).toBe('first open within the margin of the upper zone');
  });

  test('S8 wants a touch of the upper zone by any bar of the week, or by the present one', () => {
    const s8 = RULES.find(({ signal }) => signal === 'S8')?.fires as Case;
    expect(say('S8', { ...s8, touches: 'this week' }, { s8Touch: 'bar' })).toBe('a touch of the upper zone');
    expect(say('S8', { ...s8, touches: 'now' }, { s8Touch: 'bar' })).toBe('sells a call of 23460');
  });

  test('a first close on either side of the lower zone parts S1 from S2', () => {
    const s1 = RULES.find(({ signal }) => signal === 'S1')?.fires as Case;
    const s2 = RULES.find(({ signal }) => signal === 'S2')?.fires as Case;
    expect(say('S2', { ...s1, bias: 1, lastClose: 22_970 })).toBe('first close at or above the lower zone');
    expect(say('S1', s2)).toBe('first close below the lower zone');
  });
});
