import path from "node:path";
import { UNSEEN } from "./expand-word.ts";
import { firstHit, type GateContext, type GateHit } from "./gate-rules.ts";
import { judgeRemoval } from "./judge-path.ts";
import { printedBy } from "./printed-by.ts";
import type { SeenCommand } from "./read-commands.ts";

/** Judges the command that is run for each of the files. */
type JudgeCommand = (command: SeenCommand, context: GateContext) => GateHit | null;

export function judgeFind(
  args: readonly string[],
  command: SeenCommand,
  context: GateContext,
  judge: JudgeCommand,
): GateHit | null {
  const roots = contentsOf(findRoots(args));
  if (args.includes("-delete")) {
    const found = firstHit(roots, (root) => judgeRemoval(root, command.cwd, context));
    if (found !== null) return found;
  }
  for (const [at, arg] of args.entries()) {
    if (!/^-(exec|execdir|ok|okdir)$/.test(arg)) continue;
    const rest = args.slice(at + 1);
    const stop = rest.findIndex((word) => word === ";" || word === "+");
    const run = stop < 0 ? rest : rest.slice(0, stop);
    const found = firstHit(roots, (root) =>
      judge(
        { ...command, words: run.map((word) => word.replaceAll("{}", root)), writes: [] },
        context,
      ),
    );
    if (found !== null) return found;
  }
  return null;
}

/** `fd`, which looks below folders and runs a command for what it finds. */
export function judgeFd(
  args: readonly string[],
  command: SeenCommand,
  context: GateContext,
  judge: JudgeCommand,
): GateHit | null {
  const at = args.findIndex((arg) => /^(-[a-zA-Z]*[xX]|--exec(-batch)?)(=.*)?$/.test(arg));
  if (at < 0) return null;
  const attached = /=(.*)$/.exec(args[at] ?? "")?.[1];
  const rest = [...(attached === undefined ? [] : [attached]), ...args.slice(at + 1)];
  const stop = rest.indexOf(";");
  const run = stop < 0 ? rest : rest.slice(0, stop);
  // Each placeholder stands for the path or a part of it; without one the path comes last.
  const isPlaced = run.some((word) => FD_PLACE.test(word));
  const behind = stop < 0 ? [] : rest.slice(stop + 1);
  return firstHit(contentsOf(fdRoots([...args.slice(0, at), ...behind])), (root) => {
    const words = isPlaced ? run.map((word) => word.replace(FD_PLACE, root)) : [...run, root];
    return judge({ ...command, words, writes: [] }, context);
  });
}

const FD_PLACE = /\{(\/|\/\/|\.|\/\.)?\}/;

export function judgeXargs(
  args: readonly string[],
  command: SeenCommand,
  context: GateContext,
  judge: JudgeCommand,
): GateHit | null {
  const values = [
    "-I",
    "-n",
    "-P",
    "-L",
    "-d",
    "-s",
    "-a",
    "-E",
    "--max-args",
    "--max-procs",
    "-j",
  ];
  let at = 0;
  while (at < args.length && (args[at] ?? "").startsWith("-"))
    at += values.includes(args[at] ?? "") ? 2 : 1;
  const run = args.slice(at);
  const marker = args.includes("-I") ? (args[args.indexOf("-I") + 1] ?? "{}") : null;
  const given = givenTo(command.from);
  const words =
    marker === null || !run.some((word) => word.includes(marker))
      ? [...run, ...given]
      : run.flatMap((word) =>
          word.includes(marker) ? given.map((each) => word.replaceAll(marker, each)) : [word],
        );
  return judge({ ...command, words, writes: [], from: null }, context);
}

/** The folders that `find` looks through. */
function findRoots(args: readonly string[]): readonly string[] {
  const end = args.findIndex((arg) => /^[-(!]/.test(arg) && !/^-[HLPO]/.test(arg));
  return (end < 0 ? args : args.slice(0, end)).filter((arg) => !arg.startsWith("-"));
}

/** Those that `fd` does, and values of its options, which lead nowhere. The first is its pattern. */
function fdRoots(args: readonly string[]): readonly string[] {
  const told = args.flatMap((arg, at) => {
    const [, value] = /^--(?:search-path|base-directory)(?:=(.*))?$/.exec(arg) ?? [];
    if (value !== undefined) return [value];
    return /^(--search-path|--base-directory|-C)$/.test(arg) ? [args[at + 1] ?? ""] : [];
  });
  return [...args.filter((arg) => !arg.startsWith("-")).slice(1), ...told];
}

function contentsOf(folders: readonly string[]): readonly string[] {
  return (folders.length === 0 ? ["."] : folders).map((each) => `${each.replace(/\/$/, "")}/*`);
}

/** The paths that a command prints, as far as they can be told. */
function givenTo(from: SeenCommand | null): readonly string[] {
  if (from === null) return [UNSEEN];
  const [program = "", ...args] = from.words;
  switch (path.basename(program)) {
    case "find":
      return contentsOf(findRoots(args));
    case "fd":
    case "fdfind":
      return contentsOf(fdRoots(args));
    case "ls":
    case "grep":
    case "rg":
    case "git": {
      const far = args.filter((arg) => /^(\/|\.\.)/.test(arg));
      const place = args.indexOf("-C");
      if (place >= 0) return [`${args[place + 1]}/*`];
      return far.length === 0 ? ["./*"] : far.map((each) => `${each}/*`);
    }
    case "echo":
    case "printf":
      return printedBy(from).split(/\s+/).filter(Boolean);
    default:
      return givenTo(from.from);
  }
}
