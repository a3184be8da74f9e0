/** Words that `sim strategies` takes for itself, so that no strategy may be called by them. */
export const RESERVED_NAMES: readonly string[] = ['new', 'check'];
