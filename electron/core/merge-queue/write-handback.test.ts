import { expect, test } from "vitest";
import {
  conflictHandback,
  noteHandback,
  redHandback,
  twinPathsHandback,
} from "./write-handback.ts";

const main = { name: "main", oid: "1".repeat(40) };
const checks = [{ name: "unit", run: "npm test", timeoutMs: 1000 }];

test("a conflict says which command to run, which files to resolve and what comes after", () => {
  expect(conflictHandback(main, ["src/a.ts", "b c.md"], checks)).toBe(
    [
      `Your branch cannot land: it conflicts with main, which is now at ${main.oid}. Nothing of your work is lost. In your worktree:`,
      "",
      "1. Run: git merge main",
      "2. Resolve the conflicts, keeping what both sides meant, in:",
      "   - src/a.ts",
      "   - b c.md",
      "3. Run the checks:",
      "   - npm test",
      "4. Commit the merge, then call task_done again.",
    ].join("\n"),
  );
});

test("a red check is told with its command, its exit code and the end of its output", () => {
  const failed = {
    name: "unit",
    command: "npm test",
    exitCode: 1,
    reason: null,
    durationMs: 5,
    tail: "1 failed\nat x\n",
  };
  const text = redHandback(main, failed, checks);
  expect(text).toContain("The command is: npm test");
  expect(text).toContain("exit code 1");
  expect(text).toContain("    1 failed\n    at x\n");
  expect(text).toContain("call task_done again");
});

test("a target's name is quoted where a shell would read more into it", () => {
  const text = conflictHandback({ ...main, name: "-x;$(rm)'" }, [], []);
  expect(text).toContain("Run: git merge 'refs/heads/-x;$(rm)'\\'''\n");
});

test("twin paths and notes are told whole", () => {
  expect(twinPathsHandback(main, ["README.md", "Readme.md"])).toContain("- Readme.md");
  expect(noteHandback(" Say why. ")).toContain("\nSay why.\n");
});

test("the tests that fail are named, twenty of them, flaky ones apart", () => {
  const names = Array.from({ length: 25 }, (_, n) => `a.test.ts > ${n}`);
  const tests = {
    ...{ runner: "vitest", passed: 3, failed: 31, skipped: 0, isWhole: false, isExcused: false },
    failures: names,
    quarantined: ["a.test.ts > 3"],
  };
  const failed = { name: "unit", command: "c", exitCode: 1, durationMs: 1, reason: null, tail: "" };
  const lines = redHandback({ name: "main", oid: "a".repeat(40) }, { ...failed, tests }, []).split(
    "\n",
  );
  const from = lines.indexOf("The tests that fail:");
  expect(lines.slice(from + 1, from + 3)).toEqual(["- a.test.ts > 0", "- a.test.ts > 1"]);
  expect(lines.slice(from + 20, from + 24)).toEqual([
    "- a.test.ts > 20",
    "- and 10 more",
    "Beside them these fail, which are known to be flaky:",
    "- a.test.ts > 3",
  ]);
});
