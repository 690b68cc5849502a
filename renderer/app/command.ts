/** One thing that can be done, by its keys or from the palette. */
export interface Command {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** As in `Mod+Shift+P`; Mod is Cmd on macOS and Ctrl elsewhere. */
  readonly keys?: string;
  /** It cannot be taken back: the palette asks for a second press. */
  readonly isFinal?: boolean;
  /** All of what it is about, exactly: shown while it is the one that Enter would do. */
  readonly detail?: string;
  /** What has to be written before it can be done, each in its turn; the palette asks for it and `run` is for elsewhere. */
  readonly texts?: TextSteps;
  readonly run: () => void;
}

export interface TextSteps {
  readonly steps: readonly TextStep[];
  /** With one text for each step, trimmed. */
  readonly send: (texts: readonly string[]) => void;
}

export interface TextStep {
  readonly label: string;
  readonly detail: string;
  /** It can be left empty. */
  readonly isOptional: boolean;
}

export function make(
  group: string,
  id: string,
  title: string,
  run: () => void,
  more: Pick<Command, "keys" | "isFinal" | "detail" | "texts"> = {},
): Command {
  return { group, id, title, run, ...more };
}
