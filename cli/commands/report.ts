import type { Command } from 'commander';

/** Adds `sim report`: writes the workbook, the page and the CSV files of a run again, from its folder alone. */
export function registerReport(program: Command): void {
  program
    .command('report')
    .description('write report.xlsx, report.html, trades.csv and events.csv of a run again')
    .argument('<run>', 'id of a run, or its folder')
    .option('--runs <dir>', 'folder of the runs', './runs')
    .option('--json', 'print the summary as one JSON object')
    .action(async (run: string, flags: { readonly runs: string; readonly json?: true }) => {
      const [{ readRun, rebuildResults }, { showsUnicode, summaryJson, summaryText }, { foldedSummary }] =
        await Promise.all([import('../run-results.ts'), import('../../reports/text.ts'), import('../folded.ts')]);
      const stored = readRun(run, flags.runs);
      const report = await rebuildResults(stored);
      const page = flags.json
        ? `${JSON.stringify({ ...summaryJson(report), path: stored.path })}\n`
        : `${foldedSummary(summaryText(report, { unicode: showsUnicode(process.env) }), process.stdout)}\n${stored.path}\n`;
      process.stdout.write(page);
    });
}
