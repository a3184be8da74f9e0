import { readFileSync } from 'node:fs';
import { ColumnMap, missingColumns, presetOfMap } from '../../datasets/import/column-map.ts';
import type { CandlePreset } from '../../datasets/import/preset.ts';
import { ImportRefused } from './import-error.ts';
import type { SourceFile } from './source-files.ts';

/** Reads a column map, and gives the preset for each source; a source without the named columns is refused. */
export async function readMap(path: string): Promise<(source: SourceFile) => CandlePreset> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ImportRefused(`the map ${path} cannot be read: ${first}`, { cause: error });
  }
  const parsed = ColumnMap.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ImportRefused(`the map ${path} is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  }
  const preset = presetOfMap(parsed.data);
  return (source) => {
    const missing = missingColumns(preset, source.head.columns);
    if (missing.length === 0) return preset;
    throw new ImportRefused(
      `${source.path} has no column ${missing.join(', ')} of the map; its columns are ${source.head.columns.join(', ')}`,
    );
  };
}
