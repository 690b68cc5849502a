import { expect, test } from "vitest";
import { figure } from "./measure.ts";
import { joinTables, writeFiguresTables } from "./write-figures-tables.ts";

const names = ["first", "second", "third"];
const result = (name: string, median: number) => ({
  name,
  date: "2026-01-02",
  load: { before: 0, after: 1 },
  figures: [figure("time", "ms", [median])],
});

test("a benchmark that was not run keeps its table, and each stands in its place", () => {
  const results = [result("first", 1), result("third", 3)];
  const earlier = `\n\n${writeFiguresTables({ machine: "two cores", results })}\n`;
  const report = { machine: "two cores", results: [result("second", 2), result("third", 4)] };
  const all = [result("first", 1), result("second", 2), result("third", 4)];
  expect(joinTables(earlier, report, names)).toBe(
    writeFiguresTables({ machine: "two cores", results: all }),
  );
});

test("figures of another machine go, and so do those of a benchmark that is no more", () => {
  const results = [result("first", 1), result("gone", 9)];
  const earlier = writeFiguresTables({ machine: "two cores", results });
  const fresh = { machine: "eight cores", results: [result("second", 2)] };
  expect(joinTables(earlier, fresh, names)).toBe(writeFiguresTables(fresh));
  const same = { machine: "two cores", results: [result("second", 2)] };
  expect(joinTables(earlier, same, names)).not.toContain("gone");
  expect(joinTables(earlier, same, names)).toContain("first");
});
