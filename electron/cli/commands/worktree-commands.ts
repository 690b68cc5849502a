import path from "node:path";
import type { Command } from "commander";
import type { WorktreeRepair } from "../../../shared/model/moved-places.ts";
import type { Removal } from "../../../shared/model/removal.ts";
import type { RunCommand } from "../command-runner.ts";
import { answer, done } from "../report.ts";
import { writeTable } from "../write-table.ts";

export function addWorktreeCommands(program: Command, run: RunCommand): void {
  const worktree = program.command("worktree").description("the checkouts that workers work in");

  worktree
    .command("list-removed")
    .description("worktrees that were removed and can be put back")
    .action(() =>
      run("store", async ({ ask, inProject }) => {
        const removals = await ask("task.removals", await inProject());
        return answer(removals, describeRemovals(removals));
      }),
    );

  worktree
    .command("remove")
    .argument("<task>")
    .option("--yes", "also when the task is open and has work in it that is not committed")
    .description("take a task's worktree away; everything in it but ignored files is kept 30 days")
    .action((task: string, own: { yes?: boolean }) =>
      run("store", async ({ ask }) => {
        const input = { task, isSure: own.yes === true };
        const removed = await ask("task.remove-worktree", input);
        const kept = removed.rescue ? `, its uncommitted files as ${removed.rescue}` : "";
        return done(
          removed,
          `Removed ${removed.path}. Its branch ${removed.branch} is kept${kept}. Put it back with: switchyard worktree restore ${task}`,
        );
      }),
    );

  worktree
    .command("restore")
    .argument("<task>")
    .description("put a removed worktree back, with what was not committed in it")
    .action((task: string) =>
      run("store", async ({ ask }) => {
        const restored = await ask("task.restore-worktree", { task });
        return done(restored, `Restored ${restored.worktree}.`);
      }),
    );

  worktree
    .command("repair")
    .argument("<task>")
    .option("--at <path>", "where it is now, when it is not found near its old place")
    .option("--yes", "do it; without, only what would change is shown")
    .description("find a worktree again that was moved by hand")
    .action((task: string, own: { at?: string; yes?: boolean }) =>
      run("store", async ({ ask, surroundings }) => {
        const at = own.at === undefined ? {} : { at: path.resolve(surroundings.cwd, own.at) };
        const input = { task, ...at, isPreview: own.yes !== true };
        const repair = await ask("task.repair-worktree", input);
        return done(repair, describeRepair(repair));
      }),
    );
}

function describeRepair({ task, was, now, branch, isDone }: WorktreeRepair): string {
  const places = `It was at ${was}\nand is at    ${now}${branch === null ? "" : ` (${branch})`}.`;
  return isDone
    ? `The worktree of ${task} is known at its new place.\n${places}`
    : `The worktree of ${task} was moved.\n${places}\nNothing is changed yet. Let git and the task know it there with: switchyard worktree repair ${task} --yes`;
}

function describeRemovals(removals: readonly Removal[]): string {
  const rows = removals.map(({ task, branch, rescue, why, at, restoredAt }) => [
    task,
    at.slice(0, 16).replace("T", " "),
    restoredAt === null ? "removed" : "put back",
    branch,
    rescue ?? "",
    why,
  ]);
  const head = ["task", "at", "state", "branch", "uncommitted files", "why"];
  return writeTable(head, rows, "No removed worktrees.");
}
