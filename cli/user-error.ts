/** The user's input is wrong: one sentence that names the field, the value and what is allowed. Exit code 2. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly exitCode = 2;
}

/** A setting is wrong, and whoever read the file can say where: the place belongs between the two halves of the sentence. */
export class SettingError extends UserError {
  readonly setting: {
    /** Names from the top of the configuration to the setting; numbers count entries of a list from 0. */
    readonly path: readonly string[];
    readonly before: string;
    /** Empty where the sentence does not begin with the setting. */
    readonly after: string;
  };

  constructor(setting: SettingError['setting'], options?: ErrorOptions) {
    super(`${setting.before}${setting.after}`, options);
    this.setting = setting;
  }
}
