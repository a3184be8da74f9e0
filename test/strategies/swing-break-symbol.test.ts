import { describe, expect, test } from 'vitest';
import type { Candle } from '../../engine/model/candle-frame.ts';
import { option } from '../../engine/model/instrument.ts';
import { at, day, epochMs, istTime } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { SwingBreakParams, swingBreakSettings } from '../../strategies/swing-break-params.ts';
import { SwingBreakSymbol } from '../../strategies/swing-break-symbol.ts';
import { LOW_AT_120, lowShape } from '../support/swing-day.ts';

const OPEN = at(day('2025-01-06'), istTime('09:15'));

describe('the VWAP of an option', () => {
  test('weighs (high + low + close) / 3 by the volume of the minute since the open, its own bar included', () => {
    // By hand: 100 x 10 and (112 + 104 + 108) / 3 = 108 x 30 make 106.
    expect(vwaps(pushed('100/100/100*10 112/104/108*30'))).toEqual([10_000, 10_600]);
  });

  test('is the typical price of the bar while nothing was traded', () => {
    expect(vwaps(pushed('100/100/100*0 112/104/108*0 110/110/110*5 200/200/200*0'))).toEqual([
      10_000, 10_800, 11_000, 11_000,
    ]);
  });

  test('is unknown from the first unknown volume on, and then every low fails by it', () => {
    const { symbol, gates } = pushed(LOW_AT_120.replace('110/100/110', '110/100/110*-1'));
    expect(vwaps({ symbol, gates })).toEqual([10_000, ...Array.from({ length: 8 }, () => undefined)]);
    expect(gates).toEqual(['100: swing low less than 4 % above VWAP', '120: VWAP unknown']);
    expect(symbol.candidate).toBeUndefined();
  });
});

describe('the first stage', () => {
  test('takes a low from 100 to 300 rupees, both ends included', () => {
    // The same shape higher or lower: a low 20 above a base, which stands 4 % or more above the VWAP of the base.
    expect(gatesAt(0)).toBe('none');
    expect(gatesAt(-20)).toBe('none');
    expect(gatesAt(-20.05)).toBe('swing low below 100');
    expect(gatesAt(180)).toBe('none');
    expect(gatesAt(180.05)).toBe('swing low above 300');
    expect(gatesAt(-20.05, { priceMin: 99.95 })).toBe('none');
    expect(gatesAt(180.05, { priceMax: 300.05 })).toBe('none');
  });

  test('wants the low 4 % above the VWAP of the bar it lies in, in exact numbers', () => {
    // Nobody trades after the first minute, so the VWAP stands at its price: 120 is 4 % above 115.3846, a tick more is too much.
    const from = (base: string) => `${base}*1000 ${LOW_AT_120.split(' ').slice(1).join('*0 ')}*0`;
    expect(pushed(from('115.35/115.35/115.35')).gates.at(-1)).toBe('120: none');
    expect(pushed(from('115.4/115.4/115.4')).gates.at(-1)).toBe('120: swing low less than 4 % above VWAP');
    expect(pushed(from('115.4/115.4/115.4'), { vwapPremium: 0.0398 }).gates.at(-1)).toBe('120: none');
    // Exactly on it: 104 over 100.
    const exact = `100/100/100*1000 ${lowShape(-16).split(' ').slice(1).join('*0 ')}*0`;
    expect(pushed(exact).gates.at(-1)).toBe('104: none');
    expect(pushed(exact, { vwapPremium: 0.040001 }).gates.at(-1)).toBe('104: swing low less than 4.0001 % above VWAP');
  });

  test('reads the VWAP of the swing bar, not of the bar that confirms it', () => {
    // The confirming bar trades so much at 129 that the VWAP after it lies above the low.
    const { symbol } = pushed(`${LOW_AT_120}*1000000000`);
    expect(symbol.vwapAt(8)).toBeGreaterThan(12_000);
    expect(symbol.candidate?.price).toBe(12_000);
  });

  test('a low at a wrong price drops the older candidate, one too near to its VWAP leaves it', () => {
    // After the low at 120 a high, then a second low, told by two bars up; it never goes below the first.
    const second = (low: number) =>
      `${LOW_AT_120} 140/130/139 150/140/149 148/138/139 146/136/137 144/${low}/${low} 150/${low + 2}/145 155/144/153`;
    const dropped = pushed(second(125), { priceMax: 124 });
    expect(dropped.gates.at(-1)).toBe('125: swing low above 124');
    expect(dropped.symbol.candidate).toBeUndefined();
    // Heavy trade at the high lifts the VWAP of the second low above it.
    const left = pushed(second(125).replace('150/140/149', '150/140/149*2000000000'));
    expect(left.gates.at(-1)).toBe('125: swing low less than 4 % above VWAP');
    expect(left.symbol.candidate?.price).toBe(12_000);
    const replaced = pushed(second(125));
    expect(replaced.gates.at(-1)).toBe('125: none');
    expect(replaced.symbol.candidate?.price).toBe(12_500);
  });
});

describe('the second stage', () => {
  test('puts the stop one rupee above the highest high after the swing bar', () => {
    const { symbol } = pushed(LOW_AT_120);
    expect(stage(symbol)).toEqual({ gate: undefined, stop: 13_000, points: 1_000, lots: 8 });
    push(symbol, 9, '131.05/126/127');
    expect(stage(symbol)).toEqual({ gate: 'stop further than 10 %', stop: 13_205, points: 1_205, lots: 0 });
    // Out and never in again: the high stays.
    push(symbol, 10, '126/124/125');
    expect(stage(symbol).gate).toBe('stop further than 10 %');
  });

  test('takes the high of the swing bar itself while no bar came after it', () => {
    // Bar 5 reaches below all since the high and closes above: an outside bar that votes for itself.
    const { symbol, gates } = pushed(OUTSIDE);
    expect(gates.at(-1)).toBe('119: none');
    expect(symbol.candidate).toMatchObject({ bar: 7, price: 11_900 });
    expect(stage(symbol)).toMatchObject({ stop: 13_050, points: 1_150 });
    push(symbol, 8, '126/120/124');
    expect(stage(symbol)).toMatchObject({ stop: 12_700, points: 800 });
  });

  test('takes the running bar among the highs where its prices are told, until the bar itself is there', () => {
    const { symbol } = pushed(LOW_AT_120);
    symbol.quote(12_850, undefined);
    expect(stage(symbol).stop).toBe(13_000);
    symbol.quote(13_002.5, undefined);
    expect(stage(symbol).stop).toBe(13_105);
    push(symbol, 9, '129.5/126/127');
    expect(stage(symbol).stop).toBe(13_050);
  });

  test('needs a distance of 2 to 10 % of the low, both ends included, and takes lots for one R, ten at most', () => {
    const gateOf = (params: object) => stage(pushed(LOW_AT_120, params).symbol);
    expect(gateOf({ slPctMin: 0.0834, slPctMax: 0.1 }).gate).toBe('stop nearer than 8.34 %');
    expect(gateOf({ slPctMax: 0.0833 }).gate).toBe('stop further than 8.33 %');
    // Exactly 10 %: a stop at 132.
    expect(gateOf({ slAboveHigh: 3 })).toEqual({ gate: undefined, stop: 13_200, points: 1_200, lots: 7 });
    expect(gateOf({ slAboveHigh: 3.05 }).gate).toBe('stop further than 10 %');
    expect(gateOf({ rValue: 7_500 }).lots).toBe(10);
    expect(gateOf({ rValue: 75_000 }).lots).toBe(10);
    expect(gateOf({ rValue: 75_000, maxLots: 40 }).lots).toBe(40);
    expect(gateOf({ rValue: 749.99 })).toMatchObject({ gate: 'no lot fits one R', lots: 0 });
    expect(stage(pushed(LOW_AT_120, {}, 0).symbol).gate).toBe('lot size unknown');
  });

  test('after a fill counts the swing bar among the highs', () => {
    const { symbol } = pushed(OUTSIDE);
    push(symbol, 8, '126/120/124');
    expect(symbol.stopFrom(7)).toBe(13_050);
  });
});

describe('a bar', () => {
  test('that came before or is not later than the last one is let by', () => {
    const { symbol } = pushed(LOW_AT_120);
    push(symbol, 8, '300/1/150');
    push(symbol, 3, '300/1/150');
    expect([symbol.bars, stage(symbol).stop]).toEqual([9, 13_000]);
  });

  test('that is missing leaves the votes to the bars that are there', () => {
    const gap = pushed(LOW_AT_120.replace(' 126/122/123', ' 126/122/123 - - -'));
    expect(gap.gates).toEqual(['100: swing low less than 4 % above VWAP', '120: none']);
    expect(gap.symbol.bars).toBe(9);
  });

  test('without volume votes like the others', () => {
    const still = LOW_AT_120.split(' ').map((bar, index) => (index === 0 ? bar : `${bar}*0`));
    expect(pushed(still.join(' ')).gates.at(-1)).toBe('120: none');
  });

  test('of a day longer than the first columns finds its place', () => {
    const flat = Array.from({ length: 1_000 }, () => '100/100/100');
    expect(pushed(`${flat.join(' ')} ${LOW_AT_120.split(' ').slice(1).join(' ')}`).gates.at(-1)).toBe('120: none');
  });
});

describe('a low that is pierced', () => {
  test('by a price strictly below it without an order of ours is no candidate any more', () => {
    const { symbol } = pushed(LOW_AT_120);
    push(symbol, 9, '128/120/121');
    expect(symbol.candidate?.price).toBe(12_000);
    push(symbol, 10, '125/119.95/121');
    expect([symbol.candidate, symbol.spent?.price]).toEqual([undefined, 12_000]);
    const quoted = pushed(LOW_AT_120).symbol;
    quoted.quote(12_000, undefined);
    expect(quoted.candidate?.price).toBe(12_000);
    quoted.quote(11_999.9, undefined);
    expect(quoted.candidate).toBeUndefined();
  });

  test('down to the trigger of our order stays: the break is its fill', () => {
    const { symbol } = pushed(LOW_AT_120);
    push(symbol, 9, '128/119.95/121', 11_995);
    expect(symbol.candidate).toMatchObject({ price: 12_000, isOurs: true, isPierced: false });
    // An order that a kept re-price left lower is not reached by this.
    const stale = pushed(LOW_AT_120).symbol;
    push(stale, 9, '128/119.95/121', 11_950);
    expect(stale.candidate).toBeUndefined();
  });

  test('and moves with two votes stays spent, or is fresh where an update clears it; its VWAP is that of its first bar', () => {
    // As the detector's own test: a hammer to 118 after the low, then two bars up move the low there.
    const bars = `${LOW_AT_120} 129/118/129 131/123/130 129/122/128 132/124/131`;
    const spent = pushed(bars);
    expect(spent.gates.slice(-2)).toEqual(['120: none', '118: pierced without our order']);
    expect(spent.symbol.candidate).toBeUndefined();
    const fresh = pushed(bars, { updateClearsPierce: true });
    expect(fresh.gates.at(-1)).toBe('118: none');
    expect(fresh.symbol.candidate).toMatchObject({ price: 11_800, bar: 9, vwapBar: 6 });
  });

  test('by the bar that moves it at once is that low, not a pierced one', () => {
    const bars = `${LOW_AT_120} 128/118/119`;
    const { symbol, gates } = pushed(bars, { swingUpdate: 'immediate' });
    expect(gates.slice(-2)).toEqual(['120: none', '118: none']);
    expect(symbol.candidate).toMatchObject({ price: 11_800, bar: 9, vwapBar: 6 });
    expect(stage(symbol)).toMatchObject({ stop: 12_900, points: 1_100 });
    expect(pushed(bars).symbol.candidate).toBeUndefined();
    // Where the moved low is too near to the VWAP (118 is 17.97 % above it), the older one stays behind, and this bar pierced it.
    const left = pushed(bars, { swingUpdate: 'immediate', vwapPremium: 0.19 });
    expect(left.gates.at(-1)).toBe('118: swing low less than 19 % above VWAP');
    expect([left.symbol.candidate, left.symbol.spent?.price]).toEqual([undefined, 12_000]);
  });
});

/** The rise and the high as before; the bar that ends it dips to 119, rises to 129.5 and closes above all but the high. */
const OUTSIDE =
  '100/100/100*100000000 110/100/110 120/110/120 130/126/130 128/124/125 126/122/123 127/121/125 129.5/119/129';

function symbolWith(params: object, lotSize: number): SwingBreakSymbol {
  const contract = option('NIFTY', day('2025-01-09'), paise(2_300_000), 'CE');
  return new SwingBreakSymbol({
    contract,
    lotSize: lotSize === 0 ? undefined : lotSize,
    settings: swingBreakSettings(SwingBreakParams.parse(params)),
  });
}

interface Pushed {
  readonly symbol: SwingBreakSymbol;
  /** Each low that was reported, with its gate. */
  readonly gates: readonly string[];
}

function pushed(bars: string, params: object = {}, lotSize = 75): Pushed {
  const symbol = symbolWith(params, lotSize);
  const gates: string[] = [];
  bars.split(' ').forEach((bar, index) => {
    if (bar === '-') return;
    const report = push(symbol, index, bar);
    if (report !== undefined) gates.push(`${report.low.price / 100}: ${report.gate ?? 'none'}`);
  });
  return { symbol, gates };
}

function push(symbol: SwingBreakSymbol, index: number, bar: string, ownTrigger?: number) {
  return symbol.push(candleOf(index, bar), ownTrigger);
}

function candleOf(index: number, bar: string): Candle {
  const [prices = '', volume = '20000'] = bar.split('*');
  const [high = 0, low = 0, close = 0] = prices.split('/').map((price) => Math.round(Number(price) * 100));
  return { start: epochMs(OPEN + index * 60_000), open: close, high, low, close, volume: Number(volume), oi: -1 };
}

/** The last gate of the shape moved up or down by so many rupees. */
function gatesAt(by: number, params: object = {}): string | undefined {
  return pushed(lowShape(by), params).gates.at(-1)?.split(': ')[1];
}

function stage(symbol: SwingBreakSymbol) {
  const { candidate } = symbol;
  if (candidate === undefined) return { gate: 'no candidate', stop: 0, points: 0, lots: 0 };
  const gate = symbol.qualify(candidate);
  return { gate, stop: symbol.stop, points: symbol.points, lots: symbol.lots };
}

function vwaps({ symbol }: Pushed): readonly (number | undefined)[] {
  return Array.from({ length: symbol.bars }, (_, bar) => symbol.vwapAt(bar));
}
