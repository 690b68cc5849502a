import path from "node:path";
import { judgePhrases } from "./destructive-phrases.ts";
import { UNSEEN } from "./expand-word.ts";
import { firstHit, type GateContext, type GateHit, hit } from "./gate-rules.ts";
import { judgeFd, judgeFind, judgeXargs } from "./judge-file-lists.ts";
import { judgeFileWriter } from "./judge-file-writers.ts";
import { judgeGit } from "./judge-git.ts";
import { judgeInterpreter, marked, type Nested } from "./judge-interpreter.ts";
import { judgeOwnProgram } from "./judge-own-program.ts";
import { judgeRemoval, judgeWrite } from "./judge-path.ts";
import { judgeSql } from "./judge-sql.ts";
import { copyScope } from "./merge-scopes.ts";
import { printedBy } from "./printed-by.ts";
import { readCommands, type SeenCommand } from "./read-commands.ts";
import { unwrapCommand } from "./unwrap-command.ts";

const SHELLS = /^(sh|bash|zsh|dash|ksh|ash|fish)$/;
const INTERPRETERS = /^(python[\d.]*|pypy3?|node|nodejs|deno|bun|tsx|ts-node|perl|ruby|php)$/;
const SQL_CLIENTS =
  /^(psql|mysql|mariadb|sqlite3|sqlcmd|mongosh|mongo|clickhouse(-client)?|cockroach|duckdb|redis-cli|cqlsh|bq|snowsql|pgcli|mycli|usql)$/;
const CONTAINERS = /^(docker|podman|nerdctl|docker-compose|kubectl|oc|lxc)$/;
/** Where a command names others by a word, it may end the app's own programs or those of other sessions. */
const OTHERS_PROGRAMS =
  /^-?[.^]?\*?(claude|node|switchyard|electron|Electron|bun|python3?)?[.*$]*$/;

/** What one command of a script would take away. */
export function judgeCommand(command: SeenCommand, context: GateContext): GateHit | null {
  for (const target of command.writes) {
    const found = judgeWrite(target, command.cwd, context);
    if (found !== null) return found;
  }
  const words = unwrapCommand(command.words);
  return words.length === 0 ? null : judgeWords(words, command, context);
}

/** Every command of a script. Throws nothing: what cannot be read and looks like harm is a hit. */
export function judgeScript(
  script: string,
  scope: SeenCommand["scope"],
  context: GateContext,
): GateHit | null {
  const { commands, isUnreadable } = readCommands(script, scope);
  for (const command of commands) {
    if (isExcepted(command.source, context)) continue;
    const found = judgeCommand(command, context);
    if (found !== null) return found;
  }
  const looksBad = /\b(rm|dd|mkfs|shred|drop|truncate|delete|push|destroy)\b|:\|:/i;
  if (isUnreadable && looksBad.test(script))
    return hit(
      "unreadable",
      "This command cannot be read the way a shell would, and may delete something.",
    );
  return null;
}

/** Whether the person's exceptions name each single command of a script: what stands beside one is not let by with it. */
export function isAllExcepted(
  script: string,
  scope: SeenCommand["scope"],
  context: GateContext,
): boolean {
  if (context.rules.except.length === 0) return false;
  const { commands, isUnreadable } = readCommands(script, copyScope(scope));
  return (
    !isUnreadable &&
    commands.length > 0 &&
    commands.every(({ source }) => isExcepted(source, context))
  );
}

export function isExcepted(text: string, { rules }: GateContext): boolean {
  return rules.except.some((pattern) => new RegExp(`^(?:${pattern})$`).test(text));
}

function judgeWords(
  words: readonly string[],
  command: SeenCommand,
  context: GateContext,
): GateHit | null {
  const { cwd } = command;
  const [first = "", ...args] = words;
  const program = path.basename(first);
  // Beside other words it may be anything: an argument of the script that runs, a file.
  if (args.length === 1 && /^--(help|version)$/.test(args[0] ?? "")) return null;
  const nested = (script: string, positional: readonly string[] = []) =>
    judgeNested(script, positional, command, context);
  const plain = operandsOf(args);

  const own =
    judgeOwnProgram(words, cwd, context) ?? judgeFileWriter(program, args, command, context);
  if (own !== null) return own;
  if (SHELLS.test(program)) return judgeShell(args, command, nested);
  if (INTERPRETERS.test(program)) return judgeInterpreter(program, args, command, context, nested);
  if (CONTAINERS.test(program))
    return judgeElsewhere(words, command, context) ?? judgePhrases(words);
  switch (program) {
    case "rm":
    case "unlink":
    case "rmdir":
    case "shred":
    case "trash":
    case "rimraf":
    case "del-cli":
      return firstHit(plain, (target) => judgeRemoval(target, cwd, context));
    case "find":
      return judgeFind(args, command, context, judgeCommand);
    case "fd":
    case "fdfind":
      return judgeFd(args, command, context, judgeCommand);
    case "xargs":
    case "parallel":
      return judgeXargs(args, command, context, judgeCommand);
    case "git":
      return judgeGit(words, command, context);
    case "eval":
      return marked(args) ?? nested(args.join(" "));
    case "source":
    case ".":
      return marked(args);
    case "trap":
      return nested(plain[0] ?? "");
    case "su":
    case "script":
    case "runuser":
      return nested(args[args.indexOf("-c") + 1] ?? "");
    case "ssh":
      return judgeElsewhere(words, command, context);
    case "dd":
      return firstHit(
        args.filter((arg) => arg.startsWith("of=")).map((arg) => arg.slice(3)),
        (target) => judgeOverwrite(target, cwd, context),
      );
    case "tee":
      return firstHit(plain, (target) => judgeWrite(target, cwd, context));
    case "crontab":
      return command.input !== null || command.from !== null || (plain[0] ?? "") !== ""
        ? hit("system", "This would put other planned jobs in the place of the user's.")
        : judgePhrases(words);
    case "at":
    case "batch":
      return command.input === null ? null : nested(command.input);
    case "vim":
    case "vi":
    case "nvim":
    case "ex":
      return firstHit(args, (arg) => nested(/^:?!(.*)$/s.exec(arg)?.[1] ?? ""));
    case "truncate":
      return firstHit(plain, (target) => judgeOverwrite(target, cwd, context));
    case "cp":
    case "ln":
    case "install":
      return judgeWrite(plain.at(-1) ?? "", cwd, context);
    case "mv":
      return (
        firstHit(plain.slice(0, -1), (source) =>
          judgeRemoval(source, cwd, context, "This would move away"),
        ) ?? judgeWrite(plain.at(-1) ?? "", cwd, context)
      );
    case "rsync":
      return args.some((arg) => arg.startsWith("--del")) &&
        !args.includes("-n") &&
        !args.includes("--dry-run")
        ? judgeOverwrite(plain.at(-1) ?? "", cwd, context)
        : null;
    case "chmod":
    case "chown":
    case "chgrp":
      return args.some((arg) => /^-\w*R/.test(arg) || arg === "--recursive")
        ? firstHit(plain.slice(1), (target) =>
            judgeRemoval(target, cwd, context, "This would change the rights of"),
          )
        : null;
    case "kill":
      return judgeKill(args);
    case "killall":
    case "pkill":
      return judgeKillByName(args, plain);
    case "awk":
    case "gawk":
    case "mawk":
      return firstHit(args, (arg) =>
        firstHit([...arg.matchAll(/\bsystem\("((?:[^"\\]|\\.)*)"/g)], (match) =>
          nested(match[1] ?? ""),
        ),
      );
    default:
      break;
  }
  return judgeDatabase(words, command, context) ?? judgePhrases(words);
}

function judgeNested(
  script: string,
  positional: readonly string[],
  command: SeenCommand,
  context: GateContext,
): GateHit | null {
  if (script === "") return null;
  const scope = copyScope(command.scope);
  for (const [at, value] of positional.entries()) scope.variables.set(String(at), [value]);
  if (positional.length > 1) scope.variables.set("@", positional.slice(1));
  return judgeScript(script, scope, context);
}

function judgeShell(args: readonly string[], command: SeenCommand, nested: Nested): GateHit | null {
  const flag = args.findIndex((arg) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(arg));
  if (flag >= 0) {
    const [script = "", ...positional] = args.slice(flag + 1);
    return marked([script]) ?? nested(script, positional);
  }
  const file = args.find((arg) => !arg.startsWith("-"));
  if (file !== undefined) return marked([file]);
  return judgeFedShell(command, nested);
}

/** A shell that reads its script from its standard input. */
function judgeFedShell({ input, from }: SeenCommand, nested: Nested): GateHit | null {
  if (input !== null) return nested(input);
  if (from === null) return null;
  const printed = printedBy(from);
  return marked([printed]) ?? (printed === UNSEEN ? null : nested(printed));
}

/** In a container or on another machine paths are others', but a database is a database. */
function judgeElsewhere(
  words: readonly string[],
  command: SeenCommand,
  context: GateContext,
): GateHit | null {
  const there = { ...context, isElsewhere: true };
  const shell = words.findIndex((word) => SHELLS.test(path.basename(word)));
  const flag = shell < 0 ? -1 : words.findIndex((word, at) => at > shell && /^-\w*c$/.test(word));
  const script = flag >= 0 ? (words[flag + 1] ?? "") : shell >= 0 ? command.input : null;
  if (script !== null) return judgeNested(script, [], command, there);
  if (path.basename(words[0] ?? "") === "ssh") {
    const operands = operandsOf(words.slice(1));
    const remote = operands.slice(1).join(" ");
    const asIfHere = { ...context, rules: { ...context.rules, worktree: "/nowhere" } };
    return judgeNested(remote === "" ? (command.input ?? "") : remote, [], command, asIfHere);
  }
  return judgeDatabase(words, command, there);
}

function judgeDatabase(
  words: readonly string[],
  command: SeenCommand,
  context: GateContext,
): GateHit | null {
  const at = words.findIndex((word) => SQL_CLIENTS.test(path.basename(word)));
  if (at < 0) return null;
  // What only speaks of a client runs none.
  if (at > 0 && !CONTAINERS.test(path.basename(words[0] ?? ""))) return null;
  const args = words.slice(at + 1);
  const client = path.basename(words[at] ?? "");
  const file = operandsOf(args)[0];
  const isFile = client === "sqlite3" || client === "duckdb";
  if (
    isFile &&
    !context.isElsewhere &&
    (file === undefined || file === ":memory:" || judgeRemoval(file, command.cwd, context) === null)
  )
    return null;
  const { input, from } = command;
  const fed = input ?? (from ? printedBy(from) : "");
  const words2 = client === "redis-cli" ? [args.join(" ")] : args;
  return firstHit([...words2, fed], (text) => judgeSql(text.replace(/^--?\w[\w-]*=/, "")));
}

function judgeOverwrite(target: string, cwd: string, context: GateContext): GateHit | null {
  if (context.isElsewhere) return null;
  if (target.startsWith("/dev/")) return judgeWrite(target, cwd, context);
  return judgeRemoval(target, cwd, context, "This would overwrite");
}

function judgeKill(args: readonly string[]): GateHit | null {
  const targets = args.filter((arg, at) => at > 0 || !/^-/.test(arg));
  if (targets.includes("-1") || (args.length === 1 && args[0] === "-1"))
    return hit("system", "This would end every process of the user.");
  return null;
}

function judgeKillByName(args: readonly string[], plain: readonly string[]): GateHit | null {
  const isAll = args.some((arg) => arg === "-u" || arg === "-U" || arg === "-v");
  if (isAll || plain.some((name) => OTHERS_PROGRAMS.test(name)))
    return hit("system", "This would end programs of other sessions, or of the person.");
  return null;
}

function operandsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  return [...before.filter((arg) => !arg.startsWith("-")), ...(end < 0 ? [] : args.slice(end + 1))];
}
