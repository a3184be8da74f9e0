/** A path as a person writes it: `agents[1].params.legStopPct`. */
export function settingText(path: readonly string[]): string {
  return path.map((name, at) => (isIndex(name) ? `[${name}]` : `${at === 0 ? '' : '.'}${name}`)).join('');
}

/** Whether a name counts an entry of a list. */
export function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}
