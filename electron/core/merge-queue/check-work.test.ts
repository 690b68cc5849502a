import { expect, test } from "vitest";
import { check, createQueueFixture, openQueue, untilEntry } from "./queue-fixture.ts";

test("what goes back as red shows what fails, also where a core was killed once it knew that", async () => {
  await using fixture = await createQueueFixture({
    project: { checks: [check("test ! -e bad", "unit")] },
  });
  const { id, head } = await fixture.queueWork({ bad: "bad\n" });
  const tree = await fixture.place.oid(`${head}^{tree}`);
  const isKnown = Promise.withResolvers<void>();
  const stop = fixture.store.onCommit(() => {
    if (fixture.store.verdicts.list(tree).filter(({ isGreen }) => !isGreen).length < 2) return;
    stop();
    isKnown.resolve(fixture.queue.dispose());
  });
  await fixture.queue.settle(new AbortController().signal);
  await isKnown.promise;
  const runs = fixture.store.verdicts.list(tree).length;
  expect(fixture.store.entries.find(id)?.state).not.toBe("returned");

  const { store, queue } = openQueue(fixture.home);
  try {
    await queue.settle(new AbortController().signal);
    const returned = await untilEntry(store, id, ({ state }) => state === "returned");
    expect(returned.checks).toMatchObject([{ name: "unit", exitCode: 1 }]);
    expect(store.verdicts.list(tree)).toHaveLength(runs);
  } finally {
    await queue.dispose();
    store.close();
  }
});
