import type { Command } from "commander";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Output } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { readProjectRef } from "../read-words.ts";
import { answer, done } from "../report.ts";
import { writeTable } from "../write-table.ts";

interface Choice {
  readonly commit?: boolean;
  readonly stash?: boolean;
  readonly carry?: boolean;
  readonly leave?: boolean;
  readonly message?: string;
}

const said = {
  commit: "Committed on your branch.",
  stash: "Put on your stash; get them back with: git stash pop",
  carry: "New worktrees begin with them. Your checkout is as it was.",
  leave: "New worktrees go without them. Your checkout is as it was.",
} as const;

/** What a person does about uncommitted changes in their own checkout. */
export function addChangesCommands(project: Command, run: RunCommand): void {
  project
    .command("changes")
    .argument("[project]", "name or path; default: the one around this folder")
    .description("your uncommitted changes, which new worktrees do not have")
    .action((word: string | undefined) =>
      run("store", async (context) => {
        const changes = await context.ask("project.changes", { project: choose(word, context) });
        return answer(changes, describeChanges(changes));
      }),
    );

  project
    .command("settle-changes")
    .argument("[project]", "name or path; default: the one around this folder")
    .option("--commit", "commit them")
    .option("--stash", "put them on the stash")
    .option("--carry", "begin each new worktree with them")
    .option("--leave", "go on without them, and do not ask again about these")
    .option("--message <text>", "of the commit or the stash entry")
    .description("say what becomes of your uncommitted changes")
    .action((word: string | undefined, own: Choice) =>
      run("store", async (context) => {
        const choice = chosen(own);
        const settled = await context.ask("project.settle-changes", {
          project: choose(word, context),
          choice,
          ...(own.message === undefined ? {} : { message: own.message }),
        });
        return done(settled, said[choice]);
      }),
    );
}

function chosen(own: Choice): keyof typeof said {
  const choices = (["commit", "stash", "carry", "leave"] as const).filter((name) => own[name]);
  const [choice, another] = choices;
  if (choice && !another) return choice;
  throw new SwitchyardError(
    "usage",
    "Choose one: --commit, --stash, --carry or --leave.",
    "See what there is: switchyard project changes",
  );
}

function describeChanges({ files, count, settled }: Output<AppContract, "project.changes">) {
  if (settled === "carry") return "Your uncommitted changes are carried into new worktrees.";
  if (settled === "leave") return "Your uncommitted changes are left out of new worktrees.";
  const table = writeTable(
    ["file"],
    files.map((file) => [file]),
    "No uncommitted changes.",
  );
  return count > files.length ? `${table}\n… and ${count - files.length} more` : table;
}

function choose(word: string | undefined, context: CommandContext): string {
  return word === undefined ? context.project : readProjectRef(word, context.surroundings.cwd);
}
