import type { Command } from "commander";
import type { Forecast } from "../../../shared/model/forecast.ts";
import type { RunCommand } from "../command-runner.ts";
import { readProjectRef } from "../read-words.ts";
import { answer } from "../report.ts";
import { writePlainly, writeTable } from "../write-table.ts";

export function addForecastCommand(queue: Command, run: RunCommand): void {
  queue
    .command("forecast")
    .argument("[project]", "by name or path; default: the one around this folder")
    .description("which branches will conflict with the target or with each other")
    .action((named: string | undefined) =>
      run("app", async ({ ask, project: around, surroundings }) => {
        const project = named === undefined ? around : readProjectRef(named, surroundings.cwd);
        const forecast = await ask("queue.forecast", { project });
        return answer(forecast, describeForecast(forecast));
      }),
    );
}

export function describeForecast(forecast: Forecast): string {
  const { target, branches, clashes, reason } = forecast;
  const rows = clashes.map(({ one, other, problem, files, count }) => [
    one,
    other ?? target,
    problem === null ? `${count} ${count === 1 ? "file" : "files"}` : "not known",
    problem ?? files.join(", "),
  ]);
  const conflicts = clashes.filter(({ problem }) => problem === null).length;
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const head =
    branches.length === 0
      ? `No branch of ${forecast.project} is worked on or queued.`
      : `${count(branches.length, "branch", "branches")} of ${forecast.project} against ${target} and each other: ${conflicts === 0 ? "no conflict" : count(conflicts, "conflict", "conflicts")}.`;
  return [
    ...(forecast.scope === "none" ? [] : [head]),
    ...(reason === null ? [] : [writePlainly(`Not forecast: ${reason}.`.replace(/\.+$/, "."))]),
    ...(rows.length === 0 ? [] : ["", writeTable(["task", "with", "conflict", "files"], rows, "")]),
  ].join("\n");
}
