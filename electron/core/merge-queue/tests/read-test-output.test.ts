import fc from "fast-check";
import { expect, test } from "vitest";
import { readTestOutput } from "./read-test-output.ts";
import { FAILURES_MAX, type TestRun } from "./test-run.ts";

function check(
  output: readonly string[],
  expected: Pick<TestRun, "runner" | "isWhole"> & {
    /** Passed, failed, skipped. */
    readonly counts: readonly [number, number, number];
    readonly failures: readonly string[];
  },
): void {
  const run = readTestOutput(output.join("\n"));
  if (!run) throw new Error("no runner was recognized");
  const { passed, failed, skipped, ...rest } = run;
  expect({ ...rest, counts: [passed, failed, skipped] }).toEqual(expected);
}

test("vitest: colours, projects and names with > in them", () => {
  check(
    [
      "> app@1.0.0 test",
      "> vitest run",
      "",
      " \u001b[31m❯\u001b[39m b.test.js \u001b[2m(\u001b[22m3 tests | \u001b[31m2 failed\u001b[39m)",
      "\u001b[31m⎯⎯⎯⎯⎯⎯⎯\u001b[39m\u001b[1m\u001b[41m Failed Tests 2 \u001b[49m\u001b[22m\u001b[31m⎯⎯⎯⎯⎯⎯⎯\u001b[39m",
      "",
      "\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m b.test.js\u001b[2m > \u001b[22msuite\u001b[2m > \u001b[22mfails > odd",
      "AssertionError: expected 1 to be 2",
      "⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/2]⎯",
      " FAIL  |web| b.test.js > deep",
      "",
      " Test Files  1 failed | 1 passed (2)",
      "      Tests  2 failed | 4 passed | 1 skipped | 1 todo (8)",
      "   Duration  654ms",
    ],
    {
      runner: "vitest",
      counts: [4, 2, 2],
      failures: ["b.test.js > suite > fails > odd", "b.test.js > deep"],
      isWhole: true,
    },
  );
});

test("vitest: an error outside of a test, or a suite that does not load, is behind no test", () => {
  const totals = [" Test Files  1 failed (1)", "      Tests  1 failed (1)"];
  const failed = " FAIL  a.test.ts > a";
  const seen = { runner: "vitest", counts: [0, 1, 0] as const, failures: ["a.test.ts > a"] };
  check([failed, ...totals], { ...seen, isWhole: true });
  check([failed, "⎯⎯ Unhandled Errors ⎯⎯", ...totals], { ...seen, isWhole: false });
  check([failed, "⎯⎯ Failed Suites 1 ⎯⎯", ...totals], { ...seen, isWhole: false });
  check([failed, ...totals, "     Errors  1 error"], { ...seen, isWhole: false });
  check([failed, ...totals, "ERROR: Coverage for lines (1%) does not meet global threshold (9%)"], {
    ...seen,
    isWhole: false,
  });
});

test("jest: by file, told once more in its summary, without what the console said", () => {
  const block = [
    "FAIL ./b.test.js",
    "  ● Console",
    "",
    "  ● suite › fails › odd",
    "",
    "    expect",
  ];
  const totals = [
    "Test Suites: 1 failed, 1 passed, 2 total",
    "Tests:       1 failed, 1 skipped, 2 passed, 4 total",
  ];
  const failures = ["./b.test.js › suite › fails › odd"];
  const seen = { runner: "jest", counts: [2, 1, 1] as const, failures };
  check([...block, "PASS ./a.test.js (5.1 s)", ...block, ...totals], { ...seen, isWhole: true });
  check([...block, "FAIL ./c.test.js", "  ● Test suite failed to run", ...totals], {
    ...seen,
    isWhole: false,
  });
  check([...block, ...totals, 'Jest: "global" coverage threshold for lines (90%) not met'], {
    ...seen,
    isWhole: false,
  });
});

test("mocha: titles over several lines; after a hook that fails nothing is whole", () => {
  const head = ["  suite", "    ✔ adds", "    1) fails", ""];
  const totals = (failing: number) => [
    "  1 passing (6ms)",
    "  1 pending",
    `  ${failing} failing`,
    "",
  ];
  const failure = [
    "  1) suite",
    "       deep",
    "         fails: twice:",
    "     Error: a",
    "      at x:",
  ];
  const hook = ["", "  2) hooked", '       "before all" hook for "never":', "     Error: hook"];
  const name = "suite > deep > fails: twice";
  check([...head, ...totals(1), ...failure], {
    runner: "mocha",
    counts: [1, 1, 1],
    failures: [name],
    isWhole: true,
  });
  check([...head, ...totals(2), ...failure, ...hook], {
    runner: "mocha",
    counts: [1, 2, 1],
    failures: [name, 'hooked > "before all" hook for "never"'],
    isWhole: false,
  });
});

test("node --test: a test that fails by one inside it counts once", () => {
  const tree = [
    "✔ adds (1.1ms)",
    "✖ fails (0.3ms)",
    "▶ parent",
    "  ✖ sub (0.3ms)",
    "✖ parent (0.9ms)",
  ];
  const totals = ["tests 4", "suites 0", "pass 1", "fail 3", "cancelled 0", "skipped 1", "todo 0"];
  const failed = [
    ...[
      "✖ failing tests:",
      "",
      "test at b.test.mjs:2:25",
      "✖ fails (0.378455ms)",
      "  Error: x",
      "",
    ],
    ...["test at b.test.mjs:4:39", "✖ sub (0.366807ms)", "  Error: z"],
  ];
  const seen = {
    runner: "node --test",
    counts: [1, 2, 1] as const,
    failures: ["b.test.mjs > fails", "b.test.mjs > sub"],
  };
  const run = [...tree, ...totals.map((line) => `ℹ ${line}`), ""];
  check([...run, ...failed], { ...seen, isWhole: true });
  const coverage = "ℹ Error: 50.00% line coverage does not meet threshold of 90%.";
  check([...run, coverage, ...failed], { ...seen, isWhole: false });
  check(
    ["✖ c.mjs (5ms)", "ℹ tests 1", "ℹ pass 0", "ℹ fail 1", "test at c.mjs:1:1", "✖ c.mjs (5ms)"],
    { runner: "node --test", counts: [0, 1, 0], failures: ["c.mjs > c.mjs"], isWhole: false },
  );
});

test("TAP: subtests by their path, what is to do is no failure, a plan that is not kept is not whole", () => {
  const lines = [
    "TAP version 14",
    "# Subtest: suite",
    "    # Subtest: one",
    "    ok 1 - one",
    "    # Subtest: two",
    "    not ok 2 - two",
    "      ---",
    "      not ok 9 - inside the details",
    "      ...",
    "    1..2",
    "not ok 1 - suite",
    "ok 2 - skipped # SKIP",
    "not ok 3 - later # TODO",
    "1..3",
  ];
  const seen = { runner: "TAP", counts: [1, 1, 2] as const, failures: ["suite > two"] };
  check(lines, { ...seen, isWhole: true });
  check([...lines.slice(0, -1), "1..4"], { ...seen, isWhole: false });
  check([...lines, "Bail out! no database"], { ...seen, isWhole: false });
  check(["TAP version 13", "# one", "not ok 1 odd", "1..1", "# tests 1"], {
    runner: "TAP",
    counts: [0, 1, 0],
    failures: ["one > odd"],
    isWhole: true,
  });
});

test("playwright: the names below what failed, without their lines", () => {
  const head = ["Running 3 tests using 1 worker", "  ✓  1 a.spec.ts:3:1 › adds (5ms)"];
  const failed = ["  1 failed", "    [chromium] › a.spec.ts:7:1 › suite › fails ─────────"];
  const seen = {
    runner: "playwright",
    counts: [2, 1, 0] as const,
    failures: ["[chromium] › a.spec.ts › suite › fails"],
  };
  const flaky = ["  1 flaky", "    a.spec.ts:9:1 › sometimes ──"];
  check([...head, ...failed, ...flaky, "  1 passed (1.2s)"], { ...seen, isWhole: true });
  check([...head, ...failed, "  5 did not run", "  2 passed (1.2s)"], { ...seen, isWhole: false });
});

test("pytest: parameters with dashes; interrupted, it is not whole", () => {
  const failed = [
    "FAILED test_a.py::test_b - assert 1 == 2",
    "FAILED test_a.py::test_p[a - b] - AssertionError: assert 'a - b' == 'c'",
  ];
  const seen = {
    runner: "pytest",
    failures: ["test_a.py::test_b", "test_a.py::test_p[a - b]"],
    counts: [2, 2, 2] as const,
  };
  const totals = "2 failed, 2 passed, 1 skipped, 1 xfailed in 1.38s";
  check([...failed, `====== ${totals} ======`], { ...seen, isWhole: true });
  check([...failed, totals], { ...seen, isWhole: true });
  check([...failed, "!!!!! stopping after 2 failures !!!!!", totals], { ...seen, isWhole: false });
  for (const also of [
    "FAIL Required test coverage of 90% not reached. Total coverage: 50.00%",
    "ERROR: Coverage failure: total of 50 is less than fail-under=90",
  ]) {
    check([...failed, also, totals], { ...seen, isWhole: false });
  }
  check(["============ no tests ran in 0.01s ============"], {
    ...{ runner: "pytest", counts: [0, 0, 0], failures: [] },
    isWhole: true,
  });
});

test("go test: by package, the innermost test; what was not built or panicked is not whole", () => {
  const failed = [
    "--- FAIL: TestB (0.00s)",
    "    --- FAIL: TestB/sub (0.00s)",
    "        b_test.go:5: bad",
    "FAIL",
  ];
  const seen = {
    runner: "go test",
    counts: [1, 1, 0] as const,
    failures: ["example.com/x.TestB/sub"],
  };
  const rest = ["FAIL\texample.com/x\t0.002s", "ok  \texample.com/y\t0.003s"];
  check([...failed, ...rest], { ...seen, isWhole: true });
  check([...failed, "exit status 66", ...rest], { ...seen, isWhole: false });
  check([...failed, "exit status 1", ...rest], { ...seen, isWhole: true });
  check([...failed, "panic: no", ...rest], { ...seen, isWhole: false });
  check([...failed, ...rest, "FAIL\texample.com/v [build failed]"], { ...seen, isWhole: false });
  check(["?   \texample.com/z\t[no test files]", "ok  \texample.com/w\t0.1s [no tests to run]"], {
    ...{ runner: "go test", counts: [0, 0, 0], failures: [] },
    isWhole: true,
  });
});

test("cargo test: by target; what comes after a target that fails was not run unless it says so", () => {
  const target = [
    "     Running unittests src/lib.rs (target/debug/deps/x-b885370c02d1f6ea)",
    "running 3 tests",
    "test tests::a ... ok",
    "test tests::b ... FAILED",
    "test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
    "error: test failed, to rerun pass `--lib`",
  ];
  const seen = {
    runner: "cargo test",
    counts: [2, 1, 1] as const,
    failures: ["src/lib.rs tests::b"],
  };
  check(target, { ...seen, isWhole: false });
  check([...target, "error: 1 target failed:", "    `--lib`"], { ...seen, isWhole: true });
  // The second crashed, without a result.
  check([...target, "error: 2 targets failed:", "    `--lib`", "    `--test x`"], {
    ...seen,
    isWhole: false,
  });
});

test("several runs in one output are one", () => {
  const run = (name: string) => [
    ` FAIL  ${name} > a`,
    " Test Files  1 failed (1)",
    "      Tests  1 failed | 1 passed (2)",
  ];
  check([...run("one.ts"), ...run("two.ts"), "1 passed in 0.01s"], {
    runner: "vitest, pytest",
    counts: [3, 2, 0],
    failures: ["one.ts > a", "two.ts > a"],
    isWhole: true,
  });
});

test("output of anything else is no run of tests", () => {
  for (const output of ["", "All files pass linting.\n3 passed the gate", "ok\nFAIL\n", "1..2"]) {
    expect(readTestOutput(output), output).toBeNull();
  }
});

test("a hundred thousand failures keep a hundred names and are not whole", () => {
  const names = Array.from({ length: 5_000 }, (_, n) => ` FAIL  a.test.ts > ${n}`);
  const totals = [" Test Files  1 failed (1)", "      Tests  5000 failed (5000)"];
  const run = readTestOutput([...names, ...totals].join("\n"));
  expect(run?.failures).toHaveLength(FAILURES_MAX);
  expect(run?.isWhole).toBe(false);
});

const fragment = fc.oneof(
  fc.constantFrom(
    ...[
      " FAIL  ",
      "⎯⎯ ",
      "      Tests  ",
      " Test Files  ",
      "\n",
      "\u001b[31m",
      "✖ ",
      "ℹ tests ",
      "ℹ pass ",
    ],
    ...[
      "not ok ",
      "ok ",
      "1..",
      "    ",
      "TAP version 14\n",
      "--- FAIL: ",
      "FAIL\t",
      "  1) ",
      " failing",
      ":",
    ],
    ...[
      "test result: FAILED. ",
      " failed",
      " passed",
      " (",
      "1",
      "999999999999",
      "[",
      " - ",
      "FAILED a::",
      "\0",
    ],
    ...[
      "Running 1 tests using 1 workers",
      "  2 failed",
      " ─",
      "  ● ",
      "Tests: ",
      " total",
      " in 1.0s",
      "\r",
      "\u202e",
    ],
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);

test("whatever a check prints is read to an end, and names carry no control characters", () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 120 }), (parts) => {
      const run = readTestOutput(parts.join(""));
      if (!run) return;
      for (const count of [run.passed, run.failed, run.skipped]) {
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
      }
      for (const name of run.failures) {
        expect(name.length).toBeLessThanOrEqual(300);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it must not have.
        expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }
      if (run.isWhole) expect(run.failures).toHaveLength(run.failed);
    }),
    { numRuns: 2_000 },
  );
});
