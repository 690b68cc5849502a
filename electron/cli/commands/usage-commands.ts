import { type Command, InvalidArgumentError } from "commander";
import type { ProfileName } from "../../../shared/model/ids.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeUsageReport } from "../describe-usage.ts";
import { answer } from "../report.ts";

/** As long as measurements are kept. */
const HOURS_MAX = 35 * 24;

export function addUsageCommands(program: Command, run: RunCommand): void {
  program
    .command("usage")
    .description(
      "what each profile has used of its windows, how fast, by whom, and which plans would have carried it",
    )
    .option("--profile <name>", "of this profile alone")
    .option("--hours <n>", "how far back the history of --json goes (a week)", toHours)
    .action((own: { profile?: string; hours?: number }) =>
      run("store", async ({ ask }) => {
        const report = await ask("usage.read", {
          // The contract says whether it is a name.
          ...(own.profile === undefined ? {} : { profile: own.profile as ProfileName }),
          ...(own.hours === undefined ? {} : { hours: own.hours }),
        });
        return answer(report, describeUsageReport(report));
      }),
    );
}

function toHours(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours >= 1 && hours <= HOURS_MAX) return hours;
  throw new InvalidArgumentError(`Write a whole number of hours between 1 and ${HOURS_MAX}.`);
}
