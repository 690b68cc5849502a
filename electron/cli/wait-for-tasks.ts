import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { isOver, type Task } from "../../shared/model/task.ts";
import type { CommandContext } from "./command-runner.ts";

export type WaitGoal = (
  | { readonly kind: "plan"; readonly plan: string }
  | { readonly kind: "task"; readonly task: string }
) & { readonly until: "landed" | "ended" };

/**
 * Returns the tasks when all of them are where the goal wants them.
 * Throws `failed` when they can no longer get there, `timeout`, and `needs-app` when no app runs to bring them there.
 *
 * @param timeoutMs null to wait for ever
 */
export async function waitForTasks(
  context: Pick<CommandContext, "ask" | "core">,
  goal: WaitGoal,
  timeoutMs: number | null,
): Promise<readonly Task[]> {
  const { client, isApp } = context.core;
  const done = Promise.withResolvers<readonly Task[]>();
  // When the answer is known before anyone waits, what comes later has nobody to tell.
  done.promise.catch(() => {});
  const look = () => {
    readGoalTasks(context, goal)
      .then((tasks) => {
        if (isReached(tasks, goal)) done.resolve(tasks);
      })
      .catch(done.reject);
  };

  // Watching begins before the first look: a change between the two is told.
  client.on("changed", ({ rows }) => {
    if (rows.tasks !== undefined) look();
  });
  client.onClose(() =>
    done.reject(new SwitchyardError("needs-app", "Switchyard ended while we waited.")),
  );
  await context.ask("app.watch", {});
  const first = await readGoalTasks(context, goal);
  if (isReached(first, goal)) return first;
  if (!isApp) {
    throw new SwitchyardError(
      "needs-app",
      "Nothing will change while Switchyard is not running.",
      "Start it with: switchyard serve",
    );
  }

  const timer =
    timeoutMs === null
      ? null
      : setTimeout(() => done.reject(outOfTime(goal, timeoutMs)), timeoutMs);
  try {
    return await done.promise;
  } finally {
    if (timer) clearTimeout(timer);
  }
}

async function readGoalTasks(
  { ask }: Pick<CommandContext, "ask">,
  goal: WaitGoal,
): Promise<readonly Task[]> {
  if (goal.kind === "task") return [await ask("task.show", { task: goal.task })];
  return (await ask("plan.show", { plan: goal.plan })).tasks;
}

function isReached(tasks: readonly Task[], goal: WaitGoal): boolean {
  if (goal.until === "ended") return tasks.every((task) => isOver(task.status));
  const lost = tasks.find((task) => isOver(task.status) && task.status !== "landed");
  if (lost) {
    const why = lost.reason === null ? "" : `: ${lost.reason}`;
    throw new SwitchyardError(
      "failed",
      `${lost.id} is ${lost.status}${why}.`,
      `Run it again with: switchyard task retry ${lost.id}`,
    );
  }
  return tasks.every((task) => task.status === "landed");
}

function outOfTime(goal: WaitGoal, timeoutMs: number): SwitchyardError {
  const [subject, look] =
    goal.kind === "task"
      ? [goal.task, `task why ${goal.task}`]
      : [goal.plan, `plan show ${goal.plan}`];
  return new SwitchyardError(
    "timeout",
    `${subject} has not ${goal.until} within ${timeoutMs / 1000} s; it goes on.`,
    `See what it waits for: switchyard ${look}`,
  );
}
