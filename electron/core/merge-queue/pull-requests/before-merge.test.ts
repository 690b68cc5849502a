import { expect, test } from "vitest";
import type { Oid } from "../../../../shared/model/ids.ts";
import { createTestRepository } from "../../git/test-repository.ts";
import { beforeMerge } from "./before-merge.ts";

const signal = new AbortController().signal;

/** A branch of two commits, with a merge of the target between them, and the target that has moved on since. */
async function begin() {
  const place = await createTestRepository({ "a.txt": "a\n" });
  const commit = async (tree: string, parents: readonly Oid[], message: string) => {
    const onto = parents.flatMap((each) => ["-p", each]);
    return (await place.git("commit-tree", `${tree}^{tree}`, ...onto, "-m", message)).trim();
  };
  const one = await place.commitOn("work", { "one.txt": "1\n" }, "one");
  const main = await place.commitOn("main", { "a.txt": "b\n" }, "other work");
  const joined = await commit(one, [one, main], "Merge branch 'main'");
  await place.git("update-ref", "refs/heads/work", joined);
  const two = await place.commitOn("work", { "two.txt": "2\n" }, "two");
  const target = await place.commitOn("main", { "a.txt": "c\n" }, "later work");
  return { place, commit, one, two, target };
}

test("a branch with a merge in it that is rebased there lands as all of its own commits", async () => {
  const { place, commit, one, two, target } = await begin();
  await using _ = place;
  const rebased = await commit(two, [await commit(one, [target], "one")], "two");
  expect(await beforeMerge(place.repo, two, rebased, signal)).toBe(target);
});

test("of one that is squashed or merged there it is the first parent, whatever is below it", async () => {
  const { place, commit, two, target } = await begin();
  await using _ = place;
  const squashed = await commit(two, [target], "Do it (#1)");
  expect(await beforeMerge(place.repo, two, squashed, signal)).toBe(target);
  const merged = await commit(two, [target, two], "Merge pull request #1");
  expect(await beforeMerge(place.repo, two, merged, signal)).toBe(target);
});
