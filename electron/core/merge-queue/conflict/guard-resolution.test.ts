import fc from "fast-check";
import { expect, test } from "vitest";
import { testNames } from "./find-tests.ts";
import { guardResolution, type ResolvedFile, readAlsoChanged } from "./guard-resolution.ts";

const tests = (...names: string[]) => names.map((name) => `test("${name}", () => {});\n`).join("");

function check(
  file: Partial<ResolvedFile> & { readonly path: string },
  options: { readonly isConflicted?: boolean; readonly isNamed?: boolean },
  ...refusals: string[]
): void {
  const whole = { base: "", target: "", branch: "", result: "", ...file };
  const refused = guardResolution({
    conflicted: new Set(options.isConflicted ? [file.path] : []),
    named: new Set(options.isNamed ? [file.path] : []),
    files: [whole],
  });
  expect(refused.map(({ why }) => why)).toEqual(refusals);
}

const conflicted = { isConflicted: true };
const named = { isNamed: true };

test("a conflicted file without marks is taken", () =>
  check({ path: "a.ts", target: "b\n", branch: "c\n", result: "b\nc\n" }, conflicted));

test("marks of the conflict are not", () => {
  const result = "<<<<<<< main\nb\n=======\nc\n>>>>>>> q-1\n";
  check({ path: "a.ts", result }, conflicted, "still holds the marks of the conflict");
});

test("a heading that was underlined before is no mark", () => {
  const page = "Title\n=======\n";
  check({ path: "a.md", target: page, branch: "x\n", result: `${page}x\n` }, conflicted);
});

test("another file is taken when it was named", () => {
  const refusal = "is not in conflict and was not named as one that has to be changed as well";
  check({ path: "b.ts", result: "new\n" }, {}, refusal);
  check({ path: "b.ts", result: "new\n" }, named);
  check({ path: "package-lock.json", result: "{}\n" }, {}, `is a lock file, ${refusal}`);
});

test("what says which checks are run is not taken although it was named", () => {
  const refusal = "says which checks are run, is not in conflict, and may not be changed";
  for (const path of [".github/workflows/ci.yml", ".switchyard/config.yaml", "Jenkinsfile"]) {
    check({ path, result: "x\n" }, named, refusal);
    check({ path, target: "y\n", result: "x\n" }, conflicted);
  }
});

test("the tests of both sides stay", () => {
  const file = {
    path: "src/sum.test.ts",
    base: tests("adds"),
    target: tests("adds", "theirs"),
    branch: tests("adds", "ours"),
  };
  check({ ...file, result: tests("adds", "ours", "theirs") }, conflicted);
  check({ ...file, result: tests("adds", "ours") }, conflicted, 'has lost the test "theirs"');
  check({ ...file, result: tests("theirs") }, conflicted, ...lost("ours", "adds"));
  check({ ...file, result: null }, conflicted, "was changed by one side and is deleted");
  check({ ...file, result: tests("adds") }, named, ...lost("theirs", "ours"));
});

test("a test that one side took away may stay away", () => {
  const [base, target, branch] = [tests("old", "adds"), tests("adds", "new"), tests("adds", "old")];
  check({ path: "a.test.ts", base, target, branch, result: tests("adds", "new") }, conflicted);
});

test("a test is not switched off", () => {
  const [target, branch] = [tests("a"), tests("b")];
  const result = `${target}test.skip("b", () => {});\n`;
  const refusal = "skips a test that neither side skips";
  check({ path: "a.test.ts", target, branch, result }, conflicted, refusal);
  check({ path: "a.test.ts", target, branch: result, result }, conflicted);
});

test("a file that is no test may go", () =>
  check({ path: "a.ts", base: "a", target: "b", branch: null, result: null }, conflicted));

test("tests are found as the usual languages write them", () => {
  const names = (content: string) => [...testNames(content)];
  expect(names("it.each([1, 2])('is $n', () => {})")).toEqual(["is $n"]);
  expect(names("async def test_one(self):\n  def test_two():")).toEqual(["test_one", "test_two"]);
  expect(names("func TestSum(t *testing.T) {\nfunc sum() {")).toEqual(["TestSum"]);
  expect(names("#[tokio::test]\nasync fn sums() {}\nfn other() {}")).toEqual(["sums"]);
  expect(names("@Test\n  public void sums() {")).toEqual(["sums"]);
  expect(names("[Fact]\npublic void Sums()\n{")).toEqual(["Sums"]);
  expect(names('@test "sums" {')).toEqual(["sums"]);
});

test("whatever the sides hold, a result without one of the tests that a side added is refused", () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(names, names, names, fc.nat(), (base, ours, theirs, at) => {
      const sides = [...new Set([...base, ...ours]), ...new Set([...base, ...theirs])];
      const added = [...new Set(sides)].filter((each) => !base.includes(each));
      fc.pre(added.length > 0);
      const out = added[at % added.length] ?? "";
      const kept = [...new Set(sides)].filter((each) => each !== out);
      const file = {
        path: "a.test.ts",
        base: tests(...base),
        target: tests(...base, ...ours),
        branch: tests(...base, ...theirs),
      };
      check({ ...file, result: tests(...kept) }, conflicted, ...lost(out));
      check({ ...file, result: tests(...kept, out) }, conflicted);
    }),
  );
});

test("what else was changed is read from the summary", () => {
  const summary =
    "Kept both.\nAlso changed: src/a b.ts: its caller\n- also changed: `x.ts`\nAlso x.";
  expect([...readAlsoChanged(summary)]).toEqual(["src/a b.ts", "x.ts"]);
});

function lost(...names: string[]): string[] {
  return names.map((name) => `has lost the test "${name}"`);
}
