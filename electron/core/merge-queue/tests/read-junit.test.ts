import fc from "fast-check";
import { expect, test } from "vitest";
import { readJUnit } from "./read-junit.ts";

const ROOT = "/work/place";
const BAD = { kind: "bad-report" };

test("tests by file, class and name, with nested suites", () => {
  const report = `<?xml version="1.0"?>
    <testsuites><testsuite name="s" errors="0" failures="2">
      <testcase classname="test_a" name="test_a"/>
      <testcase classname="test_a" name="p[a &gt; b]"><failure message="no">text &amp; more</failure></testcase>
      <testcase name="sub" file="${ROOT}/b.test.mjs"><error/></testcase>
      <testsuite name="inner"><testcase name="later"><skipped/></testcase></testsuite>
    </testsuite></testsuites>`;
  expect(readJUnit(report, ROOT)).toEqual({
    runner: "JUnit",
    passed: 1,
    failed: 2,
    skipped: 1,
    failures: ["test_a > p[a > b]", "b.test.mjs > sub"],
    isWhole: true,
  });
});

test("an error beside the tests, or a whole file that fails, leaves it not whole", () => {
  const beside = `<testsuite><testcase name="a"><failure/></testcase><error>no database</error></testsuite>`;
  expect(readJUnit(beside, ROOT)).toMatchObject({ failed: 1, isWhole: false });
  const file = `<testsuite><testcase name="c.test.mjs"><failure/></testcase></testsuite>`;
  expect(readJUnit(file, ROOT)).toMatchObject({ failed: 1, isWhole: false });
});

test("what is no whole report of tests is a bad one", () => {
  for (const text of [
    "",
    "<testsuite><testcase name='a'>",
    "<html></html>",
    "not xml",
    "<testsuite",
    "\0",
  ]) {
    expect(readJUnit(text, ROOT), text).toEqual(BAD);
  }
});

test("entities that unfold into very much, or name a file, are refused", () => {
  const levels = Array.from({ length: 12 }, (_, n) => {
    return `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`;
  });
  const bomb = `<!DOCTYPE testsuite [<!ENTITY e0 "lol">${levels.join("")}]><testsuite><testcase name="&e12;"/></testsuite>`;
  expect(readJUnit(bomb, ROOT)).toEqual(BAD);
  const file = `<!DOCTYPE testsuite [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>`;
  expect(readJUnit(file, ROOT)).toEqual(BAD);
});

test("a report that nests without end is refused, and long names are cut", () => {
  expect(readJUnit("<testsuite>".repeat(200_000), ROOT)).toEqual(BAD);
  const name = "n".repeat(100_000);
  const run = readJUnit(
    `<testsuite><testcase name="${name}&#9;\u0085"><failure/></testcase></testsuite>`,
    ROOT,
  );
  expect(run).toMatchObject({ failures: ["n".repeat(300)], isWhole: true });
});

test("whatever stands in a report, reading it ends with a run or a bad report", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "<testsuite>",
      "</testsuite>",
      "<testcase name='a'>",
      "</testcase>",
      "<failure/>",
      "&lt;",
    ),
    fc.constantFrom(
      "<![CDATA[",
      "]]>",
      "<!DOCTYPE x [",
      "<!ENTITY a 'b'>",
      "]>",
      "&a;",
      "<!--",
      "-->",
      "<?xml?>",
    ),
    fc.string({ unit: "binary", maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
      const run = readJUnit(parts.join(""), ROOT);
      expect("kind" in run || run.failures.length <= run.failed).toBe(true);
    }),
    { numRuns: 200 },
  );
});
