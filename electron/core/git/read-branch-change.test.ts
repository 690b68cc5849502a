import { expect, test } from "vitest";
import { readBranchChange } from "./read-branch-change.ts";
import { createTestRepository } from "./test-repository.ts";

test("a branch is told by its own commits and lines, whatever the target has gone on to", async () => {
  await using place = await createTestRepository();
  await place.git("branch", "work");
  const read = () => readBranchChange(place.repo.root, "work", "main");
  expect(await read()).toEqual({ branch: "work", commits: 0, files: 0, added: 0, removed: 0 });
  await place.commitOn("work", { "a.txt": "one\n2\nthree\n", "b.txt": "new\n" });
  await place.commitOn("work", { "b.txt": "new\nnewer\n" });
  await place.commitOn("main", { "c.txt": "of the target\n" });
  expect(await read()).toEqual({ branch: "work", commits: 2, files: 2, added: 3, removed: 1 });
});

test("a branch that is gone has none", async () => {
  await using place = await createTestRepository();
  expect(await readBranchChange(place.repo.root, "gone", "main")).toBeNull();
});
