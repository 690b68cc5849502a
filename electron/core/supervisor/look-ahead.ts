import type { PlanId, ProfileName, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { isOver, type Task } from "../../../shared/model/task.ts";
import type { Candidate, Placement } from "../profile/plan-placement.ts";
import { explainTask, type Reason } from "../task/explain-task.ts";
import { type DispatchPlan, type DispatchView, planDispatch } from "../task/plan-dispatch.ts";

export interface AheadView {
  /** It is looked at as if it were active. */
  readonly plan: PlanId;
  readonly projects: DispatchView["projects"];
  readonly plans: readonly Plan[];
  /** Of all projects: others' tasks take slots, too. */
  readonly tasks: readonly Task[];
  /** What is forecast of branches that are worked on. */
  readonly clashes?: DispatchView["clashes"];
  /** Live worker sessions, each with the task it works on. */
  readonly workers: readonly {
    readonly task: TaskId | null;
    readonly project: ProjectName | null;
    readonly profile: ProfileName;
  }[];
  readonly candidates: readonly Candidate[];
  /** Where this task would go if the profiles stood like this, and `last` had got the last work of its project. */
  readonly place: (
    task: Task,
    candidates: readonly Candidate[],
    last: ProfileName | undefined,
  ) => Placement;
  /** Of these ready tasks, those whose pin or pool takes nothing then: they keep no place from the others. */
  readonly findShut: (
    tasks: readonly Task[],
    candidates: readonly Candidate[],
  ) => ReadonlySet<TaskId>;
}

export interface AheadStep {
  readonly task: TaskId;
  /** 1: at once; 2: when those of the first round have landed, and so on. 0: under way. Null: not by itself. */
  readonly round: number | null;
  readonly placement: Extract<Placement, { kind: "placed" }> | null;
  /** Why it does not start at once, as it stands now. */
  readonly waitsFor: readonly Reason[];
}

/** A plan is rarely deeper; what lies beyond is not told round by round. */
const ROUNDS_MAX = 100;

/**
 * What would happen with each open task of a plan, in the order in which they would start. Rounds stand for time: everything of one
 * lands before the next begins, while windows, rests and sign-ins stay as they are now.
 */
export function lookAhead(view: AheadView): readonly AheadStep[] {
  const own = view.tasks.filter((task) => task.plan === view.plan && !isOver(task.status));
  const plans = view.plans.map((plan) =>
    plan.id === view.plan ? { ...plan, state: "active" as const } : plan,
  );
  const steps = new Map<TaskId, AheadStep>();
  const waits = new Map<TaskId, readonly Reason[]>();
  const last = new Map<ProjectName, ProfileName>();
  let tasks = view.tasks;
  let { candidates, workers } = view;

  for (let round = 1; round <= ROUNDS_MAX && steps.size < own.length; round++) {
    tasks = survey(tasks, view.plan);
    const ready = tasks.filter(({ status }) => status === "ready");
    const stuck = view.findShut(ready, candidates);
    const asking = new Set(
      tasks.flatMap(({ id, status }) => (status === "needs-input" ? [id] : [])),
    );
    const plan = planDispatch({
      projects: view.projects,
      plans,
      tasks,
      workers: count(workers),
      waiting: count(workers.filter(({ task }) => task !== null && asking.has(task))),
      clashes: view.clashes ?? [],
      stuck,
    });
    const started = new Set<TaskId>();
    const refusals = new Map<TaskId, readonly Reason[]>();
    const byId = new Map(tasks.map((task) => [task.id, task]));
    for (const id of plan.order) {
      const task = byId.get(id);
      if (!task) continue;
      const placement = view.place(task, candidates, last.get(task.project));
      if (placement.kind === "none") {
        refusals.set(id, placement.reasons.map(toReason));
        continue;
      }
      started.add(id);
      last.set(task.project, placement.profile);
      candidates = change(candidates, placement.profile, 1);
      workers = [...workers, { task: id, project: task.project, profile: placement.profile }];
      if (task.plan === view.plan)
        steps.set(id, { task: id, round, placement, waitsFor: waits.get(id) ?? [] });
    }
    if (round === 1)
      for (const task of ready.filter(({ id }) => plan.held.has(id) || stuck.has(id))) {
        const placement = view.place(task, view.candidates, undefined);
        if (placement.kind === "none") refusals.set(task.id, placement.reasons.map(toReason));
      }
    for (const task of own) {
      const now = byId.get(task.id) ?? task;
      if (round === 1 && isUnderWay(task))
        steps.set(task.id, {
          task: task.id,
          round: 0,
          placement: null,
          waitsFor: explain(now, byId, plan, null),
        });
      else if (!steps.has(task.id) && !waits.has(task.id))
        waits.set(task.id, explain(now, byId, plan, refusals.get(task.id) ?? null));
    }
    const hasMoved = started.size > 0 || tasks.some(isUnderWay);
    if (!hasMoved) break;
    for (const { profile, task } of workers) if (task) candidates = change(candidates, profile, -1);
    workers = workers.filter(({ task }) => task === null);
    tasks = tasks.map((task) =>
      started.has(task.id) || isUnderWay(task) ? { ...task, status: "landed" } : task,
    );
  }
  const stuck = own.filter((task) => !steps.has(task.id));
  return [
    ...[...steps.values()].toSorted((a, b) => (a.round ?? 0) - (b.round ?? 0)),
    ...stuck.map(({ id }) => ({
      task: id,
      round: null,
      placement: null,
      waitsFor: waits.get(id) ?? [],
    })),
  ];
}

/** Somebody works on it, or its work is in the queue: it ends without a new start. */
function isUnderWay({ status }: Pick<Task, "status">): boolean {
  return (
    status === "running" || status === "needs-input" || status === "parked" || status === "queued"
  );
}

/** Drafts of the plan wait or are ready once it is active; what waited is ready once all it waits for has landed. */
function survey(tasks: readonly Task[], plan: PlanId): readonly Task[] {
  const landed = new Set(tasks.filter(({ status }) => status === "landed").map(({ id }) => id));
  return tasks.map((task) => {
    const isOpen = task.status === "waiting" || (task.status === "draft" && task.plan === plan);
    if (!isOpen) return task;
    const isReady = task.after.every((needed) => landed.has(needed));
    return { ...task, status: isReady ? "ready" : "waiting" };
  });
}

function explain(
  task: Task,
  byId: ReadonlyMap<TaskId, Task>,
  plan: DispatchPlan,
  noPlace: readonly Reason[] | null,
): readonly Reason[] {
  const nothing = { entry: null, session: null, halted: null };
  return explainTask({ ...nothing, task, find: (id) => byId.get(id), plan, noPlace });
}

function toReason(text: string): Reason {
  return { kind: "profile", text, subject: null };
}

function change(
  candidates: readonly Candidate[],
  profile: ProfileName,
  by: number,
): readonly Candidate[] {
  return candidates.map((each) =>
    each.name === profile ? { ...each, live: Math.max(0, each.live + by) } : each,
  );
}

function count(workers: AheadView["workers"]): ReadonlyMap<ProjectName, number> {
  const counts = new Map<ProjectName, number>();
  for (const { project } of workers)
    if (project) counts.set(project, (counts.get(project) ?? 0) + 1);
  return counts;
}
