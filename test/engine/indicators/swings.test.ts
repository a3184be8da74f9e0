import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SwingEvent, SwingUpdate } from '../../../engine/indicators/swings.ts';
import { SwingDetector } from '../../../engine/indicators/swings.ts';
import { cases } from '../../support/soak.ts';
import type { Bar } from '../../support/swing-reference.ts';
import { referenceSwings } from '../../support/swing-reference.ts';

/** Bars as high/low/close, as the rules of the strategy write them. */
const A = '102/98/101 103/99/100 101/97/98 100/96/99 104/98/103 106/102/105 107/103/104 105/100/101 102/98/99';
const B =
  '252/248/249 250/245/246 247/242/243 248/243/247 252/246/251 258/250/257 262/255/260 261/254/255 256/250/251 252/248/249 250/240/241';
const C =
  '182/178/181 180/175/176 179/174/175 181/175/180 184/179/183 186/182/185 185/180/181 183/178/179 181/172/173 180/171/172 184/173/183 188/181/187';

describe('the published sequences', () => {
  test.for([
    ['A', A, 'confirmed', '(3,HIGH,103,1) (5,LOW,96,3) (8,HIGH,107,6)'],
    ['A', A, 'immediate', '(3,HIGH,103,1) (4,upd HIGH,104,4) (5,upd HIGH,106,5) (6,upd HIGH,107,6)'],
    ['B', B, 'confirmed', '(2,HIGH,252,0) (4,LOW,242,2) (8,HIGH,262,6)'],
    ['B', B, 'immediate', '(2,HIGH,252,0) (4,LOW,242,2) (8,HIGH,262,6)'],
    ['C', C, 'confirmed', '(2,HIGH,182,0) (4,LOW,174,2) (7,HIGH,186,5) (11,LOW,171,9)'],
    ['C', C, 'immediate', '(2,HIGH,182,0) (4,upd HIGH,184,4) (5,upd HIGH,186,5) (11,upd HIGH,188,11)'],
  ] as const)('%s has its swings, updates %s', ([, bars, update, swings]) => {
    expect(eventsOf(barsOf(bars), update).map(text).join(' ')).toBe(swings);
  });
});

describe('a swing', () => {
  test('takes the earliest of equal extremes', () => {
    // Two bars at the high of 110; the fourth and fifth bar vote against the first.
    const bars = barsOf('110/105/108 110/104/107 109/103/106 108/102/105');
    expect(eventsOf(bars, 'confirmed').map(text)).toEqual(['(2,HIGH,110,0)']);
  });

  test('may be the very bar that votes for it, when that reaches beyond all others', () => {
    // Falling, but the third bar, an outside one, has also the highest high.
    const bars = barsOf('110/105/108 110/104/107 112/100/101');
    expect(eventsOf(bars, 'confirmed').map(text)).toEqual(['(2,HIGH,112,2)']);
  });

  test('is no swing by votes that need both extreme and close', () => {
    const wider = barsOf('120/100/110 121/99/110 122/98/110 123/97/110');
    const higherButCloseLower = barsOf('120/100/115 121/101/114 122/102/113 123/103/112');
    const lowerButCloseHigher = barsOf('123/103/112 122/102/113 121/101/114 120/100/115');
    for (const bars of [wider, higherButCloseLower, lowerButCloseHigher])
      expect(eventsOf(bars, 'confirmed')).toEqual([]);
  });

  test('that moves keeps the votes that were cast', () => {
    // The low of 90 stands at bar 2. Bar 5 falls to 88 and closes high; bars 6 and 8 vote up for bar 3, which moves the low there. In
    // between bar 7 voted down for bar 6, so that bar 9 brings that one to two: a high at once.
    const bars = barsOf(
      '100/96/97 101/95/96 99/90/91 103/95/102 104/96/103 103/88/103 105/97/104 103/96/102 106/98/105 104/96/103',
    );
    expect(eventsOf(bars, 'confirmed').map(text)).toEqual([
      '(2,HIGH,101,1)',
      '(4,LOW,90,2)',
      '(8,upd LOW,88,5)',
      '(9,HIGH,106,8)',
    ]);
    expect(eventsOf(bars, 'immediate').map(text)).toEqual([
      '(2,HIGH,101,1)',
      '(3,upd HIGH,103,3)',
      '(4,upd HIGH,104,4)',
      '(6,upd HIGH,105,6)',
      '(8,upd HIGH,106,8)',
    ]);
  });

  test('of yesterday is forgotten with the new day, and days of any length fit', () => {
    const detector = new SwingDetector({ update: 'confirmed' });
    for (let bar = 0; bar < 1_000; bar += 1) {
      const price = 1_000 + 10 * Math.abs((bar % 40) - 20);
      detector.push(price + 1, price - 1, price);
    }
    expect([detector.bars, detector.last?.kind]).toEqual([1_000, 'LOW']);
    detector.reset();
    expect([detector.bars, detector.last]).toEqual([0, undefined]);
    expect(
      barsOf(A)
        .flatMap(({ high, low, close }) => detector.push(high, low, close) ?? [])
        .map(text),
    ).toEqual(['(3,HIGH,103,1)', '(5,LOW,96,3)', '(8,HIGH,107,6)']);
  });
});

describe('on any walk', () => {
  test.for(['confirmed', 'immediate'] as const)('the detector agrees with pencil and paper, updates %s', (update) => {
    let moved = 0;
    fc.assert(
      fc.property(anyBars, (bars) => {
        const told = eventsOf(bars, update);
        moved += told.filter(({ isUpdate }) => isUpdate).length;
        expect(told).toEqual(referenceSwings(bars, update));
      }),
      { numRuns: cases({ ci: 300, soak: 20_000 }), seed: 4 },
    );
    expect(moved).toBeGreaterThan(100);
  });
});

/** Candles of a walk on a coarse grid, so that equal highs, lows and closes are common; some days are longer than the first columns. */
const anyBars: fc.Arbitrary<readonly Bar[]> = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.nat({ max: 3 }), fc.nat({ max: 3 })), {
    minLength: 1,
    maxLength: 420,
    size: 'max',
  })
  .map((moves) => {
    let close = 200;
    return moves.map(([move, up, down]) => {
      const open = close;
      close += move;
      return { high: Math.max(open, close) + up, low: Math.min(open, close) - down, close };
    });
  });

function eventsOf(bars: readonly Bar[], update: SwingUpdate): SwingEvent[] {
  const detector = new SwingDetector({ update });
  return bars.flatMap(({ high, low, close }) => detector.push(high, low, close) ?? []);
}

function barsOf(bars: string): Bar[] {
  return bars.split(' ').map((bar) => {
    const [high = 0, low = 0, close = 0] = bar.split('/').map(Number);
    return { high, low, close };
  });
}

function text({ at, kind, price, bar, isUpdate }: Omit<SwingEvent, 'kind'> & { readonly kind: string }): string {
  return `(${at},${isUpdate ? 'upd ' : ''}${kind},${price},${bar})`;
}
