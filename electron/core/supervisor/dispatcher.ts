import { randomUUID } from "node:crypto";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Placement } from "../profile/plan-placement.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import {
  type DispatchClash,
  type DispatchHours,
  type DispatchPlan,
  planDispatch,
} from "../task/plan-dispatch.ts";
import { claimSession } from "./claim-session.ts";
import { refuseWhileHalted } from "./fleet-halt.ts";
import { withoutHandedOver } from "./handoff-notes.ts";
import type { Placer } from "./placer.ts";
import { lastConversation, planRung } from "./plan-recovery.ts";
import { TaskRests } from "./task-rests.ts";
import type { TaskSteps } from "./task-steps.ts";

/** After a claim that could not be saved: the time a person needs to make room on a disk, not the time a disk needs. */
const CLAIM_AGAIN_MS = 30_000;

export interface DispatcherParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly log: Log;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly worktreeOf: (task: TaskRecord) => string;
  readonly placer: Placer;
  /** What working hours allow a project now. */
  readonly hoursOf: (project: ProjectName) => DispatchHours;
  /** Branches that are forecast to conflict, in projects that want to wait for each other's. */
  readonly clashes: () => readonly DispatchClash[];
  /** Why nothing is handed out now, whatever is ready; null while work goes out. */
  readonly shut: () => string | null;
  /**
   * Starts the claimed session when it is its turn; resolves once its program gave a sign of life, the start failed, or the
   * session was over before it began. Rejects with the signal's reason when that aborts first: nothing was started then.
   */
  readonly start: (session: SessionRecord, task: TaskRecord, signal: AbortSignal) => Promise<void>;
}

/**
 * Hands out ready tasks: claims one by one, in order, each claim a transaction that moves the task and reserves the slot,
 * then starts the session.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #rests: TaskRests;
  readonly #starting = new Set<Promise<void>>();
  readonly #leaving = new AbortController();
  #isRunning = false;
  #isWakePending = false;
  #isClaimAgainPending = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#rests = new TaskRests(parts.clock, parts.random);
  }

  /** Looks at everything that is ready, soon and once, however often it is called. */
  wake(): void {
    if (!this.#isRunning || this.#isWakePending) return;
    this.#isWakePending = true;
    setImmediate(() => {
      this.#isWakePending = false;
      if (this.#isRunning) this.#handOut();
    });
  }

  run(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** From now on nothing is claimed, and what is claimed and not begun is not started: the next core gives it back. */
  halt(): void {
    this.#isRunning = false;
    this.#leaving.abort(new Error("the core is stopping"));
  }

  /** Halts, and waits until the starts under way are through. */
  async dispose(): Promise<void> {
    this.halt();
    await Promise.all(this.#starting);
  }

  /** The order as it is now, for whoever asks why a task is not running. */
  plan(without: SessionRecord | null = null): DispatchPlan {
    const { store, steps } = this.#parts;
    const workers = new Map<ProjectName, number>();
    const waiting = new Map<ProjectName, number>();
    const count = (counts: typeof workers, name: ProjectName) =>
      counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const session of store.sessions.list({ isLive: true })) {
      if (session.kind !== "worker" || !session.project || session.id === without?.id) continue;
      count(workers, session.project);
      if (steps.heldBy(session)?.status === "needs-input") count(waiting, session.project);
    }
    const tasks = store.tasks.list({ status: DISPATCH_STATUSES });
    return planDispatch({
      projects: store.projects
        .list()
        .map(({ name, maxWorkers }) => ({ name, maxWorkers, hours: this.#parts.hoursOf(name) })),
      plans: store.plans.list(),
      tasks,
      workers,
      waiting,
      clashes: this.#parts.clashes(),
      stuck: this.#findStuck(tasks, without),
    });
  }

  /** Ready tasks that rest after a failure, and those whose pin or pool takes nothing now. */
  #findStuck(tasks: readonly TaskRecord[], without: SessionRecord | null): ReadonlySet<TaskId> {
    const { placer } = this.#parts;
    const ready = tasks.filter((task) => task.status === "ready");
    const shut = placer.findShut(ready, placer.candidates(without));
    const resting = ready.filter((task) => this.#rests.leftMs(task) > 0);
    return new Set([...shut, ...resting.map((task) => task.id)]);
  }

  /** Where this task would go now, with the reason; or why nowhere, a sentence for each thing in the way. */
  place(task: TaskRecord): Placement {
    return this.#place(task, { isTold: true });
  }

  /** The first ready task that cannot start now and could if this session were gone; null when none would get its slot. */
  findHeir(session: SessionRecord): TaskRecord | null {
    const { store, shut, placer } = this.#parts;
    if (!this.#isRunning || store.fleet.read().isHalted || shut() !== null) return null;
    const order = this.#find(this.plan(session).order);
    const full = placer.findFull(order, placer.candidates(session));
    let orderNow: ReadonlySet<TaskId> | null = null;
    for (const task of order) {
      if (full.has(task.id)) continue;
      if (this.#place(task, { without: session }).kind === "none") continue;
      orderNow ??= new Set(this.plan().order);
      const isNext = orderNow.has(task.id) && this.#place(task).kind === "placed";
      if (!isNext) return task;
    }
    return null;
  }

  #find(ids: readonly TaskId[]): readonly TaskRecord[] {
    return ids.flatMap((id) => this.#parts.store.tasks.find(id) ?? []);
  }

  #place(task: TaskRecord, circumstances: Parameters<Placer["place"]>[1] = {}): Placement {
    const restMs = this.#rests.leftMs(task);
    if (restMs > 0) {
      return {
        kind: "none",
        reasons: [
          `It failed and is tried again in ${Math.ceil(restMs / 1000)} s: ${task.reason ?? ""}`,
        ],
      };
    }
    return this.#parts.placer.place(task, circumstances);
  }

  /** Claims one ready task for a profile with room. Returns null when it is not ready any more or no profile takes it. */
  claim(
    id: TaskId,
    isForPerson = false,
  ): { readonly session: SessionRecord; readonly task: TaskRecord } | null {
    const { store, steps } = this.#parts;
    return store.write("dispatcher", (record) => {
      const task = store.tasks.find(id);
      if (task?.status !== "ready" || store.fleet.read().isHalted) return null;
      const placement = this.#place(task, { isForPerson });
      if (placement.kind === "none") return null;
      const past = store.sessions.list({ task: id });
      const last = lastConversation(withoutHandedOver(store, id));
      const isResumed = task.handback !== null && last?.profile === placement.profile;
      const rung = planRung(past, isResumed);
      const { profile, strategy, reason } = placement;
      const claimed = claimSession({ store, steps }, record, task, {
        profile,
        placement: { strategy, reason },
        conversation: isResumed && last ? last.providerSession : randomUUID(),
        isResumed,
        cwd: this.#parts.worktreeOf(task),
        recovery: rung && { ...rung, at: this.#parts.clock.now().toISOString() },
        movedFrom: null,
        event: { kind: "claimed" },
      });
      this.#parts.placer.noteClaim(task.project, profile);
      return claimed;
    });
  }

  /** Claims and starts one ready task ahead of the others. Refused with the reasons when no profile takes it. */
  startNow(id: TaskId): SessionRecord {
    refuseWhileHalted(this.#parts.store);
    const claimed = this.claim(id, true);
    if (!claimed) throw this.#noPlace(id);
    this.begin(claimed.session, claimed.task);
    return claimed.session;
  }

  #noPlace(id: TaskId): SwitchyardError {
    const task = this.#parts.steps.require(id);
    if (task.status !== "ready")
      return new SwitchyardError(
        "wrong-state",
        `${id} is ${task.status}, so it cannot be started now.`,
      );
    const placement = this.#place(task, { isForPerson: true, isTold: true });
    const reasons = placement.kind === "none" ? placement.reasons : [];
    return new SwitchyardError(
      "cap-full",
      `No profile takes ${id} now: ${reasons.join("; ")}.`,
      "It starts by itself as soon as one has room.",
    );
  }

  #handOut(): void {
    const { store, placer, shut, log } = this.#parts;
    if (store.fleet.read().isHalted || shut() !== null) return;
    const order = this.#find(this.plan().order);
    this.#rests.atFirstEnd(() => this.wake(), this.#leaving.signal);
    // A claim is a transaction: none is begun for what would be told what another was told already.
    let full = placer.findFull(order);
    for (const task of order) {
      if (full.has(task.id)) continue;
      try {
        const claimed = this.claim(task.id);
        if (!claimed) continue;
        this.begin(claimed.session, claimed.task);
        full = placer.findFull(order);
      } catch (error) {
        // One claim that cannot be saved, e.g. on a full disk, ends neither the core nor the round of the others.
        log.error({ error, task: task.id }, "a task could not be claimed");
        this.#claimAgain();
      }
    }
  }

  /** Once, however many could not be claimed. */
  #claimAgain(): void {
    if (this.#isClaimAgainPending) return;
    this.#isClaimAgainPending = true;
    this.#parts.clock.wait(CLAIM_AGAIN_MS, this.#leaving.signal).then(
      () => {
        this.#isClaimAgainPending = false;
        this.wake();
      },
      () => undefined,
    );
  }

  /** Starts a session that has been claimed, when it is its turn. */
  begin(session: SessionRecord, task: TaskRecord): void {
    const { start, log } = this.#parts;
    const { signal } = this.#leaving;
    const starting = start(session, task, signal)
      .catch((error) => {
        if (!signal.aborted) log.error({ error, session: session.id }, "a start went wrong");
      })
      .finally(() => this.#starting.delete(starting));
    this.#starting.add(starting);
  }
}

const DISPATCH_STATUSES = [
  "ready",
  "waiting",
  "running",
  "needs-input",
  "parked",
  "queued",
] as const;
