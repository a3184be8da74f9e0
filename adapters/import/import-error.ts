/** An import that cannot be done as asked; the message is one sentence for the person, and nothing was written. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}
