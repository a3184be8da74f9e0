/** How long sold lots stood open to the market, ms in all, as we knew it; of a structure the longest of its legs. */
export interface Exposure {
  /** Without orders at the venue that would close all of them. */
  readonly nakedMs: number;
  /** Without the bought lots of the same right that the structure planned for them. */
  readonly unhedgedMs: number;
}
