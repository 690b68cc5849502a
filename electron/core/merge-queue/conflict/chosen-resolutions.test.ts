import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Choice, FileChoices } from "../../../../shared/model/conflict-view.ts";
import type { EntryId } from "../../../../shared/model/ids.ts";
import { check, createQueueFixture, type QueueFixture } from "../queue-fixture.ts";
import { ChosenResolutions } from "./chosen-resolutions.ts";

/** Each is some fifty short git commands and checks of real branches. */
vi.setConfig({ testTimeout: 300_000 });

/** Lines that look like the marks of a conflict, on both sides. */
const BEFORE = "<<<<<<< a\none\n>>>>>>> b\nmiddle\nlast";

/** A draft is looked at only once the one before it is kept, so an older one is never written last. */
async function keepsInOrder(
  { home, queue }: QueueFixture,
  id: EntryId,
  last: readonly FileChoices[],
): Promise<void> {
  const { hands } = queue.conflicts;
  const folder = { worktrees: join(home, "worktrees") };
  const seen: (Choice | null | undefined)[] = [];
  const chosen: ChosenResolutions = new ChosenResolutions({
    folder,
    hands: {
      accept: (...args) => hands.accept(...args),
      findResolvable: async (entry) => {
        seen.push((await queue.conflicts.chosen.view(entry)).draft[0]?.choices[0]);
        return hands.findResolvable(entry);
      },
    },
  });
  const first = [{ path: "a.txt", choices: ["branch" as const, null] }];
  await Promise.all([chosen.keepDraft(id, first), chosen.keepDraft(id, last)]);
  expect(seen).toEqual(["both", "branch"]);
  expect((await chosen.view(id)).draft[0]).toEqual(last[0]);
}

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
  await keepsInOrder(world, id, half);
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

test("in a repository with long object names a file that is gone can be chosen too", async () => {
  const world = await createQueueFixture({
    files: { "gone.txt": "x\n", "c.txt": "c\n" },
    objectFormat: "sha256",
    project: { checks: [check("true")] },
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { queue, place } = world;
  const first = await world.queueWork({ "gone.txt": "y\n" });
  const second = await world.queueWork({ "gone.txt": null });
  await queue.settle(AbortSignal.timeout(60_000));
  await world.until(first.id, ({ state }) => state === "landed");
  const { id } = await world.until(second.id, ({ state }) => state === "returned");
  const { base } = await queue.conflicts.chosen.view(id);
  const chosen = [{ path: "gone.txt", choices: ["branch" as const] }];
  const again = await queue.conflicts.chosen.use(id, base, chosen);
  await world.until(again.id, ({ state }) => state === "landed");
  expect(await place.git("ls-tree", "--name-only", "main")).toBe("c.txt\n");
});
