import type { Command } from "commander";
import type { RunCommand } from "../command-runner.ts";
import { describePlacement } from "../describe-placement.ts";
import { describePlans, describeTasks } from "../describe-rows.ts";
import { answer, done } from "../report.ts";
import { tellChanges } from "../tell-changes.ts";

const changes = [
  ["activate", "hand its tasks out"],
  ["pause", "hand out no more of its tasks; what runs goes on"],
  ["cancel", "cancel what has not landed"],
] as const;

export function addPlanCommands(program: Command, run: RunCommand): void {
  const plan = program.command("plan").description("groups of tasks");

  plan
    .command("create")
    .argument("<title>")
    .option("--draft", "hand nothing out until it is activated")
    .description("start a plan")
    .action((title: string, own: { draft?: boolean }) =>
      run("store", async ({ ask, project }) => {
        const isDraft = own.draft ?? false;
        const created = await ask("plan.create", { project, title, isDraft });
        return done(created, `${created.id} ${created.state}: ${created.title}`);
      }),
    );

  plan
    .command("list")
    .description("every plan")
    .action(() =>
      run("store", async ({ ask, inProject }) => {
        const plans = await ask("plan.list", await inProject());
        return answer(plans, describePlans(plans));
      }),
    );

  plan
    .command("show")
    .argument("<plan>")
    .option(
      "--placement",
      "what would happen: task by task, which profile and why, what waits for what",
    )
    .description("a plan and its tasks")
    .action((id: string, own: { placement?: boolean }) =>
      run("store", async ({ ask, cut }) => {
        const shown = await ask("plan.show", { plan: id });
        const document = { ...shown.plan, tasks: shown.tasks };
        const head = describePlans([shown.plan]);
        if (!own.placement)
          return answer(document, `${head}\n\n${describeTasks(shown.tasks, cut)}`);
        const placement = await ask("plan.placement", { plan: id });
        return answer({ ...document, placement }, `${head}\n\n${describePlacement(placement)}`);
      }),
    );

  for (const [name, description] of changes) {
    plan
      .command(name)
      .argument("<plan>")
      .description(description)
      .action((id: string) =>
        run("store", async ({ ask, surroundings }) => {
          const changed = await ask(`plan.${name}`, { plan: id });
          if (name === "activate") await tellChanges({ ask, surroundings }, changed.project);
          return done(changed, `${changed.id} is ${changed.state}.`);
        }),
      );
  }
}
