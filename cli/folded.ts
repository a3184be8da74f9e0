/** Folds lines that are wider than a page at their spaces; what is folded goes on at the hanging indent. */
export function folded(text: string, page: { readonly width: number; readonly hanging: number }): string {
  return text
    .split('\n')
    .flatMap((line) => foldedLine(line, page))
    .join('\n');
}

/** Where the values of a run's summary begin. */
const SUMMARY_VALUES_AT = 24;

/** A run's summary, its long sentences folded under the column of values. */
export function foldedSummary(text: string, stream: { readonly columns?: number | undefined }): string {
  return folded(text, { width: pageWidth(stream), hanging: SUMMARY_VALUES_AT });
}

/** Columns that a page may take: those of the terminal, at most a hundred. */
export function pageWidth(stream: { readonly columns?: number | undefined }): number {
  return Math.max(60, Math.min(100, stream.columns ?? 100));
}

function foldedLine(
  line: string,
  { width, hanging }: { readonly width: number; readonly hanging: number },
): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= hanging) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${' '.repeat(hanging)}${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}
