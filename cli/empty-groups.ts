import type { Rules } from './setting-rules.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Settings in which a group whose lines are all taken out (`risk:` with nothing under it) is an empty group, not a missing value. */
export function withEmptyGroups(settings: Settings, rules: () => Rules): Settings {
  return holdsNull(settings) ? filled(settings, rules()) : settings;
}

function holdsNull(value: unknown): boolean {
  if (value === null) return true;
  return isGroup(value) && Object.values(value).some(holdsNull);
}

function filled(settings: Settings, rules: Rules): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const inner = rules.properties?.[name];
      if (inner?.properties === undefined) return [name, value];
      return [name, value === null ? {} : isGroup(value) ? filled(value, inner) : value];
    }),
  );
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
