import { planDispatch } from "../electron/core/task/plan-dispatch.ts";
import { type ProjectName, ProjectName as ProjectNames, TaskId } from "../shared/model/ids.ts";
import type { TaskStatus } from "../shared/model/task.ts";
import { type Bench, figure, timeRuns } from "./measure.ts";

const TASKS = 10_000;
const SESSIONS = 100;

/** How long the dispatcher needs to put 10,000 tasks in order while 100 sessions run, beside sorting as many numbers. */
export const dispatchPlanning: Bench = {
  name: "dispatch-planning",
  async run() {
    const project = ProjectNames.parse("bench");
    const view = {
      projects: [{ name: project, maxWorkers: SESSIONS + 25 }],
      plans: [],
      tasks: Array.from({ length: TASKS }, (_, n) => inventTask(n, project)),
      workers: new Map<ProjectName, number>([[project, SESSIONS]]),
    };
    const numbers = Array.from({ length: TASKS }, (_, n) => (n * 7919) % TASKS);
    const planning = await timeRuns(15, () => void planDispatch(view));
    const sorting = await timeRuns(15, () => void numbers.toSorted((a, b) => a - b));
    return [
      figure(`plan ${TASKS} tasks, ${SESSIONS} sessions`, "ms", planning, {
        what: `sort ${TASKS} numbers`,
        runs: sorting,
      }),
    ];
  },
};

function inventTask(n: number, project: ProjectName) {
  const status: TaskStatus = n < SESSIONS ? "running" : n % 3 === 0 ? "waiting" : "ready";
  const after =
    status === "waiting"
      ? [TaskId.parse(`t-${(n % 997) + SESSIONS}`), TaskId.parse(`t-${Math.max(1, n - 1)}`)]
      : [];
  return {
    id: TaskId.parse(`t-${n + 1}`),
    project,
    plan: null,
    status,
    priority: (n % 5) + 1,
    after,
    paths: [`src/part-${n % 400}/**`],
    createdAt: "2026-11-21T00:00:00.000Z",
  };
}
