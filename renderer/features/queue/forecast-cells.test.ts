import { expect, test } from "vitest";
import { Forecast } from "../../../shared/model/forecast.ts";
import { SHOWN_MAX, tableOf } from "./forecast-cells.ts";

function forecastOf(tasks: number, clashes: readonly (readonly [string, string | null])[]) {
  return Forecast.parse({
    project: "shop",
    target: "main",
    scope: "full",
    reason: null,
    at: "2026-11-21T09:00:00.000Z",
    branches: Array.from({ length: tasks }, (_, at) => ({
      task: `t-${at + 1}`,
      entry: null,
      branch: `switchyard/t-${at + 1}`,
      head: "a".repeat(40),
    })),
    clashes: clashes.map(([one, other]) => ({
      ...{ one, other, problem: null, files: ["a.ts"], count: 1 },
    })),
  });
}

test("each pair is told from both sides, and the target first", () => {
  const { rows } = tableOf(
    forecastOf(3, [
      ["t-3", null],
      ["t-1", "t-2"],
    ]),
  );
  expect(rows.map((row) => row.map(({ outcome }) => outcome))).toEqual([
    ["clean", "itself", "conflict", "clean"],
    ["clean", "conflict", "itself", "clean"],
    ["conflict", "clean", "clean", "itself"],
  ]);
  expect(rows[1]?.[1]?.text).toBe("t-2: will conflict with t-1 in 1 file: a.ts");
  expect(rows[0]?.[0]?.text).toBe("t-1 merges with main");
});

test("of very many branches those are shown that clash", () => {
  const many = SHOWN_MAX + 10;
  const { branches, hiddenCount } = tableOf(forecastOf(many, [["t-2", `t-${many}`]]));
  expect(branches.map(({ task }) => task)).toEqual(["t-2", `t-${many}`]);
  expect(hiddenCount).toBe(many - 2);
});
