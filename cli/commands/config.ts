import type { Command } from 'commander';

/** Adds `sim config`: an example with every setting, the schema, and a check of a file. */
export function registerConfig(program: Command): void {
  const config = program.command('config').description('show the settings, and check a file of them');
  config
    .command('example')
    .description('print a commented YAML file with every setting and its default')
    .action(async () => {
      const { exampleText } = await import('../config-text.ts');
      process.stdout.write(exampleText());
    });
  config
    .command('schema')
    .description('print the JSON schema of a configuration file')
    .action(async () => {
      const { schemaText } = await import('../config-text.ts');
      process.stdout.write(schemaText());
    });
  config
    .command('check')
    .description('say whether a file of settings is right; exit code 2 where it is not')
    .argument('<file>', 'settings in YAML')
    .option('--json', 'print one JSON object, the effective configuration')
    .action(async (path: string, flags: { readonly json?: true }) => {
      const [{ effectiveConfig, readConfigFile }, { agentNames, effectiveOf }] = await Promise.all([
        import('../config-layers.ts'),
        import('../effective-settings.ts'),
      ]);
      const checked = await effectiveConfig({ file: { path, settings: await readConfigFile(path, 'FILE') } });
      const settings = await effectiveOf(checked);
      const page = flags.json === true ? JSON.stringify(settings) : `${path} is ok: ${agentNames(checked).join(', ')}`;
      process.stdout.write(`${page}\n`);
    });
}
