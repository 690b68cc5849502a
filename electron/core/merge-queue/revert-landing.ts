import { type EntryId, Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { PullRequest } from "../../../shared/model/pull-request.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import {
  type Dependent,
  type RevertPlan,
  revertBranch,
  revertedBy,
} from "../../../shared/model/take-back.ts";
import { isOver } from "../../../shared/model/task.ts";
import {
  hasCommit,
  isAncestor,
  openRepository,
  type Repository,
  resolveBranch,
} from "../git/repository.ts";
import {
  buildRevert,
  findLandedRange,
  findLaterCommits,
  type LandedRange,
  pointBranch,
  type RevertOutcome,
} from "../git/revert.ts";
import type { EntryRecord, NewEntry, NewTask, Store, TaskRecord } from "../store/store.ts";
import { claimBranch, dropClaim } from "../worker/claim-branch.ts";
import { FALLBACK_PERSON } from "./fallback-person.ts";
import { ENTRY_TRAILER } from "./write-landing-message.ts";

const TITLE_MAX = 200;
/** What broke the target is wanted off it before other work lands on top. */
const PRIORITY = 1;

export interface RevertParts {
  readonly store: Store;
  /** Called inside a transaction. */
  readonly enqueue: (entry: NewEntry) => EntryRecord;
  /** A task that nobody wants any more, with what it is told should somebody take it up again. */
  readonly cancel: (task: TaskRecord["id"], why: string) => Promise<void>;
}

interface Found {
  readonly entry: EntryRecord;
  readonly task: TaskRecord;
  readonly project: Project;
  readonly repo: Repository;
  readonly tip: Oid;
  readonly range: LandedRange;
}

/**
 * Takes landed work back by new work: a task "Revert: …" whose branch holds one commit on top of the target, queued, tested and
 * landed like any other. When the queue returns it, a worker goes on from that commit.
 */
export class Reverts {
  readonly #parts: RevertParts;

  constructor(parts: RevertParts) {
    this.#parts = parts;
  }

  /** Throws `wrong-state` where there is nothing to take back. */
  async plan(id: EntryId): Promise<RevertPlan> {
    const found = await this.#find(id);
    const made = await this.#make(found);
    return {
      entry: id,
      commit: found.range.landed,
      target: found.project.target,
      dependents: await this.#dependents(found),
      conflicts: made.kind === "conflict" ? [...made.files] : [],
    };
  }

  /** Throws `wrong-state` when it conflicts, or when something came after it and `isAnyway` is false; nothing is changed then. */
  async revert(id: EntryId, isAnyway: boolean): Promise<EntryRecord> {
    const { store } = this.#parts;
    const found = await this.#find(id);
    this.#refuseSecond(id, found.project);
    const made = await this.#make(found);
    if (!isAnyway) refuseDependents(id, await this.#dependents(found));
    if (made.kind === "conflict") {
      throw new SwitchyardError(
        "wrong-state",
        `${id} cannot be reverted by itself: what came after it changed the same lines in ${made.files.join(", ")}.`,
        "Revert that first, or make a task of it: switchyard task create",
      );
    }
    const { repo, project } = found;
    const claim = { store: store.identity, name: revertBranch(id), from: made.commit };
    const branch = await claimBranch(repo, claim);
    await pointBranch(repo, branch, made.commit);
    const entry = this.#enqueue(found, branch, made.commit);
    await dropClaim(repo, store.identity, branch);
    // Killed before this, the older one waits for the person on, and is in nobody's way.
    for (const { id: task } of this.#listReverts(id, project)) {
      const isOlder = task !== entry.task;
      if (isOlder) await this.#parts.cancel(task, `${entry.id} takes back what ${id} landed.`);
    }
    return entry;
  }

  async #make(found: Found): Promise<Exclude<RevertOutcome, { kind: "nothing" }>> {
    const { repo, tip: target, range, project, entry } = found;
    const message = `${titleOf(found)}\n\n${describeRevert(found)}\n`;
    const made = await buildRevert({ repo, target, range, message, fallback: FALLBACK_PERSON });
    if (made.kind !== "nothing") return made;
    const what = `${project.target} holds nothing of what ${entry.id} landed any more.`;
    throw new SwitchyardError("wrong-state", what);
  }

  #enqueue(found: Found, branch: string, head: Oid): EntryRecord {
    const { store, enqueue } = this.#parts;
    const { entry: reverted, project } = found;
    const title = titleOf(found);
    return store.write("person", (record) => {
      this.#refuseSecond(reverted.id, project);
      const summary = describeRevert(found);
      const { id: task } = store.tasks.insert(newTask(project, title, summary));
      record("task.created", task, { title, project: project.name });
      // Counted as its first attempt, so that a worker's session, should one be needed, is the second.
      store.tasks.update(task, { branch, fork: found.tip, attempts: 1, commits: 1, summary });
      const entry = enqueue({
        project: project.name,
        task,
        branch,
        head,
        summary,
        attempt: 1,
        priority: PRIORITY,
      });
      record("queue.revert", reverted.id, { task: reverted.task, by: entry.id });
      return entry;
    });
  }

  async #find(id: EntryId): Promise<Found> {
    const { store } = this.#parts;
    const entry = store.entries.find(id);
    if (!entry) {
      throw new SwitchyardError("not-found", `There is no queue entry ${id}.`, LIST_HINT);
    }
    const task = store.tasks.find(entry.task);
    const project = store.projects.find(entry.project);
    if (!task || !project) throw new Error(`the task or project of ${id} is gone`);
    const { state, candidate } = entry;
    if (state !== "landed") {
      const hint = "Only what has landed can be reverted.";
      throw new SwitchyardError("wrong-state", `${id} is ${state}.`, hint);
    }
    const repo = await openRepository(project.path);
    const tip = await resolveBranch(repo, project.target);
    if (candidate === null) {
      throw new SwitchyardError(
        "wrong-state",
        `${id} brought nothing of its own: ${project.target} had all of it already.`,
      );
    }
    const merged = entry.pullRequest?.merged === candidate ? entry.pullRequest : null;
    if (!(await hasCommit(repo, candidate)) || !(await isAncestor(repo, candidate, tip))) {
      if (merged) throw notPulled(id, merged);
      throw new SwitchyardError(
        "wrong-state",
        `${project.target} does not hold ${candidate.slice(0, 12)}, which ${id} landed: somebody moved it.`,
      );
    }
    // No commit of ours says there where it began.
    const before = merged ? entry.base : null;
    if (before !== null)
      return { entry, task, project, repo, tip, range: { before, landed: candidate } };
    const range = await findLandedRange(repo, candidate, { key: ENTRY_TRAILER, value: id });
    if (!range) throw new Error(`${candidate}, which ${id} landed, has no commit before it`);
    return { entry, task, project, repo, tip, range };
  }

  #listReverts(id: EntryId, { name }: Project): readonly TaskRecord[] {
    const tasks = this.#parts.store.tasks.list({ project: name });
    return tasks.filter(({ branch, status }) => revertedBy(branch) === id && !isOver(status));
  }

  /** One that a person took out of the queue, or whose landing they undid, waits for them alone. */
  #isSetAside({ id: task, status }: TaskRecord): boolean {
    const [last] = this.#parts.store.entries.list({ task });
    return status === "needs-input" && last?.state === "removed";
  }

  #refuseSecond(id: EntryId, project: Project): void {
    const other = this.#listReverts(id, project).find((task) => !this.#isSetAside(task));
    if (!other) return;
    throw new SwitchyardError(
      "wrong-state",
      `${id} is being reverted already: ${other.id} is ${other.status}.`,
      `See: switchyard task show ${other.id}`,
    );
  }

  /** What touches the same files, newest first, then landed tasks that waited for this one. */
  async #dependents({ entry, task, repo, range, tip, project }: Found): Promise<Dependent[]> {
    const { store } = this.#parts;
    const later = await findLaterCommits(repo, range, tip, ENTRY_TRAILER);
    const landed = store.entries
      .list({ project: project.name, isOpen: false })
      .filter(({ state }) => state === "landed");
    const byFiles = later.map(({ oid, subject, trailer, files }): Dependent => {
      const own = landed.find(({ id }) => id === trailer);
      const title = (own && store.tasks.find(own.task)?.title) ?? subject;
      const [entryId, taskId] = [own?.id ?? null, own?.task ?? null];
      return { title, commit: Oid.parse(oid), entry: entryId, task: taskId, files: [...files] };
    });
    const known = new Set([entry.task, ...byFiles.map(({ task: each }) => each)]);
    const byWaiting = store.tasks
      .dependents(task.id)
      .filter(({ id, status }) => status === "landed" && !known.has(id))
      .map(({ id, title }): Dependent => {
        const own = landed.find((each) => each.task === id)?.id ?? null;
        return { title, commit: null, entry: own, task: id, files: [] };
      });
    return [...byFiles, ...byWaiting];
  }
}

function notPulled(id: EntryId, { number, remote, target }: PullRequest): SwitchyardError {
  return new SwitchyardError(
    "wrong-state",
    `${id} was merged on ${remote} as pull request #${number}, and your ${target} does not hold it yet.`,
    `Pull first, in a checkout of ${target}: git pull ${remote} ${target}. Or use the Revert button of that pull request.`,
  );
}

const LIST_HINT = "See: switchyard queue list --all";

function refuseDependents(id: EntryId, dependents: readonly Dependent[]): void {
  if (dependents.length === 0) return;
  const named = dependents.map(nameDependent);
  throw new SwitchyardError(
    "wrong-state",
    `Some of what came after ${id} may build on it: ${named.join("; ")}.`,
    `Revert that first, or go on: switchyard queue revert ${id} --anyway`,
  );
}

function nameDependent({ title, commit, entry, task, files }: Dependent): string {
  const who = entry ? `${entry}${task ? ` (${task})` : ""}` : (task ?? commit?.slice(0, 12));
  const why = files.length > 0 ? `in ${files.join(", ")}` : "its task waited for this one";
  return `${who} "${title}", ${why}`;
}

function titleOf({ task }: Pick<Found, "task">): string {
  return `Revert: ${task.title}`.slice(0, TITLE_MAX);
}

function describeRevert({ entry, task, range }: Pick<Found, "entry" | "task" | "range">): string {
  return `Takes back what ${entry.id} landed for ${task.id}.\n\nThis reverts commit ${range.landed}.`;
}

function newTask({ name }: Project, title: string, summary: string): NewTask {
  return {
    project: name,
    plan: null,
    title,
    body: `${summary}\n\nThe branch holds that commit, made without a worker. Should it conflict or fail a check, mend it so that nothing of what is taken back is left and everything else works.`,
    status: "queued",
    reason: null,
    priority: PRIORITY,
    after: [],
    labels: ["revert"],
    paths: [],
    pinnedProfile: null,
    model: null,
    acceptance: [],
  };
}
