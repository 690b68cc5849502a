import type { Command } from "commander";
import type { FlakyTests } from "../../../shared/model/flaky-test.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { RunCommand } from "../command-runner.ts";
import { answer, done } from "../report.ts";
import { writePlainly, writeTable } from "../write-table.ts";

interface TestsOptions {
  readonly release?: string;
  readonly forget?: string;
}

export function addTestsCommand(queue: Command, run: RunCommand): void {
  queue
    .command("tests")
    .option("--release <test>", "end the quarantine of a test, by its name as it is listed")
    .option("--forget <check>", "let a check pass without tests; its next run counts them anew")
    .description("tests that flip, and those that are quarantined because of it")
    .action((own: TestsOptions) =>
      run("store", async ({ ask, project }) => {
        const { release: test, forget: check } = own;
        if (test !== undefined && check !== undefined) {
          const hint = "Give them in two commands.";
          throw new SwitchyardError("usage", "--release and --forget are two things.", hint);
        }
        if (test !== undefined) {
          const left = await ask("queue.release-test", { project, test });
          return done(left, `${writePlainly(test)} is released; three more flips quarantine it.`);
        }
        if (check !== undefined) {
          const left = await ask("queue.forget-tests", { project, check });
          return done(left, `The next run of ${writePlainly(check)} counts its tests anew.`);
        }
        const told = await ask("queue.tests", { project });
        return answer(told, describeTests(told));
      }),
    );
}

function describeTests({ project, known, max, tests }: FlakyTests): string {
  if (tests.length === 0) return `No test of ${project} has flipped of late.`;
  const quarantined = tests.filter(({ until }) => until !== null).length;
  const rows = tests.map(({ test, flips, until, task }) => [
    until === null ? "watched" : "quarantined",
    String(flips),
    until?.slice(0, 10) ?? "",
    task ?? "",
    test,
  ]);
  return [
    `${quarantined} of ${known} known ${known === 1 ? "test" : "tests"} quarantined, at most ${max} at once.`,
    "",
    writeTable(["state", "flips", "until", "task", "test"], rows, ""),
  ].join("\n");
}
