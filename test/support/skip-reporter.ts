/** After vitest's own summary: how many tests were skipped for which absence, one line a reason. */
import type { Reporter, TestModule } from 'vitest/node';

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'marked so in their file';
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
    }
    for (const [reason, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`skipped ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
  }
}
