import { join } from "node:path";
import { expect, test } from "vitest";
import { followTarget, readGround } from "./followed-target.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

async function createPlace() {
  const place = await createTestRepository();
  const remote = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", "-b", "main", remote);
  await place.git("remote", "add", "origin", remote);
  const at = { repo: place.repo, remote: "origin", setting: "queue.pull-requests" };
  return { ...place, remote, follow: (branch: string) => followTarget({ ...at, branch }) };
}

test("work is put on what the remote has, and on the target here where that holds more; no branch moves", async () => {
  await using place = await createPlace();
  const ground = (name: string | null = "origin") => readGround(place.repo, "main", name);

  expect(await place.follow("main")).toMatchObject({
    why: "set-up",
    text: expect.stringContaining("no branch main"),
  });
  const first = await place.oid("main");
  await place.git("push", "-q", "origin", "main");
  expect(await place.follow("main")).toBe(first);
  const theirs = await place.commitOn("theirs", { "b.txt": "b\n" });
  await place.git("push", "-q", "origin", `${theirs}:refs/heads/main`);
  expect(await ground()).toBe(first);
  expect(await place.follow("main")).toBe(theirs);
  expect([await ground(), await ground(null), await place.oid("main")]).toEqual([
    theirs,
    first,
    first,
  ]);
  const own = await place.commitOn("main", { "c.txt": "c\n" });
  expect(await ground()).toBe(own);
});

test("targets of which one is named as a folder of the other would be are followed one after the other", async () => {
  await using place = await createPlace();
  const first = await place.oid("main");
  await place.git("push", "-q", "origin", "main:refs/heads/dev");
  expect(await place.follow("dev")).toBe(first);
  await runGit(place.remote, ["branch", "-m", "dev", "dev/next"]);
  expect(await place.follow("dev/next")).toBe(first);
  await place.git("branch", "dev/next", "main");
  expect(await readGround(place.repo, "dev/next", "origin")).toBe(first);
  const names = await place.git("for-each-ref", "--format=%(refname)", "refs/switchyard");
  expect(names.split(/\s+/)).toEqual(
    expect.arrayContaining(
      ["dev", "dev%2Fnext"].map((name) => `refs/switchyard/remote/origin/${name}`),
    ),
  );
});
