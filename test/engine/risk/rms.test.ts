import { describe, expect, test } from 'vitest';
import { day, istTime } from '../../../engine/model/time.ts';
import type { RiskAct } from '../../../engine/risk/risk-view.ts';
import { Rms } from '../../../engine/risk/rms.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import { money, opened, order, reasonOf, request, rs, SENSEX, STRADDLE, view, words } from './account.ts';

/** Plays marks `time kind rupees` of one agent and tells the acts of each as `act scope rule`. */
function played(rms: Rms, tape: string): readonly string[] {
  const lines = tape
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return lines.map(([time = '', kind, net]) => {
    const acts = rms.onMarks(view({ time, agents: [money(STRADDLE, rs(Number(net)))] }), {
      kind: kind === 'minute' ? 'minute' : 'quote',
    });
    return `${time} ${acts.map(actText).join(', ') || '-'}`;
  });
}

function actText({ act, scope, rule }: RiskAct): string {
  return `${act} ${scope} ${rule}`;
}

const CAP: Partial<RmsSettings> = { lossPerDayMax: rs(10_000) };

describe('a money cap', () => {
  test('trips on the second of two quote marks that stand a second apart', () => {
    expect(
      played(
        opened(CAP),
        `10:00:01.000 quote -9999.99
         10:00:02.000 quote -10000
         10:00:02.999 quote -10500
         10:00:03.000 quote -10500`,
      ),
    ).toEqual([
      '10:00:01.000 -',
      '10:00:02.000 -',
      '10:00:02.999 -',
      '10:00:03.000 halt all loss-per-day, flatten all loss-per-day',
    ]);
  });

  test('is not tripped by a false print that is gone by the next mark', () => {
    expect(
      played(
        opened(CAP),
        `10:00:02.000 quote -40000
         10:00:02.500 quote -2000
         10:00:03.500 quote -11000
         10:00:04.400 quote -11000
         10:00:04.500 quote -11000`,
      ),
    ).toEqual([
      '10:00:02.000 -',
      '10:00:02.500 -',
      '10:00:03.500 -',
      '10:00:04.400 -',
      '10:00:04.500 halt all loss-per-day, flatten all loss-per-day',
    ]);
  });

  test('trips on one close of a minute', () => {
    expect(played(opened(CAP), '10:01:01.000 minute -10000')).toEqual([
      '10:01:01.000 halt all loss-per-day, flatten all loss-per-day',
    ]);
    expect(played(opened(CAP), '10:01:01.000 minute -9999.99')).toEqual(['10:01:01.000 -']);
  });

  test('acts once a day, and again the next day', () => {
    const rms = opened(CAP);
    expect(
      played(
        rms,
        `10:01:01 minute -10000
         10:02:01 minute -12000
         10:03:01 minute 500
         10:04:01 minute -11000`,
      ),
    ).toEqual(['10:01:01 halt all loss-per-day, flatten all loss-per-day', '10:02:01 -', '10:03:01 -', '10:04:01 -']);
    const next = view({ day: day('2025-01-03'), agents: [money(STRADDLE)] });
    expect(rms.openDay(next).map(actText)).toEqual(['release all loss-per-day']);
    expect(rms.halted(STRADDLE)).toBeUndefined();
    expect(rms.remainingOf('all')).toBe(rs(10_000));
    const lost = { ...next, agents: [money(STRADDLE, rs(-10_000))] };
    expect(rms.onMarks(lost, { kind: 'minute' }).map(actText)).toEqual([
      'halt all loss-per-day',
      'flatten all loss-per-day',
    ]);
  });

  test('says its limit, the loss and why', () => {
    const acts = opened(CAP).onMarks(view({ agents: [money(STRADDLE, rs(-10_250.5))] }), { kind: 'minute' });
    expect(acts[0]).toEqual({
      rule: 'loss-per-day',
      scope: 'all',
      act: 'halt',
      limit: rs(10_000),
      value: rs(10_250.5),
      reason: "the day's loss of 10250.50 rupees used up the cap of 10000.00",
    });
  });

  test('of a segment stops that segment alone, once, and the account may follow', () => {
    const from = view({ agents: [money(STRADDLE), money(SENSEX)] });
    const rms = opened({ perSegment: { lossPerDayMax: rs(5_000) }, lossPerDayMax: rs(8_000) }, from);
    const at = (nifty: number, sensex: number) =>
      rms
        .onMarks(view({ agents: [money(STRADDLE, rs(nifty)), money(SENSEX, rs(sensex))] }), { kind: 'minute' })
        .map(actText);
    expect(at(-5_000, 1_000)).toEqual(['halt NIFTY loss-per-day-segment', 'flatten NIFTY loss-per-day-segment']);
    expect(rms.halted(STRADDLE)?.scope).toBe('NIFTY');
    expect(rms.halted(SENSEX)).toBeUndefined();
    expect(at(-5_500, -2_000)).toEqual([]);
    expect(at(-5_500, -2_500)).toEqual(['halt all loss-per-day', 'flatten all loss-per-day']);
    expect(at(-5_500, -6_000)).toEqual([]);
  });

  test('denies entries of its scope from then on, with the cause in the reason', () => {
    const rms = opened(CAP);
    played(rms, '10:01:01 minute -10000');
    const later = view({ time: '11:00:01', agents: [money(STRADDLE, rs(-9_000))] });
    expect(words(rms, request(), later)).toEqual(['halted limit 1000000 value 1000000']);
    expect(reasonOf(rms, request(), later)).toBe(
      "all is halted for the day: the day's loss of 10000.00 rupees used up the cap of 10000.00",
    );
    expect(words(rms, request([order({ reduceOnly: true })]), later)).toEqual(['approved']);
  });
});

describe('the profit lock', () => {
  const lock: Partial<RmsSettings> = { profitLockFrom: rs(10_000), profitLockShare: 0.6 };

  test('keeps its share of the best net once it is armed', () => {
    expect(
      played(
        opened(lock),
        `10:01:01 minute 9999.99
         10:02:01 minute 0
         10:03:01 minute 12000
         10:04:01 minute 20000
         10:05:01 minute 12000.01
         10:06:01 minute 12000`,
      ),
    ).toEqual([
      '10:01:01 -',
      '10:02:01 -',
      '10:03:01 -',
      '10:04:01 -',
      '10:05:01 -',
      '10:06:01 halt all profit-lock, flatten all profit-lock',
    ]);
  });

  test('asks for two marks a second apart, as the cap does', () => {
    expect(
      played(
        opened(lock),
        `10:03:01 quote 10000
         10:03:02 quote 6000
         10:03:02.999 quote 5000
         10:03:03 quote 5000`,
      ),
    ).toEqual(['10:03:01 -', '10:03:02 -', '10:03:02.999 -', '10:03:03 halt all profit-lock, flatten all profit-lock']);
  });

  test('says the floor, the net and the best net', () => {
    const rms = opened(lock);
    played(rms, '10:03:01 minute 10000');
    const [halt] = rms.onMarks(view({ agents: [money(STRADDLE, rs(5_900))] }), { kind: 'minute' });
    expect([halt?.limit, halt?.value]).toEqual([rs(6_000), rs(5_900)]);
    expect(halt?.reason).toBe('the net of 5900.00 rupees fell to 6000.00, the share kept of the best net 10000.00');
  });
});

describe('the profit target', () => {
  const target: Partial<RmsSettings> = { profitPerDayTarget: rs(5_000) };

  test('ends entries for the day and closes nothing, even when the net falls again', () => {
    const rms = opened(target);
    expect(
      played(
        rms,
        `10:01:01 minute 5000
         10:02:01 minute 1000
         10:03:01 minute 6000`,
      ),
    ).toEqual(['10:01:01 halt all profit-target', '10:02:01 -', '10:03:01 -']);
    expect(words(rms, request(), view({ agents: [money(STRADDLE, rs(1_000))] }))).toEqual([
      'profit-target limit 500000 value 100000',
    ]);
  });

  test('closes everything where the setting says so', () => {
    expect(played(opened({ ...target, profitTargetAct: 'flatten' }), '10:01:01 minute 5000')).toEqual([
      '10:01:01 halt all profit-target, flatten all profit-target',
    ]);
  });

  test('leaves the loss cap at work', () => {
    expect(
      played(
        opened({ ...target, ...CAP }),
        `10:01:01 minute 5000
         10:02:01 minute -10000`,
      ),
    ).toEqual(['10:01:01 halt all profit-target', '10:02:01 halt all loss-per-day, flatten all loss-per-day']);
  });
});

describe('an operator', () => {
  const from = view({ agents: [money(STRADDLE), money(SENSEX)] });

  test('halts and resumes a segment', () => {
    const rms = opened({}, from);
    expect(rms.command('halt', 'NIFTY').acts.map(actText)).toEqual(['halt NIFTY operator']);
    expect(words(rms, request(), from)).toEqual(['halted limit undefined value undefined']);
    expect(reasonOf(rms, request(), from)).toBe('NIFTY is halted until it is resumed: by the operator');
    expect(words(rms, request([order({ agent: SENSEX })]), from)).toEqual(['approved']);
    expect(rms.command('resume', 'NIFTY')).toEqual({
      acts: [
        {
          rule: 'operator',
          scope: 'NIFTY',
          act: 'release',
          limit: undefined,
          value: undefined,
          reason: 'resumed by the operator',
        },
      ],
      refusal: undefined,
    });
    expect(words(rms, request(), from)).toEqual(['approved']);
  });

  test('is obeyed over the night, until the word to resume', () => {
    const rms = opened({}, from);
    rms.command('halt', STRADDLE);
    expect(rms.openDay({ ...from, day: day('2025-01-03') })).toEqual([]);
    expect(rms.halted(STRADDLE)?.by).toBe('operator');
  });

  test('may halt before the first day begins', () => {
    const rms = new Rms({ settings: defaultRmsSettings });
    rms.command('halt', STRADDLE);
    rms.openDay(from);
    expect(rms.halted(STRADDLE)?.scope).toBe(STRADDLE);
  });

  test('lifts narrower halts with a wider word, but no wider halt with a narrower one', () => {
    const rms = opened({}, from);
    rms.command('halt', STRADDLE);
    rms.command('halt', 'SENSEX');
    expect(rms.command('resume', 'all').acts.map(actText)).toEqual([
      `release ${STRADDLE} operator`,
      'release SENSEX operator',
    ]);
    rms.command('halt', 'all');
    expect(rms.command('resume', 'NIFTY')).toEqual({
      acts: [],
      refusal: 'all is halted by the operator and has to be resumed as a whole',
    });
  });

  test('cannot lift a tripped cap of the day', () => {
    const rms = opened(CAP);
    rms.command('halt', 'NIFTY');
    played(rms, '10:01:01 minute -10000');
    const answer = rms.command('resume', 'all');
    expect(answer.acts.map(actText)).toEqual(['release NIFTY operator']);
    expect(answer.refusal).toBe(
      "all is halted for the day: the day's loss of 10000.00 rupees used up the cap of 10000.00; a limit of the day is lifted by the next day alone",
    );
    expect(rms.halted(STRADDLE)?.rule).toBe('loss-per-day');
  });

  test('flattens a scope without halting it, and exits positions with a halt of all', () => {
    const rms = opened({}, from);
    expect(rms.command('flatten', 'SENSEX').acts.map(actText)).toEqual(['flatten SENSEX operator']);
    expect(rms.halted(SENSEX)).toBeUndefined();
    expect(rms.command('exit-positions', 'SENSEX').acts.map(actText)).toEqual([
      'halt all operator',
      'flatten all operator',
    ]);
    expect(rms.halted(STRADDLE)?.scope).toBe('all');
    expect(rms.command('exit-positions', 'all').acts.map(actText)).toEqual(['flatten all operator']);
  });

  test('is told of a scope that does not exist and of one that is not halted', () => {
    const rms = opened({}, from);
    expect(rms.command('halt', 'NIFTYY')).toEqual({
      acts: [],
      refusal: 'a scope is all, one of NIFTY, SENSEX or one of atm-straddle/NIFTY, atm-straddle/SENSEX, was "NIFTYY"',
    });
    expect(rms.command('resume', 'NIFTY').refusal).toBe('NIFTY is not halted');
  });
});

test('worst and best of the day come from every mark, a false print included', () => {
  const rms = opened(CAP);
  played(
    rms,
    `10:00:02.000 quote -4000
     10:00:02.100 quote 3000
     10:00:03.000 quote -1000`,
  );
  expect({ net: rms.account.net, worst: rms.account.worst, high: rms.account.high }).toEqual({
    net: rs(-1_000),
    worst: rs(4_000),
    high: rs(3_000),
  });
});

describe('the house insists', () => {
  test('on a view of the day that was opened, with the agents it was opened with', () => {
    const rms = opened({ lossPerDayMax: 100 });
    expect(() => rms.onMarks(view({ day: day('2025-01-03') }), { kind: 'minute' })).toThrow(
      'the RMS was opened for 2025-01-02 with 1 agents and is shown 2025-01-03 with 1',
    );
    expect(() => rms.onMarks(view({ agents: [] }), { kind: 'minute' })).toThrow('is shown 2025-01-02 with 0');
    expect(() => rms.onMarks(view({ agents: [money(SENSEX)] }), { kind: 'minute' })).toThrow(
      'agent atm-straddle/SENSEX stood elsewhere when the day began',
    );
  });

  test('that an order which adds risk does not leave by the door of exits', () => {
    expect(() => opened().reviewExit(order())).toThrow('order 1 adds risk and has to pass the rules');
  });

  test.each<[Partial<RmsSettings>, string]>([
    [{ lossPerDayMax: 0 }, 'lossPerDayMax is a positive whole number of paise, was 0'],
    [{ perSegment: { lossPerDayMax: -5 } }, 'lossPerDayMax of a segment is a positive whole number of paise, was -5'],
    [{ lossPerDayPct: 2 }, 'lossPerDayPct is a share of the capital, and no capital is set'],
    [{ exitPnl: 0.5 }, 'exitPnl is a positive whole number of paise, was 0.5'],
    [{ rLossPerDayMax: 0 }, 'rLossPerDayMax is a positive number, was 0'],
    [{ lossesInARowMax: 0 }, 'lossesInARowMax is a positive count, was 0'],
    [{ structuresOpenMax: 1.5 }, 'structuresOpenMax is a count, was 1.5'],
    [{ profitLockShare: 1 }, 'profitLockShare is a fraction from 0 to under 1, was 1'],
    [{ entryFrom: istTime('15:00'), entryTo: istTime('09:20') }, 'entries begin before they end, was 15:00 to 09:20'],
  ])('on settings that make sense: %j', (settings, message) => {
    expect(() => opened(settings)).toThrow(message);
  });
});
