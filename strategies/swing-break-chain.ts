import type { Candle, OptionContract, Paise, Right, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, dayOf, rupeesText } from '../engine/strategy.ts';
import type { SwingBreakSettings } from './swing-break-params.ts';
import { SwingBreakSymbol } from './swing-break-symbol.ts';

export const MINUTE_MS = 60_000;

export const RIGHTS = ['CE', 'PE'] as const;

/** The options of one day, fixed by its first candle. */
export interface DayChain {
  /** Both rights in turn, strikes rising. */
  readonly symbols: readonly SwingBreakSymbol[];
  readonly of: Readonly<Record<Right, readonly SwingBreakSymbol[]>>;
}

const NO_OPTIONS: DayChain = { symbols: [], of: { CE: [], PE: [] } };

/** The options around the money of the day's first candle of the underlying; undefined while there is none. */
export function chainOfDay(ctx: StrategyContext, settings: SwingBreakSettings): DayChain | undefined {
  const first = firstCandle(ctx);
  if (first === undefined) return undefined;
  const expiry = ctx.expiry(settings.expiry);
  if (expiry === undefined) {
    ctx.note(`no trade today: no ${settings.expiry} expiry is listed`);
    return NO_OPTIONS;
  }
  const { centreRounding } = settings;
  const centre = atTheMoney(first.open, centreRounding === undefined ? ctx.strikeStep : centreRounding * 100);
  const of = { CE: [] as SwingBreakSymbol[], PE: [] as SwingBreakSymbol[] };
  const symbols: SwingBreakSymbol[] = [];
  for (const strike of strikesBeside(ctx.strikes(expiry), centre, settings.strikesAround)) {
    for (const right of RIGHTS) {
      const contract = ctx.contract(expiry, strike, right);
      if (contract === undefined) continue;
      const symbol = new SwingBreakSymbol({ contract, lotSize: ctx.lotSizeOf(contract), settings });
      of[right].push(symbol);
      symbols.push(symbol);
    }
  }
  const { rung } = ctx;
  ctx.note(
    `${symbols.length} options of ${expiry} around ${centre / 100}: the underlying (${rung}) opened at ${rupeesText(first.open)}`,
  );
  return { symbols, of };
}

/** The symbol of a contract; undefined where it is none of them. */
export function symbolOf({ of }: DayChain, { right, strike }: OptionContract): SwingBreakSymbol | undefined {
  const list = of[right];
  for (const symbol of list) if (symbol.contract.strike === strike) return symbol;
  return undefined;
}

/** Asked for with every minute until it is there, the last candle of today is the first one. */
function firstCandle(ctx: StrategyContext): Candle | undefined {
  const candle = ctx.series(MINUTE_MS).at(-1);
  return candle !== undefined && dayOf(candle.start) === ctx.day ? candle : undefined;
}

/** The middle strike where it is listed, and so many listed ones on each side of it. */
function strikesBeside(strikes: readonly Paise[], centre: number, around: number): readonly Paise[] {
  const below = strikes.filter((strike) => strike < centre);
  const above = strikes.filter((strike) => strike > centre);
  const middle = strikes.filter((strike) => strike === centre);
  return [...below.slice(Math.max(0, below.length - around)), ...middle, ...above.slice(0, around)];
}
