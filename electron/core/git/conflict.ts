import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { mergeTree } from "./merge-tree.ts";
import type { MarkerStyle } from "./merged-tree.ts";
import { type Repository, splitZero } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** What git keeps of one path: its mode, e.g. `100644`, and its content. */
export interface Version {
  readonly mode: string;
  readonly oid: Oid;
}

/** A path that git could not merge, with what each side holds there; null where a side has nothing. */
export interface Conflict {
  readonly path: string;
  readonly base: Version | null;
  readonly ours: Version | null;
  readonly theirs: Version | null;
}

/** A path at which both sides hold a file with lines of its own. */
export interface TextConflict extends Conflict {
  readonly ours: Version;
  readonly theirs: Version;
}

export interface ConflictedMerge {
  /** Everything that merged, and files with markers at the paths that did not. */
  readonly tree: Oid;
  readonly conflicts: readonly Conflict[];
}

/** Merges two commits without a checkout and tells of each path that conflicts; `folder` is one whose attributes count. */
export async function mergeWithConflicts(
  folder: string,
  ours: Oid,
  theirs: Oid,
  signal?: AbortSignal,
  markers: MarkerStyle = "merge",
): Promise<ConflictedMerge> {
  const { tree, stages } = await mergeTree(folder, ours, theirs, { signal, markers });
  const byPath = new Map<string, Conflict>();
  for (const { path, mode, oid, stage } of stages) {
    const known = byPath.get(path) ?? { path, base: null, ours: null, theirs: null };
    const side = stage === "1" ? "base" : stage === "2" ? "ours" : "theirs";
    byPath.set(path, { ...known, [side]: { mode, oid } });
  }
  return { tree, conflicts: [...byPath.values()] };
}

/** False where a side deleted the file, or holds a link or a submodule there: lines cannot settle that. */
export function isTextConflict(conflict: Conflict): conflict is TextConflict {
  const { base, ours, theirs } = conflict;
  return isFile(ours) && isFile(theirs) && (base === null || isFile(base));
}

function isFile(version: Version | null): boolean {
  return version?.mode.startsWith("100") ?? false;
}

/** The mode that a merge gives: what one side changed counts. */
export function mergedMode({ base, ours, theirs }: TextConflict): string {
  return ours.mode === base?.mode ? theirs.mode : ours.mode;
}

/** The tree with other files at some of its paths. */
export async function replaceFiles(
  repo: Repository,
  tree: Oid,
  files: ReadonlyMap<string, Version>,
  signal?: AbortSignal,
): Promise<Oid> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    const options = { signal, env, timeoutMs: WRITE_TIMEOUT_MS };
    await runGit(repo.commonDir, ["read-tree", tree], options);
    const lines = [...files].map(([path, { mode, oid }]) => `${mode} ${oid}\t${path}\0`);
    const input = lines.join("");
    await runGit(repo.commonDir, ["update-index", "-z", "--index-info"], { ...options, input });
    return (await runGit(repo.commonDir, ["write-tree"], options)).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a commit or tree holds at a path; null where that is nothing, or no file. */
export async function findFile(
  repo: Repository,
  tree: Oid,
  path: string,
  signal?: AbortSignal,
): Promise<Version | null> {
  const args = ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", tree, "--", path];
  const [line] = splitZero((await runGit(repo.commonDir, args, { signal })).stdout);
  const [, mode = "", oid = ""] = /^(\d+) blob ([0-9a-f]+)\t/.exec(line ?? "") ?? [];
  return mode.startsWith("100") ? { mode, oid } : null;
}

export async function readBlob(repo: Repository, oid: Oid, signal?: AbortSignal): Promise<Buffer> {
  const args = ["cat-file", "blob", oid];
  return (await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS })).stdoutBytes;
}

export async function writeBlob(
  repo: Repository,
  content: Buffer | string,
  signal?: AbortSignal,
): Promise<Oid> {
  const args = ["hash-object", "-w", "--stdin"];
  const options = { signal, input: content, timeoutMs: WRITE_TIMEOUT_MS };
  return (await runGit(repo.commonDir, args, options)).stdout.trim();
}

/** Keeps a file of a checkout as git would on a commit of it. */
export async function hashFile(checkout: string, path: string, signal?: AbortSignal): Promise<Oid> {
  const args = ["hash-object", "-w", "--", path];
  return (await runGit(checkout, args, { signal, timeoutMs: WRITE_TIMEOUT_MS })).stdout.trim();
}

/** Whether lines of it look like what git writes around a conflict. A line of equals signs alone is a heading's as well. */
export function hasMarkers(content: Buffer | string): boolean {
  return /^(<{7,}|>{7,}|\|{7,})( |\r?$)/m.test(content.toString());
}
