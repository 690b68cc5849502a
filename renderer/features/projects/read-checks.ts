import { CHECK_TIMEOUT_MS, type Check } from "../../../shared/model/check.ts";

/** One command a line; `name: command` gives it a name. A check that was there keeps its name and its time limit. */
export function readChecks(text: string, known: readonly Check[]): Check[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line, index) => {
      const named = /^([A-Za-z][\w -]{0,30}): (.+)$/.exec(line);
      const run = named?.[2] ?? line;
      const old = known.find((check) => check.run === run);
      return {
        name: named?.[1] ?? old?.name ?? `check-${index + 1}`,
        run,
        timeoutMs: old?.timeoutMs ?? CHECK_TIMEOUT_MS,
      };
    });
}

export function writeChecks(checks: readonly Check[]): string {
  return checks.map((check) => `${check.name}: ${check.run}`).join("\n");
}
