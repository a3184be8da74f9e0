import type { Origins } from './origins.ts';
import { UserError } from './user-error.ts';

/** Where settings stand that once had a place of their own. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ['capital', 'account.capital'],
  ['strategies', 'agents, where each names its strategy as strategy'],
  ['fills', 'costs'],
  ['latency', 'costs.latency'],
  ...['store', 'chain', 'interval', 'seed', 'skipMissing', 'specialSessions'].map((name): [string, string] => [
    name,
    `data.${name}`,
  ]),
]);

/** Refuses a file that says a setting where it stood once, and names where it stands. */
export function refuseMoved(settings: Readonly<Record<string, unknown>>, origins: Origins): void {
  const { data } = settings;
  if (typeof data === 'string')
    throw new UserError(`${origins.label(['data'])} has moved to data.source, was "${data}"`);
  for (const name of Object.keys(settings)) {
    const place = MOVED.get(name);
    if (place !== undefined) throw new UserError(`${origins.label([name])} has moved to ${place}`);
  }
}

/** The same for the key of a `--set`. */
export function refuseMovedKey(key: string): void {
  const [first = '', ...rest] = key.split('.');
  const place = MOVED.get(first);
  if (place !== undefined) throw new UserError(`--set ${key} has moved to ${[place, ...rest].join('.')}`);
}
