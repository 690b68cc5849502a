import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { figure, wanted } from "./measure.ts";
import { writeFiguresTables } from "./write-figures-tables.ts";
import { writeQueueTargets } from "./write-queue-targets.ts";

const report = (...figures: Parameters<typeof wanted>[0][]) =>
  writeFiguresTables({
    machine: "two cores",
    results: [{ name: "queue-plan", date: "2026-01-02", load: { before: 0, after: 1 }, figures }],
  });
const rowOf = (tables: string, row: number) =>
  writeQueueTargets(tables)
    .split("\n")
    .filter((line) => line.startsWith(`| ${row} `));

test("each figure that answers a row stands in it, with whether it keeps to what is wanted", () => {
  const beside = { what: "others", runs: [10, 10] };
  const one = wanted(figure("runs", "runs", [1, 2], beside), "median", "at most", 1, 7);
  const both = wanted(one, "ratio", "at most", 0.3, 11);
  const [seventh] = rowOf(report(both), 7);
  expect(seventh).toMatch(/≤ 1 +\| 1\.5 runs \(`queue-plan`\) +\| missed/);
  const [eleventh] = rowOf(report(both), 11);
  expect(eleventh).toMatch(/≤ 0\.3 +\| 0\.15 \(`queue-plan`\) +\| kept/);
});

test("what holds for every run is judged by the worst of them", () => {
  const tasks = wanted(figure("longest", "ms", [20, 60]), "every run", "at most", 50, 15);
  expect(rowOf(report(tasks), 15)[0]).toMatch(/≤ 50 +\| 40 ms, 20 – 60 .*missed/);
});

test("a row that nothing answers says so, and so does a table written before there were targets", () => {
  expect(writeQueueTargets(report()).match(/not measured/g)).toHaveLength(15);
});

test("the page says of each row what its tables say", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../docs/benchmarks.md"), "utf8");
  expect(page).toContain(writeQueueTargets(page));
});
