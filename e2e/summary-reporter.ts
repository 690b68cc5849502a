import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { countTest, emptyCounts, summarize, writeCounts } from "../build/test-counts.mjs";

/** Says why tests were skipped, closes with one plain line, and leaves the counts for `npm test`. */
export default class SummaryReporter implements Reporter {
  readonly #counts = emptyCounts();

  onTestEnd(test: TestCase, result: TestResult): void {
    const willRetry = result.retry < test.retries && test.outcome() === "unexpected";
    if (willRetry && result.status !== "passed") return;
    if (result.status !== "skipped") {
      countTest(this.#counts, test.outcome() === "unexpected" ? "failed" : "passed");
      return;
    }
    const project = test.parent.project()?.name ?? "?";
    const reason = result.annotations.find((annotation) => annotation.type === "skip");
    countTest(this.#counts, "skipped", `${project}: ${reason?.description ?? "no reason given"}`);
  }

  onEnd(): void {
    for (const [why, times] of Object.entries(this.#counts.reasons)) {
      console.log(`skipped ${times} × ${why}`);
    }
    console.log(summarize(this.#counts));
    writeCounts(this.#counts);
  }
}
