import path from "node:path";
import { type GateContext, type GateHit, hit } from "./gate-rules.ts";

/** Of the app's own command line: what answers for the person, or loosens what holds workers. */
const FOR_THE_PERSON: readonly (readonly RegExp[])[] = [
  [/^inbox$/, /^(allow|deny|answer|reply)$/],
  [/^approval$/, /^remove$/],
  [/^queue$/, /^(approve|retry|remove|release|move|resume)$/],
  [/^project$/, /^(set|edit|remove|settle-changes)$/],
  [/^profile$/, /^(add|set|edit|remove|login|logout|import)$/],
  [/^worktree$/, /^(remove|restore)$/],
  [/^session$/, /^(send|stop|restart|respawn)$/],
  [/^(halt|resume|stop)$/],
];

/** A worker speaks to the app through its tools; with the command line it would say yes to itself. */
export function judgeOwnProgram(words: readonly string[], context: GateContext): GateHit | null {
  const program = path.basename(words[0] ?? "");
  if (program === "claude") return judgeUnasked(words);
  const args = argsOfApp(program, words);
  if (args === null || isOtherFolder(args, context)) return null;
  const plain = args.filter((arg, at) => !arg.startsWith("-") && args[at - 1] !== "--home");
  const isMode = args.some((arg) => /^--(permission-mode|accept-mode)(=|$)/.test(arg));
  const isPersons = FOR_THE_PERSON.some((phrase) =>
    phrase.every((pattern, at) => pattern.test(plain[at] ?? "")),
  );
  return isMode || isPersons
    ? hit("own-program", "This would do with Switchyard what is the person's to do.")
    : null;
}

/** The words for the app; null where another program is meant. */
function argsOfApp(program: string, words: readonly string[]): readonly string[] | null {
  if (program === "switchyard" || program === "sy") return words.slice(1);
  if (program === "npm" && words[1] === "run" && words[2] === "switchyard")
    return words.slice(words[3] === "--" ? 4 : 3);
  const at = words.findIndex((word) => /(^|\/)electron\/cli(\.cjs|\/main\.ts)$/.test(word));
  return program === "node" && at > 0 ? words.slice(at + 1) : null;
}

/** A worker that works on Switchyard itself tries it with a data folder of its own. */
function isOtherFolder(args: readonly string[], { rules }: GateContext): boolean {
  const at = args.findIndex((arg) => /^--home(=|$)/.test(arg));
  if (at < 0) return false;
  const home = /^--home=(.*)$/.exec(args[at] ?? "")?.[1] ?? args[at + 1] ?? "";
  return !rules.protected.includes(path.resolve(rules.worktree, home));
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
