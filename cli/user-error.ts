/** The user's input is wrong: one sentence that names the field, the value and what is allowed. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode = 2;
}
