import { EntryId, type Oid, type ProjectName } from "../../../shared/model/ids.ts";
import { isOpen } from "../../../shared/model/queue-entry.ts";
import { revertedBy } from "../../../shared/model/take-back.ts";
import { isOver } from "../../../shared/model/task.ts";
import type { Clock } from "../base/clock.ts";
import { deleteBranch, listRefs, type Repository, readRef, writeRef } from "../git/repository.ts";
import { syncObjects } from "../git/sync-objects.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { KEPT_MS, planRefSweep, type RefSweepQuestion } from "./plan-ref-sweep.ts";
import { queueRef } from "./queue-ref.ts";

/** Where candidates were kept before the store's name was in their refs. */
const OLD_CANDIDATES = "refs/switchyard/cand/";
/** Kept for a while after their entry has left the queue. */
const SWEPT = ["work", "res", "undo", "undone"] as const;
const SWEEP_EVERY_MS = 24 * 3_600_000;

export interface QueueRefsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly repository: () => Promise<Repository>;
  readonly report: (error: unknown, message: string) => void;
}

/** The refs of one project's queue: what was queued stays reachable, and candidates of closed entries go. */
export class QueueRefs {
  readonly #project: ProjectName;
  readonly #parts: QueueRefsParts;
  readonly #pinned = new Set<EntryId>();
  /** Told of already; tried again all the same. */
  readonly #lost = new Set<EntryId>();
  #isTidied = false;
  #sweptMs: number | null = null;

  constructor(project: ProjectName, parts: QueueRefsParts) {
    this.#project = project;
    this.#parts = parts;
  }

  /** Before anything is done to these, which are all that are open. */
  async lookAfter(open: readonly EntryRecord[]): Promise<void> {
    await this.#tidyLeftovers();
    await this.tidyClosed(open);
    await this.#pinHeads(open);
    await this.#sweep();
  }

  /** Whoever was taken out of the queue, by a person for one, needs its candidate no more. */
  async tidyClosed(open: readonly EntryRecord[]): Promise<void> {
    const ids = new Set(open.map(({ id }) => id));
    for (const id of [...this.#pinned]) if (!ids.has(id)) await this.tidy(id);
  }

  /** A worker's branch can be moved or deleted any time; what was queued must stay. */
  async #pinHeads(open: readonly EntryRecord[]): Promise<void> {
    const missing = open.filter((entry) => !this.#pinned.has(entry.id));
    if (missing.length === 0) return;
    const { store, repository, report } = this.#parts;
    try {
      const repo = await repository();
      for (const { id, attempt, head } of missing) {
        const ref = queueRef(store, "work", `${id}/${attempt}`);
        await this.#sync(repo, head)
          .then(() => writeRef(repo, ref, head))
          .then(() => this.#pinned.add(id))
          .catch((error: unknown) => {
            // A commit that is gone stops its entry when its turn comes.
            if (!this.#lost.has(id)) report(error, "a queued commit could not be kept");
            this.#lost.add(id);
          });
      }
    } catch (error) {
      report(error, "queued commits could not be kept");
    }
  }

  /** A worker's git does not sync what it writes, and the row that says it is queued survives a power cut. */
  async #sync(repo: Repository, head: Oid): Promise<void> {
    const target = this.#parts.store.projects.find(this.#project)?.target;
    const tip = target === undefined ? null : await readRef(repo, `refs/heads/${target}`);
    if (tip !== null) await syncObjects(repo, tip, head);
  }

  /** A closed entry needs its candidate no more: what landed is on the target. */
  async tidy(id: EntryId): Promise<void> {
    const { store, repository, report } = this.#parts;
    const entry = store.entries.find(id);
    if (entry && isOpen(entry.state)) return;
    const ref = queueRef(store, "cand", id);
    try {
      const repo = await repository();
      if ((await readRef(repo, ref)) !== null) await writeRef(repo, ref, null);
      // Until then it is looked at again: the repository can be away or broken for a moment.
      this.#pinned.delete(id);
    } catch (error) {
      report(error, "a candidate's ref could not be removed");
    }
  }

  /** Once after the start: what an earlier core could not tidy any more. Refs of entries that are not ours stay. */
  async #tidyLeftovers(): Promise<void> {
    if (this.#isTidied) return;
    this.#isTidied = true;
    const { store, repository, report } = this.#parts;
    try {
      const repo = await repository();
      const own = queueRef(store, "cand", "");
      for (const ref of await listRefs(repo, own)) {
        const entry = this.#ownEntry(ref.slice(own.length));
        if (entry) await this.tidy(entry.id);
      }
      for (const ref of await listRefs(repo, OLD_CANDIDATES)) {
        const entry = this.#ownEntry(ref.slice(OLD_CANDIDATES.length));
        if (entry) await this.#renameCandidate(repo, entry);
      }
    } catch (error) {
      report(error, "candidates of an earlier run could not be looked at");
    }
  }

  /** Once a day: what was kept of entries that left the queue a month ago. Cut short, the next one does the rest. */
  async #sweep(): Promise<void> {
    const { store, clock, repository, report } = this.#parts;
    if (this.#sweptMs !== null && clock.monotonicMs() - this.#sweptMs < SWEEP_EVERY_MS) return;
    this.#sweptMs = clock.monotonicMs();
    try {
      const repo = await repository();
      const nowMs = clock.now().getTime();
      for (const kind of SWEPT) {
        const folder = queueRef(store, kind, "");
        const refs = (await listRefs(repo, folder)).map((ref) => ref.slice(folder.length));
        if (refs.length === 0) continue;
        const named = refs.map((ref) => `${kind}/${ref}`);
        for (const ref of planRefSweep({ nowMs, refs: named, ...this.#readOver() }))
          await writeRef(repo, queueRef(store, kind, ref.slice(kind.length + 1)), null);
      }
      await this.#sweepReverts(repo, nowMs);
    } catch (error) {
      report(error, "what the queue kept of earlier work could not be tidied");
    }
  }

  /** A revert that landed without a worker has no worktree whose removal would take its branch along. */
  async #sweepReverts(repo: Repository, nowMs: number): Promise<void> {
    const { store } = this.#parts;
    const landed = store.tasks.list({ project: this.#project, status: ["landed"] });
    for (const { id, branch, worktree, since } of landed) {
      if (worktree !== null || revertedBy(branch) === null) continue;
      if (nowMs - Date.parse(since) < KEPT_MS || store.removals.list({ task: id }).length > 0)
        continue;
      const entry = store.entries.list({ task: id }).find(({ state }) => state === "landed");
      if (entry) await deleteBranch(repo, entry.branch, entry.head);
    }
  }

  #readOver(): Pick<RefSweepQuestion, "overMs" | "entryOf"> {
    const { store } = this.#parts;
    const overMs = new Map<string, number>();
    for (const { id, task, since } of store.entries.list({ isOpen: false })) {
      const isNeeded = store.tasks.dependents(task).some(({ status }) => !isOver(status));
      if (!isNeeded) overMs.set(id, Date.parse(since));
    }
    const landings = store.landings.listDone(this.#project);
    return { overMs, entryOf: new Map(landings.map(({ id, entry }) => [String(id), entry])) };
  }

  #ownEntry(name: string): EntryRecord | undefined {
    const { success, data: id } = EntryId.safeParse(name);
    const entry = success ? this.#parts.store.entries.find(id) : undefined;
    return entry?.project === this.#project ? entry : undefined;
  }

  /** One that holds another commit belongs to the entry of this number in another data folder. */
  async #renameCandidate(repo: Repository, { id, state, candidate }: EntryRecord): Promise<void> {
    const old = `refs/switchyard/cand/${id}` as const;
    if (candidate === null || (await readRef(repo, old)) !== candidate) return;
    if (isOpen(state)) await writeRef(repo, queueRef(this.#parts.store, "cand", id), candidate);
    await writeRef(repo, old, null);
  }
}
