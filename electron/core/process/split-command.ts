import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/**
 * The words of a command as a shell reads them: blanks part them, quotes and backslashes keep them together. Nothing is expanded.
 * Throws `bad-input` for a quote that does not end, and for no words at all.
 */
export function splitCommand(command: string): readonly [string, ...string[]] {
  const words: string[] = [];
  let word: string | null = null;
  for (const [piece, single, double, escaped, blank] of command.matchAll(PIECE)) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else if (piece === '"' || piece === "'") {
      throw new SwitchyardError(
        "bad-input",
        `A quote (${piece}) is not ended in: ${command}`,
        "Write its other half, or put a backslash before it.",
      );
    } else
      word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? piece);
  }
  if (word !== null) words.push(word);
  const [first, ...rest] = words;
  if (first === undefined)
    throw new SwitchyardError("bad-input", "The command is empty.", "Name a program.");
  return [first, ...rest];
}

const PIECE = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|(\s+)|[\s\S]/g;
