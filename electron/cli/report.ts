/** What a command has to say: one document for scripts, and the same in words for a person. */
export interface Report {
  readonly document: unknown;
  readonly text: string;
  /** False when the words only confirm what was done: `--quiet` leaves them out. */
  readonly isAnswer: boolean;
}

export function answer(document: unknown, text: string): Report {
  return { document, text, isAnswer: true };
}

export function done(document: unknown, text: string): Report {
  return { document, text, isAnswer: false };
}
