import { EntryId, type ProjectName } from "../../../shared/model/ids.ts";
import { isOpen } from "../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Log } from "../base/log.ts";
import { findMoveBlocker } from "../git/move-target.ts";
import { listRefs, type Repository, readRef, writeRef } from "../git/repository.ts";
import type { EntryRecord, Landing, Store } from "../store/store.ts";
import type { EntrySteps, WorkEffect } from "./entry-steps.ts";
import type { EntryWork, WorkOutcome } from "./entry-work.ts";
import { isHeldByCheckout, planQueue } from "./plan-queue.ts";
import { queueRef } from "./queue-ref.ts";

/** Where candidates were kept before the store's name was in their refs. */
const OLD_CANDIDATES = "refs/switchyard/cand/";

export interface ProjectQueueParts {
  readonly store: Store;
  readonly log: Log;
  readonly steps: EntrySteps;
  readonly work: EntryWork;
  readonly pause: (reason: string) => void;
}

/** Lands the entries of one project, one at a time. Everything it does can be cut off and done again. */
export class ProjectQueue {
  readonly #project: ProjectName;
  readonly #parts: ProjectQueueParts;
  readonly #ending = new AbortController();
  readonly #pinned = new Set<EntryId>();
  #isWanted = false;
  #isTidied = false;
  #run: Promise<void> | null = null;
  #look: Promise<void> | null = null;
  #current: { readonly entry: EntryId; readonly leaving: AbortController } | null = null;

  constructor(project: ProjectName, parts: ProjectQueueParts) {
    this.#project = project;
    this.#parts = parts;
  }

  /** Goes on as far as it can; asked again meanwhile, it looks once more before it rests. */
  wake(): void {
    this.#isWanted = true;
    if (this.#ending.signal.aborted) return;
    this.#run ??= this.#runOn()
      .catch((error: unknown) => this.#report(error, "the merge queue of a project stands still"))
      .finally(() => {
        this.#run = null;
        if (this.#isWanted) this.wake();
      });
  }

  /** Ends the build or the checks of this entry; its state has been changed already. */
  stopWork(entry: EntryId): void {
    if (this.#current?.entry === entry) {
      this.#current.leaving.abort(new Error(`${entry} was taken out of work`));
    }
  }

  /** Finishes a landing that an earlier core announced and did not settle. */
  async settle(landing: Landing): Promise<void> {
    await this.#land(landing.entry, landing);
    await this.#tidy(landing.entry);
  }

  /** Lets entries go on whose only obstacle was the person's checkout, once it is out of the way. */
  lookAtHeld(): void {
    if (this.#look || this.#run || this.#ending.signal.aborted) return;
    const held = this.#open().filter(isHeldByCheckout);
    if (held.length === 0) return;
    this.#look = this.#release(held)
      .catch((error: unknown) => this.#report(error, "looking at held entries failed"))
      .finally(() => {
        this.#look = null;
      });
  }

  async dispose(): Promise<void> {
    this.#ending.abort(new Error("the merge queue is stopping"));
    await this.#run;
    await this.#look;
  }

  async #runOn(): Promise<void> {
    while (this.#isWanted && !this.#ending.signal.aborted) {
      this.#isWanted = false;
      await this.#tidyLeftovers();
      await this.#pinHeads();
      const plan = this.#plan();
      if (plan.kind === "rest") continue;
      await this.#carry(plan.entry);
      this.#isWanted = true;
    }
  }

  #plan() {
    const { store } = this.#parts;
    const project = store.projects.find(this.#project);
    return planQueue({
      isPaused: project?.queue.state !== "running" || store.fleet.read().isHalted,
      entries: this.#open(),
      after: (task) => store.tasks.find(task)?.after ?? [],
    });
  }

  /** From here to the end of what can be done for one entry now. */
  async #carry(id: EntryId): Promise<void> {
    const leaving = new AbortController();
    this.#current = { entry: id, leaving };
    const signal = AbortSignal.any([leaving.signal, this.#ending.signal]);
    try {
      let [effect] = this.#apply(id, { event: { kind: "taken" } });
      while (effect) [effect] = this.#apply(id, await this.#perform(id, effect, signal));
    } catch (error) {
      // Stopped on purpose: its state says already what becomes of it, or the next start begins it anew.
      if (signal.aborted) return;
      const reason = explainError(error);
      this.#apply(id, { event: { kind: "put-back", reason }, pause: reason });
      this.#report(error, "an entry could not be worked on");
    } finally {
      this.#current = null;
      await this.#tidy(id);
    }
  }

  #apply(id: EntryId, { event, pause }: WorkOutcome): readonly WorkEffect[] {
    if (pause !== undefined) this.#parts.pause(pause);
    return this.#parts.steps.apply(id, event, "queue").effects;
  }

  async #perform(id: EntryId, effect: WorkEffect, signal: AbortSignal): Promise<WorkOutcome> {
    const { work } = this.#parts;
    const entry = this.#entry(id);
    switch (effect.kind) {
      case "build":
        return work.build(entry, signal);
      case "check":
        return work.check(entry, effect, signal);
      case "land": {
        const landing = this.#parts.store.landings.listOpen().find((each) => each.entry === id);
        if (!landing) throw new Error(`${id} is landing without an entry in the journal`);
        return { event: await this.#move(landing) };
      }
      case "stop-work":
        throw new Error(`${id} asked to stop its own work`);
      default:
        return unreachable(effect);
    }
  }

  async #land(id: EntryId, landing: Landing): Promise<void> {
    this.#apply(id, { event: await this.#move(landing) });
  }

  async #move(landing: Landing) {
    const { work } = this.#parts;
    try {
      const { repo, event } = await work.land(landing);
      if (event.kind === "moved") {
        await writeRef(repo, queueRef(this.#parts.store, "undo", String(landing.id)), landing.from);
      }
      return event;
    } catch (error) {
      this.#report(error, "moving the target failed");
      return work.findLanding(landing, explainError(error));
    }
  }

  /** A worker's branch can be moved or deleted any time; what was queued must stay. */
  async #pinHeads(): Promise<void> {
    const missing = this.#open().filter((entry) => !this.#pinned.has(entry.id));
    if (missing.length === 0) return;
    try {
      const repo = await this.#repository();
      for (const { id, attempt, head } of missing) {
        this.#pinned.add(id);
        await writeRef(repo, queueRef(this.#parts.store, "work", `${id}/${attempt}`), head);
      }
    } catch (error) {
      // A commit or a repository that is gone stops its entry when its turn comes.
      this.#report(error, "a queued commit could not be kept");
    }
  }

  /** A closed entry needs its candidate no more: what landed is on the target. */
  async #tidy(id: EntryId): Promise<void> {
    const entry = this.#parts.store.entries.find(id);
    if (entry && isOpen(entry.state)) return;
    const ref = queueRef(this.#parts.store, "cand", id);
    try {
      const repo = await this.#repository();
      if ((await readRef(repo, ref)) !== null) await writeRef(repo, ref, null);
    } catch (error) {
      this.#report(error, "a candidate's ref could not be removed");
    }
  }

  /** Once after the start: what an earlier core could not tidy any more. Refs of entries that are not ours stay. */
  async #tidyLeftovers(): Promise<void> {
    if (this.#isTidied) return;
    this.#isTidied = true;
    try {
      const repo = await this.#repository();
      const own = queueRef(this.#parts.store, "cand", "");
      for (const ref of await listRefs(repo, own)) {
        const entry = this.#ownEntry(ref.slice(own.length));
        if (entry) await this.#tidy(entry.id);
      }
      for (const ref of await listRefs(repo, OLD_CANDIDATES)) {
        const entry = this.#ownEntry(ref.slice(OLD_CANDIDATES.length));
        if (entry) await this.#renameCandidate(repo, entry);
      }
    } catch (error) {
      this.#report(error, "candidates of an earlier run could not be looked at");
    }
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

  async #release(held: readonly EntryRecord[]): Promise<void> {
    const { signal } = this.#ending;
    const repo = await this.#repository();
    const target = this.#parts.store.projects.find(this.#project)?.target ?? "";
    for (const { id, base, candidate } of held) {
      if (base === null || candidate === null) continue;
      const move = { repo, target, from: base, to: candidate, note: "", signal };
      if ((await findMoveBlocker(move)) === null) this.#apply(id, { event: { kind: "cleared" } });
    }
    this.wake();
  }

  #open(): readonly EntryRecord[] {
    return this.#parts.store.entries.list({ project: this.#project, isOpen: true });
  }

  #entry(id: EntryId): EntryRecord {
    const entry = this.#parts.store.entries.find(id);
    if (!entry) throw new Error(`the queue entry ${id} is gone`);
    return entry;
  }

  async #repository(): Promise<Repository> {
    const project = this.#parts.store.projects.find(this.#project);
    if (!project) throw new Error(`the project ${this.#project} is gone`);
    return this.#parts.work.repository(project);
  }

  #report(error: unknown, message: string): void {
    if (this.#ending.signal.aborted) return;
    this.#parts.log.error({ error, project: this.#project }, message);
  }
}

function explainError(error: unknown): string {
  if (error instanceof SwitchyardError && error.hint !== null) {
    return `${error.message} ${error.hint}`;
  }
  return error instanceof Error ? error.message : String(error);
}
