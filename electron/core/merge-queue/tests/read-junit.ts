import { isAbsolute, relative } from "node:path";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { RunTally, type TestRun } from "./test-run.ts";

const CASES_MAX = 500_000;
const DEPTH_MAX = 100;

/** A report is cut off, damaged, or no report of tests. */
export type BadReport = { readonly kind: "bad-report" };

/**
 * A JUnit XML report. Entities that a document defines are not known to the parser, so none is ever unfolded; text is not kept.
 * `root`: where the tests ran, so that names do not hold that place.
 */
export function readJUnit(text: string, root: string): TestRun | BadReport {
  const parser = new SaxesParser();
  const tally = new RunTally();
  const open: string[] = [];
  let isReport = false;
  let cases = 0;
  let test: { readonly name: string; outcome: "passed" | "failed" | "skipped" } | null = null;
  const take = (tag: SaxesTagPlain) => {
    const name = tag.name.toLowerCase();
    open.push(name);
    if (open.length > DEPTH_MAX || cases > CASES_MAX) throw new Error("too much for a report");
    if (open.length === 1) isReport = name === "testsuites" || name === "testsuite";
    if (name === "testcase") test = { name: nameOf(tag, root), outcome: "passed" };
    else if (name === "failure" || name === "error") {
      // Beside a test: whatever it was, no test explains it.
      if (!test) tally.isBroken = true;
      else test.outcome = "failed";
    } else if (name === "skipped" && test?.outcome === "passed") test.outcome = "skipped";
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", take);
  parser.on("closetag", () => {
    if (open.pop() !== "testcase" || !test) return;
    cases += 1;
    tally[test.outcome] += 1;
    if (test.outcome === "failed") tally.fail(test.name);
    test = null;
  });
  try {
    parser.write(text).close();
  } catch {
    return { kind: "bad-report" };
  }
  const run = isReport ? tally.finish(true) : null;
  return run ? { runner: "JUnit", ...run } : { kind: "bad-report" };
}

function nameOf({ attributes }: SaxesTagPlain, root: string): string {
  const { file, classname, name } = attributes;
  const place = file !== undefined && isAbsolute(file) ? relative(root, file) : file;
  return [place, classname, name].filter((part) => part !== undefined && part !== "").join(" > ");
}
