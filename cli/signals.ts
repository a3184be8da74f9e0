/** A person's wish to end the program: before a run it ends at once, in a run after the day being played. */
export interface Signals {
  /** From now on a first signal is only noted. */
  runBegins(): void;
  asked(): boolean;
  /** How messages call the signal that asked, and the exit code that belongs to it. */
  word(): string;
  exitCode(): number;
  end(): void;
}

const NAMES = ['SIGINT', 'SIGTERM'] as const;
type Name = (typeof NAMES)[number];
const CODES: Readonly<Record<Name, number>> = { SIGINT: 130, SIGTERM: 143 };
const WORDS: Readonly<Record<Name, string>> = { SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM' };

/** Listens for Ctrl-C and SIGTERM; the second of them ends the program at once. */
export function listenForSignals(say: (sentence: string) => void): Signals {
  let isRunning = false;
  let asked: Name | undefined;
  const hear = (name: Name): void => {
    if (isRunning && asked === undefined) {
      asked = name;
      return;
    }
    say(`sim: ${WORDS[name]}: ${isRunning ? 'the run was ended at once' : 'the run had not begun'}; nothing was kept`);
    process.exit(CODES[name]);
  };
  for (const name of NAMES) process.on(name, hear);
  return {
    runBegins: () => {
      isRunning = true;
    },
    asked: () => asked !== undefined,
    word: () => WORDS[asked ?? 'SIGINT'],
    exitCode: () => CODES[asked ?? 'SIGINT'],
    end: () => {
      for (const name of NAMES) process.off(name, hear);
    },
  };
}
