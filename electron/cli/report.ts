/** What a command has to say: one document for scripts, and the same in words for a person. */
export interface Report {
  readonly document: unknown;
  readonly text: string;
  /** False when the words only confirm what was done: `--quiet` leaves them out. */
  readonly isAnswer: boolean;
  /** What the command ends with, where not 0: its answer is that something is wrong. */
  readonly exitCode?: number;
}

export function answer(document: unknown, text: string): Report {
  return { document, text, isAnswer: true };
}

export function done(document: unknown, text: string): Report {
  return { document, text, isAnswer: false };
}

/** An answer that says whether something is wrong: then the command ends with 1. */
export function verdict(document: unknown, text: string, isGood: boolean): Report {
  return { ...answer(document, text), exitCode: isGood ? 0 : 1 };
}
