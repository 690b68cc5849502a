import { join } from "node:path";
import { expect, test } from "vitest";
import { pushBranch } from "./push-branch.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

const WORK = "switchyard/t-1";

async function createPlace() {
  const place = await createTestRepository();
  const remote = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", "-b", "main", remote);
  await place.git("remote", "add", "origin", remote);
  const setting = "queue.pull-requests";
  return {
    ...place,
    there: async () => (await runGit(remote, ["rev-parse", `refs/heads/${WORK}`])).stdout.trim(),
    push: (commit: string, name = "origin", isWanted = () => true) =>
      pushBranch({ repo: place.repo, remote: name, branch: WORK, setting }, commit, isWanted),
  };
}

test("a branch is pushed under its own name, and followed by later commits of it", async () => {
  await using place = await createPlace();
  const first = await place.commitOn(WORK, { "a.txt": "1\n" });
  expect(await place.push(first)).toEqual({ kind: "pushed" });
  const second = await place.commitOn(WORK, { "a.txt": "2\n" });
  expect(await place.push(second)).toEqual({ kind: "pushed" });
  expect(await place.push(second)).toEqual({ kind: "pushed" });
  expect(await place.there()).toBe(second);
});

test("what others pushed to it stays, beside the work and on top of it", async () => {
  await using place = await createPlace();
  const work = await place.commitOn(WORK, { "a.txt": "1\n" });
  const beside = await place.commitOn("theirs", { "b.txt": "theirs\n" });
  await place.git("push", "-q", "origin", `${beside}:refs/heads/${WORK}`);
  const failed = {
    kind: "failed",
    why: "rejected",
    text: expect.stringContaining("holds 1 commit that was not tested"),
  };
  const told = await place.push(work);
  expect(told).toMatchObject(failed);
  // Nobody is told to take the only copy of it away without a look.
  expect(told.kind === "failed" && told.hint).toMatch(
    /only copy of somebody's work: .* log FETCH_HEAD/,
  );
  expect(told.kind === "failed" && told.hint).not.toContain("--delete");
  expect(await place.there()).toBe(beside);
  const onTop = await place.commitOn(WORK, { "c.txt": "more\n" });
  await place.git("push", "-q", "-f", "origin", `${onTop}:refs/heads/${WORK}`);
  expect(await place.push(work)).toMatchObject(failed);
  expect(await place.there()).toBe(onTop);
});

test("a remote that is not there is named with the setting that asks for it", async () => {
  await using place = await createPlace();
  const work = await place.commitOn(WORK, { "a.txt": "1\n" });
  expect(await place.push(work, "upstream")).toMatchObject({
    why: "set-up",
    text: expect.stringContaining("There is no remote upstream"),
    hint: expect.stringContaining("queue.pull-requests"),
  });
});

test("what is not wanted any more once the remote has answered is not pushed", async () => {
  await using place = await createPlace();
  const work = await place.commitOn(WORK, { "a.txt": "1\n" });
  expect(await place.push(work, "origin", () => false)).toEqual({ kind: "unwanted" });
  await expect(place.there()).rejects.toThrow("rev-parse");
  await place.push(work);
  expect(await place.there()).toBe(work);
});
