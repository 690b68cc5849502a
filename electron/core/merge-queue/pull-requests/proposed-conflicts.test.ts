import { expect, test } from "vitest";
import { isIn } from "../queue-fixture.ts";
import { createProposing } from "./proposing-fixture.ts";

test("a conflict with what was merged there is told, resolved and tested against that, while the own target stands still", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { queue, place, store } = fixture;
  await world.propose();
  const merged = await world.gh.merge(1, "squash");
  await world.look();
  const { id, task } = await fixture.queueWork({ "new.txt": "another\n" });
  const entry = await fixture.until(id, isIn("returned"));
  expect(entry.reason).toBe("conflicts with main of origin");
  const handback = store.tasks.find(task)?.handback;
  expect(handback).toContain("Run: git merge refs/switchyard/remote/origin/main\n");
  const { hands } = queue.conflicts;
  const { files, folder } = await hands.open(id);
  expect([files, folder.endsWith(`resolve-${id}`)]).toEqual([["new.txt"], true]);
  await hands.giveUp(id);
  expect((await hands.findResolvable(id)).target).toBe(merged);
  expect(await place.oid("main")).not.toBe(merged);
});

test("what came back for another reason is no conflict, and the way on is told", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  await fixture.queue.returnToWorker(id, "say why");
  const opening = fixture.queue.conflicts.hands.open(id);
  await expect(opening).rejects.toMatchObject({
    message: `${id} has no conflict with main as it is now.`,
    hint: `Queue it again as it is: switchyard queue retry ${id}`,
  });
});
