import type { Command } from "commander";
import type { RunCommand } from "../command-runner.ts";
import { done } from "../report.ts";

export function addFleetCommands(program: Command, run: RunCommand): void {
  program
    .command("halt")
    .option("--reason <text>", "what is said of it wherever something waits for it")
    .description("stop everything at once and hand out nothing more; also: SIGUSR2 to the app")
    .action((own: { reason?: string }) =>
      run("app", async ({ ask }) => {
        const { reason } = own;
        const fleet = await ask("fleet.halt", reason === undefined ? {} : { reason });
        return done(fleet, "Everything is stopped. Let it go on with: switchyard resume");
      }),
    );

  program
    .command("resume")
    .description("let everything go on that halt has stopped")
    .action(() =>
      run("app", async ({ ask }) => done(await ask("fleet.resume", {}), "Work goes out again.")),
    );
}
