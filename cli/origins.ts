import type { ConfigFile } from './config-file.ts';
import { isIndex, settingText } from './setting-path.ts';
import { SettingError } from './user-error.ts';

/** Who said each setting: a flag, `--set`, or a line of the file; nobody where the default holds. */
export class Origins {
  readonly #file: ConfigFile | undefined;
  /** By the dotted path of the setting. */
  readonly #flags = new Map<string, string>();

  constructor(file: ConfigFile | undefined) {
    this.#file = file;
  }

  /** Notes what the command line said, such as `--lots`. */
  note(path: readonly string[], flag: string): void {
    this.#flags.set(path.join('.'), flag);
  }

  /** How the person knows a setting: by its flag, by `--set`, or by its name and its place in the file. */
  label(path: readonly string[]): string {
    const names = path.filter((name, at) => at < path.length - 1 || !isIndex(name));
    for (let length = names.length; length > 0; length -= 1) {
      const flag = this.#flags.get(names.slice(0, length).join('.'));
      if (flag !== undefined) return [flag, ...names.slice(length)].join('.');
    }
    const place = this.placeOf(path);
    return place === undefined ? settingText(names) : `${settingText(names)} in ${place}`;
  }

  /** Where the file says a setting, or the group that lacks it: `desk.yaml:3:9`; nothing where the command line said it. */
  placeOf(path: readonly string[]): string | undefined {
    if (this.#file === undefined || this.#flagOf(path) !== undefined) return undefined;
    const place = this.#file.placeOf?.(path);
    return place === undefined || place.depth === 0
      ? this.#file.path
      : `${this.#file.path}:${place.line}:${place.column}`;
  }

  /** Who said a setting: `--lots`, `desk.yaml:3`; undefined where nobody did. */
  from(path: readonly string[]): string | undefined {
    const flag = this.#flagOf(path);
    if (flag !== undefined) return flag;
    const place = this.#file?.placeOf?.(path);
    return place?.depth === path.length ? `${this.#file?.path}:${place.line}` : undefined;
  }

  /** An error about a setting with the place in the file added; others as they are. */
  located(error: unknown): unknown {
    if (!(error instanceof SettingError)) return error;
    const { setting } = error;
    const place = this.placeOf(setting.path);
    if (place === undefined) return error;
    return new SettingError({ ...setting, before: placedText(setting, place) }, { cause: error });
  }

  #flagOf(path: readonly string[]): string | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const flag = this.#flags.get(path.slice(0, length).join('.'));
      if (flag !== undefined) return flag;
    }
    return undefined;
  }
}

function placedText({ before, after }: SettingError['setting'], place: string): string {
  return after === '' ? `${before}; see ${place}` : `${before} in ${place}`;
}
