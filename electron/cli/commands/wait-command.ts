import { type Command, Option } from "commander";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeTasks } from "../describe-rows.ts";
import { readSeconds } from "../read-words.ts";
import { done } from "../report.ts";
import { type WaitGoal, waitForTasks } from "../wait-for-tasks.ts";

interface WaitOptions {
  readonly plan?: string;
  readonly task?: string;
  readonly until: WaitGoal["until"];
  readonly timeout?: number;
}

export function addWaitCommand(program: Command, run: RunCommand): void {
  program
    .command("wait")
    .addOption(new Option("--plan <plan>", "wait for all its tasks").conflicts("task"))
    .option("--task <task>", "wait for this one")
    .addOption(
      new Option("--until <what>", "landed, or ended in any way")
        .choices(["landed", "ended"])
        .default("landed"),
    )
    .option("--timeout <seconds>", "give up after this long; default: never", readSeconds)
    .description("return when work has landed; exit code 1 when it cannot, 5 when time ran out")
    .action((own: WaitOptions) =>
      run("store", async (context) => {
        const subject = readSubject(own);
        const timeoutMs = own.timeout === undefined ? null : own.timeout * 1000;
        const tasks = await waitForTasks(context, { ...subject, until: own.until }, timeoutMs);
        if (subject.kind === "task") return done(tasks[0], describeTasks(tasks, context.cut));
        const { plan } = await context.ask("plan.show", { plan: subject.plan });
        return done({ ...plan, tasks }, describeTasks(tasks, context.cut));
      }),
    );
}

function readSubject(own: WaitOptions) {
  if (own.task !== undefined) return { kind: "task", task: own.task } as const;
  if (own.plan !== undefined) return { kind: "plan", plan: own.plan } as const;
  throw new SwitchyardError("usage", "Say what to wait for: --plan PLAN or --task TASK.");
}
