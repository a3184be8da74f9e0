import type { z } from 'zod';
import type { StrategyDefinition } from '../engine/strategy.ts';
import { settingText } from './setting-path.ts';
import { refusalOf } from './setting-rules.ts';
import { SettingError, UserError } from './user-error.ts';

/** The parameters of a strategy, read by its schema; what the schema refuses is a sentence. */
export function paramsOf(definition: StrategyDefinition<unknown>, given: Readonly<Record<string, unknown>>): unknown {
  const schema = definition.params as z.ZodType;
  const read = parsed(definition, () => schema.safeParse(given));
  if (read.success) return read.data;
  const label = (path: readonly string[]): string => `parameter ${settingText(path)}`;
  throw new SettingError(refusalOf({ schema, error: read.error, input: given, label, whole: definition.name }));
}

/** A schema of the person's own may hold code that fails. */
function parsed<Result>({ name }: StrategyDefinition<unknown>, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`the parameters of ${name} cannot be checked: ${reason}`, { cause: error });
  }
}
