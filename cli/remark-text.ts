/** Notes of many files as one list: notes that differ in their numbers only are one, and the numbers are added. */
export function mergedNotes(notes: readonly string[]): string[] {
  const merged = new Map<string, number[]>();
  for (const note of notes) {
    const numbers = [...note.matchAll(NUMBER)].map(([digits]) => Number(digits));
    const shape = note.replace(NUMBER, '#');
    const before = merged.get(shape);
    merged.set(shape, before === undefined ? numbers : before.map((value, index) => value + (numbers[index] ?? 0)));
  }
  return [...merged].map(([shape, numbers]) => {
    const left = [...numbers];
    return shape.replace(/#/g, () => grouped(left.shift() ?? 0));
  });
}

const NUMBER = /\b\d+\b/g;

/** Remarks of many files as one list, the largest first. */
export function mergedRemarks(
  remarks: readonly { readonly what: string; readonly rows: number }[],
): { readonly what: string; readonly rows: number }[] {
  const totals = new Map<string, number>();
  for (const { what, rows } of remarks) totals.set(what, (totals.get(what) ?? 0) + rows);
  return [...totals].map(([what, rows]) => ({ what, rows })).sort((a, b) => b.rows - a.rows);
}

/** A whole number with commas at the thousands: rows of a file are counted so, money is not. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
