import { Document, isScalar, stringify } from 'yaml';
import { agentsOf } from './agents.ts';
import { Config } from './config.ts';
import { effectiveValues } from './effective-values.ts';
import type { Origins } from './origins.ts';
import type { OwnStrategies } from './own-strategies/own-strategies.ts';
import type { Rules } from './setting-rules.ts';
import { allowedText, rulesOf } from './setting-rules.ts';

const HEAD = [
  '# Every setting of sim with its default; all of them may be left out.',
  '# A line that begins with #name: shows a setting without a default: take the # away to use it.',
  '# Flags override this file. Use it with: sim backtest --config FILE',
];

/** A configuration that says every setting, made from the schema so that it cannot fall behind it. */
export function exampleText(): string {
  const blocks = settingBlocks(rulesOf(Config), '').map((block) => block.join('\n'));
  return `${HEAD.join('\n')}\n\n${blocks.join('\n\n')}\n`;
}

/** What a configuration comes to, parameters of the strategies with it: a file that makes the same run. */
export function effectiveSettings(config: Config, own?: OwnStrategies): Readonly<Record<string, unknown>> {
  // Of the whole first, so that a refusal knows which agent it is about.
  agentsOf(config, own);
  const { agents, strategy, params, ...rest } = config;
  const paramsOf = (choice: NonNullable<Config['agents']>[number]): unknown =>
    agentsOf({ ...config, agents: [choice] }, own)[0]?.params;
  const chosen =
    agents === undefined
      ? { strategy, params: paramsOf({ strategy, params }) }
      : { agents: agents.map((choice) => ({ ...choice, params: paramsOf(choice) })) };
  return JSON.parse(JSON.stringify({ ...chosen, ...rest })) as Record<string, unknown>;
}

/** The same as the YAML that makes it; a comment says where a value comes from that is no default. */
export function settingsText(settings: Readonly<Record<string, unknown>>, origins?: Origins): string {
  const document = new Document(settings);
  for (const { path } of origins === undefined ? [] : effectiveValues(settings, origins)) {
    const from = origins?.from(path);
    const node = document.getIn(path, true);
    if (from !== undefined && isScalar(node)) node.comment = ` ${from}`;
  }
  return document.toString();
}

/** One block a setting: what it means and allows, then the line itself; groups are followed by their own. */
function settingBlocks(rules: Rules, indent: string): string[][] {
  return Object.entries(rules.properties ?? {}).map(([name, setting]) => {
    const about = setting.description ?? '';
    if (setting.properties !== undefined) {
      const inner = settingBlocks(setting, `${indent}  `).flat();
      return [`${indent}# ${about}`, `${indent}${name}:`, ...inner];
    }
    const given = setting.default !== undefined;
    const value: unknown = given ? setting.default : setting.examples?.[0];
    const lines = settingLines(name, value).map((line) => `${indent}${given ? '' : '#'}${line}`);
    return [`${indent}# ${about} (${allowedText(setting)})`, ...lines];
  });
}

/** A setting as YAML: on one line, but for lists of groups. */
function settingLines(name: string, value: unknown): string[] {
  const isNested = Array.isArray(value) && value.some((entry) => typeof entry === 'object');
  if (isNested)
    return stringify({ [name]: value })
      .trimEnd()
      .split('\n');
  return [`${name}: ${stringify(value, { collectionStyle: 'flow' }).trimEnd()}`];
}
