import type { Plan } from "../../../shared/model/plan.ts";
import { isOver, type Task, type TaskStatus } from "../../../shared/model/task.ts";

export interface TaskGroup {
  readonly key: string;
  readonly title: string;
  readonly plan: Plan | null;
  readonly tasks: readonly Task[];
}

/** What needs a person first, then what moves, then what waits, then what is over. */
const ORDER: readonly TaskStatus[] = [
  "needs-input",
  "failed",
  "running",
  "queued",
  "ready",
  "parked",
  "waiting",
  "draft",
  "landed",
  "cancelled",
];

const TITLES: Readonly<Record<TaskStatus, string>> = {
  "needs-input": "Needs input",
  failed: "Failed",
  running: "Running",
  queued: "In the merge queue",
  ready: "Ready",
  parked: "Parked",
  waiting: "Waiting for another task",
  draft: "Draft",
  landed: "Landed",
  cancelled: "Cancelled",
};

export function matchesFilter(task: Task, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [task.id, task.title, task.status, task.reason, task.profile, ...task.labels]
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Tasks of one plan under its title, newest plan first; tasks without a plan last. */
export function groupByPlan(tasks: readonly Task[], plans: readonly Plan[]): readonly TaskGroup[] {
  const groups = plans.map((plan) => ({
    key: plan.id,
    title: plan.title,
    plan,
    tasks: tasks.filter((task) => task.plan === plan.id).sort(compareTasks),
  }));
  const loose = tasks.filter((task) => task.plan === null).sort(compareTasks);
  const newestFirst = groups.sort((a, b) => b.plan.createdAt.localeCompare(a.plan.createdAt));
  if (loose.length === 0) return newestFirst;
  return [...newestFirst, { key: "none", title: "Without a plan", plan: null, tasks: loose }];
}

export function groupByState(tasks: readonly Task[]): readonly TaskGroup[] {
  return ORDER.map((status) => ({
    key: status,
    title: TITLES[status],
    plan: null,
    tasks: tasks.filter((task) => task.status === status).sort(compareTasks),
  })).filter((group) => group.tasks.length > 0);
}

/** Open before over, then by what needs a person, then by priority, then the older first. */
function compareTasks(a: Task, b: Task): number {
  return (
    Number(isOver(a.status)) - Number(isOver(b.status)) ||
    ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
    a.priority - b.priority ||
    Number(a.id.slice(2)) - Number(b.id.slice(2))
  );
}
