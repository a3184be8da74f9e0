import type { Right, StrategyContext, TraceValue } from '../engine/strategy.ts';
import { istTimeOf } from '../engine/strategy.ts';
import type { DayChain } from './swing-break-chain.ts';
import { RIGHTS } from './swing-break-chain.ts';
import type { Ask } from './swing-break-plan.ts';
import type { Low, SwingBreakSymbol } from './swing-break-symbol.ts';

/** What the trace of a minute is made from. */
export interface MinuteState {
  readonly chain: DayChain;
  readonly places: Readonly<
    Record<
      Right,
      { readonly best: SwingBreakSymbol | undefined; readonly asked: Ask | undefined; readonly isAsking: boolean }
    >
  >;
  readonly asks: ReadonlyMap<number, Ask>;
  /** Lows that this minute told, by the gate that they failed. */
  readonly lows: ReadonlyMap<string, number>;
  /** R of the day, closed and open. */
  readonly r: number;
}

/** Writes what a minute's decisions were made from: swings, VWAP, candidates with their gates, the best, what rests, and R. */
export function traceMinute(ctx: StrategyContext, { chain, places, asks, lows, r }: MinuteState): void {
  const gates: Record<string, number> = {};
  for (const { candidate, gate } of chain.symbols) {
    if (candidate === undefined) continue;
    const name = gate ?? 'best';
    gates[name] = (gates[name] ?? 0) + 1;
  }
  ctx.trace('swing-break', {
    spot: ctx.spot ?? null,
    rung: ctx.rung,
    symbols: chain.symbols.map(symbolValue),
    best: Object.fromEntries(RIGHTS.map((right) => [right, places[right].best?.contract.strike ?? null])),
    asked: Object.fromEntries(RIGHTS.map((right) => [right, askedValue(places[right])])),
    resting: Object.fromEntries(RIGHTS.map((right) => [right, restingValue(ctx, right)])),
    lows: Object.fromEntries(lows),
    gates,
    positions: ctx.structures.flatMap(({ id, gross, legs }) => {
      const [leg] = legs;
      const ask = asks.get(id);
      if (leg === undefined || ask === undefined || leg.entryLots === 0) return [];
      return {
        structure: id,
        strike: ask.symbol.contract.strike,
        right: leg.tag,
        gross,
        risk: ask.risk,
        r: gross / ask.risk,
      };
    }),
    r,
  });
}

function symbolValue(symbol: SwingBreakSymbol): TraceValue {
  const { contract, bars, lastLow, lastHigh, candidate } = symbol;
  return {
    strike: contract.strike,
    right: contract.right,
    bars,
    vwap: symbol.vwapAt(bars - 1) ?? null,
    low: lastLow === undefined ? null : { ...lowValue(symbol, lastLow), isPierced: lastLow.isPierced },
    high: lastHigh === undefined ? null : { at: istTimeOf(lastHigh.start), price: lastHigh.price },
    candidate:
      candidate === undefined
        ? null
        : {
            ...lowValue(symbol, candidate),
            highSince: symbol.high,
            stop: symbol.stop,
            slPts: symbol.points,
            slPct: symbol.points / candidate.price,
            lots: symbol.lots,
            gate: symbol.gate ?? null,
          },
  };
}

function lowValue(symbol: SwingBreakSymbol, { start, price, vwapBar }: Low): Readonly<Record<string, TraceValue>> {
  return { at: istTimeOf(start), price, vwap: symbol.vwapAt(vwapBar) ?? null };
}

/** What this very minute asked for; it rests from the next one on. */
function askedValue({ asked, isAsking }: MinuteState['places'][Right]): TraceValue {
  if (!isAsking || asked === undefined) return null;
  const { symbol, trigger, limit, stop, lots, risk } = asked;
  return { strike: symbol.contract.strike, trigger, limit, stop, lots, risk };
}

function restingValue(ctx: StrategyContext, right: Right): TraceValue {
  const view = ctx.resting(right);
  if (view === undefined || view.contract.kind !== 'option') return null;
  const { contract, terms, state, structure } = view;
  return { strike: contract.strike, terms: { ...terms }, state, structure: structure.id };
}
