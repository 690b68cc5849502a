import type { Command } from "commander";
import type { Dependent, RevertPlan, UndoPlan } from "../../../shared/model/take-back.ts";
import type { RunCommand } from "../command-runner.ts";
import { answer, done } from "../report.ts";
import { writePlainly } from "../write-table.ts";

interface TakeBackOptions {
  readonly anyway?: boolean;
  readonly dryRun?: boolean;
}

/** `queue revert` and `queue undo`. */
export function addTakeBackCommands(queue: Command, run: RunCommand): void {
  queue
    .command("revert")
    .argument("<entry>", "one that has landed")
    .option("--anyway", "although later work touches the same files or waited for it")
    .option("--dry-run", "only say what would be taken back, and what came after it")
    .description("take landed work back: by a new entry, tested and landed like any other")
    .action((entry: string, own: TakeBackOptions) =>
      run("app", async ({ ask }) => {
        if (own.dryRun) {
          const plan = await ask("queue.revert-plan", { entry });
          return answer(plan, writePlainly(describeRevert(plan)));
        }
        const made = await ask("queue.revert", { entry, isAnyway: own.anyway ?? false });
        return done(made, `${made.id} (${made.task}) takes back what ${entry} landed.`);
      }),
    );

  queue
    .command("undo")
    .option("--anyway", "although work that is under way began on top of it")
    .option("--dry-run", "only say what would be taken back")
    .description("put the target back to before the last landing, while nothing came after it")
    .action((own: TakeBackOptions) =>
      run("app", async ({ ask, project }) => {
        if (own.dryRun) {
          const plan = await ask("queue.undo-plan", { project });
          return answer(plan, writePlainly(describeUndo(plan)));
        }
        const undone = await ask("queue.undo", { project, isAnyway: own.anyway ?? false });
        const named = undone.map(({ id, task }) => `${id} (${task})`).join(", ");
        return done(undone, `The landing of ${named} is undone.`);
      }),
    );
}

function describeRevert({ entry, commit, target, dependents, conflicts }: RevertPlan): string {
  const lines = [`Reverting ${entry} takes ${commit.slice(0, 12)} back from ${target}.`];
  if (dependents.length > 0) lines.push("What came after it and may build on it:");
  lines.push(...dependents.map((each) => `  ${describeDependent(each)}`));
  if (conflicts.length > 0) {
    lines.push(
      `It cannot be done by itself: later work changed the same lines in ${conflicts.join(", ")}.`,
    );
  }
  return lines.join("\n");
}

function describeDependent({ title, commit, entry, task, files }: Dependent): string {
  const who = [entry, task, commit?.slice(0, 12)].filter(Boolean).join(" ");
  return `${who} "${title}": ${files.length > 0 ? files.join(", ") : "waited for it"}`;
}

function describeUndo({ entries, before, target, holders }: UndoPlan): string {
  const lines = [`Undoing ${entries.join(", ")} puts ${target} back to ${before.slice(0, 12)}.`];
  if (holders.length > 0) lines.push("Work under way that would bring it back when it lands:");
  lines.push(...holders.map(({ task, branch }) => `  ${task} ${branch}`));
  return lines.join("\n");
}
