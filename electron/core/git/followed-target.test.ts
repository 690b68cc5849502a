import { join } from "node:path";
import { expect, test } from "vitest";
import { followTarget, readGround } from "./followed-target.ts";
import { createTestRepository } from "./test-repository.ts";

test("work is put on what the remote has, and on the target here where that holds more; no branch moves", async () => {
  await using place = await createTestRepository();
  const remote = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", "-b", "main", remote);
  await place.git("remote", "add", "origin", remote);
  const at = { repo: place.repo, remote: "origin", branch: "main", setting: "queue.pull-requests" };
  const ground = (name: string | null = "origin") => readGround(place.repo, "main", name);

  expect(await followTarget(at)).toMatchObject({
    why: "set-up",
    text: expect.stringContaining("no branch main"),
  });
  const first = await place.oid("main");
  await place.git("push", "-q", "origin", "main");
  expect(await followTarget(at)).toBe(first);
  const theirs = await place.commitOn("theirs", { "b.txt": "b\n" });
  await place.git("push", "-q", "origin", `${theirs}:refs/heads/main`);
  expect(await ground()).toBe(first);
  expect(await followTarget(at)).toBe(theirs);
  expect([await ground(), await ground(null), await place.oid("main")]).toEqual([
    theirs,
    first,
    first,
  ]);
  const own = await place.commitOn("main", { "c.txt": "c\n" });
  expect(await ground()).toBe(own);
});
