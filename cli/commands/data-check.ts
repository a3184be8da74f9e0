import type { Command } from 'commander';
import type { DayFacts, DayGrade, Defect, GroupFacts } from '../../datasets/checks.ts';
import type { Manifest } from '../../datasets/manifest.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { isUnderlying, UNDERLYINGS } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { isDay, MINUTE_MS } from '../../engine/model/time.ts';
import { openStore } from '../open-store.ts';
import { grouped, mergedNotes, mergedRemarks } from '../remark-text.ts';
import { UserError } from '../user-error.ts';

interface CheckFlags {
  readonly store: string;
  readonly underlying?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

/** `sim data check`: grades each day of a store and says what a run does about each defect. */
export function registerDataCheck(data: Command): void {
  data
    .command('check')
    .description('grade each day of a store and say what a run does about each defect')
    .option('--store <dir>', 'folder of the store', './data')
    .option('--underlying <name>', `one of ${UNDERLYINGS.join(', ')}`)
    .option('--from <YYYY-MM-DD>', 'first day')
    .option('--to <YYYY-MM-DD>', 'last day')
    .option('--json', 'print one JSON object')
    .action(async (flags: CheckFlags) => {
      const checked = await checkStore(readSlice(flags));
      process.stdout.write(flags.json ? `${JSON.stringify(checked)}\n` : `${checkText(checked).join('\n')}\n`);
    });
}

interface Slice {
  readonly store: string;
  readonly underlying: Underlying | undefined;
  readonly from: Day;
  readonly to: Day;
}

interface Checked {
  readonly store: string;
  readonly kind: 'real' | 'synthetic';
  readonly days: readonly (DayFacts & DayGrade)[];
  readonly engineDoes: Readonly<Record<string, string>>;
  readonly imports: readonly Manifest[];
}

function readSlice(flags: CheckFlags): Slice {
  const { underlying } = flags;
  if (underlying !== undefined && !isUnderlying(underlying)) {
    throw new UserError(`--underlying takes ${UNDERLYINGS.join(', ')}, was "${underlying}"`);
  }
  const dayFlag = (name: 'from' | 'to', missing: string): Day => {
    const text = flags[name] ?? missing;
    if (!isDay(text)) throw new UserError(`--${name} takes a day of the calendar, YYYY-MM-DD, was "${text}"`);
    return text;
  };
  const slice = {
    store: flags.store,
    underlying,
    from: dayFlag('from', '1990-01-01'),
    to: dayFlag('to', '2099-12-31'),
  };
  if (slice.from > slice.to) throw new UserError(`--from ${slice.from} lies after --to ${slice.to}`);
  return slice;
}

async function checkStore(slice: Slice): Promise<Checked> {
  const { Duck } = await import('../../adapters/duckdb.ts');
  const { checkDays } = await import('../../adapters/store-check.ts');
  const { readManifests } = await import('../../adapters/store-summary.ts');
  const { readReference } = await import('../../adapters/reference-files.ts');
  const { sessionTableOf } = await import('../../datasets/session-table.ts');
  const { ENGINE_DOES, gradeDay } = await import('../../datasets/checks.ts');

  const store = await openStore(slice.store);
  const sessions = sessionTableOf(readReference().calendar);
  const duck = await Duck.open();
  try {
    const days: (DayFacts & DayGrade)[] = [];
    for (const intervalMs of store.intervals()) {
      for (const underlying of store.underlyings(intervalMs)) {
        if (slice.underlying !== undefined && slice.underlying !== underlying) continue;
        const asked = store.days({ intervalMs, underlying }).filter((day) => day >= slice.from && day <= slice.to);
        const facts = await checkDays({ duck, store, sessions }, { intervalMs, underlying, days: asked });
        days.push(...facts.map((one) => ({ ...one, ...gradeDay(one) })));
      }
    }
    if (days.length === 0) throw new UserError(`the store ${slice.store} holds no candles in the days asked`);
    return {
      store: slice.store,
      kind: store.kind ?? 'real',
      days,
      engineDoes: ENGINE_DOES,
      imports: readManifests(store),
    };
  } finally {
    duck.close();
  }
}

function checkText(checked: Checked): string[] {
  const lines = [checked.kind === 'synthetic' ? `store ${checked.store} (SYNTHETIC)` : `store ${checked.store}`];
  for (const { heading, days } of headed(checked.days)) {
    lines.push('', heading, ...runsOfDays(days).map(({ span, text }) => `  ${span}  ${text}`));
  }
  lines.push(
    '',
    'grades: A complete, B small holes, C large holes, D hardly to be traded',
    '',
    'what a run does about it',
  );
  for (const [defect, days] of defectDays(checked.days)) {
    lines.push(`  ${defect} (${days} ${days === 1 ? 'day' : 'days'}): ${checked.engineDoes[defect]}`);
  }
  lines.push('', 'handled at import', ...importLines(checked.imports));
  return lines;
}

function headed(
  all: readonly (DayFacts & DayGrade)[],
): { readonly heading: string; readonly days: readonly (DayFacts & DayGrade)[] }[] {
  const groups = new Map<string, (DayFacts & DayGrade)[]>();
  for (const day of all) {
    const heading = `${day.underlying}, candles of ${day.intervalMs / MINUTE_MS} min`;
    const group = groups.get(heading);
    if (group === undefined) groups.set(heading, [day]);
    else group.push(day);
  }
  return [...groups].map(([heading, days]) => ({ heading, days }));
}

/** Neighbouring days of which the same is said, as one line. */
function runsOfDays(days: readonly (DayFacts & DayGrade)[]): { readonly span: string; readonly text: string }[] {
  const runs: { first: Day; last: Day; count: number; text: string }[] = [];
  for (const day of days) {
    const text = `${day.grade}  ${dayText(day)}`;
    const run = runs.at(-1);
    if (run?.text === text) {
      run.last = day.day;
      run.count += 1;
    } else runs.push({ first: day.day, last: day.day, count: 1, text });
  }
  return runs.map(({ first, last, count, text }) => ({
    span: count === 1 ? first : `${first} to ${last} (${count} days)`,
    text,
  }));
}

function dayText(day: DayFacts & DayGrade): string {
  const parity = day.paritySd === null ? 'too few pairs for parity' : `parity sd ${day.paritySd.toFixed(1)}`;
  const defects = day.defects.length === 0 ? 'no defects' : day.defects.join(', ');
  return [...day.groups.map((group) => groupText(group)), ...(hasOptions(day) ? [parity] : []), defects].join(' | ');
}

function hasOptions(day: DayFacts): boolean {
  return day.groups.some(({ kind }) => kind === 'option');
}

function groupText(group: GroupFacts): string {
  const share = Math.floor((1000 * group.candles) / Math.max(1, group.contracts * group.expected)) / 10;
  const size =
    group.kind === 'index'
      ? `${group.candles}/${group.expected}`
      : `${group.contracts} contract${group.contracts === 1 ? '' : 's'} ${share} %`;
  const name =
    group.kind === 'option' ? (group.expiry ?? '') : `${group.kind}${group.expiry === null ? '' : ` ${group.expiry}`}`;
  const counts: readonly (readonly [string, number])[] = [
    ['longest gap', group.longestGap],
    ['longest without trade', group.longestStale],
    ['off tick', group.offTick],
    ['high below low', group.highBelowLow],
    ['duplicates', group.duplicates],
    ['off the grid', group.offGrid],
  ];
  const told = counts.filter(([, value]) => value > 0).map(([what, value]) => `${what} ${value}`);
  return [`${name} ${size}`, ...told].join(', ');
}

function defectDays(days: readonly DayGrade[]): Map<Defect, number> {
  const counts = new Map<Defect, number>();
  for (const defect of days.flatMap(({ defects }) => defects)) counts.set(defect, (counts.get(defect) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

/** What the manifests say was dropped, repaired or turned into something else, by shape. */
function importLines(imports: readonly Manifest[]): string[] {
  // A file that was imported twice counts once.
  const sources = [...new Map(imports.flatMap((one) => one.sources).map((source) => [source.sha256, source])).values()];
  return [...new Set(sources.map(({ preset }) => preset))].flatMap((preset) => {
    const own = sources.filter((source) => source.preset === preset);
    const line = (word: string) => (remark: { readonly what: string; readonly rows: number }) =>
      `    ${word.padEnd(8)} ${grouped(remark.rows).padStart(9)}  ${remark.what}`;
    return [
      `  ${preset}`,
      ...mergedRemarks(own.flatMap(({ dropped }) => dropped)).map(line('dropped')),
      ...mergedRemarks(own.flatMap(({ repaired }) => repaired)).map(line('repaired')),
      ...mergedNotes(own.flatMap(({ notes }) => notes)).map((note) => `    note     ${note}`),
    ];
  });
}
