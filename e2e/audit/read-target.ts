import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { askGit, isAncestor, linesOf } from "./ask-git.ts";

/** One value that the target took, by its reflog. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly by: "landing" | "undo" | "somebody else";
}

export interface TargetHistory {
  readonly now: string;
  /** Null: this repository keeps no reflog, as a bare one. */
  readonly moves: readonly Move[] | null;
  /** The first parents from `start` to what it is now, oldest first, each with the entries that it names. */
  readonly commits: readonly { readonly oid: string; readonly entries: readonly string[] }[];
}

const REFLOG_LINE = /^([0-9a-f]+) ([0-9a-f]+) .*?(?:\t(.*))?$/;

export function readTarget(repository: string, target: string, start: string): TargetHistory {
  const now = askGit(repository, "rev-parse", "--verify", `refs/heads/${target}`).trim();
  const format = "--format=%H %(trailers:key=Switchyard-Entry,valueonly,separator=%x20)";
  const range = isAncestor(repository, start, now) ? [`${start}..${now}`] : [now];
  const log = askGit(repository, "log", "--first-parent", "--reverse", format, ...range, "--");
  const commits = linesOf(log).map((line) => {
    const [oid = "", ...entries] = line.split(" ").filter(Boolean);
    return { oid, entries };
  });
  return { now, moves: readMoves(repository, target, start), commits };
}

function readMoves(repository: string, target: string, start: string): readonly Move[] | null {
  const file = join(commonFolder(repository), "logs", "refs", "heads", target);
  if (!existsSync(file)) return null;
  const all = linesOf(readFileSync(file, "utf8")).flatMap((line): readonly Move[] => {
    const [, from, to, said = ""] = REFLOG_LINE.exec(line) ?? [];
    return from && to ? [{ from, to, by: whoMoved(said) }] : [];
  });
  const before = all.findIndex(({ to }) => to === start);
  return all.slice(before + 1);
}

function whoMoved(said: string): Move["by"] {
  if (said.startsWith("switchyard land")) return "landing";
  return said.startsWith("switchyard undo") ? "undo" : "somebody else";
}

export function commonFolder(repository: string): string {
  const path = askGit(repository, "rev-parse", "--git-common-dir").trim();
  return isAbsolute(path) ? path : join(repository, path);
}
