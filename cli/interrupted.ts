/** The person asked for the run to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
