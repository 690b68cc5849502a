import { countTest, emptyCounts, writeCounts } from "./test-counts.mjs";

/** A vitest reporter. Tells `npm test` how many unit tests passed, failed and were skipped, and why. */
export default class UnitCounts {
  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const counts = emptyCounts();
    for (const module of modules) {
      // A file that could not be loaded has no tests to fail.
      if (module.errors().length > 0) countTest(counts, "failed", module.moduleId);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${module.relativeModuleId} › ${test.fullName}`;
        if (result.state === "failed") countTest(counts, "failed", name);
        else if (result.state !== "passed") countTest(counts, "skipped", noteOf(result) ?? name);
        else countTest(counts, test.diagnostic()?.flaky ? "unsteady" : "passed", name);
      }
    }
    for (const error of unhandledErrors) countTest(counts, "failed", `outside of a test: ${error}`);
    writeCounts(counts);
  }
}

/** @param {import("vitest/node").TestResult} result */
function noteOf(result) {
  return result.state === "skipped" ? result.note : undefined;
}
