import type { Command } from "commander";
import type { RunCommand } from "../command-runner.ts";
import { done } from "../report.ts";

export function addFleetCommands(program: Command, run: RunCommand): void {
  program
    .command("halt")
    .option("--reason <text>", "what is said of it wherever something waits for it")
    .description(
      "stop everything at once, hand out nothing more and land nothing; also: SIGUSR2 to the app",
    )
    .action((own: { reason?: string }) =>
      run("app", async ({ ask }) => {
        const { reason } = own;
        const fleet = await ask("fleet.halt", reason === undefined ? {} : { reason });
        return done(
          fleet,
          "Everything is stopped, and nothing lands. Let it go on with: switchyard resume",
        );
      }),
    );

  program
    .command("resume")
    .description("let everything go on that halt has stopped")
    .action(() =>
      run("app", async ({ ask }) => {
        const fleet = await ask("fleet.resume", {});
        return done(fleet, describeResume(fleet));
      }),
    );
}

function describeResume(fleet: { readonly wasHalted: boolean; readonly atRest: number }): string {
  const { wasHalted, atRest } = fleet;
  if (!wasHalted) return "Nothing was halted.";
  const said = "Work goes out again.";
  if (atRest === 0) return said;
  const who =
    atRest === 1
      ? "1 session that waited for you goes on"
      : `${atRest} sessions that waited for you go on`;
  return `${said}\n${who} at your next message; see: switchyard inbox`;
}
