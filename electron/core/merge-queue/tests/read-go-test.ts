import { type ReadRun, RunTally } from "./test-run.ts";

/** `go test`, with or without `-v`: tests, then the line of their package. Without `-v` a package that passed counts as one test. */
export const readGoTest: ReadRun = (lines) => {
  const tally = new RunTally();
  const seen = { PASS: [] as string[], FAIL: [] as string[], SKIP: [] as string[] };
  let wasSeen = false;
  for (const line of lines) {
    const result = /^ *--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$/.exec(line);
    if (result) {
      // The pattern has these three alone.
      seen[result[1] as keyof typeof seen].push(result[2] ?? "");
      continue;
    }
    // Failed tests alone end a package with 1.
    if (/^panic: |^fatal error: |^exit status (?!1$)\d|^signal: /.test(line)) tally.isBroken = true;
    const end = /^(ok {2}|FAIL)\t(\S+)(?:\t(.+)| \[(.+)\])$/.exec(line);
    if (!end) {
      if (/^\?\s+\S+\s+\[no test files\]$/.test(line)) wasSeen = true;
      continue;
    }
    wasSeen = true;
    const failed = leaves(seen.FAIL);
    const passed = leaves(seen.PASS).length;
    const isEmpty = line.includes("[no tests to run]");
    tally.passed += end[1] !== "FAIL" && passed === 0 && !isEmpty ? 1 : passed;
    tally.skipped += leaves(seen.SKIP).length;
    tally.failed += failed.length;
    for (const name of failed) tally.fail(`${end[2]}.${name}`);
    // It was not built, or ended before its tests did.
    if (end[1] === "FAIL" && failed.length === 0) tally.isBroken = true;
    for (const list of Object.values(seen)) list.length = 0;
  }
  if (seen.FAIL.length > 0) tally.isBroken = true;
  return tally.finish(wasSeen);
};

/** A test that holds others is told of beside them. */
function leaves(names: readonly string[]): readonly string[] {
  const parents = new Set<string>();
  for (const name of names) {
    for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) {
      parents.add(name.slice(0, at));
    }
  }
  return names.filter((name) => !parents.has(name));
}
