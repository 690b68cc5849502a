import { expect, test } from "vitest";
import { putOldGit } from "../git/old-git-fixture.ts";
import { check, createQueueFixture } from "./queue-fixture.ts";

test.each(["squash", "rebase"] as const)(
  "with a git before 2.38 the queue comes to the same by %s",
  async (land) => {
    await using fixture = await createQueueFixture({
      project: { land, checks: [check("! grep -q BAD a.txt")] },
    });
    const { queue, place } = fixture;
    using _old = putOldGit(place.folder);
    const [first, beside, conflict] = [
      await fixture.queueWork({ "a.txt": "first\n", "new.txt": "n\n" }),
      await fixture.queueWork({ "b.txt": "beside\n" }),
      await fixture.queueWork({ "a.txt": "second\n" }),
    ];
    await queue.settle(new AbortController().signal);
    for (const { id } of [first, beside])
      await fixture.until(id, ({ state }) => state === "landed");
    const returned = await fixture.until(conflict.id, ({ state }) => state === "returned");
    expect(returned.files).toEqual(["a.txt"]);
    expect(await place.show("main", "a.txt")).toBe("first\n");
    expect((await place.git("status", "--porcelain")).trim()).toBe("");
  },
);
