import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { APP, createProposing, isOpened } from "./proposing-fixture.ts";

const REFUSED = {
  ...{ code: 1, verb: "create", isBefore: true },
  said: "GraphQL: must be a collaborator (createPullRequest)",
};

test("what was pushed before a pull request was refused is its own, also beneath work that was rewritten", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.gh.fail(REFUSED);
  const { id, branch, head: before } = await fixture.queueWork({ "new.txt": "new\n" });
  await world.untilPull(id, ({ problem }) => problem?.kind === "refused");
  expect(await world.gh.git("rev-parse", `refs/heads/${branch}`)).toBe(before);
  await fixture.queue.returnToWorker(id, "say it in one commit");
  world.gh.fail(null);
  const next = await world.queueAgain(id, { "new.txt": "rewritten\n" }, true);
  const { number, pushed } = await world.untilPull(next.id, isOpened);
  const parents = (await world.gh.git("rev-parse", `${pushed}^@`)).split("\n");
  expect([number, parents.slice(0, 2)]).toEqual([1, [next.head, before]]);
});

test("one that is closed while its entry is held is asked after now and then, not without end", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  fixture.queue.hold(id);
  world.gh.change(1, { state: "CLOSED" });
  await world.look();
  const asked = world.gh.verbs().length;
  expect(world.find(id)).toMatchObject({ state: "held", pullRequest: { asks: 1 } });
  world.later(0);
  // Asked for by the person it is asked once.
  await world.look();
  expect(world.gh.verbs()).toHaveLength(asked + 1);
});

test("where nothing is proposed any more, what was refused lands here and nothing is opened", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.gh.fail(REFUSED);
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await world.untilPull(id, ({ problem }) => problem?.kind === "refused");
  world.gh.fail(null);
  const before = world.gh.verbs();
  world.setRemote(null);
  await world.look();
  await fixture.until(id, ({ state }) => state === "landed");
  expect(world.gh.verbs()).toEqual([...before, "list"]);
  expect(world.gh.pulls()).toEqual([]);
});

test("where nothing is proposed any more, what was opened and not heard of is followed", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.gh.fail({ ...REFUSED, isBefore: false });
  const { id, head } = await fixture.queueWork({ "new.txt": "new\n" });
  await world.untilPull(id, ({ problem }) => problem !== null);
  world.gh.fail(null);
  world.setRemote(null);
  await world.look();
  expect(world.find(id)).toMatchObject({
    state: "proposed",
    pullRequest: { number: 1, pushed: head, problem: null },
  });
  expect(world.gh.pulls()).toHaveLength(1);
});

test("one that is held before its branch is pushed stays here", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const held = world.hears("list", (id) => fixture.queue.hold(id));
  const { id, branch } = await fixture.queueWork({ "new.txt": "new\n" });
  await held;
  await world.look();
  expect(world.find(id)).toMatchObject({ state: "held", pullRequest: { number: null } });
  expect(world.gh.verbs()).toEqual(["list"]);
  expect(await world.gh.git("branch", "--list", branch)).toBe("");
});

test("one that is held while the remote says what is there stays here too", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { place } = fixture;
  const at = (name: string) => join(place.folder, name);
  // The target, the branch, and the branch once more right before it is pushed: there it waits.
  const script = `#!/bin/sh
echo asked >> '${at("asked")}'
if [ $(wc -l < '${at("asked")}') -eq 3 ]; then until [ -e '${at("told")}' ]; do sleep 0.02; done; fi
exec git-upload-pack "$@"
`;
  writeFileSync(at("upload-pack.sh"), script, { mode: 0o755 });
  const config = join(place.repo.commonDir, "config");
  appendFileSync(config, `[remote "origin"]\n\tuploadpack = ${at("upload-pack.sh")}\n`);
  place.notePerson();
  const { id, branch } = await fixture.queueWork({ "new.txt": "new\n" });
  const asked = () => (existsSync(at("asked")) ? readFileSync(at("asked"), "utf8") : "");
  await expect.poll(asked, { timeout: 20_000 }).toBe("asked\n".repeat(3));
  fixture.queue.hold(id);
  writeFileSync(at("told"), "");
  await world.look();
  expect(world.find(id)).toMatchObject({ state: "held", pullRequest: { underWay: null } });
  expect(await world.gh.git("branch", "--list", branch)).toBe("");
});

test("one that is held while it is opened is known of, and lands when it is merged", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const held = world.hears("create", (id) => fixture.queue.hold(id));
  const { id, head } = await fixture.queueWork({ "new.txt": "new\n" });
  await held;
  const pull = await world.untilPull(id, isOpened);
  expect([world.find(id).state, pull.number, pull.pushed]).toEqual(["held", 1, head]);
  await world.gh.merge(1, "squash");
  await world.look();
  expect(world.find(id).state).toBe("landed");
});

test("one that is merged before its newest commits are there has not landed: those are proposed on their own", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  await fixture.queue.returnToWorker(id, "say why");
  const merged = world.hears("list", () => world.gh.merge(1, "merge"));
  const next = await world.queueAgain(id, { "why.txt": "why\n" });
  const oid = await merged;
  await world.untilPull(next.id, ({ number }) => number === 2);
  expect(world.find(next.id)).toMatchObject({
    state: "proposed",
    base: oid,
    pullRequest: { pushed: next.head },
  });
  const last = await world.gh.merge(2, "merge");
  await world.look();
  expect(world.find(next.id)).toMatchObject({ state: "landed", candidate: last });
});

test("a halt, a freeze and the setting that is turned off keep back what is not opened yet, also once that has begun", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { store, queue } = fixture;
  const halt = (isOn: boolean) => store.write("test", () => store.fleet.set(isOn, "stop"));
  const halted = world.hears("list", () => halt(true));
  const { id, branch } = await fixture.queueWork({ "new.txt": "new\n" });
  await halted;
  await world.look();
  const frozen = world.hears("list", () => queue.gate.freeze(APP, null));
  halt(false);
  await frozen;
  await world.look();
  world.later(16 * 60_000);
  await world.look();
  expect(world.gh.verbs()).toEqual(["list", "list"]);
  const off = world.hears("list", () => world.setRemote(null));
  queue.gate.unfreeze(APP);
  await off;
  await world.look();
  await fixture.until(id, ({ state }) => state === "landed");
  expect([world.gh.pulls(), await world.gh.git("branch", "--list", branch)]).toEqual([[], ""]);
});

test("where the remote is gone and the setting off, what was refused there lands here", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  world.gh.fail(REFUSED);
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await world.untilPull(id, ({ problem }) => problem?.kind === "refused");
  await fixture.place.git("remote", "remove", "origin");
  world.setRemote(null);
  await world.look();
  await fixture.until(id, ({ state }) => state === "landed");
});

test("one that is returned while it is asked after is not merged and returned at once; merged elsewhere it is told in the end", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const other = await world.propose();
  await world.gh.git("update-ref", "refs/heads/dev", world.find(other).head);
  world.gh.change(1, { state: "MERGED", mergeCommit: { oid: world.find(other).head } });
  for (let tries = 1; tries <= 3; tries += 1) {
    await world.look();
    expect(world.find(other).pullRequest?.problem).toMatchObject({ kind: "away", tries });
  }
  await world.look();
  expect(world.find(other).pullRequest?.problem?.kind).toBe("refused");
  fixture.queue.remove(other);

  const id = await world.propose("two.txt");
  await world.gh.merge(2, "squash");
  const returned = world.hears("view", () => fixture.queue.returnToWorker(id, "say why"));
  await world.look();
  await returned;
  expect(world.find(id)).toMatchObject({ state: "returned", pullRequest: { merged: null } });
});
