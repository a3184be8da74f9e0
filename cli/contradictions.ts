import type { Config } from './config.ts';
import { UserError } from './user-error.ts';

/** How the person knows a setting. */
type Label = (path: readonly string[]) => string;

/** Refuses settings of which each alone is right and that cannot both hold. */
export function refuseContradictions(config: Config, label: Label): void {
  const { from, to, risk, data, execution } = config;
  if (from !== undefined && to !== undefined && from > to)
    throw new UserError(`${label(['from'])} must not be after ${label(['to'])}, was ${from} after ${to}`);
  for (const [earlier, later] of RISK_TIMES) {
    const [one, other] = [risk[earlier], risk[later]];
    if (one === undefined || other === undefined || one < other || (later === 'entryTo' && one === other)) continue;
    const [first, second] = [label(['risk', earlier]), label(['risk', later])];
    throw new UserError(`${first} must be before ${second}, was ${one} and ${other}; nothing could be entered`);
  }
  if (execution.ordersPerDayReserve >= execution.ordersPerDayMax) {
    const [reserve, most] = [label(['execution', 'ordersPerDayReserve']), label(['execution', 'ordersPerDayMax'])];
    throw new UserError(
      `${reserve} must be below ${most}, was ${execution.ordersPerDayReserve} of ${execution.ordersPerDayMax}; nothing could be entered`,
    );
  }
  refuseIdleLimits(config, label);
  if (data.chain === 'modelled' && data.source === 'synthetic')
    throw new UserError(inventedChain(label(['data', 'chain']), label(['data', 'source'])));
}

/** Refuses a limit that another one keeps from ever acting. */
function refuseIdleLimits({ risk, agents = [] }: Config, label: Label): void {
  const groups = [
    { at: ['risk'], of: risk },
    { at: ['risk', 'perSegment'], of: risk.perSegment },
    { at: ['risk', 'perAgent'], of: risk.perAgent },
    ...agents.map((agent, index) => ({ at: ['agents', String(index), 'risk'], of: agent.risk ?? {} })),
  ];
  for (const { at, of } of groups) {
    const { exitPnl, lossPerDayMax } = of;
    if (exitPnl === undefined || lossPerDayMax === undefined || exitPnl <= lossPerDayMax) continue;
    const [exit, cap] = [label([...at, 'exitPnl']), label([...at, 'lossPerDayMax'])];
    throw new UserError(`${exit} must not be above ${cap}, was ${exitPnl} and ${lossPerDayMax}; it could never act`);
  }
}

/** One minute may be the first and the last of entries; one at which everything is closed may not. */
const RISK_TIMES = [
  ['entryFrom', 'entryTo'],
  ['entryFrom', 'squareOffAt'],
] as const;

/** A chain is modelled on real candles or not at all. */
export function inventedChain(chain: string, source: string): string {
  return `${chain} modelled must have real index candles to price on, was asked with ${source} synthetic, whose prices are invented; leave one of them out`;
}
