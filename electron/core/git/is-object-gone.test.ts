import { expect, test } from "vitest";
import { isObjectGone } from "./is-object-gone.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

const GONE = "1234567890123456789012345678901234567890";

for (const args of [
  ["merge-base", "--is-ancestor", GONE, "HEAD"],
  ["merge-base", "HEAD", GONE],
  ["rev-parse", "--verify", `${GONE}^{tree}`],
  ["commit-tree", "-m", "text", GONE],
  ["checkout", "--detach", GONE, "--"],
  ["update-ref", "refs/switchyard/cand/q-1", GONE],
]) {
  test(`what ${args[0]} says of an object that a clean-up took is known as that`, async () => {
    await using place = await createTestRepository({ "a.txt": "a\n" });
    const error = await runGit(place.repo.root, args).catch((thrown: unknown) => thrown);
    expect(isObjectGone(error)).toBe(true);
  });
}

test("that git knows no such ref is no lost object", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n" });
  const error = await runGit(place.repo.root, ["rev-parse", "no-such-branch"]).catch(
    (thrown: unknown) => thrown,
  );
  expect(isObjectGone(error)).toBe(false);
});
