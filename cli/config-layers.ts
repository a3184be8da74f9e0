import { readFileSync, statSync } from 'node:fs';
import { STRATEGIES } from '../strategies/index.ts';
import { Config } from './config.ts';
import { refuseMoved, refuseMovedKey } from './moved-settings.ts';
import { refusalOf } from './setting-rules.ts';
import { UserError } from './user-error.ts';

type Settings = Record<string, unknown>;

/** The layers of a configuration, each over the ones before it; defaults lie below them all. */
export interface ConfigLayers {
  readonly file?: { readonly path: string; readonly settings: Readonly<Settings> } | undefined;
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

/** Reads a configuration file: YAML, of which JSON is a part. `called` is how the command line calls it. */
export async function readConfigFile(path: string, called = '--config'): Promise<Settings> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(textOf(path, called), { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${path} is not valid YAML: ${firstLine(error.message)}`);
  const value = readable(path, () => document.toJS({ maxAliasCount: 10 }));
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Settings;
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new UserError(`${path} must hold settings as "name: value" lines, was ${found}`);
}

/** Lays flags over the settings of a file and checks the whole. */
export async function effectiveConfig(layers: ConfigLayers): Promise<Config> {
  const { file } = layers;
  const origins = new Map<string, string>();
  const merged: Settings = { ...file?.settings };
  if (file !== undefined) refuseMoved(merged, file.path);
  refuseBoth(merged, file?.path);
  for (const [name, value] of Object.entries(layers.flags ?? {})) {
    if (value === undefined) continue;
    const path = GROUP_OF.get(name) ?? name;
    overrideList(merged, name);
    put(merged, path.split('.'), value);
    origins.set(path, `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
  for (const entry of layers.set ?? []) await applySet(merged, entry, origins);
  const read = Config.safeParse(merged);
  if (read.success) return read.data;
  const label = (path: readonly string[]): string => labelOf(path, origins, file?.path);
  const whole = 'the configuration';
  throw new UserError(refusalOf({ schema: Config, error: read.error, input: merged, label, whole }));
}

function refuseBoth(settings: Settings, path: string | undefined): void {
  if (settings['agents'] === undefined) return;
  const other = ['strategy', 'params'].find((name) => settings[name] !== undefined);
  if (other === undefined) return;
  throw new UserError(
    `${path} must hold agents or ${other}, was both; each of agents names its own strategy and params`,
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

async function applySet(into: Settings, entry: string, origins: Map<string, string>): Promise<void> {
  const at = entry.indexOf('=');
  const key = entry.slice(0, Math.max(at, 0));
  if (!SET_KEY.test(key)) throw new UserError(`--set must read key=value, was "${entry}"`);
  const value = await setValue(entry, at + 1);
  const [first = '', ...rest] = key.split('.');
  if (rest.length > 0 && !STRATEGIES.has(first) && !isAgentName(into, first)) {
    refuseMovedKey(key);
    put(into, [first, ...rest], value);
    origins.set(key, `--set ${key}`);
    return;
  }
  const name = rest.length === 0 ? first : rest.join('.');
  const chosen = rest.length === 0 ? undefined : first;
  if (putParameter(into, { name, value, chosen }) > 0) return;
  throw new UserError(`--set ${key} must name a strategy or an agent of the run, was ${first}`);
}

function isAgentName({ agents }: Settings, name: string): boolean {
  return Array.isArray(agents) && agents.some((choice: unknown) => isSettings(choice) && choice['name'] === name);
}

/** Sets a parameter of the chosen agents, all where none is named, and says of how many. */
function putParameter(
  into: Settings,
  { name, value, chosen }: { readonly name: string; readonly value: unknown; readonly chosen: string | undefined },
): number {
  const { agents } = into;
  if (!Array.isArray(agents)) {
    if (chosen !== undefined && chosen !== (into['strategy'] ?? DEFAULT_STRATEGY)) return 0;
    put(into, ['params', name], value);
    return 1;
  }
  let count = 0;
  into['agents'] = agents.map((choice: unknown) => {
    if (!isSettings(choice)) return choice;
    if (chosen !== undefined && choice['name'] !== chosen && choice['strategy'] !== chosen) return choice;
    const copy = { ...choice };
    put(copy, ['params', name], value);
    count += 1;
    return copy;
  });
  return count;
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

/** How the person knows a setting: by its flag, by `--set`, or by its place in the file. */
function labelOf(path: readonly string[], origins: ReadonlyMap<string, string>, file: string | undefined): string {
  const names = path.filter((name, at) => at < path.length - 1 || !/^\d+$/.test(name));
  for (let length = names.length; length > 0; length -= 1) {
    const origin = origins.get(names.slice(0, length).join('.'));
    if (origin !== undefined) return [origin, ...names.slice(length)].join('.');
  }
  return file === undefined ? names.join('.') : `${names.join('.')} in ${file}`;
}

function textOf(path: string, called: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`${called} must name a file that exists, was ${path}`);
  if (found.isDirectory()) throw new UserError(`${called} must name a file, was the folder ${path}`);
  return readable(path, () => readFileSync(path, 'utf8'));
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw new UserError(`${path} cannot be read as a configuration: ${reason}`, { cause: error });
  }
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? text;
}
