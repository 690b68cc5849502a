import { expect, test } from "vitest";
import { describeProject } from "./describe-rows.ts";
import { sampleProject } from "./sample-rows.ts";

test("a project shows how many runs of checks go on at a time and why, where that is measured", () => {
  const queue = { state: "running" as const, reason: null };
  const parallel = { atOnce: 1, why: "two at once take 1.8x as long" };
  const shown = describeProject({ ...sampleProject, queue: { ...queue, parallel } });
  expect(shown).toMatch(/^runs of checks +1 at a time: two at once take 1.8x as long$/m);
  expect(describeProject({ ...sampleProject, queue })).not.toContain("runs of checks");
});

test("a project shows where its work is proposed instead of landed", () => {
  expect(describeProject(sampleProject)).toMatch(/lands +by /);
  const queue = { ...sampleProject.queue, proposesTo: "origin" };
  expect(describeProject({ ...sampleProject, queue })).toContain("as a pull request on origin");
});
