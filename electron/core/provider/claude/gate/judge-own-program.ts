import path from "node:path";
import { findUnseen } from "./expand-word.ts";
import { type GateContext, type GateHit, hit } from "./gate-rules.ts";

/** Of the app's own command line: what looks, and what adds work. All else answers for the person, or loosens what holds workers. */
const FOR_WORKERS: readonly (readonly RegExp[])[] = [
  [/^(status|doctor|usage|wait|events|help)$/],
  [/^task$/, /^(list|show|why|handoffs|create)$/],
  [/^plan$/, /^(list|show|create)$/],
  [/^project$/, /^(list|show|hours|changes)$/],
  [/^profile$/, /^(list|show)$/],
  [/^session$/, /^(list|show|log)$/],
  [/^queue$/, /^(list|show)$/],
  [/^inbox$/, /^(list|show)?$/],
  [/^approval$/, /^list$/],
  [/^worktree$/, /^list-removed$/],
];
const RUNNERS = /^(node|nodejs|bun|deno|tsx|electron)$/;
const SCRIPT_RUNNERS = /^(npm|pnpm|yarn|bun)$/;
const OWN_FILE = /(^|\/)(switchyard\.mjs|electron\/cli(\.cjs|\/main\.ts))$/;

/** A worker speaks to the app through its tools; with the command line it would say yes to itself. */
export function judgeOwnProgram(
  words: readonly string[],
  cwd: string,
  context: GateContext,
): GateHit | null {
  const program = path.basename(words[0] ?? "");
  if (program === "claude") return judgeUnasked(words);
  const isOwn = (word: string) => OWN_FILE.test(context.realPath(path.resolve(cwd, word)));
  const args = argsOfApp(program, words, isOwn);
  if (args === null) return null;
  const plain = args.filter((arg, at) => !arg.startsWith("-") && !takesNext(args[at - 1]));
  // Called by its name it has been taken away by now, and what it runs is judged; so it is hidden, whatever folder it names.
  if (plain[0] === "lock")
    return hit("own-program", "What this would run in a slot cannot be seen.");
  if (isOtherFolder(args, cwd, context) || isHelp(args)) return null;
  const isMode = args.some((arg) => /^--(permission-mode|accept-mode)(=|$)/.test(arg));
  const isForWorkers = FOR_WORKERS.some((phrase) =>
    phrase.every((pattern, at) => pattern.test(plain[at] ?? "")),
  );
  return isMode || !isForWorkers
    ? hit("own-program", "This would do with Switchyard what is the person's to do.")
    : null;
}

/** The words for the app; null where another program is meant. */
function argsOfApp(
  program: string,
  words: readonly string[],
  isOwn: (word: string) => boolean,
): readonly string[] | null {
  const [first = "", ...args] = words;
  if (program === "switchyard" || program === "sy") return args;
  if (first.includes("/") && isOwn(first)) return args;
  const at = RUNNERS.test(program) ? words.findIndex((word, index) => index > 0 && isOwn(word)) : 0;
  if (at > 0) return words.slice(at + 1);
  const named = SCRIPT_RUNNERS.test(program) ? args.indexOf("switchyard") : -1;
  if (named < 0 || !args.slice(0, named).every((arg) => /^(run|run-script|-.*)$/.test(arg)))
    return null;
  const given = args.slice(named + 1);
  const dashes = given.indexOf("--");
  if (dashes < 0) return given;
  // An option before the dashes is the runner's own, and what follows it may be its value or a word for the app.
  return [
    ...given.slice(0, dashes).filter((arg) => !arg.startsWith("-")),
    ...given.slice(dashes + 1),
  ];
}

/** The options of every command that take the next word. */
function takesNext(word: string | undefined): boolean {
  return word === "--home" || word === "--project";
}

/** The app shows its help for this word and does nothing, unless an option takes it as its value. */
function isHelp(args: readonly string[]): boolean {
  return (
    !args.includes("--") &&
    args.some((arg, at) => /^(--help|-h)$/.test(arg) && !args[at - 1]?.startsWith("-"))
  );
}

/**
 * A worker that works on Switchyard itself tries it with a data folder of its own. It is named before the command, where no other
 * option can take the name; the last one counts, and each has to be another.
 */
function isOtherFolder(args: readonly string[], cwd: string, context: GateContext): boolean {
  const start = args.findIndex((arg, at) => !arg.startsWith("-") && !takesNext(args[at - 1]));
  const homes = args.flatMap((arg, at) => {
    const [, value = args[at + 1] ?? ""] = /^--home(?:=(.*))?$/.exec(arg) ?? [];
    return /^--home(=|$)/.test(arg) ? [{ at, value }] : [];
  });
  const isOwn = (home: string) =>
    findUnseen(home) >= 0 ||
    context.rules.protected.includes(context.realPath(path.resolve(cwd, home)));
  return homes.some(({ at }) => at < start) && !homes.some(({ value }) => isOwn(value));
}

function judgeUnasked(words: readonly string[]): GateHit | null {
  const isUnasked = words.some(
    (word, at) =>
      /^--(allow-)?dangerously-skip-permissions$/.test(word) ||
      /^--permission-mode=(auto|bypassPermissions)$/.test(word) ||
      (words[at - 1] === "--permission-mode" && /^(auto|bypassPermissions)$/.test(word)),
  );
  return isUnasked
    ? hit("own-program", "This would start a Claude Code that asks nobody and passes no gate.")
    : null;
}
