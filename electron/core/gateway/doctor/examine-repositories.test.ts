import { expect, test } from "vitest";
import { examineRepositories, type OddRepository } from "./examine-repositories.ts";

const plain: OddRepository = {
  ...{ project: "app", path: "/a b/app", submodules: [], largeFiles: "none" },
  ...{ isShallow: false, isPartial: false, isSparse: false, pushProblem: null },
};
const look = (own: Partial<OddRepository>) =>
  examineRepositories([{ ...plain, ...own }]).map(({ result, fix }) => [result, fix]);

test("of a repository like most nothing is said", () => {
  expect(look({})).toEqual([]);
  expect(look({ largeFiles: "installed" })).toEqual([]);
});

test("each oddity is told with its way out", () => {
  expect(look({ isShallow: true })).toEqual([["warning", 'git -C "/a b/app" fetch --unshallow']]);
  expect(look({ isPartial: true })).toEqual([
    ["warning", 'git -C "/a b/app" fetch --refetch --no-filter'],
  ]);
  expect(look({ largeFiles: "missing" })).toEqual([["bad", expect.stringContaining("git-lfs")]]);
  expect(look({ isSparse: true })).toEqual([["good", null]]);
  const pushProblem = { text: "There is no remote nowhere.", hint: "Set it to off." };
  expect(look({ pushProblem })).toEqual([["warning", "Set it to off."]]);
  const submodules = ["a", "b", "c", "d", "e", "f", "g"];
  const [finding] = examineRepositories([{ ...plain, submodules }]);
  expect(finding?.detail).toContain("(a, b, c, d, e and 2 more)");
  expect(finding?.result).toBe("warning");
});
