import { describe, expect, test } from 'vitest';
import { clockText, MINUTE_MS } from '../../../engine/model/time.ts';
import type { Candle, StrategyContext, StrategyHandlers } from '../../../engine/strategy.ts';
import { paise } from '../../../engine/strategy.ts';
import { play } from '../../support/play.ts';
import type { ScriptOptions } from '../../support/script.ts';
import { contractOf, doing, enter, NO_DISASTER_STOP, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, recordsOf, words } from '../../support/tell.ts';

const DAY = tape`
  09:15  NIFTY 23005  CE 100  PE 90
  09:20  CE 100 110 100 110
  09:21  CE 120 140 120 140
`;

/** Plays one day with one agent. */
function run(handlers: StrategyHandlers, days = [DAY], options: ScriptOptions = {}): void {
  play({ days, agents: [scripted(handlers, options)], parts: NO_DISASTER_STOP });
}

describe('the decision instant', () => {
  test('is one second after the boundary, first for the minute and then for the timers of that boundary', () => {
    const seen: string[] = [];
    run({
      onSessionOpen: (ctx) => ctx.at(time('09:20'), 'timer'),
      onMinute: (ctx) => {
        if (seen.length < 5) seen.push(`${clockText(ctx.now)} minute`);
      },
      onTimer: (ctx, name) => seen.push(`${clockText(ctx.now)} ${name}`),
    });
    expect(seen).toEqual([
      '09:16:01.000 minute',
      '09:17:01.000 minute',
      '09:18:01.000 minute',
      '09:19:01.000 minute',
      '09:20:01.000 minute',
      '09:20:01.000 timer',
    ]);
  });

  test('sees the minute that ended and not the one that has begun', () => {
    const seen: (number | undefined)[] = [];
    run(doing({ '09:21': (ctx) => seen.push(ctx.price(contractOf(ctx, 'CE'))) }));
    // 09:20 closed at 110; 09:21 opened at 120 a second before.
    expect(seen).toEqual([11_000]);
  });

  test('fires a timer whose time has passed never, and says so', () => {
    const played = play({
      days: [DAY],
      agents: [scripted(doing({ '09:30': (ctx) => ctx.at(time('09:25'), 'late') }))],
    });
    expect(words(played)).toBe('09:30:01.000 note: timer late at 09:25 lapsed: that time has passed');
  });
});

describe('between closes', () => {
  test('an unwatched contract answers with its last closed candle, a watched one with the path', () => {
    const seen: string[] = [];
    const ask = (ctx: StrategyContext) => {
      const price = (name: string) => ctx.price(contractOf(ctx, name));
      seen.push(`${clockText(ctx.now)} ${price('CE')} ${price('PE')}`);
    };
    run({
      ...doing({ '09:20': (ctx) => enter(ctx, ['BUY CE']) }),
      onFill: (ctx) => ask(ctx),
      onMinute: (ctx) => {
        if (ctx.time === '09:22') ask(ctx);
      },
    });
    // The fill is known at 09:20:01.400. The call is watched since the order: low first, so still 100; the put has its 09:19 close.
    // At 09:22:01 the call is quoted at 09:22's open, the close before it.
    expect(seen).toEqual(['09:20:01.400 10000 9000', '09:22:01.000 14000 9000']);
  });

  test('a watched contract moves along the line', () => {
    const day = tape`
      09:15  NIFTY 23005 23010 22990 23005  CE 100  PE 90
      09:20  NIFTY 23005 23006 22990 23005  CE 100 120 100 110
    `;
    const seen: (number | undefined)[] = [];
    run(
      {
        ...doing({ '09:20': (ctx) => enter(ctx, ['BUY CE']) }),
        onFill: (ctx) => seen.push(ctx.price(contractOf(ctx, 'CE'))),
      },
      [day],
    );
    // High first, a rupee a second: 101.40 at 1.4 s.
    expect(seen).toEqual([10_140]);
  });
});

describe('the universe', () => {
  const wide = tape`
    09:15  NIFTY 23000  CE 100  23100CE 80  23150CE 70  22850CE 130  CE+ 150
    10:00  NIFTY 23149
    10:01  NIFTY 23150
  `;
  const visible = (ctx: StrategyContext) =>
    ['22850CE', 'CE', '23000CE', '23100CE', '23150CE'].flatMap((name) => {
      const { expiry, strike, right } = contractOf(ctx, name);
      return ctx.contract(expiry, strike, right) === undefined ? [] : [strike / 100];
    });

  test('hides strikes beyond its width and moves with the money', () => {
    const seen: string[] = [];
    const look = (ctx: StrategyContext) => seen.push(`${ctx.time} ${[...new Set(visible(ctx))].join(' ')}`);
    run(doing({ '09:20': look, '10:01': look, '10:02': look }), [wide], {
      universe: { strikesAround: 2, recentreSteps: 3 },
    });
    // Two strikes of 50 to either side; at 23,149 the money 23,150 is three steps away from the middle 23,000.
    expect(seen).toEqual(['09:20 23000 23100', '10:01 23150 23100', '10:02 23150 23100']);
  });

  test('hides expiries that were not asked for', () => {
    const seen: boolean[] = [];
    const look = (ctx: StrategyContext) => {
      const { expiry, strike, right } = contractOf(ctx, '23000CE', 'next');
      seen.push(ctx.contract(expiry, strike, right) !== undefined);
    };
    run(doing({ '09:20': look }), [wide], { universe: { expiries: ['nearest'] } });
    run(doing({ '09:20': look }), [wide], { universe: { expiries: ['nearest', 'next'] } });
    expect(seen).toEqual([false, true]);
  });

  test('holds nothing that is not in the data', () => {
    const seen: unknown[] = [];
    run(
      doing({
        '09:20': (ctx) => seen.push(ctx.contract(contractOf(ctx, 'CE').expiry, paise(2_305_000), 'CE')),
      }),
      [wide],
    );
    expect(seen).toEqual([undefined]);
  });
});

describe('a skipped signal', () => {
  test('is journaled once while its gate stays the same, and again on the next day', () => {
    const next = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23005  CE 100
    `;
    const agent = scripted({
      onMinute: (ctx) => {
        if (ctx.time < '09:30') ctx.skip('signal', ctx.time < '09:20' ? 'too early' : 'too dear', {});
      },
    });
    const played = play({ days: [DAY, next], agents: [agent] });
    expect(words(played)).toBe(
      [
        '09:16:01.000 signal skipped: too early',
        '09:20:01.000 signal skipped: too dear',
        '09:16:01.000 signal skipped: too early',
        '09:20:01.000 signal skipped: too dear',
      ].join('\n'),
    );
  });

  test('names the contract without a fresh price: no price, no entry', () => {
    const stale = tape`
      09:15  NIFTY 23005  CE 100
      09:18  CE gap
    `;
    const agent = scripted(
      doing({ '09:20': (ctx) => enter(ctx, ['BUY CE']), '09:21': (ctx) => enter(ctx, ['BUY CE']) }),
    );
    const played = play({ days: [stale], agents: [agent] });
    // Its last candle ended at 09:18: two minutes and a second old at 09:20:01.
    expect(words(played)).toBe('09:20:01.000 entry skipped: no fresh price: NIFTY 2025-01-09 23000 CE');
  });

  test('counts a price as fresh for two minutes', () => {
    const ageing = tape`
      09:15  NIFTY 23005  CE 100
      09:19  CE gap
    `;
    const agent = scripted(doing({ '09:20': (ctx) => enter(ctx, ['BUY CE']) }));
    expect(words(play({ days: [ageing], agents: [agent] }))).toMatch(/^09:20:01.000 entry taken$/m);
  });
});

describe('history', () => {
  test('ends at the last closed minute', () => {
    const seen: string[] = [];
    const look = (ctx: StrategyContext) => {
      const candles = ctx.candlesToday(contractOf(ctx, 'CE'));
      seen.push(`${ctx.time} ${candles.length} until ${clockText(candles.at(-1)?.start ?? ctx.now)}`);
    };
    run(doing({ '09:20': look, '09:21': look }));
    expect(seen).toEqual(['09:20 5 until 09:19:00.000', '09:21 6 until 09:20:00.000']);
  });
});

describe('larger candles', () => {
  const text = ({ start, open, high, low, close }: Candle): string =>
    `${clockText(start).slice(0, 5)} ${[open, high, low, close].map((price) => price / 100).join(' ')}`;

  test('are anchored at the open of the window and usable at their end', () => {
    const day = tape`
      09:15  NIFTY 23000 23010 22995 23005
      09:16  NIFTY 23005 23020 23000 23015
      09:17  NIFTY 23015 23016 22990 23000
      09:18  NIFTY 23001
    `;
    const seen: string[] = [];
    const handlers = {
      onMinute: (ctx: StrategyContext) => {
        const candles = ctx.series(3 * MINUTE_MS);
        if (ctx.time <= '09:18') seen.push(`${ctx.time} ${candles.map(text).join(', ')}`);
      },
    };
    run(handlers, [day], { universe: { series: [{ span: 3 * MINUTE_MS, warmUp: 0 }] } });
    expect(seen).toEqual(['09:16 ', '09:17 ', '09:18 09:15 23000 23020 22990 23000']);
  });

  test('end with the window: an hour of seven in a day, the last of fifteen minutes', () => {
    const starts: string[] = [];
    let last: Candle | undefined;
    const day = tape`
      09:15  NIFTY 23000
      15:20  NIFTY 23050
    `;
    const handlers = {
      onMinute: (ctx: StrategyContext) => {
        const candle = ctx.series(60 * MINUTE_MS).at(-1);
        if (candle !== undefined && candle.start !== last?.start) starts.push(`${ctx.time} ${text(candle)}`);
        last = candle;
      },
    };
    run(handlers, [day], { universe: { series: [{ span: 60 * MINUTE_MS, warmUp: 0 }] } });
    expect(starts).toEqual([
      '10:15 09:15 23000 23000 23000 23000',
      '11:15 10:15 23000 23000 23000 23000',
      '12:15 11:15 23000 23000 23000 23000',
      '13:15 12:15 23000 23000 23000 23000',
      '14:15 13:15 23000 23000 23000 23000',
      '15:15 14:15 23000 23000 23000 23000',
      '15:30 15:15 23000 23050 23000 23050',
    ]);
  });

  test('never span two windows', () => {
    const saturday = tape`
      2024-03-02
      09:15  NIFTY 22400
      11:30  NIFTY 22500
    `;
    const starts: string[] = [];
    const handlers = {
      onMinute: (ctx: StrategyContext) => {
        const candle = ctx.series(30 * MINUTE_MS).at(-1);
        const line = candle === undefined ? '' : text(candle);
        if (line !== '' && starts.at(-1) !== line) starts.push(line);
      },
    };
    run(handlers, [saturday], {
      universe: { series: [{ span: 30 * MINUTE_MS, warmUp: 0 }] },
      specialSessions: true,
    });
    expect(starts).toEqual([
      '09:15 22400 22400 22400 22400',
      '09:45 22400 22400 22400 22400',
      '11:30 22500 22500 22500 22500',
      '12:00 22500 22500 22500 22500',
    ]);
  });

  test('of days and weeks are known when the day is over, and when the next week begins', () => {
    const days = (['2025-01-09', '2025-01-10', '2025-01-13'] as const).map(
      (date, index) => tape`
        ${date}  strike 23000
        09:15  NIFTY ${23_000 + 10 * index}
        15:29  NIFTY ${23_005 + 10 * index}
      `,
    );
    const seen: string[] = [];
    const handlers = {
      onSessionOpen: (ctx: StrategyContext) => {
        const closes = (span: 'day' | 'week') =>
          ctx.series(span).map(({ open, close }) => `${open / 100}-${close / 100}`);
        seen.push(`${ctx.day} days ${closes('day').join(' ')} weeks ${closes('week').join(' ')}`);
      },
    };
    run(handlers, days, {
      universe: {
        series: [
          { span: 'day', warmUp: 0 },
          { span: 'week', warmUp: 0 },
        ],
      },
    });
    expect(seen).toEqual([
      '2025-01-09 days  weeks ',
      '2025-01-10 days 23000-23005 weeks ',
      '2025-01-13 days 23000-23005 23010-23015 weeks 23000-23015',
    ]);
  });
});

describe('the ladder of the underlying', () => {
  test('goes from the index to the forward of the options, to the near future less carry, to none', () => {
    const day = tape`
      2025-01-06  strike 23000
      09:15  NIFTY 23005  CE 100  PE 90  FUT 23100
      09:16  NIFTY gap
      09:17  PE gap
      09:18  FUT gap
    `;
    const seen: string[] = [];
    run(
      {
        onMinute: (ctx) => {
          if (ctx.time <= '09:19') seen.push(`${ctx.time} ${ctx.rung} ${ctx.spot ?? 'unknown'}`);
        },
      },
      [day],
    );
    // The forward stood 5 above the index and the future less carry 3.73 below it: both still say 23,005.
    expect(seen.slice(0, 3)).toEqual(['09:16 index 2300500', '09:17 parity 2300500', '09:18 future 2300500']);
    expect(seen[3]).toMatch(/^09:19 none/);
  });

  test('takes forward and future as they are on a day that has no index', () => {
    const day = tape`
      2025-01-06  strike 23000
      09:15  CE 100  PE 90  FUT 23100
      09:16  PE gap
    `;
    const seen: string[] = [];
    run({ onMinute: (ctx) => void (ctx.time <= '09:17' && seen.push(`${ctx.time} ${ctx.rung} ${ctx.spot}`)) }, [day]);
    // 23,000 + 100 - 90; 23,100 x (1 - 0.065 x 24/365) to the paisa: 23,001.27 for the month that ends on 2025-01-30.
    expect(seen).toEqual(['09:16 parity 2301000', '09:17 future 2300127']);
  });

  test('closes nothing on the index rule because one minute of the index is missing', () => {
    const day = tape`
      2025-01-06  strike 23000
      09:15  NIFTY 23000  CE 220  PE 100
      09:30  NIFTY gap
      09:31  NIFTY 23000
    `;
    // The forward is 23,120, 120 above the index all day; the rule closes at 100 points.
    const away = {
      name: 'away',
      act: 'stop',
      basis: 'underlying',
      distance: { paise: 10_000 },
      closes: 'structure',
    } as const;
    const agent = scripted(doing({ '09:20': (ctx) => enter(ctx, ['SELL CE', 'SELL PE'], { guards: [away] }) }));
    const { records } = play({ days: [day], agents: [agent] });
    expect(records.filter(({ kind }) => kind === 'guard-fired')).toEqual([]);
  });

  test('takes the median over the five strikes where call and put are nearest', () => {
    const day = tape`
      2025-01-06  strike 23000
      09:15  22900CE 180 22900PE 70  22950CE 140 22950PE 80  CE 105 PE 90  23050CE 75 23050PE 115  23100CE 50 23100PE 140  23500CE 1 23500PE 600
    `;
    const seen: unknown[] = [];
    run(doing({ '09:16': (ctx) => seen.push(ctx.spot, ctx.rung) }), [day]);
    // Forwards 23,010, 23,010, 23,015, 23,010, 23,010; the far strike, 22,901, is not among the five.
    expect(seen).toEqual([2_301_000, 'parity']);
  });
});

test('a strategy sees its own structures alone', () => {
  const seen: string[] = [];
  const agents = ['one', 'two'].map((name) =>
    scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['BUY CE'], { signal: name }),
        '09:25': (ctx) => seen.push(`${name} ${ctx.structures.map((each) => each.name).join(' ')}`),
      }),
      { name },
    ),
  );
  const played = play({ days: [DAY], agents, parts: NO_DISASTER_STOP });
  expect(seen).toEqual(['one one', 'two two']);
  expect(fills(played).split('\n')).toHaveLength(2);
  expect(recordsOf(played, 'day-closed').map(({ structures, fills: count }) => [structures, count])).toEqual([
    [1, 1],
    [1, 1],
  ]);
});
