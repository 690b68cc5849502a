import type { CheckResult } from "./check.ts";

/** More than these are a number. */
const NAMED_MAX = 5;

/** What a person is told of a check beside how it ended: its reason, or which of its tests fail. Null: nothing. */
export function noteOfCheck({
  reason,
  tests,
}: Pick<CheckResult, "reason" | "tests">): string | null {
  if (reason !== null || !tests || tests.failed === 0) return reason;
  const { failed, passed, failures, quarantined, isExcused } = tests;
  const all = passed + failed;
  const names = failures.slice(0, NAMED_MAX).join("; ");
  const rest = failed - Math.min(failures.length, NAMED_MAX);
  const more = rest > 0 ? `${names === "" ? "" : " and "}${rest} more` : "";
  const head = `${failed} of ${all} ${all === 1 ? "test" : "tests"} ${failed === 1 ? "fails" : "fail"}`;
  const told = `${head}: ${names}${more}.`;
  if (isExcused) return `${told} All that fails is known to be flaky, and keeps nothing back.`;
  return quarantined.length > 0 ? `${told} Known to be flaky: ${quarantined.join("; ")}.` : told;
}
