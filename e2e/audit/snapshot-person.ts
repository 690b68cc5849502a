import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { askGit, linesOf, shorten, tryGit, zeroEnded } from "./ask-git.ts";

/** All that is the person's in one checkout. */
export interface PersonSnapshot {
  readonly checkout: string;
  /** Of the branch that is checked out, `refs/heads/…`; null while HEAD is detached. */
  readonly branch: string | null;
  readonly head: string;
  /** What is staged, as git lists it against HEAD. */
  readonly staged: string;
  /** Marks in the index, e.g. of a sparse checkout, by path. */
  readonly marks: ReadonlyMap<string, string>;
  /** Every file there is, ignored ones too: mode and content, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly stash: string;
  readonly config: string;
  readonly hooks: string;
}

export function snapshotPerson(checkout: string): PersonSnapshot {
  // HEAD before the files: a fast-forward that is under way writes files first, and HEAD last.
  const asked = ["HEAD", "--absolute-git-dir", "--path-format=absolute", "--git-common-dir"];
  const [head = "", own = "", common = ""] = linesOf(askGit(checkout, "rev-parse", ...asked));
  const text = (...path: readonly string[]) =>
    existsSync(join(...path)) ? readFileSync(join(...path), "utf8") : "";
  const staged = ["diff-index", "--cached", "--raw", "--no-renames", "--abbrev=40", "-z", head];
  const hooks = join(common, "hooks");
  return {
    checkout,
    branch: /^ref: (.*)$/m.exec(text(own, "HEAD"))?.[1] ?? null,
    head,
    staged: askGit(checkout, ...staged),
    marks: marksOf(askGit(checkout, "ls-files", "-v", "-z")),
    files: filesOf(checkout),
    stash: text(common, "refs/stash") + text(common, "logs/refs/stash"),
    config: `${text(common, "config")}\n${text(own, "config.worktree")}`,
    hooks: existsSync(hooks) ? JSON.stringify([...filesOf(hooks)]) : "",
  };
}

/** What of the person's is not as it was, in words; a fast-forward of the target that they have checked out is as it should be. */
export function comparePerson(before: PersonSnapshot, target: string): readonly string[] {
  const now = snapshotPerson(before.checkout);
  const wrong: string[] = [];
  const same = (what: "branch" | "staged" | "stash" | "config" | "hooks", name: string) => {
    if (now[what] !== before[what])
      wrong.push(`${name} changed: ${before[what]} became ${now[what]}`);
  };
  same("branch", "what is checked out");
  same("staged", "what is staged");
  same("stash", "the stash");
  same("config", "the configuration");
  same("hooks", "the hooks");
  const isOnTarget = before.branch === `refs/heads/${target}`;
  if (!isOnTarget && now.head !== before.head) {
    wrong.push(`HEAD went from ${shorten(before.head)} to ${shorten(now.head)}`);
  }
  return [...wrong, ...compareFiles(before, now)];
}

function compareFiles(before: PersonSnapshot, now: PersonSnapshot): readonly string[] {
  const { checkout } = before;
  const range = [before.head, now.head];
  const moved = new Set(
    zeroEnded(askGit(checkout, "diff-tree", "-r", "--no-renames", "--name-only", "-z", ...range)),
  );
  // Where the landing changed a path, it is as the commit has it, or left out by a sparse checkout.
  const status =
    moved.size === 0 ? "" : askGit(checkout, "diff", "--no-ext-diff", "--name-only", "-z");
  const stale = zeroEnded(status).filter((path) => moved.has(path));
  const strangers = [...moved].filter(
    (path) => now.files.has(path) && !isTracked(checkout, now.head, path),
  );
  const paths = new Set([...before.files.keys(), ...now.files.keys()]);
  const lost = [...paths].filter(
    (path) => !isInOrUnder(moved, path) && before.files.get(path) !== now.files.get(path),
  );
  const remarked = [...before.marks].filter(
    ([path, mark]) => !moved.has(path) && now.marks.get(path) !== mark,
  );
  return [
    ...stale.map((path) => `${path} is not as the landing has it`),
    ...strangers.map((path) => `${path} is there though the landing removed it`),
    ...lost.map((path) => `${path} changed though no landing touches it`),
    ...remarked.map(([path]) => `${path} is marked otherwise in the index`),
  ];
}

function isTracked(checkout: string, commit: string, path: string): boolean {
  return tryGit(checkout, "cat-file", "-e", `${commit}:${path}`) !== null;
}

/** A submodule is one path to git and a folder on the disk. */
function isInOrUnder(moved: ReadonlySet<string>, path: string): boolean {
  if (moved.has(path)) return true;
  const parts = path.split("/");
  return parts.some((_, at) => at > 0 && moved.has(parts.slice(0, at).join("/")));
}

function marksOf(listed: string): ReadonlyMap<string, string> {
  return new Map(zeroEnded(listed).map((line) => [line.slice(2), line.slice(0, 1)]));
}

function filesOf(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (name.split("/").includes(".git") || entry.isDirectory()) continue;
    found.set(name, contentOf(path));
  }
  return found;
}

function contentOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!stat.isFile()) return "neither a file nor a link";
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  return `${(stat.mode & 0o777).toString(8)} ${hash}`;
}
