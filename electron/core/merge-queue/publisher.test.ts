import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { isPushed } from "../../../shared/model/push-state.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { laneOfTarget } from "../git/move-target.ts";
import { runGit } from "../git/run-git.ts";
import { Publisher } from "./publisher.ts";
import { createQueueFixture } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");
const pushOf = (project: Project) => project.queue.push ?? null;

/** A queue whose project is pushed to a bare remote `origin`. Time passes for the publisher when the test says so. */
async function createPublished() {
  const fixture = await createQueueFixture();
  const { place, store } = fixture;
  const remote = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", "-b", "main", remote);
  await place.git("remote", "add", "origin", remote);
  let laterMs = 0;
  let name: string | null = "origin";
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(Date.now() + laterMs),
    every: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const open = () => new Publisher({ store, clock, log: silentLog, remoteOf: () => name });
  const publisher = open();
  await fixture.queue.settle(new AbortController().signal);
  return {
    fixture,
    publisher,
    open,
    remote,
    there: async () => (await runGit(remote, ["rev-parse", "refs/heads/main"])).stdout.trim(),
    async land(file: string) {
      const { id } = await fixture.queueWork({ [file]: "new\n" });
      return fixture.until(id, (entry) => entry.state === "landed");
    },
    untilPush: (isMet: (push: ReturnType<typeof pushOf>) => boolean) =>
      fixture.untilProject((project) => isMet(pushOf(project))),
    later(ms: number) {
      laterMs += ms;
      publisher.lookAgain();
    },
    setRemote(next: string | null) {
      name = next;
    },
    kinds: () => store.events.since(0, { subject: APP }).map(({ kind }) => kind),
    async [Symbol.asyncDispose]() {
      await publisher[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

test("each landing is pushed, and says so", async () => {
  await using world = await createPublished();
  const { fixture, publisher } = world;
  publisher.run();
  const entry = await world.land("new.txt");
  const project = await world.untilPush((push) => push?.pushed?.commit === entry.candidate);
  expect(await world.there()).toBe(await fixture.place.oid("main"));
  expect(isPushed(pushOf(project), entry.since)).toBe(true);
  expect(world.kinds()).toEqual(["queue.pushing", "queue.pushed"]);
  const next = await world.land("next.txt");
  expect(isPushed(pushOf(project), next.since)).toBe(false);
  await world.untilPush((push) => push?.pushed?.commit === next.candidate);
});

test("what landed before a remote was named is pushed once it is; without one nothing is", async () => {
  await using world = await createPublished();
  const { publisher, fixture } = world;
  world.setRemote(null);
  publisher.run();
  const entry = await world.land("new.txt");
  await expect(publisher.pushNow(APP)).rejects.toThrow("pushed nowhere");
  expect(pushOf(fixture.store.projects.find(APP) as Project)).toBeNull();
  world.setRemote("origin");
  await publisher.pushNow(APP);
  await world.untilPush((push) => push?.pushed?.commit === entry.candidate);
});

test("a remote that is away is tried again ever more rarely, and nothing waits for it", async () => {
  await using world = await createPublished();
  const { publisher, remote, fixture } = world;
  renameSync(remote, `${remote}.away`);
  publisher.run();
  const first = await world.land("one.txt");
  await world.untilPush((push) => push?.problem?.tries === 1);
  world.later(31_000);
  await world.untilPush((push) => push?.problem?.tries === 2);
  world.later(31_000);
  const second = await world.land("two.txt");
  await world.untilPush((push) => push?.problem?.commit === second.candidate);
  expect(first.state).toBe("landed");
  expect(world.kinds().filter((kind) => kind === "queue.push-failed")).toHaveLength(1);
  renameSync(`${remote}.away`, remote);
  await publisher.pushNow(APP);
  expect(pushOf(fixture.store.projects.find(APP) as Project)).toMatchObject({
    pushed: { commit: second.candidate },
    problem: null,
  });
  expect(await world.there()).toBe(await fixture.place.oid("main"));
});

test("a push that somebody else forestalled is told and keeps nothing from landing; brought in, it goes through", async () => {
  await using world = await createPublished();
  const { publisher, remote, fixture } = world;
  const { place } = fixture;
  await place.git("push", "-q", "origin", "main");
  const theirs = await place.commitOn("theirs", { "theirs.txt": "theirs\n" });
  await place.git("push", "-q", "origin", `${theirs}:refs/heads/main`);
  publisher.run();
  const entry = await world.land("new.txt");
  const stuck = await world.untilPush((push) => push?.problem != null);
  expect(stuck.queue).toMatchObject({ state: "running", push: { problem: { kind: "rejected" } } });
  expect(await world.there()).toBe(theirs);
  const next = await world.land("next.txt");
  expect(next.state).toBe("landed");
  await world.untilPush((push) => push?.problem?.commit === next.candidate);
  expect(await world.there()).toBe(theirs);
  await place.git("pull", "-q", "--no-rebase", "--no-edit", remote, "main");
  await publisher.pushNow(APP);
  expect(pushOf(fixture.store.projects.find(APP) as Project)?.problem).toBeNull();
  expect(await world.there()).toBe(await place.oid("main"));
  expect(entry.state).toBe("landed");
});

test.each([
  ["before git began it", false],
  ["after git had made it", true],
])("a push that a crash cut off %s is settled by the next core", async (_when, isMade) => {
  await using world = await createPublished();
  const { fixture, remote } = world;
  const { place, store } = fixture;
  const { candidate } = await world.land("new.txt");
  if (candidate === null) throw new Error("it landed without a candidate");
  if (isMade) await place.git("push", "-q", remote, `${candidate}:refs/heads/main`);
  const at = new Date().toISOString();
  const underWay = { commit: candidate, at };
  const push = { remote: "origin", target: "main", pushed: null, underWay, problem: null };
  store.write("test", () =>
    store.projects.update(APP, { queue: { state: "running", reason: null, push } }),
  );
  world.publisher.run();
  const settled = await world.untilPush((now) => now?.pushed?.commit === candidate);
  expect(pushOf(settled)?.underWay).toBeNull();
  expect(await world.there()).toBe(candidate);
});

test("a core that ends while git pushes leaves what the next one settles", async () => {
  await using world = await createPublished();
  const { fixture, publisher } = world;
  publisher.run();
  const { candidate } = await world.land("new.txt");
  await world.untilPush((push) => push?.underWay != null || push?.pushed != null);
  await publisher[Symbol.asyncDispose]();
  await using next = world.open();
  next.run();
  await world.untilPush((push) => push?.pushed?.commit === candidate);
  expect(await world.there()).toBe(await fixture.place.oid("main"));
});

test("a landing of which a push is under way, or was made, is not undone", async () => {
  await using world = await createPublished();
  const { fixture, publisher } = world;
  const { store, queue } = fixture;
  const { candidate } = await world.land("new.txt");
  if (candidate === null) throw new Error("it landed without a candidate");
  const known = { remote: "backup", target: "main", pushed: null, problem: null };
  const push = { ...known, underWay: { commit: candidate, at: new Date().toISOString() } };
  store.write("test", () =>
    store.projects.update(APP, { queue: { state: "running", reason: null, push } }),
  );
  await expect(queue.undos.undo(APP, false)).rejects.toThrow("backup has it already");
  publisher.run();
  await world.untilPush((now) => now?.pushed?.commit === candidate);
  await expect(queue.undos.undo(APP, false)).rejects.toThrow("origin/main has it already");
});

/** An undo that has found nothing against it, and waits for its turn to move the target while `meanwhile` happens. */
async function undoWhile(
  { fixture }: Awaited<ReturnType<typeof createPublished>>,
  meanwhile: () => void,
) {
  const { place, queue } = fixture;
  const settled = await laneOfTarget({ repo: place.repo, target: "main" }).run(async () => {
    const undoing = Promise.allSettled([queue.undos.undo(APP, false)]);
    const isReady = async () =>
      expect(await place.git("for-each-ref", "refs/switchyard/undone")).not.toBe("");
    await vi.waitFor(isReady, 20_000);
    meanwhile();
    return { undoing };
  });
  const [outcome] = await settled.undoing;
  return outcome;
}

test("a push that begins while an undo is under way goes after it, and there is nothing to push then", async () => {
  await using world = await createPublished();
  const { fixture, publisher } = world;
  const { candidate } = await world.land("new.txt");
  const outcome = await undoWhile(world, () => publisher.run());
  expect(outcome.status).toBe("fulfilled");
  await publisher[Symbol.asyncDispose]();
  expect(world.kinds()).not.toContain("queue.pushing");
  expect((await runGit(world.remote, ["for-each-ref"])).stdout).toBe("");
  expect(await fixture.place.oid("main")).not.toBe(candidate);
});

test("an undo before which a push began leaves the target where it is", async () => {
  await using world = await createPublished();
  const { store, place } = world.fixture;
  const { candidate } = await world.land("new.txt");
  if (candidate === null) throw new Error("it landed without a candidate");
  const known = { remote: "backup", target: "main", pushed: null, problem: null };
  const push = { ...known, underWay: { commit: candidate, at: new Date().toISOString() } };
  const outcome = await undoWhile(world, () =>
    store.write("test", () =>
      store.projects.update(APP, { queue: { state: "running", reason: null, push } }),
    ),
  );
  expect(outcome).toMatchObject({ status: "rejected", reason: { code: "wrong-state" } });
  expect(await place.oid("main")).toBe(candidate);
});

test("while the fleet is halted nothing is pushed; resuming pushes it", async () => {
  await using world = await createPublished();
  const { publisher, fixture } = world;
  const { candidate } = await world.land("new.txt");
  fixture.store.write("test", () => fixture.store.fleet.set(true, "noon"));
  publisher.run();
  await publisher.pushNow(APP);
  expect(pushOf(fixture.store.projects.find(APP) as Project)).toBeNull();
  fixture.store.write("test", () => fixture.store.fleet.set(false, null));
  await world.untilPush((push) => push?.pushed?.commit === candidate);
});

test("a pause and a change of the project keep what is known of the pushes", async () => {
  await using world = await createPublished();
  const { publisher, fixture } = world;
  publisher.run();
  const { candidate } = await world.land("new.txt");
  await world.untilPush((push) => push?.pushed != null);
  fixture.queue.pause(APP, "by hand");
  const paused = await fixture.untilProject(({ queue }) => queue.state === "paused");
  expect(pushOf(paused)?.pushed?.commit).toBe(candidate);
});

test("what git says of a repository that is broken is told and put off, not tried again without end", async () => {
  await using world = await createPublished();
  const { publisher, fixture } = world;
  const entry = await world.land("new.txt");
  const config = join(fixture.place.repo.commonDir, "config");
  // The queue is done with it: what it clears away after a landing needs git too.
  await expect.poll(() => fixture.place.git("for-each-ref", "refs/switchyard/cand")).toBe("");
  appendFileSync(config, "[branch\n");
  publisher.run();
  const project = await world.untilPush((push) => push?.problem?.tries === 1);
  expect(pushOf(project)?.problem).toMatchObject({ commit: entry.candidate, kind: "set-up" });
  expect(pushOf(project)?.problem?.nextAt).not.toBeNull();
  writeFileSync(config, readFileSync(config, "utf8").replace("[branch\n", ""));
  await publisher.pushNow(APP);
  expect(await world.there()).toBe(await fixture.place.oid("main"));
});
