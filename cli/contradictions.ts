import { MINUTE_MS, minutesOf } from '../engine/model/time.ts';
import { defaultRmsSettings } from '../engine/risk/rms-settings.ts';
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
  refuseQuietEntries(config, label);
  refuseLots(config, label);
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

/** The last minutes before everything is closed take no entries. */
function refuseQuietEntries({ risk: { entryFrom, squareOffAt } }: Config, label: Label): void {
  if (entryFrom === undefined || squareOffAt === undefined) return;
  const quiet = defaultRmsSettings.squareOffQuietMs / MINUTE_MS;
  if (minutesOf(entryFrom) < minutesOf(squareOffAt) - quiet) return;
  const [first, last] = [label(['risk', 'entryFrom']), label(['risk', 'squareOffAt'])];
  throw new UserError(
    `${first} must be more than ${quiet} minutes before ${last}, was ${entryFrom} and ${squareOffAt}; nothing could be entered`,
  );
}

/** Lots of each leg that no leg, or no structure, may have. */
function refuseLots(config: Config, label: Label): void {
  const { agents = [{ lots: undefined, risk: undefined }], risk } = config;
  agents.forEach((agent, index) => {
    const at = ['agents', String(index)];
    const lots = agent.lots ?? config.lots;
    const limits: readonly (readonly [limit: number | undefined, at: readonly string[]])[] = [
      [agent.risk?.lotsMax, [...at, 'risk', 'lotsMax']],
      [risk.perAgent.lotsMax, ['risk', 'perAgent', 'lotsMax']],
      [risk.lotsPerStructureMax, ['risk', 'lotsPerStructureMax']],
    ];
    for (const [most, where] of limits) {
      if (most === undefined || lots <= most) continue;
      const own = label(agent.lots === undefined ? ['lots'] : [...at, 'lots']);
      throw new UserError(`${own} must be at most ${label(where)}, was ${lots} and ${most}; nothing could be entered`);
    }
  });
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
