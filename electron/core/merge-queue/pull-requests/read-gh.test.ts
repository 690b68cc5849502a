import { expect, test } from "vitest";
import { explainGh, readListed, readPullAddress, readViewed } from "./read-gh.ts";

const PLACE = { remote: "origin", repository: "github.com/acme/app" };
const NAMES = ["switchyard/t-3-fix-timeout-of-login", "main"];
const ended = (stderr: string, exitCode: number | null = 1) =>
  explainGh({ kind: "ended", exitCode, stdout: "", stderr }, PLACE, NAMES);

test("what went wrong is told by its kind, with the way out", () => {
  expect(explainGh({ kind: "missing" }, PLACE, NAMES)).toMatchObject({ why: "set-up" });
  for (const [stderr, why] of [
    ["HTTP 401: Bad credentials (https://api.github.com/graphql)", "sign-in"],
    ["HTTP 403: API rate limit exceeded for user ID 1", "away"],
    ["error connecting to api.github.com\ncheck your internet connection", "away"],
    ["dial tcp: lookup api.github.com: no such host", "away"],
    ["HTTP 502: Bad Gateway", "away"],
    ["GraphQL: Could not resolve to a Repository with the name 'acme/app'.", "set-up"],
    ["pull request create failed: GraphQL: must be a collaborator (createPullRequest)", "refused"],
    [`No commits between acme:main and acme:${NAMES[0]} (createPullRequest)`, "refused"],
    [`timed out while it looked for ${NAMES[0]}`, "away"],
    ["", "refused"],
  ] as const)
    expect([stderr, ended(stderr).why]).toEqual([stderr, why]);
  expect(ended("run gh auth login", 4).hint).toContain("gh auth login --hostname github.com");
  expect(ended("it was ended: it took too long", null).why).toBe("away");
  expect(ended("Warning: 1 uncommitted change\nno, https://ann:token@github.com").text).toBe(
    "github.com does not take the pull request: no, https://github.com",
  );
});

test("answers are read as gh documents them, and nothing else is taken for one", () => {
  const pull = { number: 3, state: "OPEN", url: "u", headRefOid: "h", isCrossRepository: true };
  expect(readListed(JSON.stringify([pull]))).toEqual([
    { number: 3, state: "OPEN", url: "u", head: "h", isForeign: true },
  ]);
  for (const strange of ["", "{}", "null", "[{}]", "<html>"]) {
    expect(readListed(strange)).toBe(null);
    expect(readViewed(strange)).toBe(null);
  }
  const viewed = {
    state: "OPEN",
    headRefOid: "a".repeat(40),
    mergeCommit: null,
    mergeable: "CONFLICTING",
  };
  expect(readViewed(JSON.stringify(viewed))).toEqual(viewed);
  const strange = { ...viewed, mergeable: "SOON" };
  expect(readViewed(JSON.stringify(strange))?.mergeable).toBe("UNKNOWN");
  expect(readViewed(JSON.stringify({ ...viewed, headRefOid: undefined }))).toBe(null);
  expect(readPullAddress("Creating\nhttps://github.com/acme/app/pull/12\n")).toEqual({
    url: "https://github.com/acme/app/pull/12",
    number: 12,
  });
  expect(readPullAddress("nothing")).toBe(null);
});
