import { defineConfig } from 'vitest/config';

const resultFile = process.env['SIM_TEST_RESULT'];
const soak = process.env['SIM_SOAK'] === '1';

/** The order of tests is shuffled; vitest prints the seed, and `--sequence.seed N` plays that order again. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { shuffle: { files: true, tests: true } },
    testTimeout: soak ? 600_000 : 30_000,
    hookTimeout: soak ? 600_000 : 60_000,
    reporters: resultFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultFile }]],
    env: { TZ: 'Asia/Kolkata' },
    snapshotFormat: { escapeString: false, printBasicPrototype: false },
  },
});
