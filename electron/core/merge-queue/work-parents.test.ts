import { expect, test } from "vitest";
import { ProjectName, type TaskId } from "../../../shared/model/ids.ts";
import type { LandPolicy } from "../../../shared/model/project.ts";
import type { EntryRecord } from "../store/store.ts";
import { chooseParent } from "./plan-parents.ts";
import { check, createQueueFixture } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");
const never = new AbortController().signal;
const isLanded = ({ state }: EntryRecord) => state === "landed";

test("a branch was begun on the nearest of what it holds, and never on itself", () => {
  const work = (task: string, head: string) => ({ task: task as TaskId, head });
  const others = [work("t-1", "a"), work("t-2", "b"), work("t-3", "c")];
  expect(chooseParent(["c", "b", "a"], others)).toEqual(work("t-2", "b"));
  expect(chooseParent(["d", "own", "a"], others)).toEqual(work("t-1", "a"));
  expect(chooseParent(["c", "own"], others)).toBeNull();
  expect(chooseParent([], others)).toBeNull();
});

/** Three branches, each begun on the one before it and changing the same lines; the second is queued first. */
async function createPile(land: LandPolicy) {
  const fixture = await createQueueFixture({
    files: { "a.txt": "a\n", "list.txt": "start\nend\n" },
    project: { land, checks: [check("! grep -q BAD list.txt")] },
  });
  const { place, queue } = fixture;
  queue.pause(APP);
  let head: string | null = null;
  const add = async (branch: string, list: string, after: readonly TaskId[] = []) => {
    if (head !== null) await place.git("branch", branch, head);
    const entry = await fixture.queueWork({ "list.txt": list }, { branch, after });
    head = entry.head;
    return entry;
  };
  /** Newer work of the same task, on top of what its branch holds. */
  const goOn = async ({ task, branch }: EntryRecord, list: string) => {
    const made = await place.commitOn(branch, { "list.txt": list });
    const entry = { project: APP, task, branch, head: made, attempt: 2, priority: 3 };
    return fixture.store.write("test", () => {
      fixture.store.tasks.update(task, { status: "queued" });
      return queue.enqueue({ ...entry, summary: null });
    });
  };
  return {
    fixture,
    add,
    goOn,
    /** What each landing did to the list. */
    async changes() {
      const args = ["--first-parent", "--reverse", "-m", "--format=", "-p", "--unified=0"];
      const diff = await place.git("log", ...args, "main", "--", "list.txt");
      return diff.split("\n").filter((line) => /^[+-](?![+-])/.test(line));
    },
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

test.each(["squash", "rebase", "merge"] as const)(
  "work begun on waiting work lands after it by %s, each change once",
  async (land) => {
    await using pile = await createPile(land);
    const { fixture } = pile;
    const entries = [
      await pile.add("switchyard/t-1", "start\none\nend\n"),
      await pile.add("switchyard/t-2", "start\nONE\ntwo\nend\n"),
      await pile.add("switchyard/t-3", "start\nONE\nTWO\nthree\nend\n"),
    ];
    fixture.queue.resume(APP);
    await fixture.queue.settle(never);
    for (const { id } of entries) await fixture.until(id, isLanded);
    expect(await fixture.place.show("main", "list.txt")).toBe("start\nONE\nTWO\nthree\nend\n");
    expect(await pile.changes()).toEqual([
      ...["+start", "+end", "+one", "-one", "+ONE", "+two", "-two", "+TWO", "+three"],
    ]);
    const landings = fixture.store.entries.list({ project: APP });
    expect(landings.every(({ attempt }) => attempt === 1)).toBe(true);
  },
);

test("work begun on work that was returned waits with its reason, and lands once that is mended", async () => {
  await using pile = await createPile("squash");
  const { fixture } = pile;
  const { store, queue, place } = fixture;
  const first = await pile.add("switchyard/t-1", "start\nBAD\nend\n");
  const second = await pile.add("switchyard/t-2", "start\nBAD\nend\ntwo\n");
  const third = await pile.add("switchyard/t-3", "start\nBAD\nend\ntwo\nthree\n");
  queue.resume(APP);
  await queue.settle(never);
  await fixture.until(first.id, ({ state }) => state === "returned");
  const reasonOf = (task: string) =>
    `begun on the work of ${task}, which is not in the queue; it waits for that to land`;
  await fixture.until(second.id, ({ reason }) => reason === reasonOf(first.task));
  expect(store.entries.find(third.id)?.state).toBe("queued");

  const again = await pile.goOn(first, "start\ngood\nend\n");
  for (const id of [again.id, second.id, third.id]) await fixture.until(id, isLanded);
  expect(await place.show("main", "list.txt")).toBe("start\ngood\nend\ntwo\nthree\n");
});

test.each(["is begun on", "waits for"])(
  "two branches of which each holds the other's work do not wait for each other; the other %s the first",
  async (how) => {
    await using pile = await createPile("merge");
    const { fixture } = pile;
    const { place, queue } = fixture;
    const first = await pile.add("switchyard/t-1", "start\none\nend\n");
    const after = how === "waits for" ? [first.task] : [];
    const second = await pile.add("switchyard/t-2", "start\nONE\ntwo\nend\n", after);
    await place.git("branch", "-f", first.branch, second.head);
    const again = await pile.goOn(first, "start\nONE\nTWO\nthree\nend\n");
    queue.resume(APP);
    await queue.settle(never);
    for (const { id } of [again, second]) await fixture.until(id, isLanded);
    expect(await place.show("main", "list.txt")).toBe("start\nONE\nTWO\nthree\nend\n");
  },
);

test("what was begun on other work is no hot fix before that has landed", async () => {
  await using pile = await createPile("squash");
  const { queue, until } = pile.fixture;
  const first = await pile.add("switchyard/t-1", "start\none\nend\n");
  const second = await pile.add("switchyard/t-2", "start\nONE\ntwo\nend\n");
  await queue.settle(never);
  await until(second.id, ({ reason }) => reason?.startsWith("its checks passed") ?? false);
  expect(() => queue.hotfix(second.id, true)).toThrow(
    "q-2 cannot go first: its branch was begun on the work of t-1.",
  );
  queue.hotfix(first.id, true);
  queue.resume(APP);
  await until(first.id, isLanded);
  queue.hotfix(second.id, true);
  await until(second.id, isLanded);
});

test("a target that is gone stops the queue once and for all, and it goes on once that is back and a person says so", async () => {
  await using fixture = await createQueueFixture();
  const { place, queue, store } = fixture;
  const first = await fixture.queueWork({ "new.txt": "new\n" });
  await place.git("branch", "-m", "main", "elsewhere");
  await queue.settle(never);
  const { queue: stopped } = await fixture.untilProject((each) => each.queue.state === "paused");
  await place.git("branch", "switchyard/t-2", "elsewhere");
  const second = await fixture.queueWork({ "more.txt": "more\n" });
  const pauses = () =>
    store.events.newest(1000).filter(({ kind }) => kind === "queue.paused").length;
  expect(pauses()).toBe(1);
  queue.gate.setState(APP, "paused", stopped.reason, "queue");
  expect(pauses()).toBe(1);
  await place.git("checkout", "-q", "-b", "main");
  queue.resume(APP);
  for (const { id } of [first, second]) await fixture.until(id, isLanded);
});
