/** One thing that can be done, by its keys or from the palette. */
export interface Command {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** As in `Mod+Shift+P`; Mod is Cmd on macOS and Ctrl elsewhere. */
  readonly keys?: string;
  /** It cannot be taken back: the palette asks for a second press. */
  readonly isFinal?: boolean;
  readonly run: () => void;
}

export function make(
  group: string,
  id: string,
  title: string,
  run: () => void,
  more: Pick<Command, "keys" | "isFinal"> = {},
): Command {
  return { group, id, title, run, ...more };
}
