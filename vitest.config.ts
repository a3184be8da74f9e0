import { defineConfig } from 'vitest/config';
import { SkipReporter } from './test/support/skip-reporter.ts';

const resultFile = process.env['SIM_TEST_RESULT'];
const soak = process.env['SIM_SOAK'] === '1';
const json: ['json', { outputFile: string }][] = resultFile === undefined ? [] : [['json', { outputFile: resultFile }]];

/** The order of tests is shuffled; vitest prints the seed, and `--sequence.seed N` plays that order again. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { shuffle: { files: true, tests: true } },
    testTimeout: soak ? 1_800_000 : 30_000,
    hookTimeout: soak ? 1_800_000 : 60_000,
    reporters: ['default', ...json, new SkipReporter()],
    snapshotFormat: { escapeString: false, printBasicPrototype: false },
  },
});
