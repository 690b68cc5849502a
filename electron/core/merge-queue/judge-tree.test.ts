import { expect, test } from "vitest";
import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Verdict } from "../store/store.ts";
import { countingIn, judgeTree, latestUntil } from "./judge-tree.ts";

const result = (command: string, exitCode: number): CheckResult => {
  return { name: command, command, exitCode, reason: null, durationMs: 1, tail: "" };
};
const check = (run: string): Check => ({ name: run, run, timeoutMs: 1 });

/** `ran`: commands in their order, the last with a `!` where it failed; newest first. */
function judge(ran: readonly (readonly [at: string, ...commands: string[]])[], wanted: string) {
  const verdicts = ran.map(([at, ...commands]): Verdict => {
    const results = commands.map((each) =>
      result(each.replace("!", ""), each.endsWith("!") ? 1 : 0),
    );
    const isGreen = !commands.some((each) => each.endsWith("!"));
    return { tree: "t", specHash: "s", envHash: "e", isGreen, results, at };
  });
  const { greenAt, reds, failed } = judgeTree(verdicts, [...wanted].map(check), "3");
  return { isGreen: greenAt !== null, reds, failed: failed?.command ?? null };
}

test("a green of more checks is one of fewer, not the other way round", () => {
  expect(judge([["5", "a", "b"]], "a")).toMatchObject({ isGreen: true });
  expect(judge([["5", "a"]], "ab")).toMatchObject({ isGreen: false });
});
test("a red counts for whoever wants the check that failed", () => {
  expect(judge([["5", "a", "b!"]], "b")).toEqual({ isGreen: false, reds: 1, failed: "b" });
  expect(judge([["5", "a", "b!"]], "ab")).toEqual({ isGreen: false, reds: 1, failed: "b" });
});
test("what passed before another check failed has passed", () => {
  expect(judge([["5", "a", "b!"]], "a")).toEqual({ isGreen: true, reds: 0, failed: null });
  const rerun = [
    ["6", "b"],
    ["5", "a", "b!"],
  ] as const;
  expect(judge(rerun, "ab")).toMatchObject({ isGreen: true });
});
test("it is known since the check that was last seen to pass the longest time ago", () => {
  const verdicts = [
    { tree: "t", specHash: "s", envHash: "e", isGreen: true, results: [result("a", 0)], at: "7" },
    { tree: "t", specHash: "s", envHash: "e", isGreen: true, results: [result("b", 0)], at: "4" },
  ];
  expect(judgeTree(verdicts, [check("a"), check("b")], "").greenAt).toBe("4");
});
test("reds from before the time given are no longer true", () => {
  const reds = [
    ["5", "a!"],
    ["4", "a!"],
    ["2", "a!"],
  ] as const;
  expect(judge(reds, "a")).toMatchObject({ reds: 2 });
});
test("a time ahead of a clock that was set back makes no red untrue", () => {
  expect(latestUntil("4", ["2", "9", "3"])).toBe("3");
  expect(latestUntil("1", ["2", "9"])).toBe("");
});

const inEnvironments = (now: string, ...known: readonly (string | null)[]) => {
  const verdicts = known.map((envHash, at): Verdict => {
    return { tree: "t", specHash: "s", envHash, isGreen: true, results: [], at: String(at) };
  });
  return countingIn(now, verdicts).map(({ envHash }) => envHash);
};
test("a verdict counts in its own environment, and again once that is back", () => {
  expect(inEnvironments("new", "old")).toEqual([]);
  expect(inEnvironments("old", "new", "old")).toEqual(["old"]);
});
test("verdicts of an unknown environment count until one on their tree is known", () => {
  expect(inEnvironments("e", null, null)).toEqual([null, null]);
  expect(inEnvironments("e", "e", null)).toEqual(["e"]);
  expect(inEnvironments("e", "other", null)).toEqual([]);
});
