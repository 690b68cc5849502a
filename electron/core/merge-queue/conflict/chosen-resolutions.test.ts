import { expect, onTestFinished, test, vi } from "vitest";
import { check, createQueueFixture } from "../queue-fixture.ts";

/** Each is some fifty short git commands and checks of real branches. */
vi.setConfig({ testTimeout: 300_000 });

/** Lines that look like the marks of a conflict, on both sides. */
const BEFORE = "<<<<<<< a\none\n>>>>>>> b\nmiddle\nlast";

test("a conflict is shown place by place, a draft is kept, and what is chosen lands", async () => {
  const world = await createQueueFixture({
    files: { "a.txt": BEFORE, "gone.txt": "x\n", "c.txt": "c\n" },
    project: { checks: [check("true")] },
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { queue, place } = world;
  const first = await world.queueWork({
    "a.txt": BEFORE.replace("one", "theirs").replace("last", "end"),
    "gone.txt": "y\n",
  });
  const second = await world.queueWork({
    "a.txt": BEFORE.replace("one", "ours").replace("last", "ours last"),
    "gone.txt": null,
    "c.txt": "d\n",
  });
  await queue.settle(AbortSignal.timeout(60_000));
  await world.until(first.id, ({ state }) => state === "landed");
  const { id } = await world.until(second.id, ({ state }) => state === "returned");

  const { chosen } = queue.conflicts;
  const shown = await chosen.view(id);
  expect(shown.files).toMatchObject([
    {
      path: "a.txt",
      parts: [
        { kind: "same", text: "<<<<<<< a\n" },
        { kind: "lines", base: "one\n", target: "theirs\n", branch: "ours\n" },
        { kind: "same", text: ">>>>>>> b\nmiddle\n" },
        { kind: "lines", base: "last\n", target: "end\n", branch: "ours last\n" },
      ],
    },
    { path: "gone.txt", parts: [{ kind: "whole", branch: "no file" }] },
  ]);
  expect(shown.draft.map(({ choices }) => choices)).toEqual([[null, null], [null]]);

  const half = [{ path: "a.txt", choices: ["both" as const, null] }];
  await chosen.keepDraft(id, half);
  expect((await chosen.view(id)).draft[0]).toEqual(half[0]);
  await expect(chosen.use(id, shown.base, half)).rejects.toThrow(
    "Nothing is chosen yet for some of a.txt in q-2.",
  );
  await expect(chosen.use(id, second.head, half)).rejects.toThrow("main has moved on");

  const again = await chosen.use(id, shown.base, [
    { path: "a.txt", choices: ["both", { text: "mine\n" }] },
    { path: "gone.txt", choices: ["branch"] },
  ]);
  await world.until(again.id, ({ state }) => state === "landed");
  const made = "<<<<<<< a\ntheirs\nours\n>>>>>>> b\nmiddle\nmine\n";
  expect(await place.show("main", "a.txt")).toBe(made);
  expect(await place.git("ls-tree", "--name-only", "main")).toBe("a.txt\nc.txt\n");
  expect(await place.show("main", "c.txt")).toBe("d\n");
});
