import { expect, test } from "vitest";
import { type Measured, planFindings, type WatchLimits } from "./plan-findings.ts";

const limits: WatchLimits = {
  silenceMinutes: 15,
  repeats: 8,
  tokensWithoutCommit: 300_000,
  fleetSharePercent: 60,
  taskUsd: 10,
  taskTokens: 1_000_000,
  taskMinutes: 60,
  dayUsd: 100,
  windowPercent: 90,
};
const calm: Measured = {
  isWorking: true,
  silentMs: 0,
  run: null,
  tokensSinceCommit: 0,
  fleetShare: null,
  taskUsd: 0,
  taskTokens: 0,
  taskMinutes: 0,
  dayUsd: 0,
  windowPercent: 0,
};
const run = (count: number, failed = 0, failing = failed) => ({
  text: "Bash: npm test",
  count,
  failed,
  failing: failing === 0 ? null : { text: "Bash: npm test", count: failing },
});

/** What is found when something is measured, each as `kind weight`. */
function check(measured: Partial<Measured>, found: readonly string[]) {
  const findings = planFindings(limits, { ...calm, ...measured });
  expect(findings.map(({ kind, weight }) => `${kind} ${weight}`)).toEqual(found);
}

test("a calm session is left alone", () => check({}, []));
test("silence is told of, then acted on", () => {
  check({ silentMs: 14 * 60_000 }, []);
  check({ silentMs: 15 * 60_000 }, ["silent tell"]);
  check({ silentMs: 30 * 60_000 }, ["silent act"]);
});
test("the same call again and again is found, sooner when it fails each time", () => {
  check({ run: run(7) }, []);
  check({ run: run(8) }, ["repeats tell"]);
  check({ run: run(4, 4) }, []);
  check({ run: run(5, 5) }, ["repeats tell"]);
  check({ run: run(300, 300) }, ["repeats act"]);
});
test("failures with attempts to mend between them are given more time", () => {
  check({ run: run(1, 1, 15) }, []);
  check({ run: run(1, 1, 16) }, ["repeats tell"]);
  check({ run: run(1, 0, 32) }, ["repeats act"]);
});
test("tokens without a commit, and a large share, are found", () => {
  check({ tokensSinceCommit: 300_000 }, ["no-commits tell"]);
  check({ tokensSinceCommit: 600_000 }, ["no-commits act"]);
  check({ fleetShare: 99 }, ["fleet-share tell"]);
});
test("one that does not work strays nowhere", () =>
  check({ isWorking: false, silentMs: 1e9, run: run(99), tokensSinceCommit: 1e9 }, []));
test.each([
  ["dollars of the task", { taskUsd: 8 }, { taskUsd: 10 }],
  ["tokens of the task", { taskTokens: 800_000 }, { taskTokens: 1_000_000 }],
  ["minutes of the task", { taskMinutes: 48 }, { taskMinutes: 60 }],
  ["dollars of the day", { dayUsd: 80 }, { dayUsd: 100 }],
  ["the profile's window", { windowPercent: 72 }, { windowPercent: 90 }],
])("a budget of %s is told of at 80 percent and stops at all of it", (_, most, all) => {
  check(most, ["budget tell"]);
  check({ ...all, isWorking: false }, ["budget stop"]);
});
test("what is not watched is not found", () => {
  const off: WatchLimits = {
    silenceMinutes: null,
    repeats: null,
    tokensWithoutCommit: null,
    fleetSharePercent: null,
    taskUsd: null,
    taskTokens: null,
    taskMinutes: null,
    dayUsd: null,
    windowPercent: null,
  };
  const all = {
    silentMs: 1e9,
    run: run(99, 99),
    tokensSinceCommit: 1e9,
    taskUsd: 1e9,
    dayUsd: 1e9,
  };
  expect(planFindings(off, { ...calm, ...all })).toEqual([]);
});
test("the gravest stands first", () =>
  check({ taskUsd: 10, silentMs: 15 * 60_000, run: run(20) }, [
    "budget stop",
    "repeats act",
    "silent tell",
  ]));
