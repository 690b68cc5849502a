import type { Command } from "commander";
import { howToFinish } from "../../../shared/model/resolution.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { RunCommand } from "../command-runner.ts";
import { answer, done } from "../report.ts";

interface ResolveOptions {
  readonly done?: boolean;
  readonly giveUp?: boolean;
}

/** `queue resolve`: a person in the place of a resolver. */
export function addResolveCommand(queue: Command, run: RunCommand): void {
  queue
    .command("resolve")
    .argument("<entry>", "one that conflicts with the target")
    .option("--done", "take what was made in that worktree; it is tested before it lands")
    .option("--give-up", "remove that worktree with what was made in it")
    .description("resolve its conflict by hand, in a worktree made for it")
    .action((entry: string, own: ResolveOptions) =>
      run("app", async ({ ask }) => {
        if (own.done && own.giveUp) {
          throw new SwitchyardError("usage", "It is either --done or --give-up.");
        }
        const act = own.done ? "take" : own.giveUp ? "give-up" : "open";
        const resolved = await ask("queue.resolve", { entry, act });
        const { id, task, state } = resolved.entry;
        if (act === "take")
          return done(resolved, `${id} (${task}) is ${state}, with your resolution.`);
        if (act === "give-up") return done(resolved, `Nothing of it is left; ${id} is ${state}.`);
        const lines = [
          `The merge of ${id} has stopped at its conflicts in ${resolved.folder}:`,
          ...resolved.files.map((file) => `  ${file}`),
          `Resolve them, and ${howToFinish(id)}`,
        ];
        return answer(resolved, lines.join("\n"));
      }),
    );
}
