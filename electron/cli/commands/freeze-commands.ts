import type { Command } from "commander";
import { describeFrozen } from "../../../shared/model/freeze.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { RunCommand } from "../command-runner.ts";
import { readMoment, readProjectRef } from "../read-words.ts";
import { done } from "../report.ts";

/** `queue freeze`, `queue unfreeze` and `queue hotfix`, which passes a freeze. */
export function addFreezeCommands(queue: Command, run: RunCommand): void {
  queue
    .command("freeze")
    .argument("[project]", "by name or folder; else the one around the current folder")
    .option(
      "--until <time>",
      "a clock time such as 18:00, or a day and a time: 2026-12-24T18:00",
      (word: string) => readMoment(word, new Date()),
    )
    .description("go on testing and land nothing but hot fixes")
    .action((named: string | undefined, own: { readonly until?: string }) =>
      run("app", async ({ ask, project, surroundings }) => {
        const until = own.until ?? null;
        const ref = named === undefined ? project : readProjectRef(named, surroundings.cwd);
        return reportFreeze(await ask("queue.freeze", { project: ref, until }));
      }),
    );

  queue
    .command("unfreeze")
    .argument("[project]", "by name or folder; else the one around the current folder")
    .description("end a freeze begun by hand; those of config.yaml end by themselves")
    .action((named: string | undefined) =>
      run("app", async ({ ask, project, surroundings }) => {
        const ref = named === undefined ? project : readProjectRef(named, surroundings.cwd);
        return reportFreeze(await ask("queue.unfreeze", { project: ref }));
      }),
    );

  queue
    .command("hotfix")
    .argument("<entry>")
    .option("--off", "no longer")
    .description("test it next and alone, whatever is under check, and land it also in a freeze")
    .action((entry: string, { off = false }: { readonly off?: boolean }) =>
      run("app", async ({ ask }) => {
        const { id, state, hotfixAt } = await ask("queue.hotfix", { entry, isOn: !off });
        const what = hotfixAt === null ? "no hot fix" : "a hot fix and goes first";
        return done({ id, state, hotfixAt }, `${id} is ${what}; it is ${state}.`);
      }),
    );
}

function reportFreeze(project: Project) {
  const { frozen } = project.queue;
  const how = frozen ? `Frozen ${describeFrozen(frozen, new Date())}` : "Not frozen";
  return done(project, `${how}: the queue of ${project.name}.`);
}
