import { existsSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import type { TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Removal } from "../../../shared/model/removal.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { checkpointWorktree, dropCheckpoints } from "../git/checkpoint.ts";
import { laneAt } from "../git/lane-at.ts";
import { pinOf } from "../git/pin-worktree.ts";
import {
  deleteBranch,
  dirtyFiles,
  openRepository,
  type Repository,
  writeRef,
} from "../git/repository.ts";
import { rescueWorktree } from "../git/rescue-worktree.ts";
import { restoreWorktree } from "../git/restore-worktree.ts";
import { findWorktree, isUsable, removeWorktree } from "../git/worktree.ts";
import type { Intent, Store, TaskRecord } from "../store/store.ts";
import { dropClaim } from "./claim-branch.ts";

/** Stands for the branch of a worktree whose HEAD was detached; git takes it for no branch's name. */
const DETACHED = "HEAD";

export interface RemovalsParts {
  readonly store: Store;
  /** All our worktrees lie below this folder; nothing else is ever removed. */
  readonly root: string;
  /** For tests: called between the steps, each named after what has just been done. */
  readonly onStep?: (step: "intended" | "rescued" | "noted" | "removed") => void;
}

/**
 * Takes worktrees away and puts them back.
 *
 * Invariant: before anything is deleted, all of it is in git and a row says how to get it back. An intent is open until the
 * folder is gone, so a removal that a crash cut short is carried on from wherever it was; its row is never written twice.
 */
export class Removals {
  readonly #parts: RemovalsParts;

  constructor(parts: RemovalsParts) {
    this.#parts = parts;
  }

  /** Carries on the removals that an earlier core began. One that cannot be is told and left for the next start. */
  async settle(onTrouble: (task: string, error: unknown) => void): Promise<void> {
    for (const intent of this.#parts.store.intents.listOpen()) {
      if (intent.kind !== "remove-worktree") continue;
      await this.#carryOut(intent).catch((error: unknown) => onTrouble(intent.subject, error));
    }
  }

  /**
   * Keeps all that is in the task's worktree in git and takes it away. Throws `wrong-state` when there is none, when a session
   * lives in it, or when git could not keep all of it.
   */
  async remove(id: TaskId, why: string, cause: string): Promise<Removal> {
    const { store } = this.#parts;
    const { worktree } = this.#require(id);
    if (worktree === null) throw new SwitchyardError("wrong-state", `${id} has no worktree.`);
    this.#refuseLivedIn(id);
    const intent =
      openRemoval(store, id) ??
      store.write(cause, () => {
        const after = store.removals.list({ task: id }).at(-1)?.id ?? 0;
        return store.intents.open("remove-worktree", id, { path: worktree, why, after });
      });
    this.#parts.onStep?.("intended");
    return this.#carryOut(intent);
  }

  /** The same for the person, who is asked first (`wrong-state`) where an open task has work in it that is not committed. */
  async removeForPerson(id: TaskId, isSure: boolean): Promise<Removal> {
    const { worktree, status, project } = this.#require(id);
    const isOver = status === "landed" || status === "cancelled";
    if (worktree !== null && !isSure && !isOver) {
      const repo = await openRepository(this.#requireProject(project).path);
      const found = existsSync(worktree) ? await findWorktree(repo, worktree) : undefined;
      const env = await pinOf(repo, worktree);
      const dirty = found && isUsable(found) ? await dirtyFiles(worktree, { env }) : [];
      if (dirty.length > 0)
        throw new SwitchyardError(
          "wrong-state",
          `${id} is ${status}, and its worktree holds ${dirty.length === 1 ? "a file that is" : `${dirty.length} files that are`} not committed: ${dirty.slice(0, 5).join(", ")}.`,
          `Remove it all the same, kept 30 days for switchyard worktree restore ${id}: switchyard worktree remove ${id} --yes`,
        );
    }
    return this.remove(id, "you asked for it", "person");
  }

  /** Puts the task's worktree back as it was when it was removed last. Throws `not-found` when there is nothing to put back. */
  async restore(id: TaskId, cause: string): Promise<TaskRecord> {
    this.#refuseLivedIn(id);
    return this.restoreFor(id, cause);
  }

  /** The same for a session that is about to move in. */
  async restoreFor(id: TaskId, cause = "supervisor"): Promise<TaskRecord> {
    const { store } = this.#parts;
    const removal = this.findUndone(id);
    const project = this.#require(id).project;
    if (!removal)
      throw new SwitchyardError(
        "not-found",
        `No worktree of ${id} was removed that could be put back.`,
        "See: switchyard worktree list-removed",
      );
    const repo = await openRepository(this.#requireProject(project).path);
    await keepWhatIsThere(repo, removal, this.#refName(id));
    await laneAt(removal.path).run(() =>
      restoreWorktree({
        repo,
        path: removal.path,
        branch: removal.branch === DETACHED ? null : removal.branch,
        head: removal.head,
        rescue: removal.rescue,
        reason: `switchyard ${id}`,
      }),
    );
    return store.write(cause, (record) => {
      store.removals.noteRestored(removal.id);
      store.tasks.update(id, { worktree: removal.path });
      record("worktree.restored", id, { path: removal.path });
      return this.#require(id);
    });
  }

  /** The removal that `restore` would undo: the newest, as an older one would put old files over newer work. */
  findUndone(id: TaskId): Removal | undefined {
    const { store } = this.#parts;
    if (openRemoval(store, id) || this.#require(id).worktree !== null) return undefined;
    const newest = store.removals.list({ task: id }).at(-1);
    return newest?.restoredAt === null ? newest : undefined;
  }

  /** Its thirty days are over: what git kept for it goes, and the branch too where it has landed. */
  async letGo(removal: Removal): Promise<void> {
    const { store } = this.#parts;
    const task = this.#require(removal.task);
    const repo = await openRepository(this.#requireProject(removal.project).path);
    if (removal.rescue !== null) await writeRef(repo, ownRef(removal.rescue), null);
    const newer = store.removals.list({ task: task.id }).some(({ id }) => id > removal.id);
    if (!newer && task.worktree === null) {
      await writeRef(repo, headRef(this.#refName(task.id)), null);
      await dropCheckpoints(repo, this.#refName(task.id));
      await dropClaim(repo, store.identity, removal.branch);
      if (task.status === "landed" && removal.branch !== DETACHED)
        await deleteBranch(repo, removal.branch, removal.head);
    }
    store.write("removals", (record) => {
      store.removals.forget(removal.id);
      record("worktree.let-go", task.id, { branch: removal.branch });
    });
  }

  async #carryOut(intent: Intent): Promise<Removal> {
    const { store } = this.#parts;
    // Opened by `remove`, with the task as their subject.
    const id = intent.subject as TaskId;
    const place = String(intent.data.path);
    try {
      return await laneAt(place).run(() => this.#removeInLane(intent, id, place));
    } catch (error) {
      const isRefused = error instanceof SwitchyardError && error.code === "wrong-state";
      if (isRefused) store.write("removals", () => store.intents.close(intent.id, error.message));
      throw error;
    }
  }

  async #removeInLane(intent: Intent, id: TaskId, place: string): Promise<Removal> {
    const { store, onStep } = this.#parts;
    const { project } = this.#require(id);
    const repo = await openRepository(this.#requireProject(project).path);
    await this.#requireOurs(place);
    const rescued = await rescueWorktree(repo, place, this.#refName(id));
    onStep?.("rescued");
    this.#refuseLivedIn(id);
    // Noted before a crash: what lies there now may be half deleted, so the row stays as it was written.
    // Told by its number, as the clock may have been set back meanwhile.
    const after = Number(intent.data.after ?? 0);
    let removal = store.removals.list({ task: id }).findLast((each) => each.id > after);
    if (rescued && !removal) {
      const { head, ref: rescue } = rescued;
      const branch = rescued.branch ?? DETACHED;
      const why = String(intent.data.why);
      await writeRef(repo, headRef(this.#refName(id)), head);
      removal = store.write("removals", () => {
        store.tasks.update(id, { worktree: null });
        return store.removals.insert({ task: id, project, path: place, branch, head, rescue, why });
      });
    }
    onStep?.("noted");
    await removeWorktree(repo, place);
    onStep?.("removed");
    store.write("removals", (record) => {
      store.tasks.update(id, { worktree: null });
      store.intents.close(intent.id, "removed");
      record("worktree.removed", id, {
        path: place,
        why: String(intent.data.why),
        rescue: removal?.rescue ?? null,
      });
    });
    if (removal) return removal;
    throw new SwitchyardError("wrong-state", `${place} was gone already.`);
  }

  /** Another data folder on the same repository has a task of the same id, and its refs are not ours to let go. */
  #refName(id: TaskId): string {
    return `${this.#parts.store.identity}/${id}`;
  }

  #require(id: TaskId): TaskRecord {
    const task = this.#parts.store.tasks.find(id);
    if (task) return task;
    throw new SwitchyardError("not-found", `There is no task ${id}.`, "See: switchyard task list");
  }

  #requireProject(name: Project["name"]): Project {
    const project = this.#parts.store.projects.find(name);
    if (project) return project;
    throw new SwitchyardError("not-found", `The project ${name} is gone.`);
  }

  #refuseLivedIn(id: TaskId): void {
    const [session] = this.#parts.store.sessions.list({ task: id, isLive: true });
    if (!session) return;
    throw new SwitchyardError(
      "wrong-state",
      `The session ${session.id} lives in the worktree of ${id}.`,
      `Stop it first: switchyard session stop ${session.id}`,
    );
  }

  /** A row gone wrong, or a link put in its place, must not lead the removal to somebody else's files. */
  async #requireOurs(place: string): Promise<void> {
    const root = await realpath(this.#parts.root);
    const refuse = (reason: string) =>
      new SwitchyardError("wrong-state", `${place} is not removed: ${reason}.`);
    if (!existsSync(place)) {
      const isBelow = path.resolve(place).startsWith(path.resolve(this.#parts.root) + path.sep);
      if (!isBelow) throw refuse("it is not in the folder of our worktrees");
      return;
    }
    const found = await lstat(place);
    if (!found.isDirectory()) throw refuse("it is a link or a file, not a folder");
    if (!(await realpath(place)).startsWith(root + path.sep))
      throw refuse("it is not in the folder of our worktrees");
  }
}

/** A restore that a crash cut short may have been worked in since. */
async function keepWhatIsThere(
  repo: Repository,
  { path: place }: Removal,
  task: string,
): Promise<void> {
  const found = existsSync(place) ? await findWorktree(repo, place) : undefined;
  if (found && isUsable(found)) await checkpointWorktree({ repo, path: place, task, seen: null });
}

function openRemoval(store: Store, id: TaskId): Intent | undefined {
  return store.intents
    .listOpen()
    .find((intent) => intent.kind === "remove-worktree" && intent.subject === id);
}

/** Keeps the commits of a removed worktree, whatever becomes of its branch. */
function headRef(task: string) {
  return `refs/switchyard/removed/${task}` as const;
}

function ownRef(ref: string): `refs/switchyard/${string}` {
  if (!ref.startsWith("refs/switchyard/")) throw new Error(`${ref} is not one of our refs`);
  // Looked at above.
  return ref as `refs/switchyard/${string}`;
}
