import { expect, test } from "vitest";
import { examinePullRequests, type ProposingProject } from "./examine-pull-requests.ts";

test("what keeps pull requests from being opened is told, with what to do", () => {
  const ended = (exitCode: number) =>
    ({ kind: "ended", exitCode, stdout: "", stderr: "" }) as const;
  const at = { project: "app", remote: "origin", repository: "github.com/acme/app" };
  const check = (own: Partial<ProposingProject>, result: string, fix: string | null) =>
    expect(examinePullRequests([{ ...at, signIn: ended(0), ...own }])).toMatchObject([
      { result, fix: fix === null ? null : expect.stringContaining(fix) },
    ]);
  check({}, "good", null);
  check({ repository: null }, "bad", "git remote -v");
  check({ signIn: { kind: "missing" } }, "bad", "cli.github.com");
  check({ signIn: ended(1) }, "bad", "gh auth login --hostname github.com");
  expect(examinePullRequests([])).toEqual([]);
});
