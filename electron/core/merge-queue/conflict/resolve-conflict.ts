import type { Oid } from "../../../../shared/model/ids.ts";
import { authorOf, commitTree, type Person } from "../../git/candidate.ts";
import {
  type Conflict,
  type ConflictedMerge,
  findFile,
  hasMarkers,
  isTextConflict,
  mergedMode,
  mergeWithConflicts,
  readBlob,
  replaceFiles,
  type TextConflict,
  type Version,
  writeBlob,
} from "../../git/conflict.ts";
import { type PoolWorktree, switchPool } from "../../git/pool-worktree.ts";
import { hasCommit, isAncestor, treeOf } from "../../git/repository.ts";
import type { ResolutionMemory } from "../../git/resolution-memory.ts";
import { lockFileAt, lockPathsOf, nameOf } from "./lock-files.ts";
import { mergeBySyntax } from "./merge-by-syntax.ts";
import { isChangelog, mergeChangelog } from "./merge-changelog.ts";
import { mergeJson } from "./merge-json.ts";
import { type RunTool, regenerateLock } from "./regenerate-lock.ts";

/** By what a file was settled that git could not merge. */
export type Means =
  /** The branch was begun on work that has landed in another shape: merged from there, nothing conflicts. */
  | "stack"
  /** As the same conflict was settled in work that landed. */
  | "recorded"
  | "manifest"
  | "changelog"
  | "merger"
  | "lock";

export interface Settled {
  readonly path: string;
  readonly by: Means;
}

export interface ConflictRequest {
  readonly pool: PoolWorktree;
  /** The tip that the work is to be on top of. */
  readonly base: Oid;
  readonly head: Oid;
  /** What the branches held that have landed and that this one may have been begun on, newest first. */
  readonly parents: readonly Oid[];
  readonly memory: ResolutionMemory;
  readonly run: RunTool;
  readonly fallback: Person;
  readonly signal?: AbortSignal;
}

export type ConflictOutcome =
  /** `commit` is the head with the base merged into it. */
  | { readonly kind: "resolved"; readonly commit: Oid; readonly settled: readonly Settled[] }
  /** The files that nothing settled; what could be settled of the others is let go. */
  | { readonly kind: "conflict"; readonly files: readonly string[] };

/**
 * Tries on a conflict what needs nobody's judgement, file by file, and makes a commit when all of them are settled. What comes of
 * it is a merge that nobody has looked at: it has to be tested like any other work, and the branch itself stays as it is.
 *
 * The pool worktree is used; callers switch it before they use it again.
 */
export async function resolveConflict(request: ConflictRequest): Promise<ConflictOutcome> {
  const { pool, base, head, signal } = request;
  // Attributes are read from the folder: those of the target count.
  await switchPool(pool, base, signal);
  const { merge, settled: before } = await chooseMerge(request);
  const settlement = new Settlement(request, merge, before);
  const left = await settlement.run();
  if (left.length > 0) return { kind: "conflict", files: left };
  const { tree, settled } = await settlement.finish();
  // A path may hold a line break, and what looks like a trailer behind it.
  const named = settled.map(({ path, by }) => `- ${path.replace(/\p{Cc}/gu, "?")}: ${by}`);
  const message = ["Merge the target, conflicts settled without a worker", "", ...named].join("\n");
  const author = await authorOf({ repo: pool.repo, ...only(signal) }, head);
  const commit = await commitTree(
    { repo: pool.repo, fallback: request.fallback, ...only(signal) },
    tree,
    [head, base],
    message,
    author,
  );
  return { kind: "resolved", commit, settled };
}

/**
 * A branch begun on another that landed squashed or rebased conflicts with what it holds already. Merged as if the target came from
 * that other branch's own head, it does not.
 */
async function chooseMerge(request: ConflictRequest): Promise<{
  readonly merge: ConflictedMerge;
  readonly settled: readonly Settled[];
}> {
  const { pool, base, head, parents, fallback, signal } = request;
  const { repo } = pool;
  const plain = await mergeWithConflicts(pool.path, base, head, signal);
  let best = plain;
  for (const parent of parents) {
    if (best.conflicts.length === 0) break;
    // A repository that was cloned anew holds what landed, and not always the branch it came from.
    if (!(await hasCommit(repo, parent, signal))) continue;
    const isBegunOn = await isAncestor(repo, parent, head, signal);
    if (!isBegunOn || (await isAncestor(repo, parent, base, signal))) continue;
    const tree = await treeOf(repo, base, signal);
    const as = { repo, fallback, ...only(signal) };
    const stand = await commitTree(as, tree, [parent], "base of a stack");
    const merge = await mergeWithConflicts(pool.path, stand, head, signal);
    if (merge.conflicts.length < best.conflicts.length) best = merge;
  }
  const still = new Set(best.conflicts.map(({ path }) => path));
  const gone = plain.conflicts.filter(({ path }) => !still.has(path));
  return { merge: best, settled: gone.map(({ path }) => ({ path, by: "stack" })) };
}

class Settlement {
  readonly #request: ConflictRequest;
  readonly #merge: ConflictedMerge;
  readonly #files = new Map<string, Version>();
  readonly #settled: Settled[];

  constructor(request: ConflictRequest, merge: ConflictedMerge, settled: readonly Settled[]) {
    this.#request = request;
    this.#merge = merge;
    this.#settled = [...settled];
  }

  /** Gives the files that are left. */
  async run(): Promise<readonly string[]> {
    const { conflicts } = this.#merge;
    const texts = conflicts.filter(isTextConflict).filter(({ path }) => isTextName(path));
    const locks = texts.filter(({ path }) => lockFileAt(path) !== null);
    const others = texts.filter((each) => !locks.includes(each));
    await this.#recall(others);
    for (const conflict of others) {
      if (!this.#files.has(conflict.path)) await this.#settleByContent(conflict);
    }
    const isOpen = ({ path }: Conflict) => !this.#files.has(path);
    const left = conflicts.filter((each) => isOpen(each) && !locks.some((lock) => lock === each));
    // A lock file is made from everything else, so everything else comes first.
    if (left.length === 0) await this.#makeLocks(locks);
    return conflicts.filter(isOpen).map(({ path }) => path);
  }

  async finish(): Promise<{ readonly tree: Oid; readonly settled: readonly Settled[] }> {
    const { pool, signal } = this.#request;
    const tree = await replaceFiles(pool.repo, this.#merge.tree, this.#files, signal);
    return { tree, settled: this.#settled };
  }

  async #recall(conflicts: readonly TextConflict[]): Promise<void> {
    const { memory, pool, signal } = this.#request;
    const known = await memory.recall(this.#merge.tree, conflicts, signal);
    for (const conflict of conflicts) {
      const oid = known.get(conflict.path);
      if (oid === undefined || hasMarkers(await readBlob(pool.repo, oid, signal))) continue;
      this.#settle(conflict, oid, "recorded");
    }
  }

  async #settleByContent(conflict: TextConflict): Promise<void> {
    const { path, base, ours, theirs } = conflict;
    const { pool, run, signal } = this.#request;
    const read = (version: Version) => readBlob(pool.repo, version.oid, signal);
    const [a, b] = [await read(ours), await read(theirs)];
    const o = base ? await read(base) : null;
    if (isBinary(a) || isBinary(b)) return;
    const [start, mine, other] = [o?.toString() ?? null, a.toString(), b.toString()];
    // Bytes of another encoding would not come back as they were.
    const isText = [a, b, o].every(
      (each) => each === null || each.equals(Buffer.from(each.toString())),
    );
    if (isText && nameOf(path) === "package.json") {
      await this.#put(conflict, mergeJson(start, mine, other), "manifest");
    } else if (isText && isChangelog(path)) {
      await this.#put(conflict, mergeChangelog(start ?? "", mine, other), "changelog");
    }
    if (this.#files.has(path)) return;
    const sides = { base: o ?? Buffer.alloc(0), ours: a, theirs: b };
    await this.#put(conflict, await mergeBySyntax(path, sides, run), "merger");
  }

  async #makeLocks(conflicted: readonly TextConflict[]): Promise<void> {
    const { pool, base, run, fallback, signal } = this.#request;
    const paths = new Set(conflicted.map(({ path }) => path));
    // A manifest that was merged by its keys asks for what no lock file holds yet, also where that merged by its lines.
    const manifests = this.#settled.filter(({ by }) => by === "manifest");
    for (const path of manifests.flatMap((each) => lockPathsOf(each.path))) {
      if (await findFile(pool.repo, this.#merge.tree, path, signal)) paths.add(path);
    }
    for (const path of paths) {
      const own = await findFile(pool.repo, base, path, signal);
      if (!own) continue;
      const files = new Map([...this.#files, [path, own]]);
      const tree = await replaceFiles(pool.repo, this.#merge.tree, files, signal);
      const as = { repo: pool.repo, fallback, ...only(signal) };
      const commit = await commitTree(as, tree, [base], "a lock file is made here");
      const oid = await regenerateLock(pool, commit, path, run, signal);
      if (oid === null) {
        // One that nobody could make must not land beside a manifest that asks for something else.
        if (!conflicted.some((each) => each.path === path)) this.#reopenManifest(path);
        continue;
      }
      this.#files.set(path, { mode: own.mode, oid });
      this.#settled.push({ path, by: "lock" });
    }
  }

  #reopenManifest(lock: string): void {
    for (const { path, by } of this.#settled) {
      if (by === "manifest" && lockPathsOf(path).includes(lock)) this.#files.delete(path);
    }
  }

  async #put(conflict: TextConflict, content: string | Buffer | null, by: Means): Promise<void> {
    if (content === null || hasMarkers(content)) return;
    const { pool, signal } = this.#request;
    this.#settle(conflict, await writeBlob(pool.repo, content, signal), by);
  }

  #settle(conflict: TextConflict, oid: Oid, by: Means): void {
    this.#files.set(conflict.path, { mode: mergedMode(conflict), oid });
    this.#settled.push({ path: conflict.path, by });
  }
}

/** A name of another encoding than UTF-8 is not known by its bytes, and would be written as another file. */
function isTextName(path: string): boolean {
  return !path.includes("\ufffd");
}

/** As git tells: a zero byte near the beginning. */
function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8_000).includes(0);
}

function only(signal: AbortSignal | undefined) {
  return signal ? { signal } : {};
}
