import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import type { PlanId, TaskId } from "../shared/model/ids.ts";
import type { Task } from "../shared/model/task.ts";
import { checkTarget } from "./check-target.ts";
import { followPlan } from "./follow-plan.ts";
import { judgeDemo } from "./judge-demo.ts";
import type { Demo } from "./prepare-demo.ts";

export interface DemoRun {
  readonly client: Client<AppContract>;
  readonly demo: Demo;
  /** Gets one line for each thing worth telling. */
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

export type DemoOutcome =
  | {
      readonly kind: "landed";
      readonly landed: number;
      readonly returned: number;
      readonly tookMs: number;
    }
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** Makes the demo's profiles, project, plan and tasks in the app, watches them land, and looks whether all was in order. */
export async function runDemo({ client, demo, onProgress, signal }: DemoRun): Promise<DemoOutcome> {
  const startedMs = Date.now();
  onProgress(
    demo.claude.isReal
      ? "Workers run the installed Claude Code on a scripted model; no subscription is used."
      : "Claude Code is not installed here: a stand-in for it plays the workers.",
  );
  const { plan, tasks } = await createDemo(client, demo);
  const end = await followPlan({ client, plan, tasks, onProgress, signal });
  if (end.kind === "failed") return end;

  const { sessions } = (await client.call("app.watch", {})).rows;
  const judged = judgeDemo(demo.model.calls, sessions, demo.profiles).map(({ text }) => text);
  const checked = await checkTarget(demo.project, end.commits, signal);
  const reasons = [...judged, ...checked];
  if (reasons.length > 0) return { kind: "failed", reasons };
  onProgress("The checks pass on a clean clone of the target branch.");
  return {
    kind: "landed",
    landed: tasks.length,
    returned: end.returned,
    tookMs: Date.now() - startedMs,
  };
}

/** Makes everything in the app; the plan is activated last, so that all its tasks are there when the first goes out. */
export async function createDemo(
  client: Client<AppContract>,
  demo: Demo,
): Promise<{ readonly plan: PlanId; readonly tasks: readonly Task[] }> {
  for (const { name, plan, cap, executable, env } of demo.profiles) {
    await client.call("profile.add", { name, plan, cap, executable, env });
    await client.call("profile.check", { name });
  }
  const project = await client.call("project.add", {
    ...demo.project,
    checks: [...demo.project.checks],
    approve: "auto",
  });

  const plan = await client.call("plan.create", {
    project: project.name,
    title: demo.planTitle,
    isDraft: true,
  });
  const tasks: Task[] = [];
  for (const { title, body, after } of demo.tasks) {
    const waitsFor = after.map((index) => tasks[index]?.id).filter((id): id is TaskId => !!id);
    const task = { project: project.name, plan: plan.id, title, body, after: waitsFor };
    tasks.push(await client.call("task.create", task));
  }
  await client.call("plan.activate", { plan: plan.id });
  return { plan: plan.id, tasks };
}
