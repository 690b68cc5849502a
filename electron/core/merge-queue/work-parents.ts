import type { EntryId, Oid, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Repository } from "../git/repository.ts";
import { resolveBranch } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { findCycle } from "../task/find-cycle.ts";
import { chooseParent, type WorkParent, waitReason } from "./plan-parents.ts";

export interface WorkParentsParts {
  readonly store: Store;
  readonly repository: () => Promise<Repository>;
  /** What candidates are put on. */
  readonly ground: () => Promise<Oid | null>;
  readonly tell: (id: EntryId, reason: string) => void;
  /** The tasks that a task says it waits for, and that have not landed. */
  readonly afterOf: (task: TaskId) => readonly TaskId[];
}

interface Begun {
  readonly entry: EntryRecord;
  readonly parent: WorkParent;
}

/** A branch that is longer than this was begun on the target, not on what waits to land. */
const COMMITS_MAX = 2_000;

/**
 * On whose work the queued branches of one project were begun, told from their commits. Such work lands after what it was begun on, as a
 * change to that and not once more with it; while that is not to land, it waits. No two ever wait for each other.
 */
export class WorkParents {
  readonly #parts: WorkParentsParts;
  /** By head: the commits of its branch, newest first. They never change. */
  readonly #commits = new Map<Oid, readonly Oid[]>();
  #parents: ReadonlyMap<EntryId, WorkParent> = new Map();

  constructor(parts: WorkParentsParts) {
    this.#parts = parts;
  }

  /** Before `of` is asked about what is open; what waits is told why. */
  async look(
    { name, target }: Pick<Project, "name" | "target">,
    signal: AbortSignal,
  ): Promise<void> {
    const { entries } = this.#parts.store;
    const listOpen = () => entries.list({ project: name, isOpen: true });
    const isNew = ({ head }: EntryRecord) => !this.#commits.has(head);
    // More can be queued while git is asked.
    for (let open = listOpen(); open.some(isNew); open = listOpen()) {
      const repo = await this.#parts.repository();
      const tip = (await this.#parts.ground()) ?? (await resolveBranch(repo, target, signal));
      for (const { head } of open.filter(isNew))
        this.#commits.set(head, await listOwn(repo, head, tip, signal));
    }
    const open = listOpen();
    for (const head of [...this.#commits.keys()]) {
      if (!open.some((entry) => entry.head === head)) this.#commits.delete(head);
    }
    const begun = this.#withoutCycles(this.#listBegun(open), open);
    this.#parents = new Map(begun.map(({ entry, parent }) => [entry.id, parent]));
    for (const entry of open) this.#explain(entry, open);
  }

  of({ id }: Pick<EntryRecord, "id">): WorkParent | null {
    return this.#parents.get(id) ?? null;
  }

  /** The task that has to land first; null when it has, or when there is none. */
  waitsFor(entry: Pick<EntryRecord, "id">): TaskId | null {
    const { task = null } = this.of(entry) ?? {};
    return task === null || this.#hasLanded(task) ? null : task;
  }

  #listBegun(open: readonly EntryRecord[]): readonly Begun[] {
    const [{ project } = { project: null }] = open;
    // Most branches hold nothing but their own commits, and one of them is enough to know.
    const before = open.flatMap(({ head }) => (this.#commits.get(head) ?? []).slice(1));
    if (project === null || before.length === 0) return [];
    const queued = this.#parts.store.entries.listByHeads(project, [...new Set(before)]);
    return open.flatMap((entry) => {
      const others = queued.filter(({ task }) => task !== entry.task);
      const parent = chooseParent(this.#commits.get(entry.head) ?? [], others);
      return parent === null ? [] : [{ entry, parent }];
    });
  }

  /**
   * Two branches can each hold a commit of the other's. What a task says it waits for counts first, then what holds the other as it
   * is queued now; of what holds what the other was before, the one that is later in the queue waits.
   */
  #withoutCycles(begun: readonly Begun[], open: readonly EntryRecord[]): readonly Begun[] {
    const isNow = ({ parent }: Begun) =>
      open.some(({ task, head }) => task === parent.task && head === parent.head);
    const fromLast = begun.toReversed();
    const kept: Begun[] = [];
    const waitedFor = (task: TaskId) => [
      ...this.#parts.afterOf(task),
      ...kept.flatMap(({ entry, parent }) =>
        entry.task === task && !this.#hasLanded(parent.task) ? [parent.task] : [],
      ),
    ];
    for (const each of [...fromLast.filter(isNow), ...fromLast.filter((one) => !isNow(one))]) {
      const { entry, parent } = each;
      const isOver = this.#hasLanded(parent.task);
      if (isOver || findCycle(entry.task, [parent.task], waitedFor) === null) kept.push(each);
    }
    return kept;
  }

  #hasLanded(task: TaskId): boolean {
    return this.#parts.store.tasks.find(task)?.status === "landed";
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
