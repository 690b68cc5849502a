import type { ProjectName, SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import type { DispatchHours } from "../task/plan-dispatch.ts";
import type { Sessions } from "../worker/sessions.ts";
import { hoursReason, isOffHours } from "../worker/stop-reasons.ts";
import type { Keeper } from "./keeper.ts";
import type { TaskSteps } from "./task-steps.ts";

/** Hours are written in minutes. */
const LOOK_EVERY_MS = 15_000;
const BEGUN = "working hours let it go on";
const GO_ON =
  "Working hours had ended and your session with them. Look at git status and git log in your worktree, then go on with the task and finish it.";

interface HoursParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly sessions: Pick<Sessions, "end">;
  readonly hoursOf: (project: ProjectName) => DispatchHours;
  /** Looks at what is ready. */
  readonly wake: () => void;
}

/**
 * Keeps as many workers as working hours allow. Nobody is stopped in a turn: whoever is one too many leaves when its turn is over,
 * or when it waits for a limit. Its task is parked with its conversation, and goes out again when hours allow one more.
 */
export class HoursKeeper implements Keeper {
  readonly #parts: HoursParts;
  /** Being ended: they take no place any more. */
  readonly #leaving = new Set<SessionId>();
  #told = "";
  #timer: Disposable | null = null;

  constructor(parts: HoursParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#look();
    this.#timer = this.#parts.clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
  }

  lookAgain(): void {
    this.#look();
  }

  /** Ends this session if it is one too many; it is between two turns. Null: it may go on. */
  endIfTooMany(session: SessionRecord, task: TaskRecord): Promise<void> | null {
    const hours = this.#parts.hoursOf(task.project);
    if (hours.workers === null || isEssential(task, hours)) return null;
    if (this.#leaving.has(session.id) || this.#workersOf(task.project) <= hours.workers)
      return null;
    this.#leaving.add(session.id);
    const why = hoursReason(hours.workers, hours.until);
    return this.#parts.sessions
      .end(session.id, "stopped", "hours", { why })
      .finally(() => this.#leaving.delete(session.id));
  }

  #look(): void {
    const { store, wake } = this.#parts;
    const projects = store.projects.list().map(({ name }) => ({ name, hours: this.#hours(name) }));
    for (const { name, hours } of projects) this.#letGoOn(name, hours);
    for (const session of store.sessions.list({ isLive: true })) this.#endAtLimit(session);
    const told = JSON.stringify(projects);
    if (told === this.#told) return;
    this.#told = told;
    wake();
  }

  #hours(project: ProjectName): Pick<DispatchHours, "workers" | "essential"> {
    const { workers, essential } = this.#parts.hoursOf(project);
    return { workers, essential };
  }

  /** As many of the parked tasks as there is room for; the most urgent first. */
  #letGoOn(project: ProjectName, hours: Pick<DispatchHours, "workers" | "essential">): void {
    const { store, steps } = this.#parts;
    const parked = store.tasks
      .list({ status: ["parked"] })
      .filter((task) => task.project === project && isOffHours(task.reason))
      .toSorted((a, b) => a.priority - b.priority);
    let room = (hours.workers ?? parked.length) - (hours.workers ? this.#workersOf(project) : 0);
    for (const task of parked) {
      if (room <= 0 && !isEssential(task, hours)) continue;
      room -= 1;
      const event = { kind: "session-ended", reason: BEGUN, isFailure: false } as const;
      steps.apply(task.id, event, "hours", { handback: task.handback ?? GO_ON });
    }
  }

  /** A session that waits for its profile's limit is in no turn, and would go on by itself outside of hours. */
  #endAtLimit(session: SessionRecord): void {
    if (session.state !== "limited" || session.kind !== "worker") return;
    const task = this.#parts.steps.heldBy(session);
    const ending = task && this.endIfTooMany(session, task);
    ending?.catch((error: unknown) =>
      this.#parts.log.error({ error, session: session.id }, "ending a session off hours failed"),
    );
  }

  /** Whoever waits for the person is left out: the hours are for those who work, and the person may have gone home. */
  #workersOf(project: ProjectName): number {
    const { store, steps } = this.#parts;
    return store.sessions
      .list({ project, isLive: true })
      .filter(({ kind, id }) => kind === "worker" && !this.#leaving.has(id))
      .filter((session) => steps.heldBy(session)?.status !== "needs-input").length;
  }
}

function isEssential(
  { labels }: Pick<TaskRecord, "labels">,
  { essential }: Pick<DispatchHours, "essential">,
): boolean {
  return labels.some((label) => essential.includes(label));
}
