import { join } from "node:path";
import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { systemClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { createTestRepository } from "../git/test-repository.ts";
import type { Store } from "../store/store.ts";
import { ProjectRuns } from "./project-runs.ts";
import { fillQueue, openQueue } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");

/** Runs of one project, each of which ends when it is told to. `first`: what a run does at once. */
async function createRuns(first: (store: Store) => void = () => undefined) {
  const place = await createTestRepository();
  const { store, queue } = openQueue(join(place.folder, "home"));
  fillQueue(store, place.repo.root, [await place.oid("main")]);
  const begun: { readonly signal: AbortSignal; readonly end: (error?: Error) => void }[] = [];
  const runs = new ProjectRuns({
    ...{ store, clock: systemClock, log: silentLog, failure: "it stands still" },
    isConcerned: ({ state }) => state === "held",
    work: (_name, signal) =>
      new Promise<void>((resolve, reject) => {
        begun.push({ signal, end: (error) => (error ? reject(error) : resolve()) });
        first(store);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  return {
    ...{ store, runs, begun },
    [Symbol.asyncDispose]: async () => {
      await runs[Symbol.asyncDispose]();
      await queue.dispose();
      store.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

test("of a project one run goes on at a time, and one more where any was wanted meanwhile; one that fails keeps none from it", async () => {
  await using world = await createRuns();
  const { runs, begun } = world;
  runs.wake(APP);
  runs.wake(APP);
  runs.wake(APP);
  expect(begun).toHaveLength(1);
  const settled = runs.settle(APP);
  begun[0]?.end(new Error("no way there"));
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end();
  await settled;
  expect(begun).toHaveLength(2);
});

test("a change of an entry that is of no concern wakes nothing", async () => {
  await using world = await createRuns();
  const { runs, begun, store } = world;
  runs.follow();
  begun[0]?.end();
  await runs.settle(APP);
  const [entry] = store.entries.list({ isOpen: true });
  if (!entry) throw new Error("there is no entry");
  const put = (state: "checking" | "held") =>
    store.write("test", () => store.entries.update(entry.id, { state }));
  put("checking");
  expect(begun).toHaveLength(1);
  put("held");
  expect(begun).toHaveLength(2);
});

test("at its end the run under way is cancelled, waited for, and none follows", async () => {
  await using world = await createRuns();
  const { runs, begun } = world;
  runs.wake(APP);
  runs.wake(APP);
  await runs[Symbol.asyncDispose]();
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([true]);
  runs.wake(APP);
  expect(begun).toHaveLength(1);
});

test("what a run writes at once begins no second run beside it", async () => {
  let count = 0;
  await using world = await createRuns((store) => {
    count += 1;
    // The look at the start is no commit's: what is written in it is told of while it still begins.
    if (count === 1) store.write("test", () => store.projects.update(APP, { maxWorkers: 2 }));
  });
  const { runs, begun } = world;
  runs.follow();
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end();
  await runs.settle(APP);
  expect(begun).toHaveLength(2);
});
