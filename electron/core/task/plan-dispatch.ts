import type { PlanId, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isOver, type Task } from "../../../shared/model/task.ts";

type DispatchTask = Pick<
  Task,
  "id" | "project" | "plan" | "status" | "priority" | "after" | "paths" | "createdAt"
> &
  Partial<Pick<Task, "labels">>;

/** Two tasks whose branches, as they are committed now, git does not merge by itself. */
export interface DispatchClash {
  readonly one: TaskId;
  readonly other: TaskId;
  /** The first of the files in conflict, and how many there are. */
  readonly files: readonly string[];
  readonly count: number;
}

/** What working hours allow a project now. */
export interface DispatchHours {
  /** Null: as many as the project may run at any time. */
  readonly workers: number | null;
  /** Tasks with one of these labels start all the same. */
  readonly essential: readonly string[];
  /** When that changes, for a person; null when it does not. */
  readonly until: string | null;
}

export interface DispatchView {
  readonly projects: readonly (Pick<Project, "name" | "maxWorkers"> & {
    readonly hours?: DispatchHours;
  })[];
  readonly plans: readonly Pick<Plan, "id" | "state">[];
  readonly tasks: readonly DispatchTask[];
  /** Live worker sessions a project. */
  readonly workers: ReadonlyMap<ProjectName, number>;
  /** How many of them wait for the person: they work no more than if they were not there, and working hours leave them out. */
  readonly waiting?: ReadonlyMap<ProjectName, number>;
  /** What is forecast of branches that are worked on; a project that does not want to wait for it has none here. */
  readonly clashes?: readonly DispatchClash[];
  /** Ready tasks that no profile takes now, whatever the others do. They keep no place and no path from the others, and are not tried. */
  readonly stuck?: ReadonlySet<TaskId>;
}

export type Hindrance =
  | { readonly kind: "plan"; readonly plan: PlanId; readonly state: Plan["state"] }
  | { readonly kind: "paths"; readonly holder: TaskId; readonly path: string }
  /** The same, by what both have committed. */
  | {
      readonly kind: "conflict";
      readonly holder: TaskId;
      readonly files: readonly string[];
      readonly count: number;
    }
  /** `running` of the places are taken now; the others go to tasks before it in the order. */
  | { readonly kind: "max-workers"; readonly limit: number; readonly running: number }
  /** The same of the places that working hours allow. */
  | {
      readonly kind: "hours";
      readonly limit: number;
      readonly running: number;
      readonly until: string | null;
    };

export interface DispatchPlan {
  /** Ready tasks that may start now, as far as tasks are concerned, in the order they should be tried. */
  readonly order: readonly TaskId[];
  /** Ready tasks that may not, each with what is in its way. What is stuck is in neither, unless its plan holds it. */
  readonly held: ReadonlyMap<TaskId, Hindrance>;
}

/**
 * Puts the ready tasks in order: by priority, then by how many tasks wait behind them, then by age. Tasks of a plan that is not
 * active, tasks that name paths another one holds or whose branch will conflict with that one's, and tasks beyond the project's
 * number of workers are held back.
 */
export function planDispatch(view: DispatchView): DispatchPlan {
  const planStates = new Map(view.plans.map((plan) => [plan.id, plan.state]));
  const held = new Map<TaskId, Hindrance>();
  const ready = view.tasks.filter((task) => task.status === "ready");
  const unblocks = countDependents(view.tasks);
  const ordered = ready.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      (unblocks.get(b.id) ?? 0) - (unblocks.get(a.id) ?? 0) ||
      taskNumber(a.id) - taskNumber(b.id),
  );

  const leases = new Leases(view.tasks.filter(holdsPaths), view.clashes ?? []);
  const limits = new Map(view.projects.map((project) => [project.name, project.maxWorkers]));
  const freeWorkers = new Map(
    [...limits].map(([name, limit]) => [name, limit - (view.workers.get(name) ?? 0)]),
  );
  const hours = new Map(view.projects.map((project) => [project.name, project.hours]));
  const order: TaskId[] = [];
  for (const task of ordered) {
    const planState = task.plan ? planStates.get(task.plan) : "active";
    if (task.plan && planState !== "active") {
      held.set(task.id, { kind: "plan", plan: task.plan, state: planState ?? "cancelled" });
      continue;
    }
    if (view.stuck?.has(task.id)) continue;
    const free = freeWorkers.get(task.project) ?? 0;
    if (free <= 0) {
      const running = view.workers.get(task.project) ?? 0;
      held.set(task.id, { kind: "max-workers", limit: limits.get(task.project) ?? 0, running });
      continue;
    }
    const waiting = view.waiting?.get(task.project) ?? 0;
    const taken = (limits.get(task.project) ?? 0) - free - waiting;
    const off = offHours(task, hours.get(task.project), taken);
    if (off) {
      const running = (view.workers.get(task.project) ?? 0) - waiting;
      held.set(task.id, { kind: "hours", ...off, running });
      continue;
    }
    const hold = leases.find(task);
    if (hold) {
      held.set(task.id, hold);
      continue;
    }
    freeWorkers.set(task.project, free - 1);
    leases.add(task);
    order.push(task.id);
  }
  return { order, held };
}

/** `taken`: places that are taken by then. Null: hours keep it from nothing. */
function offHours(
  { labels = [] }: DispatchTask,
  hours: DispatchHours | undefined,
  taken: number,
): { readonly limit: number; readonly until: string | null } | null {
  if (!hours || hours.workers === null || taken < hours.workers) return null;
  if (labels.some((label) => hours.essential.includes(label))) return null;
  return { limit: hours.workers, until: hours.until };
}

/** How many tasks that are not over wait for each task, directly or through others. */
export function countDependents(tasks: readonly DispatchTask[]): ReadonlyMap<TaskId, number> {
  const open = tasks.filter((task) => !isOver(task.status));
  const waiting = new Map<TaskId, TaskId[]>();
  for (const task of open) {
    for (const needed of task.after) {
      const behind = waiting.get(needed);
      if (behind) behind.push(task.id);
      else waiting.set(needed, [task.id]);
    }
  }
  const counts = new Map<TaskId, number>();
  for (const task of open)
    if (task.status === "ready") counts.set(task.id, countReachable(task.id, waiting));
  return counts;
}

/** Counting stops here: beyond this many, one more behind a task changes nobody's mind. */
const REACHABLE_MAX = 200;

function countReachable(from: TaskId, edges: ReadonlyMap<TaskId, readonly TaskId[]>): number {
  const seen = new Set<TaskId>();
  const stack = [...(edges.get(from) ?? [])];
  for (
    let next = stack.pop();
    next !== undefined && seen.size < REACHABLE_MAX;
    next = stack.pop()
  ) {
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...(edges.get(next) ?? []));
  }
  return seen.size;
}

/** Paths are held from the first commit on until the branch has landed: that is when the next one can start on top of it. */
function holdsPaths(task: DispatchTask): boolean {
  return (
    task.status === "running" ||
    task.status === "needs-input" ||
    task.status === "parked" ||
    task.status === "queued"
  );
}

/** What is held: the paths that a task names, and those that its branch has changed so that another's would conflict. */
class Leases {
  readonly #byProject = new Map<ProjectName, { holder: TaskId; scope: Scope }[]>();
  readonly #holders = new Set<TaskId>();
  readonly #clashes = new Map<TaskId, { holder: TaskId; clash: DispatchClash }[]>();

  constructor(holders: readonly DispatchTask[], clashes: readonly DispatchClash[]) {
    for (const clash of clashes) {
      this.#note(clash.one, clash.other, clash);
      this.#note(clash.other, clash.one, clash);
    }
    for (const task of holders) this.add(task);
  }

  #note(task: TaskId, holder: TaskId, clash: DispatchClash): void {
    const known = this.#clashes.get(task) ?? [];
    this.#clashes.set(task, known);
    known.push({ holder, clash });
  }

  add(task: DispatchTask): void {
    this.#holders.add(task.id);
    if (task.paths.length === 0) return;
    const leases = this.#byProject.get(task.project) ?? [];
    this.#byProject.set(task.project, leases);
    for (const path of task.paths) leases.push({ holder: task.id, scope: scopeOf(path) });
  }

  find(task: DispatchTask): Extract<Hindrance, { holder: TaskId }> | null {
    const scopes = task.paths.map(scopeOf);
    if (scopes.length > 0)
      for (const { holder, scope: held } of this.#byProject.get(task.project) ?? [])
        if (scopes.some((scope) => mayMeet(scope, held)))
          return { kind: "paths", holder, path: held.path };
    const met = this.#clashes.get(task.id)?.find(({ holder }) => this.#holders.has(holder));
    if (!met) return null;
    const { files, count } = met.clash;
    return { kind: "conflict", holder: met.holder, files, count };
  }
}

interface Scope {
  readonly path: string;
  /** The part before the first wildcard. */
  readonly prefix: string;
  readonly hasWildcard: boolean;
}

function scopeOf(path: string): Scope {
  const plain = path.replace(/^\.\//, "");
  const prefix = plain.split(/[*?[{]/, 1)[0] ?? "";
  return { path, prefix, hasWildcard: prefix.length < plain.length };
}

/** Globs are compared by their literal beginnings: two that could meet are taken as meeting. A plain path stands for itself and what is below it. */
function mayMeet(a: Scope, b: Scope): boolean {
  const [short, long] = a.prefix.length <= b.prefix.length ? [a, b] : [b, a];
  if (!long.prefix.startsWith(short.prefix)) return false;
  if (short.hasWildcard || long.prefix.length === short.prefix.length) return true;
  return short.prefix.endsWith("/") || long.prefix[short.prefix.length] === "/";
}

function taskNumber(id: TaskId): number {
  return Number(id.slice(2));
}
