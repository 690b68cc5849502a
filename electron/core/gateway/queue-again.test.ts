import { expect, test } from "vitest";
import type { EntryId } from "../../../shared/model/ids.ts";
import { check, createQueueFixture, isIn } from "../merge-queue/queue-fixture.ts";
import { sampleProfile, sampleSession } from "../store/sample-rows.ts";
import { TaskSteps } from "../supervisor/task-steps.ts";
import { queueAgain } from "./queue-again.ts";

async function open(unaudited?: string) {
  const fixture = await createQueueFixture({
    project: { checks: [check("test ! -e bad")] },
    ...(unaudited === undefined ? {} : { unaudited }),
  });
  const { store, queue } = fixture;
  const parts = { store, steps: new TaskSteps(store), queue: () => queue };
  return { fixture, again: (id: EntryId) => queueAgain(parts, id) };
}

test("what was returned is queued again as it is, and lands once its checks pass", async () => {
  const { fixture, again } = await open();
  await using _ = fixture;
  const { store } = fixture;
  const first = await fixture.queueWork({ bad: "bad\n" });
  await fixture.queue.settle(new AbortController().signal);
  await fixture.until(first.id, isIn("returned"));
  fixture.change({ checks: [check("true")] });
  const second = await again(first.id);
  expect(second).toMatchObject({ task: first.task, head: first.head, branch: first.branch });
  expect(second.id).not.toBe(first.id);
  await fixture.until(second.id, isIn("landed"));
  expect(store.tasks.find(first.task)).toMatchObject({ status: "landed", handback: null });
  await expect(again(first.id)).rejects.toThrow("t-1 has landed.");
  await expect(again(second.id)).rejects.toThrow(`${second.id} has landed.`);
}, 240_000);

test("what went on from the queued commit is queued with it, and a branch that was rewritten is not", async () => {
  const { fixture, again } = await open("the queue is never started, so nothing was kept yet");
  await using _ = fixture;
  const { place, queue } = fixture;
  const first = await fixture.queueWork({ bad: "bad\n" });
  queue.remove(first.id);
  const onward = await place.commitOn(first.branch, { bad: null });
  const second = await again(first.id);
  expect(second.head).toBe(onward);
  await expect(again(first.id)).rejects.toThrow(`t-1 is in the queue already, as ${second.id}.`);
  queue.remove(second.id);
  await place.git("update-ref", `refs/heads/${first.branch}`, "main");
  expect((await again(second.id)).head).toBe(onward);
}, 240_000);

test("a task that is cancelled, or worked on, is refused with the way out", async () => {
  const { fixture, again } = await open();
  await using _ = fixture;
  const { store, queue } = fixture;
  const { id, task } = await fixture.queueWork({ bad: "bad\n" });
  queue.remove(id);
  store.write("test", () => store.tasks.update(task, { status: "cancelled" }));
  await expect(again(id)).rejects.toMatchObject({
    message: "t-1 is cancelled.",
    hint: "Take it up again first: switchyard task retry t-1",
  });
  const session = store.write("test", () => {
    store.profiles.insert(sampleProfile(), {});
    const made = store.sessions.insert(sampleSession({ task }));
    store.tasks.update(task, { status: "running", session: made.id });
    return made;
  });
  await expect(again(id)).rejects.toThrow(`t-1 is worked on by ${session.name}.`);
}, 240_000);
