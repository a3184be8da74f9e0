/** Whether this is `npm run soak`: the same programs and seeds as in CI, with larger counts. */
export const isSoak: boolean = process.env['SIM_SOAK'] === '1';

/** How many cases to run: few in CI, many in a soak. */
export function cases({ ci, soak }: { readonly ci: number; readonly soak: number }): number {
  return isSoak ? soak : ci;
}
