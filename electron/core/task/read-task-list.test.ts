import { expect, test } from "vitest";
import { readTaskList } from "./read-task-list.ts";

function check(text: string, expected: Record<string, string>) {
  expect(Object.fromEntries(readTaskList(text).map((task) => [task.title, task.body]))).toEqual(
    expected,
  );
}

test("open items become tasks, done ones do not", () =>
  check("# Plan\n- [ ] one\n- [x] two\n* [~] three\n", { one: "", three: "" }));
test("what is indented below an item is its body", () =>
  check("- [ ] one\n  first line\n\n    code\n- [ ] two\nnot a body\n", {
    one: "first line\n\n  code",
    two: "",
  }));
test("a text without items has no tasks", () => check("nothing here\n- plain item\n", {}));
