import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import {
  countTest,
  emptyCounts,
  listNotable,
  summarize,
  writeCounts,
} from "../build/test-counts.mjs";

const words = {
  expected: "passed",
  flaky: "unsteady",
  skipped: "skipped",
  unexpected: "failed",
} as const;

/** Says why tests were skipped, closes with one plain line, and leaves the counts for `npm test`. */
export default class SummaryReporter implements Reporter {
  readonly #counts = emptyCounts();

  onTestEnd(test: TestCase, result: TestResult): void {
    const willRetry = result.retry < test.retries && test.outcome() === "unexpected";
    if (willRetry && result.status !== "passed") return;
    const project = test.parent.project()?.name ?? "?";
    if (result.status !== "skipped") {
      countTest(
        this.#counts,
        words[test.outcome()],
        `[${project}] ${test.titlePath().slice(2).join(" › ")}`,
      );
      return;
    }
    const reason = result.annotations.find((annotation) => annotation.type === "skip");
    countTest(this.#counts, "skipped", `${project}: ${reason?.description ?? "no reason given"}`);
  }

  onEnd(): void {
    for (const line of listNotable(this.#counts)) console.log(line);
    console.log(summarize(this.#counts));
    writeCounts(this.#counts);
  }
}
