import { existsSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import type { ProjectMove, WorktreeRepair } from "../../../shared/model/moved-places.ts";
import type { Project } from "../../../shared/model/project.ts";
import { hasPausedItself } from "../../../shared/model/queue-pause.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { findMovedWorktree, isMovedWorktree, repairWorktrees } from "../git/moved-worktree.ts";
import { hasCommit, openRepository, type Repository, resolveBranch } from "../git/repository.ts";
import { listWorktrees } from "../git/worktree.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";

/** A worktree that is not where it was made, and where it is now; null: nobody knows. */
export interface LostWorktree {
  readonly task: TaskRecord["id"];
  readonly was: string;
  readonly now: string | null;
}

/** Finds repositories and worktrees again that somebody moved. Each change can be looked at before it is made. */
export class MovedPlaces {
  readonly #store: Store;
  readonly #root: string;

  /** `root`: our worktrees lie below it, the one in which candidates are checked among them. */
  constructor({ store, root }: { readonly store: Store; readonly root: string }) {
    this.#store = store;
    this.#root = root;
  }

  /** Points a project to where its repository lies now, and its worktrees with it. */
  async moveProject(project: Project, place: string, isPreview: boolean): Promise<ProjectMove> {
    const { name, path: from } = project;
    const repo = await openRepository(place);
    const to = repo.root;
    if (to === from)
      throw new SwitchyardError(
        "wrong-state",
        `${name} is at ${from} already.`,
        "Nothing is to do.",
      );
    const other = this.#store.projects.findByPath(to);
    if (other)
      throw new SwitchyardError(
        "name-taken",
        `${to} is already the project ${other.name}.`,
        `See: switchyard project show ${other.name}`,
      );
    if (existsSync(from) && (await isRepository(from)))
      throw new SwitchyardError(
        "wrong-state",
        `The repository of ${name} is still at ${from}; what is at ${to} is another one, or a copy.`,
        "Move it, or add the other one as a project of its own: switchyard project add PATH",
      );
    await resolveBranch(repo, project.target);
    const all = await this.#requireSame(repo, project);
    const missing = await this.#findMissing(project, repo);
    const moved = missing.flatMap(({ task, was, now }) =>
      now === null || this.#sessionOf(task) ? [] : [{ task, was, now }],
    );
    const told = {
      from,
      to,
      worktrees: [...this.#worktreesOf(project, isOpen), ...moved.map(({ now }) => now)].toSorted(),
      lost: missing
        .filter(({ task }) => !moved.some((each) => each.task === task))
        .map(({ task, was }) => ({ task, was })),
    };
    if (isPreview) return { ...told, isDone: false };
    await repairWorktrees(repo, [...all, ...moved.map(({ now }) => now)]);
    this.#store.write("person", (record) => {
      for (const { task, was, now } of moved) {
        this.#store.tasks.update(task, { worktree: now });
        record("task.worktree-moved", task, { was, now });
      }
      this.#store.projects.update(name, { path: to });
      record("project.moved", name, { from, to });
      if (!hasPausedItself(project)) return;
      this.#store.projects.update(name, {
        queue: { ...project.queue, state: "running", reason: null },
      });
      record("queue.resumed", name, { reason: null });
    });
    return { ...told, isDone: true };
  }

  /** Lets git and the task know where the task's worktree lies now. `at`: where it is, for one that is not found near by. */
  async repairWorktree(
    task: TaskRecord,
    at: string | null,
    isPreview: boolean,
  ): Promise<WorktreeRepair> {
    const { worktree: was, branch } = task;
    if (was === null)
      throw new SwitchyardError("wrong-state", `${task.id} has no worktree.`, "Nothing is to do.");
    if (existsSync(was))
      throw new SwitchyardError(
        "wrong-state",
        `The worktree of ${task.id} is where it was: ${was}.`,
        "Nothing is to do.",
      );
    const session = this.#sessionOf(task.id);
    if (session)
      throw new SwitchyardError(
        "wrong-state",
        `${session.id} works on ${task.id} now.`,
        `Stop it first: switchyard session stop ${session.id}`,
      );
    const repo = await openRepository(this.#projectOf(task).path);
    const missing = { path: was, branch };
    const now = at ?? (await findMovedWorktree(repo, missing));
    if (now === null || !(await isMovedWorktree(repo, missing, now)))
      throw new SwitchyardError(
        "not-found",
        now === null
          ? `The worktree of ${task.id} was at ${was}, and is not near by.`
          : `${now} is not the worktree of ${task.id}.`,
        `Name where it is: switchyard worktree repair ${task.id} --at PATH`,
      );
    if (isPreview) return { task: task.id, was, now, branch, isDone: false };
    await repairWorktrees(repo, [now]);
    this.#store.write("person", (record) => {
      this.#store.tasks.update(task.id, { worktree: now });
      record("task.worktree-moved", task.id, { was, now });
    });
    return { task: task.id, was, now, branch, isDone: true };
  }

  /** Worktrees of open tasks that somebody moved or deleted; what Switchyard removed itself is not among them. */
  findLost(project: Project): Promise<readonly LostWorktree[]> {
    return this.#findMissing(project, null);
  }

  /** `known`: null: the one at the project's path, which is not opened unless something is missing. */
  async #findMissing(project: Project, known: Repository | null): Promise<readonly LostWorktree[]> {
    const removed = new Set(
      this.#store.removals
        .list({ project: project.name })
        .filter(({ restoredAt }) => restoredAt === null)
        .map(({ task }) => task),
    );
    const missing = this.#store.tasks.list({ project: project.name }).filter((task) => {
      const { id, worktree } = task;
      return worktree !== null && isOpen(task) && !removed.has(id) && !existsSync(worktree);
    });
    if (missing.length === 0) return [];
    const repo = known ?? (await openRepository(project.path));
    return Promise.all(
      missing.map(async ({ id, worktree, branch }) => {
        const was = worktree ?? "";
        return { task: id, was, now: await findMovedWorktree(repo, { path: was, branch }) };
      }),
    );
  }

  #projectOf(task: TaskRecord): Project {
    const project = this.#store.projects.find(task.project);
    if (!project) throw new Error(`the project ${task.project} of ${task.id} is gone`);
    return project;
  }

  #sessionOf(task: TaskRecord["id"]): SessionRecord | undefined {
    return this.#store.sessions
      .list({ isLive: true })
      .find((each) => each.task === task && isLive(each.state));
  }

  #worktreesOf({ name }: Project, isWanted = (_: TaskRecord) => true): string[] {
    return this.#store.tasks
      .list({ project: name })
      .filter(isWanted)
      .flatMap(({ worktree }) => (worktree !== null && existsSync(worktree) ? [worktree] : []))
      .map((path) => realpathSync(path));
  }

  /**
   * A repository that does not know our worktrees, or lacks what landed, is another one, whatever its branches are called. Gives the
   * worktrees that have to hear of the move.
   */
  async #requireSame(repo: Repository, project: Project): Promise<string[]> {
    const { name } = project;
    const known = new Set((await listWorktrees(repo)).map(({ path }) => path));
    const ofTasks = this.#worktreesOf(project);
    const unknown = ofTasks.find((path) => !known.has(path));
    const heads = this.#store.entries.list({ project: name }).map(({ head }) => head);
    const landed = this.#store.tasks
      .list({ project: name })
      .flatMap((task) => (task.landed ? [task.landed.commit] : []));
    const newest = [...landed, ...heads].at(-1);
    const isLacking = newest !== undefined && !(await hasCommit(repo, newest));
    if (unknown === undefined && !isLacking) {
      const ours = [...known].filter((path) => path.startsWith(realpathSync(this.#root) + sep));
      return [...new Set([...ofTasks, ...ours])].filter((path) => existsSync(path)).toSorted();
    }
    throw new SwitchyardError(
      "wrong-state",
      unknown === undefined
        ? `${repo.root} is not the repository of ${name}: it has no commit ${newest?.slice(0, 10)}, which is part of its work.`
        : `${repo.root} is not the repository of ${name}: it does not know the worktree ${unknown}.`,
      "Name the folder that the repository itself was moved to.",
    );
  }
}

function isOpen({ status }: TaskRecord): boolean {
  return status !== "landed" && status !== "cancelled";
}

async function isRepository(place: string): Promise<boolean> {
  return openRepository(place).then(
    () => true,
    () => false,
  );
}
