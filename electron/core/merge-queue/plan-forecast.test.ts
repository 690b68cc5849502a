import { expect, test } from "vitest";
import { clashesOf, describeClash } from "../../../shared/model/forecast.ts";
import { EntryId, TaskId } from "../../../shared/model/ids.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { listOwnClashes, planEntryConflicts, planWatched, toClashes } from "./plan-forecast.ts";

const task = (n: number) => TaskId.parse(`t-${n}`);
const branchAt = (n: number, head: string, entry: number | null = null) => ({
  task: task(n),
  entry: entry === null ? null : EntryId.parse(`q-${entry}`),
  branch: `switchyard/t-${n}`,
  head,
});
const conflict = (...files: readonly string[]) => ({ kind: "conflict" as const, files });

test("what is queued comes first in its order and as it was queued, then what is worked on by age", () => {
  const queued = (n: number, position: number) => ({
    ...{ id: EntryId.parse(`q-${n}`), task: task(n), branch: `b${n}`, head: `h${n}`, position },
    state: position === 0 ? ("landed" as const) : ("queued" as const),
  });
  const worked = (n: number, status: TaskStatus, branch: string | null = `b${n}`) => ({
    ...{ id: task(n), status, branch },
  });
  const watched = planWatched({
    entries: [queued(1, 2), queued(2, 1), queued(3, 0)],
    tasks: [
      worked(10, "running"),
      worked(9, "parked"),
      worked(1, "queued"),
      worked(8, "ready", null),
      worked(7, "cancelled"),
    ],
  });
  expect(watched.map(({ branch, queuedHead }) => [branch, queuedHead])).toEqual([
    ["b2", "h2"],
    ["b1", "h1"],
    ["b9", null],
    ["b10", null],
  ]);
});

test("two tasks at one commit clash with the same others, and not with each other", () => {
  const branches = [branchAt(2, "b"), branchAt(1, "a"), branchAt(3, "b")];
  const pairs = [{ one: "a", other: "b", outcome: conflict("x.ts") }];
  const clashes = toClashes(branches, { withTarget: new Map([["b", conflict("y.ts")]]), pairs });
  expect(clashes.map(({ one, other, files }) => [one, other, ...files])).toEqual([
    ["t-2", null, "y.ts"],
    ["t-3", null, "y.ts"],
    ["t-2", "t-1", "x.ts"],
    ["t-1", "t-3", "x.ts"],
  ]);
  expect(clashesOf({ clashes: [...clashes] }, task(3)).map((clash) => clash.with)).toEqual([
    null,
    "t-1",
  ]);
});

test("of many files the first are named and all are counted", () => {
  const files = Array.from({ length: 30 }, (_, n) => `${n}.ts`);
  const withTarget = new Map([["a", conflict(...files)]]);
  const [clash] = toClashes([branchAt(1, "a")], { withTarget, pairs: [] });
  expect([clash?.files.length, clash?.count]).toEqual([20, 30]);
  const told = clash ? describeClash({ ...clash, with: clash.other }, "main") : "";
  expect(told).toMatch(/^Will conflict with main in 30 files: 0\.ts, .*19\.ts and 10 more$/);
});

test("entries name each other for what is known to conflict, not for what is worked on or not known", () => {
  const branches = [
    branchAt(1, "a", 1),
    branchAt(2, "b", 2),
    branchAt(3, "c"),
    branchAt(4, "d", 4),
  ];
  const clashes = toClashes(branches, {
    withTarget: new Map([["a", conflict("m.ts")]]),
    pairs: [
      { one: "a", other: "b", outcome: conflict("x.ts") },
      { one: "a", other: "c", outcome: conflict("x.ts") },
      { one: "a", other: "d", outcome: { kind: "unknown", reason: "gone" } },
    ],
  });
  expect([...planEntryConflicts({ branches, clashes: [...clashes] })]).toEqual([
    ["q-1", ["q-2"]],
    ["q-2", ["q-1"]],
    ["q-4", []],
  ]);
});

test("two wait for each other for what is theirs, not for what one of them has to take in from the target", () => {
  const pair = (one: number, other: number, ...files: string[]) => ({
    ...{ one: task(one), other: task(other), problem: null, files, count: files.length },
  });
  const withTarget = { ...pair(1, 1, "x.ts", "y.ts"), other: null };
  const own = [pair(1, 3, "x.ts", "z.ts"), pair(2, 3, "x.ts")];
  const unknown = { ...pair(2, 4), problem: "its commit is gone" };
  expect(listOwnClashes([withTarget, pair(1, 2, "x.ts"), ...own, unknown])).toEqual(own);
});
