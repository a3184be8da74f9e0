import type { Command } from 'commander';

/** Adds `sim strategies new`: a first file of one's own, with its test. */
export function registerStrategiesNew(strategies: Command): void {
  strategies
    .command('new')
    .description('write a commented strategy of your own, with its test, into this folder')
    .argument('<name>', 'small letters, digits and hyphens, such as my-cross')
    .action(async (name: string) => {
      const { writeFirstFiles } = await import('../own-strategies/first-files.ts');
      const files = writeFirstFiles(name);
      process.stdout.write(
        [
          `wrote ${files.join(' and ')}`,
          'next:',
          `  node --test ${files[1]}`,
          `  npx sim strategies check ./${files[0]}`,
          `  npx sim backtest --strategy ./${files[0]} --from 2025-01-06 --to 2025-01-31 --data synthetic`,
          '',
        ].join('\n'),
      );
    });
}
