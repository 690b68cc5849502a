/** What a path is to those whose work stands in it. */
export type Guarded = "test" | "ci" | null;

const TEST_PATHS = [
  /(^|\/)(tests?|__tests__|specs?|e2e|testdata|fixtures|__snapshots__)\//i,
  /\.(test|spec|cy)\.[^/.]+$/i,
  /(^|\/)test_[^/]*\.py$/,
  /_(test|spec)\.[^/.]+$/,
  /(Test|Tests|Spec|IT)\.(java|kt|scala|cs|groovy|swift)$/,
];
/** What says which checks are run, ours among them. */
const CI_PATHS = [
  /^\.(github|gitlab|circleci|buildkite|switchyard|woodpecker)\//,
  /(^|\/)(\.gitlab-ci\.yml|\.travis\.yml|appveyor\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|Jenkinsfile)$/,
];

export function guardedAs(path: string): Guarded {
  if (CI_PATHS.some((each) => each.test(path))) return "ci";
  return TEST_PATHS.some((each) => each.test(path)) ? "test" : null;
}

/** Each takes the name of a test as its group `name`. */
const TESTS = [
  // JavaScript and the like: test("…"), it.each(…)("…"), describe(`…`).
  /\b(?:test|it|describe|suite)(?:\.\w+)*(?:\([^()\n]*\))?\(\s*(["'`])(?<name>.+?)(?<!\\)\1/g,
  /^\s*(?:async\s+)?def\s+(?<name>test\w*)\s*\(/gm,
  /^func\s+(?<name>(?:Test|Benchmark|Fuzz|Example)\w*)\s*\(/gm,
  /#\[(?:\w+::)*test[^\]]*\](?:\s*#\[[^\]]*\])*\s*(?:pub\s+)?(?:async\s+)?fn\s+(?<name>\w+)/g,
  /@(?:Parameterized)?Test\b[^{;]*?\b(?:void|fun|func)\s+(?<name>`[^`]+`|\w+)\s*\(/g,
  /\[(?:Fact|Theory|Test|TestMethod)[^\]]*\][^{;]*?\s(?<name>\w+)\s*\(/g,
  // Shell with bats.
  /^@test\s+(["'])(?<name>.+?)\1/gm,
];

const SKIPPED =
  /\b(?:test|it|describe|suite)\.(?:skip|todo|fixme|only)\b|\bx(?:it|describe|test)\s*\(|@(?:Disabled|Ignore)\b|#\[ignore|pytest\.mark\.(?:skip|xfail)|\bt\.Skip\w*\(|@unittest\.skip|\[Ignore\b|\bSkip\s*=/g;

/** The names of the tests that a file holds, as far as the usual ways to write one are known; the same name is there once. */
export function testNames(content: string): ReadonlySet<string> {
  const names = TESTS.flatMap((pattern) =>
    [...content.matchAll(pattern)].map((match) => match.groups?.name ?? ""),
  );
  return new Set(names.filter((name) => name !== ""));
}

/** How many marks it holds by which a test is there and not run. */
export function countSkips(content: string): number {
  return [...content.matchAll(SKIPPED)].length;
}
