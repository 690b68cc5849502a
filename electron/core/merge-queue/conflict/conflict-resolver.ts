import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EntryId, Oid, ProjectName } from "../../../../shared/model/ids.ts";
import type { DataFolder } from "../../base/data-folder.ts";
import { isTextConflict, mergeWithConflicts } from "../../git/conflict.ts";
import { type PoolWorktree, switchPool } from "../../git/pool-worktree.ts";
import { parentsOf } from "../../git/read-history.ts";
import { hasCommit, listRefs, type Repository, readRef, writeRef } from "../../git/repository.ts";
import { ResolutionMemory } from "../../git/resolution-memory.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import type { RunCommand } from "../check-runner.ts";
import { FALLBACK_PERSON } from "../fallback-person.ts";
import { queueRef } from "../queue-ref.ts";
import type { RunTool } from "./regenerate-lock.ts";
import { listResolutions } from "./resolutions.ts";
import { resolveConflict, type Settled } from "./resolve-conflict.ts";

/** A lock file is made in seconds; one that takes longer waits for a network that is not there. */
const TOOL_MS = 120_000;
/** A branch is begun on something that landed while it was worked on, so among the newest. */
const PARENTS_MAX = 20;
/** Conflicts come back soon or not at all. */
const LEARNED_MAX = 200;

export interface ConflictResolverParts {
  readonly store: Store;
  readonly folder: Pick<DataFolder, "worktrees" | "logs">;
  /** Runs the tools that write lock files, and a merger; they take seconds. */
  readonly runTool: RunCommand;
}

/**
 * Settles conflicts of queued work before a worker is asked. What it makes stands beside the work, under `refs/switchyard/res/`, and
 * the work itself stays as it was queued. One project is worked on by one caller at a time.
 */
export class ConflictResolver {
  readonly #parts: ConflictResolverParts;
  /** Entries that the memory of their project has taken into account. */
  readonly #known = new Set<EntryId>();

  constructor(parts: ConflictResolverParts) {
    this.#parts = parts;
  }

  /** The entry's own head with `base` merged into it; null where somebody has to look at it. The pool worktree is at `base` afterwards. */
  async resolve(
    entry: EntryRecord,
    pool: PoolWorktree,
    base: Oid,
    signal: AbortSignal,
  ): Promise<Oid | null> {
    const { repo } = pool;
    const refs = await listRefs(repo, queueRef(this.#parts.store, "res", `${entry.id}/`), signal);
    const made = await findMade(repo, refs, entry.head, base);
    if (made !== null) return made;
    try {
      const memory = await this.#memoryOf(entry.project, repo, signal);
      const outcome = await resolveConflict({
        pool,
        base,
        head: entry.head,
        parents: this.#parentsOf(entry),
        memory,
        run: this.#toolOf(entry, signal),
        fallback: FALLBACK_PERSON,
        signal,
      });
      if (outcome.kind === "conflict") return null;
      const { commit, settled } = outcome;
      const name = `${entry.id}/${refs.length + 1}`;
      await writeRef(repo, queueRef(this.#parts.store, "res", name), commit, signal);
      this.#note(entry, settled);
      return commit;
    } finally {
      if (!signal.aborted) await switchPool(pool, base, signal);
    }
  }

  #note({ id, task, project }: EntryRecord, settled: readonly Settled[]): void {
    this.#parts.store.write("queue", (record) =>
      record("queue.settled", id, { task, project, files: [...settled] }),
    );
  }

  /** What branches held that have landed, newest first. */
  #parentsOf({ project, id }: EntryRecord): readonly Oid[] {
    const closed = this.#parts.store.entries.list({ project, isOpen: false });
    const landed = closed.filter((each) => each.state === "landed" && each.id !== id);
    return landed.slice(0, PARENTS_MAX).map(({ head }) => head);
  }

  /** The project's memory, with what was decided since it was last asked: what passed is learned, what failed is forgotten. */
  async #memoryOf(
    project: ProjectName,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<ResolutionMemory> {
    const { store, folder } = this.#parts;
    const place = join(folder.worktrees, project, ".resolutions");
    const memory = new ResolutionMemory(repo, place);
    const closed = store.entries.list({ project, isOpen: false });
    const hadConflict = new Set(
      closed
        .filter(({ state, files }) => state === "returned" && files.length > 0)
        .map(({ task }) => task),
    );
    const all = queueRef(store, "res", "");
    const refs = await listRefs(repo, all, signal);
    const resolved = new Set(refs.map((ref) => ref.slice(all.length).split("/")[0]));
    const news = closed
      .slice(0, LEARNED_MAX)
      .filter(({ id }) => !this.#known.has(id))
      .reverse();
    for (const entry of news) {
      if (entry.state === "returned") await this.#forget(memory, repo, entry, signal);
      const hadOne = hadConflict.has(entry.task) || resolved.has(entry.id);
      if (entry.state === "landed" && hadOne) await this.#learn(memory, repo, entry, signal);
      this.#known.add(entry.id);
    }
    return memory;
  }

  /** How its worker settled it on the branch, and what was made of it beside that. */
  async #learn(
    memory: ResolutionMemory,
    repo: Repository,
    entry: EntryRecord,
    signal: AbortSignal,
  ): Promise<void> {
    const { head, base } = entry;
    if (base === null || !(await hasCommit(repo, head, signal))) return;
    if (!(await hasCommit(repo, base, signal))) return;
    const made = await listResolutions(this.#parts.store, repo, entry, signal);
    for (const each of [head, ...made]) await memory.learn(base, each, signal);
  }

  async #forget(
    memory: ResolutionMemory,
    repo: Repository,
    { id }: EntryRecord,
    signal: AbortSignal,
  ): Promise<void> {
    for (const ref of await listRefs(repo, queueRef(this.#parts.store, "res", `${id}/`), signal)) {
      const commit = await readRef(repo, ref, signal);
      const [head, base] = commit === null ? [] : await parentsOf(repo, commit, signal);
      if (head === undefined || base === undefined) continue;
      const { tree, conflicts } = await mergeWithConflicts(repo.commonDir, base, head, signal);
      await memory.forget(tree, conflicts.filter(isTextConflict), signal);
    }
  }

  #toolOf(entry: EntryRecord, signal: AbortSignal): RunTool {
    const { folder, runTool } = this.#parts;
    const logFile = join(folder.logs, "queue", `${entry.id}-${entry.attempt}-conflict.log`);
    return async (command, cwd) => {
      await mkdir(dirname(logFile), { recursive: true });
      const ended = await runTool(command, { cwd, timeoutMs: TOOL_MS, logFile, signal });
      return ended.exitCode === 0;
    };
  }
}

async function findMade(
  repo: Repository,
  refs: readonly string[],
  head: Oid,
  base: Oid,
): Promise<Oid | null> {
  for (const ref of refs) {
    const commit = await readRef(repo, ref);
    if (commit === null) continue;
    const [own, other] = await parentsOf(repo, commit);
    if (own === head && other === base) return commit;
  }
  return null;
}
