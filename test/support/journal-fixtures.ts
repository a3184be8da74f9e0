/**
 * A journal made by hand: two days, three structures on NIFTY, 75 units a lot, one of them losing. Money in paise, fine paise (f) is
 * 1/10,000 paisa. Every sale costs S, every purchase B, whatever its size, so that sums can be followed with a pencil:
 *
 *     S = 20,000,000 + 7,500,000 + 2,627,250 + 7,500 + 0 + 4,074,255       = 34,209,005 f
 *     B = 20,000,000 + 0 + 3,441,698 + 9,825 + 294,750 + 4,221,274         = 27,967,547 f      S + B = 62,176,552 f
 *
 *     1  Mon  CE 100.00 -> 131.00 stop     75 x -3100 = -232,500
 *             PE  90.00 ->  40.05 15:15    75 x  4995 =  374,625    gross  142,125   net  1,421,250,000 - 124,353,104 =  1,296,896,896 f
 *     2  Tue  CE 110.00 ->  60.00 15:15    75 x  5000 =  375,000
 *             PE  95.00 ->  85.00 trail    75 x  1000 =   75,000    gross  450,000   net  4,500,000,000 - 124,353,104 =  4,375,646,896 f
 *     3  Tue  CE  80.00 -> 105.05 stop     75 x -2505 = -187,875    gross -187,875   net -1,878,750,000 -  62,176,552 = -1,940,926,552 f
 *             ambiguous; at its target of 60.00 it would have made 75 x 2000 = 150,000, which is 337,875 more
 *
 *     Mon  gross 142,125  charges 124,353,104 f  note 124,350,000 f  rounding -3,104 f  net 1,296,900,000 f
 *     Tue  gross 262,125  charges 186,529,656 f  note 186,530,000 f  rounding    344 f  net 2,434,720,000 f
 *     run  gross 404,250  charges 310,882,760 f                      rounding -2,760 f  net 3,731,620,000 f
 */
import type { JournalRecord, MoneyMinutes, Stamp, Unstamped } from '../../engine/journal.ts';
import type { Levies } from '../../engine/model/levies.ts';
import { levies, sumOfLevies } from '../../engine/model/levies.ts';
import type { AgentId, ExitReason, Fill, OrderId, StructureId } from '../../engine/model/order.ts';
import type { Day, EpochMs } from '../../engine/model/time.ts';
import { at, day, istTime } from '../../engine/model/time.ts';
import type { Side } from '../../engine/model/units.ts';
import { lots, paise, signOf } from '../../engine/model/units.ts';
import type { RunCard } from '../../reports/passport.ts';

export const AGENT = 'atm-straddle/NIFTY' as AgentId;
export const MONDAY = day('2025-01-06');
export const TUESDAY = day('2025-01-07');
const LOT_SIZE = 75;

export const SALE: Levies = levies({
  brokerage: 20_000_000,
  stt: 7_500_000,
  exchange: 2_627_250,
  sebi: 7_500,
  gst: 4_074_255,
});
export const PURCHASE: Levies = levies({
  brokerage: 20_000_000,
  exchange: 3_441_698,
  sebi: 9_825,
  stamp: 294_750,
  gst: 4_221_274,
});

/** What a leg of a made-up journal is and does; prices in paise, times as `HH:MM:SS`. */
export interface LegScript {
  readonly leg: string;
  readonly contract: string;
  readonly side?: Side;
  readonly entry: number;
  readonly exit: number;
  readonly entryAt: string;
  readonly exitAt: string;
  readonly reason: ExitReason;
  readonly stop?: number;
  readonly trail?: number;
  readonly target?: number;
  readonly ambiguous?: boolean;
  readonly held?: number;
  readonly lots?: number;
}

export interface StructureScript {
  readonly legs: readonly LegScript[];
  readonly risk?: number;
  readonly reason: ExitReason;
}

/** Writes records in order, numbering them; orders and structures number themselves. */
export class JournalScript {
  readonly records: JournalRecord[] = [];
  #order = 0;
  #structure = 0;

  add(ts: EpochMs, record: Unstamped, flow: 'in' | 'out' = 'out'): void {
    this.records.push({ seq: this.records.length + 1, ts, flow, ...record } as JournalRecord);
  }

  openSession(of: Day): void {
    const windows = [[at(of, istTime('09:15')), at(of, istTime('15:30'))]] as const;
    const session = { kind: 'session-opened', day: of, special: false, windows, intervalMs: 60_000 } as const;
    this.add(at(of, istTime('09:15')), session, 'in');
  }

  /** A structure from its signal to its close; returns its gross in paise and its number of fills. */
  play(of: Day, script: StructureScript): { readonly gross: number; readonly charges: Levies } {
    this.#structure += 1;
    const structure = this.#structure as StructureId;
    const first = instant(of, script.legs[0]?.entryAt ?? '');
    const seen = { spot: 2_400_000 };
    this.add(first, { kind: 'signal', agent: AGENT, name: 'entry', taken: true, gate: null, seen });
    this.add(first, {
      kind: 'structure-opened',
      agent: AGENT,
      structure,
      name: 'straddle',
      underlying: 'NIFTY',
      spot: 2_400_000,
      dte: of === TUESDAY ? 2 : 3,
      legs: script.legs.map(({ leg, contract, side = 'SELL', lots: count = 1 }) => ({
        leg,
        contract,
        side,
        lots: count,
        lotSize: LOT_SIZE,
      })),
      plannedLoss: script.risk ?? null,
    });
    for (const leg of script.legs) this.#enter(of, structure, leg);
    const legs = [...script.legs].sort((a, b) => (a.exitAt < b.exitAt ? -1 : 1));
    const sums = legs.map((leg) => this.#exit(of, structure, leg));
    const gross = sums.reduce((sum, one) => sum + one.gross, 0);
    const charges = sumOfLevies(sums.map((one) => one.charges));
    this.add(heard(of, legs.at(-1)?.exitAt ?? ''), {
      kind: 'structure-closed',
      agent: AGENT,
      structure,
      name: 'straddle',
      reason: script.reason,
      gross,
      charges,
      mfe: Math.max(gross, 0) + 10_000,
      mae: Math.min(gross, 0) - 20_000,
      risk: script.risk ?? null,
      credit: script.legs.reduce((sum, leg) => sum + leg.entry * (leg.lots ?? 1) * LOT_SIZE, 0),
      nakedMs: 450,
      unhedgedMs: 150,
    });
    return { gross, charges };
  }

  /** Ends a day with its books and its note; the rounding is fine paise. */
  closeSession(
    of: Day,
    book: { gross: number; charges: Levies; legs: number; structures: number; rounding: number },
  ): void {
    const ts = at(of, istTime('15:30'));
    const { gross, charges, legs, structures, rounding } = book;
    this.add(ts, {
      kind: 'day-facts',
      day: of,
      underlying: 'NIFTY',
      open: 2_400_000,
      high: 2_424_000,
      low: 2_376_000,
      close: 2_412_000,
      previousClose: 2_388_000,
      rungs: { index: 370, parity: 4, future: 0, none: 1 },
      vix: 1_425,
      cells: 1_000,
      cellsPresent: 990,
    });
    this.add(ts, {
      kind: 'day-closed',
      day: of,
      agent: AGENT,
      gross,
      charges,
      structures,
      legs,
      orders: legs * 2,
      fills: legs * 2,
      high: 0,
      low: 0,
      highAt: null,
      lowAt: null,
    });
    this.add(ts, { kind: 'contract-note', day: of, note: charges, rounding });
    this.add(ts, { kind: 'session-closed', day: of }, 'in');
  }

  #enter(of: Day, structure: StructureId, script: LegScript): void {
    const side = script.side ?? 'SELL';
    const price = script.entry;
    this.#trade(of, { structure, script, side, price, time: script.entryAt, purpose: 'entry', reason: 'entry' });
    const ts = heard(of, script.entryAt);
    const place = { agent: AGENT, structure, leg: script.leg, basis: 'leg', seen: null, ambiguous: false } as const;
    if (script.stop !== undefined)
      this.add(ts, { kind: 'guard-set', ...place, guard: 'stop', act: 'stop', level: script.stop });
    if (script.trail !== undefined) {
      this.add(ts, { kind: 'guard-set', ...place, guard: 'trail', act: 'trail', level: script.trail });
      this.add(ts, {
        kind: 'guard-moved',
        ...place,
        guard: 'trail',
        act: 'trail',
        level: script.trail - 500,
        seen: 9_000,
      });
    }
    if (script.target !== undefined)
      this.add(ts, { kind: 'guard-set', ...place, guard: 'target', act: 'target', level: script.target });
  }

  #exit(of: Day, structure: StructureId, script: LegScript): { readonly gross: number; readonly charges: Levies } {
    const side = script.side ?? 'SELL';
    const quantity = (script.lots ?? 1) * LOT_SIZE;
    const exitSide = side === 'SELL' ? 'BUY' : 'SELL';
    const reason = script.reason.toLowerCase();
    this.#trade(of, {
      structure,
      script,
      side: exitSide,
      price: script.exit,
      time: script.exitAt,
      purpose: 'exit',
      reason,
    });
    const gross = signOf(side) * (script.exit - script.entry) * quantity;
    const charges = sumOfLevies([SALE, PURCHASE]);
    const ts = heard(of, script.exitAt);
    this.add(ts, {
      kind: 'leg-closed',
      agent: AGENT,
      structure,
      leg: script.leg,
      contract: script.contract,
      side,
      lots: script.lots ?? 1,
      lotSize: LOT_SIZE,
      openedAt: heard(of, script.entryAt),
      closedAt: ts,
      entrySpot: 2_400_000,
      exitSpot: 2_405_000,
      entryTurnover: script.entry * quantity,
      exitTurnover: script.exit * quantity,
      gross,
      charges,
      initialStop: script.stop ?? script.trail ?? null,
      finalStop: script.trail === undefined ? (script.stop ?? null) : script.trail - 500,
      target: script.target ?? null,
      reason: script.reason,
      ambiguous: script.ambiguous ?? false,
      mfe: Math.max(gross, 0) + 7_500,
      mae: Math.min(gross, 0) - 15_000,
      mfeAt: ts,
      maeAt: ts,
      ivEntry: 14.25,
      ivExit: 13.5,
      nakedMs: side === 'SELL' ? 450 : 0,
      unhedgedMs: side === 'SELL' ? 150 : 0,
      reentry: 0,
    });
    const heldGross = script.held ?? gross;
    this.add(ts, { kind: 'leg-held', structure, leg: script.leg, reentry: 0, heldGross });
    return { gross, charges };
  }

  #trade(
    of: Day,
    parts: {
      readonly structure: StructureId;
      readonly script: LegScript;
      readonly side: Side;
      readonly price: number;
      readonly time: string;
      readonly purpose: 'entry' | 'exit';
      readonly reason: string;
    },
  ): void {
    const { structure, script, side, price, time, purpose, reason } = parts;
    const ts = instant(of, time);
    this.#order += 1;
    const order = this.#order as OrderId;
    this.add(ts, {
      kind: 'verdict',
      agent: AGENT,
      order,
      approved: true,
      rule: null,
      limit: null,
      value: null,
      reason: null,
    });
    this.add(ts, {
      kind: 'order-placed',
      order,
      agent: AGENT,
      structure,
      leg: script.leg,
      contract: script.contract,
      side,
      lots: script.lots ?? 1,
      lotSize: LOT_SIZE,
      terms: { kind: 'MARKET' },
      purpose,
      reduceOnly: purpose === 'exit',
      reason,
      decisionPrice: price - signOf(side) * 10,
    });
    const tsExchange = (ts + 300) as EpochMs;
    this.add((ts + 400) as EpochMs, { kind: 'order-accepted', order, tsExchange, terms: null, reason: null }, 'in');
    const fill: Fill = {
      order,
      lots: lots(script.lots ?? 1),
      price: paise(price),
      tsExchange,
      grade: 'traded',
      manner: 'taken',
      steps: {
        candle: [price - 20, price + 100, price - 100, price + 40, 1_500],
        path: price - signOf(side) * 27.5,
        rounding: signOf(side) * 2.5,
        halfSpread: 20,
        spread: 'assumed',
        slippage: 5,
      },
      charges: side === 'SELL' ? SALE : PURCHASE,
    };
    this.add((ts + 400) as EpochMs, { kind: 'order-filled', fill }, 'in');
  }
}

/** The two days that the head of this file adds up. */
/** A kept record as a sink is given it: its stamp, and the rest. */
export function apart(record: JournalRecord): [Stamp, Unstamped] {
  const { seq, ts, flow, ...rest } = record;
  return [{ seq, ts, flow }, rest as Unstamped];
}

export function smallJournal(): readonly JournalRecord[] {
  const script = new JournalScript();
  script.openSession(MONDAY);
  const first = script.play(MONDAY, {
    risk: 450_000,
    reason: 'TIME',
    legs: [
      {
        ...NIFTY_MON('CE'),
        entry: 10_000,
        exit: 13_100,
        exitAt: '09:45:12',
        reason: 'SL',
        stop: 13_000,
        held: -60_000,
      },
      { ...NIFTY_MON('PE'), entry: 9_000, exit: 4_005, exitAt: '15:15:01', reason: 'TIME', stop: 11_700 },
    ],
  });
  script.closeSession(MONDAY, { ...first, legs: 2, structures: 1, rounding: -3_104 });
  script.openSession(TUESDAY);
  const skipped = {
    kind: 'signal',
    agent: AGENT,
    name: 'entry',
    taken: false,
    gate: 'spread',
    seen: { spread: 45 },
  } as const;
  script.add(instant(TUESDAY, '09:19:01'), skipped);
  const third = script.play(TUESDAY, {
    risk: 180_000,
    reason: 'SL',
    legs: [{ ...NIFTY_TUE('CE', 23_750), entry: 8_000, exit: 10_505, exitAt: '12:30:40', reason: 'SL', ...PAIR }],
  });
  const second = script.play(TUESDAY, {
    reason: 'TIME',
    legs: [
      { ...NIFTY_TUE('CE', 23_700), entry: 11_000, exit: 6_000, exitAt: '15:15:01', reason: 'TIME' },
      { ...NIFTY_TUE('PE', 23_700), entry: 9_500, exit: 8_500, exitAt: '13:05:00', reason: 'TSL', trail: 10_500 },
    ],
  });
  script.closeSession(TUESDAY, {
    gross: second.gross + third.gross,
    charges: sumOfLevies([second.charges, third.charges]),
    legs: 3,
    structures: 2,
    rounding: 344,
  });
  return numbered(script.records);
}

/** Records in order of time, those of one instant as they were written, numbered anew. */
export function numbered(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return [...records].sort((a, b) => a.ts - b.ts).map((record, index) => ({ ...record, seq: index + 1 }));
}

const PAIR = { stop: 10_400, target: 6_000, ambiguous: true } as const;

const NIFTY_MON = (right: 'CE' | 'PE') =>
  ({ leg: right.toLowerCase(), contract: `NIFTY 2025-01-09 24000 ${right}`, entryAt: '09:20:01' }) as const;
const NIFTY_TUE = (right: 'CE' | 'PE', strike: number) =>
  ({ leg: right.toLowerCase(), contract: `NIFTY 2025-01-09 ${strike} ${right}`, entryAt: '09:20:01' }) as const;

/** Marks of the small journal; net in fine paise is noted beside each row, Tuesday's with Monday's rounding. */
export function smallMoney(): MoneyMinutes {
  const rows: readonly (readonly [Day, string, number, number, number])[] = [
    [MONDAY, '09:20:01', 0, 0, 0],
    // 2 S paid: -150,000,000 - 68,418,010 = -218,418,010
    [MONDAY, '09:21:01', -15_000, 68_418_010, 2],
    // 2 S + B: -2,000,000,000 - 96,385,557 = -2,096,385,557, the lowest of the run
    [MONDAY, '10:00:01', -200_000, 96_385_557, 1],
    // 903,614,443
    [MONDAY, '14:00:01', 100_000, 96_385_557, 1],
    // 1,296,896,896
    [MONDAY, '15:16:01', 142_125, 124_353_104, 0],
    // 1,296,900,000
    [TUESDAY, '09:20:01', 142_125, 124_353_104, 0],
    // + 3 S: 3,421,250,000 - 226,980,119 + 3,104 = 3,194,272,985, the peak before the loss
    [TUESDAY, '11:00:01', 342_125, 226_980_119, 3],
    // + B: 1,542,500,000 - 254,947,666 + 3,104 = 1,287,555,438
    [TUESDAY, '13:00:01', 154_250, 254_947_666, 2],
    // 3,731,620,344
    [TUESDAY, '15:16:01', 404_250, 310_882_760, 0],
  ];
  return {
    agents: [AGENT],
    ts: Float64Array.from(rows, ([of, time]) => instant(of, time)),
    agent: new Uint16Array(rows.length),
    gross: Float64Array.from(rows, (row) => row[2]),
    charges: Float64Array.from(rows, (row) => row[3]),
    openLots: Int32Array.from(rows, (row) => row[4]),
  };
}

/** The card of a run of the small journal. */
export function smallCard(changes: Partial<RunCard> = {}): RunCard {
  return {
    formatVersion: 1,
    mode: 'BACKTEST',
    from: MONDAY,
    to: TUESDAY,
    segments: ['NIFTY'],
    strategies: [
      {
        name: 'atm-straddle',
        segment: 'NIFTY',
        params: { lots: 1, entryAt: '09:20', stopLossPct: 30 },
        hash: 'abcdef0123456789',
      },
    ],
    capital: 100_000_000,
    lots: 1,
    settings: { closeGraceMs: 1_000, slippageTicks: 1 },
    data: {
      kind: 'real',
      hash: '0123456789abcdef',
      intervalMs: 60_000,
      days: 2,
      coveragePct: 99,
      missingDays: [],
      skippedDays: [],
    },
    code: { name: 'sim', version: '0.1.0' },
    seed: 1,
    models: [
      {
        name: 'fills',
        version: '1',
        assumption: 'An order fills at the path price of its arrival plus half-spread and slippage.',
      },
    ],
    warmup: { candles: 0, endsAt: null },
    rungs: { NIFTY: { index: 740, parity: 8, future: 0, none: 2 } },
    warnings: [],
    ...changes,
  };
}

/** When a fill of an order decided at `HH:MM:SS` is known. */
function heard(of: Day, time: string): EpochMs {
  return (instant(of, time) + 400) as EpochMs;
}

/** `HH:MM:SS` of a day. */
export function instant(of: Day, time: string): EpochMs {
  return (at(of, istTime(time.slice(0, 5))) + Number(time.slice(6, 8)) * 1_000) as EpochMs;
}
