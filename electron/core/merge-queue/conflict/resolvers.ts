import type { EntryId, Oid, TaskId } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import { isOpen } from "../../../../shared/model/queue-entry.ts";
import {
  beingResolved,
  isBeingResolved,
  needsResolution,
  resolvedBy,
} from "../../../../shared/model/resolution.ts";
import { isOver } from "../../../../shared/model/task.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { Clock } from "../../base/clock.ts";
import type { Lane } from "../../base/lane.ts";
import type { Log } from "../../base/log.ts";
import type { Repository } from "../../git/repository.ts";
import type { EntryRecord, Store, TaskRecord } from "../../store/store.ts";
import type { EntrySteps } from "../entry-steps.ts";
import type { EntryEvent } from "../queue-machine.ts";
import type { QueuePlace } from "../queue-place.ts";
import { readAlsoChanged } from "./guard-resolution.ts";
import { judgeResolution } from "./judge-resolution.ts";
import { planResolution } from "./plan-resolution.ts";
import { dropResolutions, keepResolution } from "./resolutions.ts";
import { listTries, startResolver } from "./start-resolver.ts";

/** A resolver that has worked so long without a word has lost its way. */
const TRY_MAX_MS = 60 * 60_000;
const LOOK_MS = 30_000;

export interface ResolversParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: QueuePlace;
  readonly steps: EntrySteps;
  readonly isOn: (project: Project) => boolean;
  /** Whether the conversation in which the task's work was written can go on. */
  readonly hasWorker: (task: TaskId) => boolean;
  /** Ends a task and its session. `why` is what its next session would be told. */
  readonly cancel: (task: TaskId, why: string) => Promise<void>;
  /** In which what was made is kept, so that the last one kept is the last one taken. */
  readonly keeping: Lane;
  /** Inside a transaction. */
  readonly land: (task: TaskId, commit: Oid) => void;
}

/**
 * Gives conflicts that nothing settled to workers of their own. Which entry waits for one is on its row, and how far that is on the row of
 * the resolver's task, whose branch names the entry; so it acts on what the store says alone, and goes on where a dead core was.
 */
export class Resolvers {
  readonly #parts: ResolversParts;
  readonly #ending = new AbortController();
  readonly #stop = new DisposableStack();
  /** Entries of which a resolver is not done. */
  #followed: ReadonlySet<EntryId> = new Set();
  #isWanted = false;
  #look: Promise<void> | null = null;

  constructor(parts: ResolversParts) {
    this.#parts = parts;
  }

  run(): void {
    const { store, clock } = this.#parts;
    this.#stop.defer(
      store.onCommit(({ touched }) => {
        const isOwn =
          [...touched.entries].some((id) => this.#isFollowed(id)) ||
          [...touched.tasks].some((id) => resolvedBy(store.tasks.find(id)?.branch ?? null));
        if (isOwn) this.#wake();
      }),
    );
    this.#stop.use(clock.every(LOOK_MS, () => this.#wake()));
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error("resolvers are no longer looked after"));
    this.#stop.dispose();
    await this.#look;
  }

  /** What becomes of an entry that conflicts with the target; null: its own worker is to mend it. */
  settle(entry: EntryRecord, files: readonly string[]): EntryEvent | null {
    const { store, place, isOn, hasWorker } = this.#parts;
    const project = place.project(entry.project);
    const tries = this.#triesOf(entry.id);
    const returned = store.entries.list({ task: entry.task, isOpen: false });
    const step = planResolution({
      isResolverOn: isOn(project),
      hasWorker: hasWorker(entry.task),
      returns: returned.filter((each) => each.state === "returned" && each.files.length > 0).length,
      // What was taken of the last one has met a newer conflict.
      tries: tries.map(({ status }) => (isSpent(status) ? "over" : "at-work")),
    });
    const { target } = project;
    switch (step.kind) {
      case "return":
        return null;
      case "wait":
      case "start-resolver":
        return { kind: "hindered", reason: beingResolved(target), files };
      case "ask-person":
        return { kind: "hindered", reason: askPerson(entry, tries), files };
      default:
        return unreachable(step);
    }
  }

  /** What becomes of an entry whose checks fail as a resolver left it; null where that was no resolver's work. */
  refuseRed(entry: EntryRecord, why: string): EntryEvent | null {
    const { store, place } = this.#parts;
    const last = this.#triesOf(entry.id).at(-1);
    if (last?.status !== "queued") return null;
    store.write("queue", () => store.tasks.update(last.id, { handback: why }));
    const { target } = place.project(entry.project);
    return { kind: "hindered", reason: beingResolved(target), files: [] };
  }

  /** Why a resolver's work is not taken; null where it is, and where the task is no resolver's. What is taken is kept from here on. */
  async inspect(task: TaskRecord, result: Oid, summary: string): Promise<string | null> {
    const { store, place } = this.#parts;
    const entry = this.#entryOf(task);
    if (entry === null) return null;
    if (entry === "gone" || !isBeingResolved(entry)) return RESOLVED_OTHERWISE;
    const project = place.project(entry.project);
    const repo = await place.repository(project);
    const target = await place.namedGround(project);
    const folder = task.worktree ?? repo.commonDir;
    const named = readAlsoChanged(summary);
    const why = await judgeResolution({ repo, folder, target, head: entry.head, result, named });
    if (why === null) return this.#keep(entry, repo, result);
    store.write("queue", (record) =>
      record("queue.resolution-refused", entry.id, { task: entry.task, by: task.id, why }),
    );
    return why;
  }

  /** Why it is not kept: a person may have resolved it while it was looked at. */
  #keep(entry: EntryRecord, repo: Repository, result: Oid): Promise<string | null> {
    const { store, keeping } = this.#parts;
    return keeping.run(async () => {
      const now = store.entries.find(entry.id);
      if (!now || !isBeingResolved(now)) return RESOLVED_OTHERWISE;
      await keepResolution(store, repo, entry, result);
      return null;
    });
  }

  /** Lets the entry go on with what was inspected, inside the transaction that moves the task; null where the task is no resolver's. */
  take(task: TaskRecord): EntryId | null {
    const entry = this.#entryOf(task);
    if (entry === null) return null;
    if (entry === "gone") throw new Error(`the entry that ${task.id} resolves is gone`);
    const { store, steps } = this.#parts;
    // A person who resolved it in this moment dismisses the task right away.
    if (!isBeingResolved(entry)) return entry.id;
    store.write("queue", (record) => {
      record("queue.resolved", entry.id, { task: entry.task, by: task.id });
      steps.apply(entry.id, { kind: "cleared" }, "queue");
    });
    return entry.id;
  }

  /** A person has resolved it meanwhile, or once more after one that was taken. */
  async dismiss(entry: EntryId): Promise<void> {
    for (const { id } of this.#triesOf(entry).filter(({ status }) => !isOver(status))) {
      await this.#parts.cancel(id, "A person has resolved the conflict.");
    }
  }

  #isFollowed(id: EntryId): boolean {
    if (this.#followed.has(id)) return true;
    const entry = this.#parts.store.entries.find(id);
    return entry !== undefined && isBeingResolved(entry);
  }

  #wake(): void {
    this.#isWanted = true;
    if (this.#ending.signal.aborted) return;
    this.#look ??= this.#lookOn()
      .catch((error: unknown) => {
        if (this.#ending.signal.aborted) return;
        this.#parts.log.error({ error }, "resolvers of conflicts could not be looked after");
      })
      .finally(() => {
        this.#look = null;
      });
  }

  async #lookOn(): Promise<void> {
    const { store } = this.#parts;
    while (this.#isWanted && !this.#ending.signal.aborted) {
      this.#isWanted = false;
      const open = store.tasks.list().filter(({ status }) => !isOver(status));
      const own = open.filter((task) => this.#entryOf(task) !== null);
      this.#followed = new Set(own.flatMap(({ branch }) => resolvedBy(branch)?.entry ?? []));
      for (const task of own) await this.#followTask(task);
      for (const entry of store.entries.list({ isOpen: true }).filter(isBeingResolved)) {
        await this.#followEntry(entry.id);
      }
    }
  }

  /** A resolver whose entry has gone its way has nothing to do any more. */
  async #followTask(task: TaskRecord): Promise<void> {
    const { store, clock, cancel, land } = this.#parts;
    const entry = this.#entryOf(task);
    if (entry === null) return;
    if (entry === "gone" || !isOpen(entry.state)) {
      const commit = entry !== "gone" && entry.state === "landed" ? entry.candidate : null;
      if (task.status !== "queued" || commit === null) await cancel(task.id, "Its entry is gone.");
      else store.write("queue", () => land(task.id, commit));
      return;
    }
    const ranMs = clock.now().getTime() - Date.parse(task.since);
    if (task.status === "running" && ranMs > TRY_MAX_MS) {
      await cancel(task.id, "It took more than an hour and was ended.");
    }
  }

  async #followEntry(id: EntryId): Promise<void> {
    const { store, isOn, place, cancel } = this.#parts;
    const entry = store.entries.find(id);
    if (!entry || !isBeingResolved(entry)) return;
    for (const task of this.#triesOf(id).filter(({ status }) => status === "queued")) {
      const repo = await place.repository(place.project(entry.project));
      // Its own branch still holds it.
      await dropResolutions(store, repo, entry);
      await cancel(task.id, task.handback ?? "What it made met another conflict.");
    }
    const tries = this.#triesOf(id);
    const project = place.project(entry.project);
    const { target } = project;
    const step = planResolution({
      isResolverOn: isOn(project),
      // It was decided when the entry was held that its own worker is not asked.
      hasWorker: false,
      returns: 0,
      tries: tries.map(({ status }) => (isOver(status) ? "over" : "at-work")),
    });
    switch (step.kind) {
      case "wait":
        this.#explain(entry, beingResolved(target, tries.at(-1)?.id));
        return;
      case "start-resolver":
        await startResolver(this.#parts, entry, step.number, this.#ending.signal);
        return;
      case "return":
      case "ask-person":
        this.#explain(entry, askPerson(entry, tries));
        return;
      default:
        return unreachable(step);
    }
  }

  /** The same once more would be a change that is followed without end. */
  #explain(entry: EntryRecord, reason: string): void {
    if (entry.reason === reason) return;
    this.#parts.steps.apply(entry.id, { kind: "explained", reason }, "queue");
  }

  #triesOf(entry: EntryId): readonly TaskRecord[] {
    return listTries(this.#parts.store, entry);
  }

  /** Null: the task is no resolver's. */
  #entryOf({ branch, labels }: TaskRecord): EntryRecord | "gone" | null {
    const of = labels.includes("resolve") ? resolvedBy(branch) : null;
    return of && (this.#parts.store.entries.find(of.entry) ?? "gone");
  }
}

const RESOLVED_OTHERWISE =
  "its entry has left the queue or was resolved otherwise, so there is nothing to do any more. End your turn";

/** It is over, or was taken and did not last. */
function isSpent(status: TaskRecord["status"]): boolean {
  return isOver(status) || status === "queued";
}

function askPerson({ id }: EntryRecord, tries: readonly TaskRecord[]): string {
  const names = tries.map((task) => task.id).join(" and ");
  const who = tries.length === 0 ? "resolvers are off" : `${names} could not resolve it`;
  return needsResolution(`${who}; switchyard queue resolve ${id}`);
}
