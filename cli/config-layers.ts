import { STRATEGIES } from '../strategies/index.ts';
import { Config } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { refuseContradictions } from './contradictions.ts';
import { withEmptyGroups } from './empty-groups.ts';
import { refuseMoved, refuseMovedKey } from './moved-settings.ts';
import { Origins } from './origins.ts';
import { refusalOf, rulesOf } from './setting-rules.ts';
import { UserError } from './user-error.ts';

type Settings = Record<string, unknown>;

/** The layers of a configuration, each over the ones before it; defaults lie below them all. */
export interface ConfigLayers {
  readonly file?: ConfigFile | undefined;
  /** By the flag's name; undefined where a flag was not given. */
  readonly flags?: Readonly<Settings>;
  /** `key=value`: a plain key is a strategy parameter, `costs.slippageTicks` a setting, `atm-straddle.legStopPct` both named. */
  readonly set?: readonly string[];
}

/** Flags whose settings stand in a group. */
const GROUP_OF: ReadonlyMap<string, string> = new Map([
  ['capital', 'account.capital'],
  ['data', 'data.source'],
  ...['store', 'chain', 'interval', 'seed', 'skipMissing', 'specialSessions'].map((name): [string, string] => [
    name,
    `data.${name}`,
  ]),
]);

/** A configuration with who said what in it. */
export interface Desk {
  readonly config: Config;
  readonly origins: Origins;
}

/** Lays flags over the settings of a file and checks the whole. */
export async function effectiveConfig(layers: ConfigLayers): Promise<Config> {
  return (await deskOf(layers)).config;
}

/** The same, with the origins of its settings. */
export async function deskOf(layers: ConfigLayers): Promise<Desk> {
  const { file } = layers;
  const origins = new Origins(file);
  const merged: Settings = { ...withEmptyGroups(file?.settings ?? {}, () => rulesOf(Config)) };
  refuseMoved(merged, origins);
  refuseBoth(merged, origins);
  for (const [name, value] of Object.entries(layers.flags ?? {})) {
    if (value === undefined) continue;
    const path = (GROUP_OF.get(name) ?? name).split('.');
    overrideList(merged, name);
    put(merged, path, value);
    origins.note(path, `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
  for (const entry of layers.set ?? []) await applySet(merged, entry, origins);
  const read = Config.safeParse(merged);
  const label = (path: readonly string[]): string => origins.label(path);
  if (read.success) {
    refuseContradictions(read.data, label);
    return { config: read.data, origins };
  }
  const whole = 'the configuration';
  const { before, after } = refusalOf({ schema: Config, error: read.error, input: merged, label, whole });
  throw new UserError(`${before}${after}`);
}

function refuseBoth(settings: Settings, origins: Origins): void {
  if (settings['agents'] === undefined) return;
  const other = ['strategy', 'params'].find((name) => settings[name] !== undefined);
  if (other === undefined) return;
  const [place, too] = [origins.placeOf([other]), origins.placeOf(['agents'])];
  throw new UserError(
    `agents in ${too} must stand without ${other} in ${place}, was both; each of agents names its own strategy and params`,
  );
}

/** A flag wins over what the list of agents says of the same thing. */
function overrideList(settings: Settings, name: string): void {
  const { agents } = settings;
  if (agents === undefined) return;
  if (name === 'strategy') settings['agents'] = undefined;
  else if ((name === 'segments' || name === 'lots') && Array.isArray(agents)) {
    settings['agents'] = agents.map((choice: unknown) =>
      isSettings(choice) ? { ...choice, [name]: undefined } : choice,
    );
  }
}

const SET_KEY = /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/;

async function applySet(into: Settings, entry: string, origins: Origins): Promise<void> {
  const at = entry.indexOf('=');
  const key = entry.slice(0, Math.max(at, 0));
  if (!SET_KEY.test(key)) throw new UserError(`--set must read key=value, was "${entry}"`);
  const value = await setValue(entry, at + 1);
  const [first = '', ...rest] = key.split('.');
  if (rest.length > 0 && !STRATEGIES.has(first) && !isAgentName(into, first)) {
    refuseMovedKey(key);
    put(into, [first, ...rest], value);
    origins.note([first, ...rest], `--set ${key}`);
    return;
  }
  const name = rest.length === 0 ? first : rest.join('.');
  const chosen = rest.length === 0 ? undefined : first;
  const paths = putParameter(into, { name, value, chosen });
  for (const path of paths) origins.note(path, `--set ${key}`);
  if (paths.length > 0) return;
  throw new UserError(`--set ${key} must name a strategy or an agent of the run, was ${first}`);
}

function isAgentName({ agents }: Settings, name: string): boolean {
  return Array.isArray(agents) && agents.some((choice: unknown) => isSettings(choice) && choice['name'] === name);
}

/** Sets a parameter of the chosen agents, all where none is named, and says where they stand. */
function putParameter(
  into: Settings,
  { name, value, chosen }: { readonly name: string; readonly value: unknown; readonly chosen: string | undefined },
): readonly (readonly string[])[] {
  const { agents } = into;
  if (!Array.isArray(agents)) {
    if (chosen !== undefined && chosen !== (into['strategy'] ?? DEFAULT_STRATEGY)) return [];
    put(into, ['params', name], value);
    return [['params', name]];
  }
  const paths: string[][] = [];
  into['agents'] = agents.map((choice: unknown, at) => {
    if (!isSettings(choice)) return choice;
    if (chosen !== undefined && choice['name'] !== chosen && choice['strategy'] !== chosen) return choice;
    const copy = { ...choice };
    put(copy, ['params', name], value);
    paths.push(['agents', String(at), 'params', name]);
    return copy;
  });
  return paths;
}

const DEFAULT_STRATEGY = Config.shape.strategy.parse(undefined);

/** Values that YAML reads as what they look like: most are such, and need no reader of YAML. */
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/;
const PLAIN_WORD = /^(?!(true|false|null)$)[a-z]+(-[a-z]+)*$/;

async function setValue(entry: string, from: number): Promise<unknown> {
  const text = entry.slice(from);
  if (PLAIN_NUMBER.test(text)) return Number(text);
  if (PLAIN_WORD.test(text)) return text;
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new UserError(`--set must read key=value with a plain value, was "${entry}"`);
  return document.toJS();
}

function put(into: Settings, path: readonly string[], value: unknown): void {
  let place = into;
  for (const name of path.slice(0, -1)) {
    const inner = isSettings(place[name]) ? { ...place[name] } : {};
    place[name] = inner;
    place = inner;
  }
  place[path.at(-1) ?? ''] = value;
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
