import { expect, test } from "vitest";
import { describeLeftPull, describePull, nameOfProposed } from "./describe-pull.ts";
import { freshPull, type PullProblem, type PullRequest } from "./pull-request.ts";
import type { EntryState } from "./queue-entry.ts";

const URL = "https://github.com/acme/app/pull/4";
const fresh = freshPull({ remote: "origin", target: "main" }, null);
const opened: PullRequest = { ...fresh, number: 4, url: URL, pushed: "a".repeat(40) };
const problem: PullProblem = {
  ...{ kind: "sign-in", text: "gh is not signed in: please run gh auth login" },
  ...{ hint: "In a terminal: gh auth login", since: "2026-11-22T09:00:00.000Z" },
  ...{ tries: 1, nextAt: null },
};

test.each<[EntryState, Partial<PullRequest>, string | null, string | null]>([
  ["proposed", {}, null, `Pull request #4 waits on origin: ${URL}`],
  ["held", {}, null, `#4 stays as it is: ${URL}. New commits`],
  ["returned", {}, "say why", `#4 stays as it is: ${URL}. New commits`],
  ["returned", {}, "its pull request #4 was closed on origin", `#4 was closed on origin without`],
  ["removed", {}, null, `#4 was opened on origin: ${URL}. It is not asked after any more.`],
  [
    "landed",
    { problem },
    null,
    `#4 was opened on origin: ${URL}. The work landed here without it.`,
  ],
  ["landed", { merged: "b".repeat(40) }, null, `Merged on origin as pull request #4: ${URL}.`],
  ["landed", { number: null, problem }, null, null],
  ["queued", { number: null, pushed: null }, null, null],
])(
  "of an entry that is %s, with %j and the reason %s, it says how its pull request is",
  (state, more, reason, words) => {
    const told = describePull({ state, reason, pullRequest: { ...opened, ...more } });
    if (words === null) expect(told).toBeNull();
    else expect(told).toContain(words);
    expect(told ?? "").not.toContain(problem.hint);
  },
);

test("what keeps one from being opened is no proposal yet, and one that is open keeps its number", () => {
  const never = { ...fresh, problem };
  const kept = { ...opened, problem };
  expect(nameOfProposed(never)).toBe(`passed, not yet proposed: ${problem.text}`);
  expect(nameOfProposed(kept)).toBe(`proposed, #4 on origin: ${problem.text}`);
  const tell = (pullRequest: PullRequest) =>
    describePull({ state: "proposed", reason: null, pullRequest });
  expect(tell(never)).toBe(`Not proposed yet: ${problem.text}.\n${problem.hint}`);
  expect(tell(kept)).toBe(`#4 on origin: ${problem.text}.\n${problem.hint}`);
});

test("nothing is left of one that was never opened, or was merged", () => {
  expect(describeLeftPull({ reason: null, pullRequest: fresh })).toBeNull();
  const merged = { ...opened, merged: "b".repeat(40) };
  expect(describeLeftPull({ reason: null, pullRequest: merged })).toBeNull();
});
