import { expect, test } from "vitest";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import { APP, createProposing, isOpened } from "./proposing-fixture.ts";

test("what passed is proposed under its own name, and lands when it is merged there; the target here stays", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const before = await fixture.place.oid("main");
  const id = await world.propose();
  const entry = world.find(id);
  expect(entry).toMatchObject({
    state: "proposed",
    position: 1,
    pullRequest: { remote: "origin", target: "main", number: 1, pushed: entry.head, problem: null },
  });
  expect(await world.gh.git("rev-parse", "refs/heads/switchyard/t-1")).toBe(entry.head);
  const [pull] = world.gh.pulls();
  expect(pull).toMatchObject({ head: "switchyard/t-1", base: "main", title: "switchyard/t-1" });
  expect(pull?.body).toContain("Did switchyard/t-1");
  expect(pull?.body).toContain("- work on switchyard/t-1");
  expect(pull?.body).toContain(`Switchyard-Entry: ${id}`);
  await world.look();
  expect(world.find(id).state).toBe("proposed");

  const oid = await world.gh.merge(1, "merge");
  await world.look();
  expect(world.find(id)).toMatchObject({ state: "landed", candidate: oid, base: before });
  expect(world.find(id).pullRequest?.merged).toBe(oid);
  expect(fixture.store.tasks.find(entry.task)?.landed?.commit).toBe(oid);
  expect(await fixture.place.oid("main")).toBe(before);
  expect(await fixture.place.oid("refs/switchyard/remote/origin/main")).toBe(oid);
  expect(world.kinds(id)).toEqual([
    "queue.queued",
    "queue.preparing",
    "queue.checking",
    "queue.proposed",
    "queue.pull-opened",
    "queue.landed",
  ]);
});

test("what waits for it is tested on what was squashed there, one at a time", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  const child = await fixture.queueWork({ "b.txt": "more\n" }, { after: [world.find(id).task] });
  const oid = await world.gh.merge(1, "squash");
  expect(world.find(child.id).state).toBe("queued");
  await world.look();
  await world.untilPull(child.id, isOpened);
  expect(world.find(child.id).base).toBe(oid);
});

test("one that was closed is for a person, and queued again it opens another", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  const { task } = world.find(id);
  world.gh.change(1, { state: "CLOSED" });
  await world.look();
  expect(world.find(id)).toMatchObject({
    state: "returned",
    reason: expect.stringContaining("#1"),
  });
  expect(fixture.store.tasks.find(task)?.status).toBe("needs-input");
  const { id: next } = await world.queueAgain(id, { "new.txt": "better\n" });
  expect((await world.untilPull(next, isOpened)).number).toBe(2);
});

test("new commits of its branch go into the same pull request", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  await fixture.queue.returnToWorker(id, "say why");
  expect(world.find(id).pullRequest?.number).toBe(1);
  const { id: next, head, branch } = await world.queueAgain(id, { "new.txt": "why\n" });
  expect(await world.untilPull(next, isOpened)).toMatchObject({ number: 1, pushed: head });
  expect(world.gh.pulls()).toHaveLength(1);
  expect(await world.gh.git("rev-parse", `refs/heads/${branch}`)).toBe(head);
});

test("work that was rewritten goes into the same pull request, after what was there and without a force", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { place, queue } = fixture;
  const id = await world.propose();
  const { head: before, branch } = world.find(id);
  await queue.returnToWorker(id, "say it in one commit");
  const { id: next, head } = await world.queueAgain(id, { "new.txt": "rewritten\n" }, true);
  const { number, pushed } = await world.untilPull(next, isOpened);
  expect([number, await world.gh.git("rev-parse", `refs/heads/${branch}`)]).toEqual([1, pushed]);
  const main = await place.oid("main");
  expect(await world.gh.git("rev-parse", `${pushed}^@`)).toBe(`${head}\n${before}\n${main}`);
  expect(await world.gh.git("diff", "--stat", head, `${pushed}`)).toBe("");
});

test("a branch of that name that holds other work stays as it is, and the way out is told", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const theirs = await fixture.place.commitOn("theirs", { "theirs.txt": "theirs\n" });
  await fixture.place.git("push", "-q", "origin", `${theirs}:refs/heads/switchyard/t-1`);
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const { problem } = await world.untilPull(id, (pull) => pull.problem !== null);
  expect(problem).toMatchObject({ kind: "rejected", tries: 1 });
  expect(problem?.text).toContain("not tested here");
  expect(world.gh.verbs()).toEqual(["list"]);
  expect(await world.gh.git("rev-parse", "refs/heads/switchyard/t-1")).toBe(theirs);
  expect(world.kinds(id)).toContain("queue.pull-failed");
});

test("without gh, without a sign-in and without a way there it waits, says why, and goes on by itself", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.loseGh();
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const told = async (kind: string) =>
    (await world.untilPull(id, ({ problem }) => problem?.kind === kind)).problem;
  expect(await told("set-up")).toMatchObject({ text: expect.stringContaining("PATH") });
  world.findGh();
  world.gh.fail({ code: 4, said: "To get started with GitHub CLI, please run:  gh auth login" });
  world.later(16 * 60_000);
  expect((await told("sign-in"))?.hint).toContain("gh auth login --hostname github.com");
  world.gh.fail({ code: 1, said: "error connecting to api.github.com" });
  world.later(16 * 60_000);
  expect(await told("away")).toMatchObject({ tries: 1 });
  world.later(20_000);
  world.later(11_000);
  await world.untilPull(id, ({ problem }) => problem?.tries === 2);
  world.gh.fail(null);
  await world.look();
  expect(world.find(id).pullRequest).toMatchObject({ number: 1, problem: null });
});

test("a remote that is not at GitHub is told, and one that is not there", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.setRemote("upstream");
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const first = await world.untilPull(id, ({ problem }) => problem !== null);
  expect(first.problem?.text).toContain("upstream");
  await fixture.place.git("remote", "set-url", "origin", world.gh.bare);
  world.setRemote("origin");
  await world.look();
  await world.untilPull(id, ({ remote, problem }) => remote === "origin" && problem !== null);
  expect(world.find(id).pullRequest?.problem?.text).toContain("no repository at GitHub");
});

test("a core that dies after any step on the remote is followed by one that opens no second one", async () => {
  for (const verb of ["list", "create"]) {
    for (const isBefore of [true, false]) {
      const world = await createProposing();
      await using fixture = world.fixture;
      world.gh.fail({ code: 1, said: "error connecting to api.github.com", verb, isBefore });
      const { id } = await fixture.queueWork({ "new.txt": "new\n" });
      await world.untilPull(id, ({ problem }) => problem !== null);
      await fixture.queue.dispose();
      world.gh.fail(null);
      // As it is written down while gh runs: nothing is known of how it ended.
      const { store } = fixture;
      const pull = world.find(id).pullRequest as PullRequest;
      const doubt = { ...pull, underWay: "open" as const, problem: null };
      store.write("test", () => store.entries.update(id, { pullRequest: doubt }));
      const next = world.again();
      await next.queue.settle(new AbortController().signal);
      await next.queue.proposals.lookNow(APP);
      expect(next.store.entries.find(id)?.pullRequest).toMatchObject({ number: 1, problem: null });
      expect(world.gh.pulls()).toHaveLength(1);
      await next.queue.dispose();
      next.store.close();
    }
  }
});

test("one that was opened and merged before it was heard of lands the entry; another repository's counts for nothing", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.gh.add({ head: "switchyard/t-1", base: "main", isCrossRepository: true });
  world.gh.fail({ code: 1, said: "error connecting to api.github.com", verb: "create" });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await world.untilPull(id, ({ problem }) => problem !== null);
  expect(world.gh.pulls()).toHaveLength(2);
  const oid = await world.gh.merge(2, "squash");
  world.gh.fail(null);
  await world.look();
  await fixture.until(id, ({ state }) => state === "landed");
  expect(world.find(id)).toMatchObject({ candidate: oid, pullRequest: { number: 2 } });
});

test("one that is merged while its entry is held lands it; nothing else is done for what is held", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  fixture.queue.hold(id);
  await world.gh.merge(1, "merge");
  await world.look();
  expect(world.find(id).state).toBe("landed");
});

test("where a project proposes nowhere any more, what was not opened lands here, and what was is followed", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const opened = await world.propose();
  expect(fixture.store.projects.find(APP)?.queue.proposesTo).toBe("origin");
  world.loseGh();
  const { id } = await fixture.queueWork({ "c.txt": "c\n" });
  await world.untilPull(id, ({ problem }) => problem !== null);
  world.findGh();
  world.setRemote(null);
  await world.look();
  await fixture.until(id, ({ state }) => state === "landed");
  expect(world.find(opened).state).toBe("proposed");
  expect(fixture.store.projects.find(APP)?.queue.proposesTo).toBe(null);
  await world.gh.merge(1, "merge");
  await world.look();
  expect(world.find(opened).state).toBe("landed");
});

test("what was merged there cannot be undone, and is reverted once the person has pulled", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { queue, place } = fixture;
  const id = await world.propose();
  const oid = await world.gh.merge(1, "squash");
  await world.look();
  await expect(queue.undos.undo(APP, false)).rejects.toThrow("as pull request #1 on origin");
  await expect(queue.reverts.plan(id)).rejects.toThrow("does not hold it yet");
  await place.git("merge", "-q", "--ff-only", oid);
  expect(await queue.reverts.plan(id)).toMatchObject({ commit: oid, conflicts: [] });
});

test("one that is rebased there landed as all of its commits", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const before = await fixture.place.oid("main");
  await fixture.place.commitOn("switchyard/t-1", { "c.txt": "first\n" }, "the first of two");
  const id = await world.propose();
  const oid = await world.gh.merge(1, "rebase");
  await world.look();
  expect(world.find(id)).toMatchObject({ state: "landed", base: before, candidate: oid });
});
