import { expect, test } from "vitest";
import { Forecast, tellClashes } from "../../shared/model/forecast.ts";
import { TaskId } from "../../shared/model/ids.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleTask } from "./sample-rows.ts";

const head = "a".repeat(40);
const forecast = Forecast.parse({
  project: "app",
  target: "main",
  scope: "full",
  reason: null,
  at: "2026-11-21T09:00:00.000Z",
  branches: [
    { task: "t-3", entry: "q-1", branch: "switchyard/t-3-a", head },
    { task: "t-7", entry: null, branch: "switchyard/t-7-b", head },
    { task: "t-9", entry: null, branch: "switchyard/t-9-c", head },
  ],
  clashes: [
    { one: "t-7", other: null, problem: null, files: ["src/\u001b[2Ja.ts"], count: 1 },
    { one: "t-3", other: "t-7", problem: null, files: ["a.ts", "b.ts"], count: 2 },
    { one: "t-3", other: "t-9", problem: "an object is missing", files: [], count: 0 },
  ],
});

function queueForecast(told: Forecast, ...words: readonly string[]) {
  const asked: unknown[] = [];
  const handlers = {
    "queue.forecast": (input: unknown) => {
      asked.push(input);
      return told;
    },
  };
  return runAgainst({ handlers }, "queue", "forecast", ...words).then((ran) => ({ ...ran, asked }));
}

test("queue forecast names each pair with its files", async () => {
  const { out, asked } = await queueForecast(forecast);
  expect(asked).toEqual([{ project: "/work/app/src" }]);
  expect(out).toBe(
    [
      "3 branches of app against main and each other: 2 conflicts.",
      "",
      "TASK  WITH  CONFLICT   FILES",
      "t-7   main  1 file     src/a.ts",
      "t-3   t-7   2 files    a.ts, b.ts",
      "t-3   t-9   not known  an object is missing",
      "",
    ].join("\n"),
  );
});

test("a project can be named, and a script gets the whole matrix", async () => {
  const { json, asked } = await queueForecast(forecast, "shop", "--json");
  expect(asked).toEqual([{ project: "shop" }]);
  expect(json()).toEqual(forecast);
});

test("what keeps it from a forecast is said instead of a clean one", async () => {
  const none = { ...forecast, scope: "none" as const, branches: [], clashes: [] };
  const { out } = await queueForecast({ ...none, reason: "nothing was looked at yet" });
  expect(out).toBe("Not forecast: nothing was looked at yet.\n");
  const idle = await queueForecast({ ...none, scope: "full" });
  expect(idle.out).toBe("No branch of app is worked on or queued.\n");
});

test("task show and task why say what its branch will conflict with", async () => {
  const clashes = [...tellClashes(forecast, TaskId.parse("t-7"))];
  const handlers = {
    "task.show": () => sampleTask(),
    "task.why": () => ({ task: sampleTask(), reasons: [], clashes }),
  };
  const sentence = "Will conflict with t-3 in 2 files: a.ts, b.ts.";
  expect((await runAgainst({ handlers }, "task", "show", "t-7")).out).toContain(sentence);
  expect((await runAgainst({ handlers }, "task", "why", "t-7")).out).toContain(sentence);
});
