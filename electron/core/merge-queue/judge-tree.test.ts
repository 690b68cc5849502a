import { expect, test } from "vitest";
import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Verdict } from "../store/store.ts";
import { judgeTree, latestUntil } from "./judge-tree.ts";

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
    return { tree: "t", specHash: "s", isGreen, results, at };
  });
  const { green, reds, failed } = judgeTree(verdicts, [...wanted].map(check), "3");
  return { isGreen: green !== null, reds, failed: failed?.command ?? null };
}

test("a green of more checks is one of fewer, not the other way round", () => {
  expect(judge([["5", "a", "b"]], "a")).toMatchObject({ isGreen: true });
  expect(judge([["5", "a"]], "ab")).toMatchObject({ isGreen: false });
});
test("a red counts for whoever wants the check that failed", () => {
  expect(judge([["5", "a", "b!"]], "b")).toEqual({ isGreen: false, reds: 1, failed: "b" });
  expect(judge([["5", "a", "b!"]], "a")).toEqual({ isGreen: false, reds: 0, failed: null });
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
