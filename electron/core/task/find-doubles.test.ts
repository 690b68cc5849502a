import { expect, test } from "vitest";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { findDoubles } from "./find-doubles.ts";

/** Each task as `title | body | status`. */
function check(listed: readonly string[], known: readonly string[], doubles: readonly string[]) {
  const read = (line: string) => {
    const [title = "", body = "", status = ""] = line.split(" | ");
    return { title, body, status: status as TaskStatus }; // The lines below hold statuses only.
  };
  expect(findDoubles(listed.map(read), known.map(read))).toEqual(doubles.map(read));
}

test("finds the same words, whatever stands around them", () => {
  check(
    ["Fix it | at once"],
    ["Fix it | at once\n | ready", "Fix it | later | ready"],
    ["Fix it | at once\n | ready"],
  );
});

test("counts only tasks that somebody still means to do", () => {
  const known = ["a |  | landed", "b |  | cancelled", "c |  | failed", "d |  | draft"];
  check(["a", "b", "c", "d"], known, ["c |  | failed", "d |  | draft"]);
});

test("does not take one text for two others", () => {
  check(['a","b'], ["a | b | ready"], []);
});
