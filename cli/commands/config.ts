import type { Command } from 'commander';

/** Adds `sim config`: an example with every setting, the schema, and a check of a file. */
export function registerConfig(program: Command): void {
  const config = program.command('config').description('show the settings, and check a file of them');
  config
    .command('example')
    .description('print a commented YAML file: every setting with its default, or a whole desk')
    .argument('[name]', 'a desk: index-options, rsi-strength, straddle-vwap, swing-break, weekly-signals')
    .action(async (name: string | undefined) => {
      process.stdout.write(await example(name));
    });
  config
    .command('schema')
    .description('print the JSON schema of a configuration file, for an editor')
    .action(async () => {
      const { schemaText } = await import('../config-schema.ts');
      process.stdout.write(schemaText());
    });
  config
    .command('check')
    .description('say whether a file of settings is right, and what it comes to; exit code 2 where it is wrong')
    .argument('<file>', 'settings in YAML')
    .option('--json', 'print one JSON object: agents, effective settings, and each value with its origin')
    .action(async (path: string, flags: { readonly json?: true }) => {
      process.stdout.write(flags.json === true ? `${JSON.stringify(await checked(path))}\n` : await checkedPage(path));
    });
}

async function example(name: string | undefined): Promise<string> {
  if (name === undefined) return (await import('../config-text.ts')).exampleText();
  return (await import('../example-files.ts')).exampleFileText(name);
}

async function checkedPage(path: string): Promise<string> {
  const [{ agents, values, warnings }, { valuesText }] = await Promise.all([
    checkedDesk(path),
    import('../effective-values.ts'),
  ]);
  const warned = warnings.map((sentence) => `warning: ${sentence}\n`).join('');
  return `${path} is ok: ${agents.join(', ')}\n${warned}\n${valuesText(values)}`;
}

async function checked(path: string): Promise<Readonly<Record<string, unknown>>> {
  const [{ agents, settings, values, warnings }, { settingText }] = await Promise.all([
    checkedDesk(path),
    import('../setting-path.ts'),
  ]);
  return {
    file: path,
    agents,
    ...(warnings.length > 0 && { warnings }),
    settings,
    values: values.map(({ path: at, value, from }) => ({ name: settingText(at), value, from })),
  };
}

/** What a file comes to; what is wrong in it is thrown with its place. */
async function checkedDesk(path: string): Promise<{
  readonly agents: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly values: readonly import('../effective-values.ts').EffectiveValue[];
  /** Settings that change nothing. */
  readonly warnings: readonly string[];
}> {
  const [{ deskOf }, { readConfigFile }, { agentNames, effectiveOf }, { effectiveValues }, { idleSettings }] =
    await Promise.all([
      import('../config-layers.ts'),
      import('../config-file.ts'),
      import('../effective-settings.ts'),
      import('../effective-values.ts'),
      import('../idle-settings.ts'),
    ]);
  const { config, origins } = await deskOf({ file: await readConfigFile(path, 'FILE') });
  try {
    const settings = await effectiveOf(config);
    return {
      agents: agentNames(config),
      settings,
      values: effectiveValues(settings, origins),
      warnings: idleSettings(config, origins),
    };
  } catch (error) {
    throw origins.located(error);
  }
}
