import { Config } from './config.ts';
import type { Origins } from './origins.ts';

/** Settings that somebody changed from their defaults and that change nothing as the others stand: one sentence each. */
export function idleSettings(config: Config, origins: Origins): readonly string[] {
  const { execution, risk, agents = [] } = config;
  const scopes = [risk, risk.perSegment, risk.perAgent, ...agents.map((agent) => agent.risk ?? {})];
  const isSet = (name: keyof typeof risk.perSegment): boolean => scopes.some((limits) => limits[name] !== undefined);
  const isCapped = isSet('lossPerDayMax') || isSet('lossPerDayPct');
  const idle: readonly (readonly [path: string, because: string | false])[] = [
    ['execution.entry.waitMs', execution.entry.policy === 'market' && 'entries go to the market at once'],
    ['execution.entry.bufferPct', execution.entry.policy === 'market' && 'entries go to the market at once'],
    ['execution.exit.waitMs', execution.exit.policy === 'chase' && 'exits are chased'],
    ['execution.exit.bufferPct', execution.exit.policy === 'chase' && 'exits are chased'],
    ['risk.profitLockShare', !isSet('profitLockFrom') && 'no profitLockFrom is set'],
    ['risk.rollingArm', !isSet('rollingProfit') && 'no rollingProfit is set'],
    ['risk.rmsMode', !isCapped && 'no loss of the day is capped'],
    ['risk.profitTargetAct', !isSet('profitPerDayTarget') && 'no profitPerDayTarget is set'],
  ];
  const defaults = Config.parse({});
  return idle.flatMap(([name, because]) => {
    const path = name.split('.');
    if (because === false || valueAt(config, path) === valueAt(defaults, path)) return [];
    return [`${origins.label(path)} changes nothing: ${because}`];
  });
}

function valueAt(config: Config, path: readonly string[]): unknown {
  return path.reduce<unknown>((place, name) => (place as Record<string, unknown>)[name], config);
}
