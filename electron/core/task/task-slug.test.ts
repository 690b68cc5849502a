import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskId } from "../../../shared/model/ids.ts";
import { taskBranch, taskSlug } from "./task-slug.ts";

test("a title becomes a readable branch", () => {
  expect(taskBranch(TaskId.parse("t-7"), "Fix: the Café's door (again)!")).toBe(
    "switchyard/t-7-fix-the-cafe-s-door-again",
  );
});

test("a title without any usable letter still gives a name", () =>
  expect(taskSlug("…—!!")).toBe("task"));

test("whatever the title, the slug is safe in a path and in a ref", () => {
  const isSafe = (title: string) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(taskSlug(title));
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), isSafe));
});
