import type { EntryId, Oid, TaskId } from "../../../shared/model/ids.ts";
import type { Repository } from "../git/repository.ts";
import { resolveBranch } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { chooseParent, type WorkParent, waitReason } from "./plan-parents.ts";

export interface WorkParentsParts {
  readonly store: Store;
  readonly repository: () => Promise<Repository>;
  readonly tell: (id: EntryId, reason: string) => void;
}

/** A branch that is longer than this was begun on the target, not on what waits to land. */
const COMMITS_MAX = 2_000;

/**
 * On whose work the queued branches of one project were begun, told from their commits. Such work lands after what it was begun on, as a
 * change to that and not once more with it; while that is not to land, it waits.
 */
export class WorkParents {
  readonly #parts: WorkParentsParts;
  /** By head: the commits of its branch, newest first. They never change. */
  readonly #commits = new Map<Oid, readonly Oid[]>();

  constructor(parts: WorkParentsParts) {
    this.#parts = parts;
  }

  /** Before `of` is asked about these; what waits is told why. */
  async look(target: string, open: readonly EntryRecord[], signal: AbortSignal): Promise<void> {
    for (const head of [...this.#commits.keys()]) {
      if (!open.some((entry) => entry.head === head)) this.#commits.delete(head);
    }
    const fresh = open.filter(({ head }) => !this.#commits.has(head));
    if (fresh.length > 0) {
      const repo = await this.#parts.repository();
      const tip = await resolveBranch(repo, target, signal);
      for (const { head } of fresh) this.#commits.set(head, await listOwn(repo, head, tip, signal));
    }
    for (const entry of open) this.#explain(entry, open);
  }

  of(entry: EntryRecord): WorkParent | null {
    const { project, head, task } = entry;
    const commits = this.#commits.get(head) ?? [];
    // Most branches hold nothing but their own commits, and one of them is enough to know.
    if (commits.length < 2) return null;
    const others = this.#parts.store.entries.list({ project }).filter((each) => each.task !== task);
    return chooseParent(commits, others);
  }

  /** The task that has to land first; null when it has, or when there is none. */
  waitsFor(entry: EntryRecord): TaskId | null {
    const parent = this.of(entry);
    if (parent === null) return null;
    return this.#parts.store.tasks.find(parent.task)?.status === "landed" ? null : parent.task;
  }

  #explain(entry: EntryRecord, open: readonly EntryRecord[]): void {
    const task = entry.state === "queued" ? this.waitsFor(entry) : null;
    if (task === null || open.some((each) => each.task === task)) return;
    const reason = waitReason(task, this.#parts.store.tasks.find(task)?.status);
    if (entry.reason !== reason) this.#parts.tell(entry.id, reason);
  }
}

/** None where the commit is gone: its entry is stopped when its turn comes. */
async function listOwn(
  repo: Repository,
  head: Oid,
  tip: Oid,
  signal: AbortSignal,
): Promise<readonly Oid[]> {
  const args = ["rev-list", "--topo-order", `--max-count=${COMMITS_MAX}`, head, `^${tip}`, "--"];
  const listed = await runGit(repo.commonDir, args, { signal, okExitCodes: [0, 128] });
  return listed.exitCode === 0 ? listed.stdout.split("\n").filter(Boolean) : [];
}
