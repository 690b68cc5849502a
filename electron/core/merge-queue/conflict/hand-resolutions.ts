import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EntryId, Oid } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import { isOpen } from "../../../../shared/model/queue-entry.ts";
import {
  howToFinish,
  isBeingResolved,
  isForPersonToResolve,
  withoutLeftover,
} from "../../../../shared/model/resolution.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { DataFolder } from "../../base/data-folder.ts";
import type { Lane } from "../../base/lane.ts";
import {
  type ConflictedMerge,
  findFile,
  hasMarkers,
  mergeWithConflicts,
  readBlob,
} from "../../git/conflict.ts";
import {
  dropHandResolution,
  type HandPlace,
  openHandResolution,
  takeHandResolution,
} from "../../git/hand-resolution.ts";
import { isAncestor, type Repository } from "../../git/repository.ts";
import type { EntryRecord, NewEntry, Store, TaskRecord } from "../../store/store.ts";
import type { EntrySteps } from "../entry-steps.ts";
import { FALLBACK_PERSON } from "../fallback-person.ts";
import type { QueuePlace } from "../queue-place.ts";
import { mergeCommand } from "../write-handback.ts";
import { keepResolution } from "./resolutions.ts";

export interface HandResolutionsParts {
  readonly store: Store;
  readonly folder: Pick<DataFolder, "worktrees">;
  readonly place: QueuePlace;
  readonly steps: EntrySteps;
  /** Inside a transaction. */
  readonly enqueue: (entry: NewEntry) => EntryRecord;
  /** Moves a task that nobody holds into the queue, inside a transaction; false where somebody does. */
  readonly requeue: (task: TaskRecord) => boolean;
  /** In which what was made is kept, so that the last one kept is the last one taken. */
  readonly keeping: Lane;
  /** Ends the resolvers that are at work on an entry. */
  readonly dismiss: (entry: EntryId) => Promise<void>;
}

/** Conflicts that a person resolves, in a worktree that is made for it. The work as it was queued stays as it is. */
export class HandResolutions {
  readonly #parts: HandResolutionsParts;

  constructor(parts: HandResolutionsParts) {
    this.#parts = parts;
  }

  /**
   * Makes the worktree, or finds it as it was left. Throws `wrong-state` where the entry has no conflict, lands right now, or is
   * worked on by its own worker.
   */
  async open(id: EntryId): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
    const { entry, target, conflicts } = await this.findResolvable(id);
    const { hand } = await this.#find(id);
    await openHandResolution(hand, { head: entry.head, target });
    return { folder: hand.path, files: conflicts.map(({ path }) => path) };
  }

  /** Lets the entry go on with what was made there. Throws `wrong-state` with the files that are in the way; nothing is lost then. */
  async take(id: EntryId): Promise<EntryRecord> {
    const { entry, project, repo, hand } = await this.#find(id);
    this.#refuseBusy(entry);
    const outcome = await takeHandResolution(hand, { fallback: FALLBACK_PERSON });
    switch (outcome.kind) {
      case "nothing-open":
        throw nothingOpen(entry);
      case "unmerged":
      case "uncommitted":
        throw unfinished(id, hand, outcome);
      case "made": {
        await this.#judge({ entry, project, repo }, outcome.commit);
        const taken = await this.accept(entry, repo, outcome.commit);
        await dropHandResolution(hand);
        return taken;
      }
      default:
        return unreachable(outcome);
    }
  }

  /** Takes the worktree away with what was made in it, also of an entry that has left the queue. Throws `wrong-state` where there is none. */
  async giveUp(id: EntryId): Promise<void> {
    const { hand } = await this.#find(id);
    if (!existsSync(hand.path)) throw nothingOpen(this.#entry(id));
    await dropHandResolution(hand);
    const { reason } = this.#entry(id);
    const rest = withoutLeftover(reason);
    const { store } = this.#parts;
    if (rest !== reason) store.write("person", () => store.entries.update(id, { reason: rest }));
  }

  /** Done again after a crash it finds the commit kept, and the entry as it was. */
  async accept(entry: EntryRecord, repo: Repository, commit: Oid): Promise<EntryRecord> {
    const { store, keeping, dismiss } = this.#parts;
    const taken = await keeping.run(async () => {
      await keepResolution(store, repo, entry, commit);
      return this.#goOn(entry.id, commit);
    });
    // Killed before this, its work is refused when it hands that in.
    await dismiss(entry.id);
    return taken;
  }

  #goOn(id: EntryId, commit: Oid): EntryRecord {
    const { store, steps, enqueue, requeue } = this.#parts;
    return store.write("person", (record) => {
      const now = this.#entry(id);
      this.#refuseBusy(now);
      record("queue.resolved", now.id, { task: now.task, by: "person", commit });
      if (isOpen(now.state)) {
        // What is held for another reason stays held.
        const isDone = isForPersonToResolve(now) || isBeingResolved(now);
        if (isDone) steps.apply(now.id, { kind: "cleared" }, "person");
        return this.#entry(now.id);
      }
      const task = this.#task(now);
      if (!requeue(task)) throw taskIsHeld(now, task);
      const { project, branch, head, summary, attempt, priority } = now;
      return enqueue({ project, task: task.id, branch, head, summary, attempt, priority });
    });
  }

  async #judge(
    { entry, project, repo }: Pick<Found, "entry" | "project" | "repo">,
    commit: Oid,
  ): Promise<void> {
    const target = await this.#parts.place.namedGround(project);
    if (!(await isAncestor(repo, entry.head, commit))) {
      throw new SwitchyardError(
        "wrong-state",
        `What was made does not hold the work of ${entry.id} (${entry.head.slice(0, 12)}) any more.`,
        `Merge that commit there, or begin anew: switchyard queue resolve ${entry.id} --give-up`,
      );
    }
    const open = (await mergeWithConflicts(repo.root, target.oid, commit)).conflicts;
    if (open.length > 0) {
      const files = open.map(({ path }) => path).join(", ");
      throw new SwitchyardError(
        "wrong-state",
        `It still conflicts with ${target.name} in ${files}: ${target.name} has moved on, or was not merged.`,
        `Merge it there: ${mergeCommand(target)}`,
      );
    }
    const { conflicts } = await mergeWithConflicts(repo.root, target.oid, entry.head);
    for (const { path } of conflicts) {
      const file = await findFile(repo, commit, path);
      if (!file || !hasMarkers(await readBlob(repo, file.oid))) continue;
      const before = await findFile(repo, entry.head, path);
      if (before && hasMarkers(await readBlob(repo, before.oid))) continue;
      throw new SwitchyardError(
        "wrong-state",
        `${path} still holds the marks of the conflict.`,
        `Resolve what is left of it, and ${howToFinish(entry.id)}`,
      );
    }
  }

  /** A person can step in wherever nobody else is at it in this moment. */
  #refuseBusy(entry: EntryRecord): void {
    const { id, state } = entry;
    if (state === "held" || state === "queued") return;
    if (state !== "returned") {
      const isUnderWay = isOpen(state);
      throw new SwitchyardError(
        "wrong-state",
        `${id} is ${state}${isUnderWay ? "" : ": it has left the queue"}, so there is no conflict of it to resolve.`,
        ...(isUnderWay ? [`Hold it first: switchyard queue hold ${id}`] : []),
      );
    }
    const newest = this.#parts.store.entries
      .list({ task: entry.task })
      .find((each) => each.id !== id && each.enqueuedAt > entry.enqueuedAt);
    if (newest) {
      throw new SwitchyardError(
        "wrong-state",
        `${id} is no longer the newest of ${entry.task}: that is ${newest.id}, which is ${newest.state}.`,
      );
    }
    const task = this.#task(entry);
    if (!FREE.includes(task.status)) throw taskIsHeld(entry, task);
  }

  /** The entry with what its conflict is about. Throws `wrong-state` where a person cannot step in. */
  async findResolvable(id: EntryId): Promise<Resolvable> {
    const { entry, project, repo } = await this.#find(id);
    this.#refuseBusy(entry);
    const { name, oid: target } = await this.#parts.place.namedGround(project);
    const { tree, conflicts } = await mergeWithConflicts(repo.root, target, entry.head);
    if (conflicts.length === 0) throw noConflict(entry, name);
    return { entry, project, repo, target, tree, conflicts };
  }

  async #find(id: EntryId): Promise<Found> {
    const { folder, place } = this.#parts;
    const entry = this.#entry(id);
    const project = place.project(entry.project);
    const repo = await place.repository(project);
    const path = join(folder.worktrees, entry.project, `resolve-${id}`);
    return { entry, project, repo, hand: { repo, path } };
  }

  #task({ id, task }: EntryRecord): TaskRecord {
    const found = this.#parts.store.tasks.find(task);
    if (!found) throw new Error(`the task ${task} of ${id} is gone`);
    return found;
  }

  #entry(id: EntryId): EntryRecord {
    const entry = this.#parts.store.entries.find(id);
    if (entry) return entry;
    const hint = "See: switchyard queue list --all";
    throw new SwitchyardError("not-found", `There is no queue entry ${id}.`, hint);
  }
}

export interface Resolvable extends ConflictedMerge {
  readonly entry: EntryRecord;
  readonly project: Project;
  readonly repo: Repository;
  readonly target: Oid;
}

interface Found {
  readonly entry: EntryRecord;
  readonly project: Project;
  readonly repo: Repository;
  readonly hand: HandPlace;
}

/** Nobody holds a task like that, so its branch is nobody's at this moment. */
const FREE: readonly TaskRecord["status"][] = ["ready", "needs-input", "failed"];

function nothingOpen({ id, state }: EntryRecord) {
  if (state === "landed" || state === "removed")
    return new SwitchyardError(
      "wrong-state",
      `${id} is ${state}, and nothing is left of a conflict of it.`,
    );
  return new SwitchyardError(
    "wrong-state",
    `Nothing was prepared to resolve ${id}.`,
    `Begin with: switchyard queue resolve ${id}`,
  );
}

function taskIsHeld({ id }: EntryRecord, { id: task, status, session }: TaskRecord) {
  return new SwitchyardError(
    "wrong-state",
    `${id} went back to its worker: ${task} is ${status}.`,
    session
      ? `Stop that first: switchyard session stop ${session}`
      : `See: switchyard task show ${task}`,
  );
}

const HOW_TO_GO_ON: Partial<Record<EntryRecord["state"], (id: EntryId) => string>> = {
  held: (id) => `Let it go on: switchyard queue release ${id}`,
  returned: (id) => `Queue it again as it is: switchyard queue retry ${id}`,
};

function noConflict({ id, state }: EntryRecord, target: string) {
  return new SwitchyardError(
    "wrong-state",
    `${id} has no conflict with ${target} as it is now.`,
    HOW_TO_GO_ON[state]?.(id) ?? "It is merged when its turn comes.",
  );
}

function unfinished(
  id: EntryId,
  { path }: HandPlace,
  outcome: { readonly kind: "unmerged" | "uncommitted"; readonly files: readonly string[] },
) {
  const files = outcome.files.slice(0, 20).join(", ");
  return outcome.kind === "unmerged"
    ? new SwitchyardError(
        "wrong-state",
        `These files in ${path} are still in conflict: ${files}.`,
        `Resolve them, and ${howToFinish(id)}`,
      )
    : new SwitchyardError(
        "wrong-state",
        `These files in ${path} are changed and not part of it: ${files}.`,
        `Remove those that do not belong to it; of the rest: ${howToFinish(id)}`,
      );
}
