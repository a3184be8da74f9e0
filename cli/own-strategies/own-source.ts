import { UserError } from '../user-error.ts';

/** A strategy file as one text of plain JavaScript, and where each of its lines came from. */
export interface OwnSource {
  /** As the person named it. */
  readonly file: string;
  /** One text: the file with the relative files that it imports; `zod` and `sim/strategy` are asked for. */
  readonly code: string;
  /** Source map of that text, JSON. */
  readonly map: string;
  /** Where the paths of the map begin. */
  readonly folder: string;
  /** Arithmetic in it whose last bit may differ between versions of Node, each as a sentence with its line. */
  readonly inexact: readonly string[];
  /** SHA-256 of the text and of the program's version. */
  readonly hash: string;
}

/** A strategy file that the program does not take: what is wrong in it, each as a sentence with its line. */
export class RefusedSource extends UserError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    const [first = '', ...others] = faults;
    super(
      others.length === 0 ? first : `${first} (and ${others.length} more: sim strategies check tells all)`,
      options,
    );
    this.faults = faults;
  }
}
