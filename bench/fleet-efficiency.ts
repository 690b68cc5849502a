import { commit, finish } from "../demo/plan/demo-task.ts";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { writeMarker } from "../demo/scripted-model/read-marker.ts";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { STAND_IN } from "../demo/stand-in/find-claude.ts";
import { isOver, type Task } from "../shared/model/task.ts";
import { type Bench, type Figure, figure } from "./measure.ts";
import { type BenchApp, openApp } from "./open-app.ts";

const TASKS = 24;
const SLOTS = [1, 2, 4, 8] as const;
const RUNS = 3;
/** Long beside the second that starting and landing take, short enough for 24 of them one after another. */
const WORK_S = 4;
const LIMIT_MS = 300_000;
const PROJECT = "fleet";

/** How near 24 equal tasks come to what as many slots could do at best. */
export const fleetEfficiency: Bench = {
  name: "fleet-efficiency",
  async run({ note, signal }) {
    const aloneS = await timeAlone(signal);
    note(`one task alone holds its slot for ${aloneS.map((s) => s.toFixed(1)).join(", ")} s`);
    const figures: Figure[] = [figure("one task alone, ready to slot free", "s", aloneS)];
    for (const slots of SLOTS) {
      const ideals = aloneS.map((alone) => (TASKS / slots) * alone);
      const makespans: number[] = [];
      for (let run = 0; run < RUNS; run++) makespans.push(await timeFleet(slots, signal));
      const show = (runs: readonly number[]) => runs.map((s) => s.toFixed(1)).join(", ");
      note(`${slots} slots: ${show(makespans)} s, ideal ${show(ideals)} s`);
      const what = `ideal makespan of ${TASKS} tasks on ${slots} slots`;
      figures.push(figure(what, "s", ideals, { what: "measured makespan", runs: makespans }));
    }
    return figures;
  },
};

async function timeAlone(signal: AbortSignal): Promise<readonly number[]> {
  await using fleet = await openFleet(1);
  const { client, view } = fleet.app;
  const runs: number[] = [];
  // The first one only warms up.
  for (let run = 0; run <= RUNS; run++) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
    const { id } = await client.call("task.create", {
      project: PROJECT,
      ...describeTask(100 + run),
    });
    const [task, endedAt] = await view.until(() => {
      const now = requireUnderWay(view.tasks.get(id));
      const ended = now?.session ? view.sessions.get(now.session)?.endedAt : null;
      return now?.landed && ended ? ([now, ended] as const) : null;
    }, limit);
    if (run > 0) runs.push((Date.parse(endedAt) - Date.parse(task.createdAt)) / 1000);
  }
  return runs;
}

/** Seconds from activating the plan to its last landing. */
async function timeFleet(slots: number, signal: AbortSignal): Promise<number> {
  await using fleet = await openFleet(slots);
  const { client, view } = fleet.app;
  const draft = { project: PROJECT, title: "Equal tasks", isDraft: true };
  const plan = await client.call("plan.create", draft);
  for (let n = 0; n < TASKS; n++)
    await client.call("task.create", { project: PROJECT, plan: plan.id, ...describeTask(n) });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const startedAt = performance.now();
  await client.call("plan.activate", { plan: plan.id });
  await view.until(() => {
    const tasks = [...view.tasks.values()].map(requireUnderWay);
    return tasks.filter((task) => task?.landed).length === TASKS ? tasks : null;
  }, limit);
  return (performance.now() - startedAt) / 1000;
}

function requireUnderWay(task: Task | undefined): Task | undefined {
  const isStuck = task && (task.status === "needs-input" || isOver(task.status)) && !task.landed;
  if (isStuck) throw new Error(`${task.id} is ${task.status}: ${task.reason}`);
  return task;
}

interface Fleet extends AsyncDisposable {
  readonly app: BenchApp;
}

/** The slots are shared by two profiles as soon as there are two. Workers are the stand-in, which costs the machine little. */
async function openFleet(slots: number): Promise<Fleet> {
  await using opening = new AsyncDisposableStack();
  const app = opening.use(await openApp());
  const claude = { executable: STAND_IN, isReal: false };
  const demo = opening.use(await prepareDemo({ folder: app.home.workFolder, claude }));
  const profiles = demo.profiles.slice(0, slots);
  for (const { name, executable, env } of profiles) {
    const cap = slots / profiles.length;
    await app.client.call("profile.add", { name, plan: "custom", cap, executable, env });
    await app.client.call("profile.check", { name });
  }
  const check = { name: "trivial", run: "true", timeoutMs: 60_000 };
  const place = { path: demo.project.path, name: PROJECT, target: demo.project.target };
  const policy = { checks: [check], approve: "auto" as const, maxWorkers: slots };
  await app.client.call("project.add", { ...place, ...policy });
  const opened = opening.move();
  return { app, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

function describeTask(n: number): { readonly title: string; readonly body: string } {
  const steps: readonly ScriptStep[] = [
    { delay: WORK_S },
    { write: { path: `equal/task-${n}.txt`, content: `This is task ${n}.\n` } },
    commit(`Add the file of task ${n}`),
    finish(`The file of task ${n} is there.`),
  ];
  return { title: `Equal ${n}`, body: `Write one file.\n\n${writeMarker(steps)}` };
}
