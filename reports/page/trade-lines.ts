import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { EXIT_WORDS } from '../exit-words.ts';
import type { TradeRow } from '../round-trips.ts';
import type { TradeColumns } from './payload.ts';

/** One round trip as the page shows it. Prices and money in paise, charges and net in fine paise, times in epoch ms. */
export interface TradeLine {
  readonly id: number;
  readonly structure: number;
  readonly agent: string;
  readonly segment: string;
  readonly leg: string;
  readonly contract: string;
  readonly side: string;
  readonly reason: string;
  readonly lots: number;
  readonly quantity: number;
  readonly openedAt: number;
  readonly closedAt: number;
  readonly entry: number;
  readonly exit: number;
  readonly points: number;
  readonly gross: number;
  readonly charges: number;
  readonly net: number;
  readonly r: number | null;
  readonly mfe: number;
  readonly mae: number;
  readonly stop: number | null;
  readonly lastStop: number | null;
  readonly held: number | null;
  readonly ambiguous: boolean;
}

export function tradeColumns(trades: readonly TradeRow[]): TradeColumns {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const columns = {
    id: trades.map(({ tradeId }) => tradeId),
    structure: trades.map(({ structureId }) => structureId),
    agent: trades.map(({ agent }) => numberOf(agent)),
    leg: trades.map(({ leg }) => numberOf(leg)),
    contract: trades.map(({ contract }) => numberOf(contract)),
    side: trades.map(({ side }) => numberOf(side)),
    reason: trades.map(({ reason }) => numberOf(EXIT_WORDS[reason])),
    lots: trades.map(({ lots }) => lots),
    quantity: trades.map(({ quantity }) => quantity),
    openedAt: trades.map(({ openedAt }) => Math.floor(openedAt / 1_000)),
    closedAt: trades.map(({ closedAt }) => Math.floor(closedAt / 1_000)),
    entry: trades.map(({ entryPrice }) => rounded(entryPrice)),
    exit: trades.map(({ exitPrice }) => rounded(exitPrice)),
    gross: trades.map(({ gross }) => gross),
    charges: trades.map(({ charges }) => charges.total),
    r: trades.map(({ r }) => (r === null ? null : rounded(r))),
    mfe: trades.map(({ mfe }) => mfe),
    mae: trades.map(({ mae }) => mae),
    stop: trades.map(({ initialStop }) => initialStop),
    lastStop: trades.map(({ finalStop }) => finalStop),
    held: trades.map(({ heldGross }) => heldGross),
    ambiguous: trades.map(({ ambiguous }) => (ambiguous ? 1 : 0)),
  };
  return { texts: [...numbers.keys()], ...columns };
}

export function tradeLines(columns: TradeColumns): readonly TradeLine[] {
  return columns.id.map((id, at) => lineAt(columns, id, at));
}

function lineAt(columns: TradeColumns, id: number, at: number): TradeLine {
  const text = (number: number | undefined): string => columns.texts[number ?? -1] ?? '';
  const agent = text(columns.agent[at]);
  const [gross, charges] = [columns.gross[at] ?? 0, columns.charges[at] ?? 0];
  const quantity = columns.quantity[at] ?? 1;
  return {
    id,
    structure: columns.structure[at] ?? 0,
    agent,
    segment: agent.slice(agent.lastIndexOf('/') + 1),
    leg: text(columns.leg[at]),
    contract: text(columns.contract[at]),
    side: text(columns.side[at]),
    reason: text(columns.reason[at]),
    lots: columns.lots[at] ?? 0,
    quantity,
    openedAt: (columns.openedAt[at] ?? 0) * 1_000,
    closedAt: (columns.closedAt[at] ?? 0) * 1_000,
    entry: columns.entry[at] ?? 0,
    exit: columns.exit[at] ?? 0,
    points: gross / quantity,
    gross,
    charges,
    net: gross * FINE_PER_PAISA - charges,
    r: columns.r[at] ?? null,
    mfe: columns.mfe[at] ?? 0,
    mae: columns.mae[at] ?? 0,
    stop: columns.stop[at] ?? null,
    lastStop: columns.lastStop[at] ?? null,
    held: columns.held[at] ?? null,
    ambiguous: columns.ambiguous[at] === 1,
  };
}

/** `SELL CE`, as the list is filtered by. */
export function sideOf({ side, contract }: TradeLine): string {
  return `${side} ${contract.split(' ').at(-1)}`;
}

/** Four decimals, as the files have them. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}
