import { judgePhrases } from "./destructive-phrases.ts";
import { DOWNLOADED, ENCODED } from "./expand-word.ts";
import { firstHit, type GateContext, type GateHit, hit } from "./gate-rules.ts";
import { judgeCode } from "./judge-code.ts";
import { judgeWrite } from "./judge-path.ts";
import { printedBy } from "./printed-by.ts";
import type { SeenCommand } from "./read-commands.ts";
import { unwrapCommand } from "./unwrap-command.ts";

/** Judges a script of the shell's that a command runs. */
export type Nested = (script: string, positional?: readonly string[]) => GateHit | null;

/** A program that runs code of its own language, from its words, its input or a file. */
export function judgeInterpreter(
  program: string,
  args: readonly string[],
  command: SeenCommand,
  context: GateContext,
  nested: Nested,
): GateHit | null {
  const codes = codesOf(program, args);
  // `perl -i` writes the files it is given.
  if (/^(perl|ruby)$/.test(program) && args.some((arg) => /^-[a-zA-Z0]*i/.test(arg))) {
    const files = args.filter((arg) => !arg.startsWith("-") && !codes.includes(arg));
    const written = firstHit(files, (file) => judgeWrite(file, command.cwd, context));
    if (written !== null) return written;
  }
  const isFile = args.some(
    (arg, at) => !arg.startsWith("-") && !TAKES_VALUE.test(args[at - 1] ?? ""),
  );
  const { input, from } = command;
  const fed = input ?? (from && !isFile && codes.length === 0 ? printedBy(from) : null);
  const read = codes.length > 0 || isFile ? codes : fed === null ? [] : [fed];
  const found = firstHit(
    read,
    (code) => marked([code]) ?? judgeCode(code, command.cwd, context, nested),
  );
  if (found !== null || (read.length > 0 && !isFile)) return found;
  const words = unwrapCommand(args.filter((arg) => !arg.startsWith("-")));
  return words.length === 0 ? null : judgePhrases([program, ...words]);
}

/** Options of interpreters whose value is the next word, and no file that is run. */
const TAKES_VALUE = /^(-[WXIMrd]|--(require|import|loader|env-file))$/;

/** What stands behind each option that takes code, wherever it is: what only looks like one harms nothing. */
function codesOf(program: string, args: readonly string[]): readonly string[] {
  const option = /^py/.test(program)
    ? /^-[a-zA-Z]*?c(.*)$/s
    : program === "php"
      ? /^-r(.*)$/s
      : /^(?:-[lnpaiwsS0-7]*[eE]|-p$|--(?:eval|print)(?:=|$)|eval$)(.*)$/s;
  return args.flatMap((arg, at) => {
    const match = option.exec(arg);
    return match ? [match[1] || (args[at + 1] ?? "")] : [];
  });
}

/** Text that nobody sees before it runs. */
export function marked(words: readonly string[]): GateHit | null {
  if (words.some((word) => word.includes(DOWNLOADED)))
    return hit("downloaded-code", "This would run what it downloads, unseen.");
  if (words.some((word) => word.includes(ENCODED)))
    return hit(
      "encoded-code",
      "This would run text that is encoded, so that nobody sees what it does.",
    );
  return null;
}
