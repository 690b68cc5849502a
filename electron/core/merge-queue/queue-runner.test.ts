import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryRecord } from "../store/store.ts";
import { check, createQueueFixture, isIn, type QueueFixture, start } from "./queue-fixture.ts";
import { queueRef } from "./queue-ref.ts";

async function expectLanded(fixture: QueueFixture, id: EntryRecord["id"]) {
  const entry = await fixture.until(id, isIn("landed"));
  const task = fixture.store.tasks.find(entry.task);
  expect(task).toMatchObject({ status: "landed", landed: { commit: entry.candidate } });
  const trailers = await fixture.place.git(
    "log",
    "--format=%(trailers:key=Switchyard-Entry)",
    "main",
  );
  expect(trailers.split("\n").filter((line) => line === `Switchyard-Entry: ${id}`)).toHaveLength(1);
  return entry;
}
function handbackOf({ store }: QueueFixture, entry: EntryRecord) {
  return store.tasks.find(entry.task)?.handback;
}

test("a clean branch lands as the very commit that was tested, and the checkout follows", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  place.write({ "b.txt": "mine\n", "loose.txt": "loose\n" });
  const queued = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const entry = await expectLanded(fixture, queued.id);
  expect(await place.oid("main")).toBe(entry.candidate);
  expect(entry.checks).toMatchObject([{ command: "test -e a.txt", exitCode: 0 }]);
  expect(await place.git("status", "--porcelain")).toBe(" M b.txt\n?? loose.txt\n");
  expect(readFileSync(join(place.repo.root, "new.txt"), "utf8")).toBe("new\n");
  expect(fixture.store.landings.listOpen()).toEqual([]);
  expect(fixture.store.landings.listDone(entry.project)).toMatchObject([{ to: entry.candidate }]);
  expect(await place.oid(queueRef(fixture.store, "work", `${entry.id}/1`))).toBe(entry.head);
  await fixture.queue.dispose();
  expect(await place.git("for-each-ref", "refs/switchyard/cand")).toBe("");
});

test("a landing that cannot be looked at, because the repository is not there, is held and lands later", async () => {
  await using fixture = await createQueueFixture();
  const { place, store } = fixture;
  const { id, project } = await fixture.queueWork({ "new.txt": "new\n" });
  const [from, to] = [await place.oid("main"), await place.oid("main")];
  store.write("test", () => {
    store.entries.update(id, { state: "landing", base: from, candidate: to });
    store.landings.insert({ entry: id, entries: [id], project, target: "main", from, to });
  });
  const elsewhere = `${place.repo.root}-elsewhere`;
  renameSync(place.repo.root, elsewhere);
  await start(fixture);
  expect(store.entries.find(id)?.state).toBe("held");
  expect(store.landings.listOpen()).toEqual([]);
  renameSync(elsewhere, place.repo.root);
  fixture.queue.release(id);
  await expectLanded(fixture, id);
});

test("two entries land in order, the second tested on top of the first", async () => {
  await using fixture = await createQueueFixture({
    project: { checks: [check("test ! -e two.txt || test -e one.txt")] },
  });
  const one = await fixture.queueWork({ "one.txt": "1\n" });
  const two = await fixture.queueWork({ "two.txt": "2\n" });
  await start(fixture);
  const [first, second] = [
    await expectLanded(fixture, one.id),
    await expectLanded(fixture, two.id),
  ];
  expect(second.base).toBe(first.candidate);
});

test("the more urgent lands first, but not before what its task waits for", async () => {
  await using fixture = await createQueueFixture();
  const low = await fixture.queueWork({ "low.txt": "1\n" }, { priority: 5 });
  const high = await fixture.queueWork({ "high.txt": "1\n" }, { priority: 2 });
  const top = await fixture.queueWork({ "top.txt": "1\n" }, { priority: 1, after: [low.task] });
  await start(fixture);
  await expectLanded(fixture, top.id);
  const order = fixture.store.events.newest(500).filter((event) => event.kind === "queue.landed");
  expect(order.map((event) => event.subject)).toEqual([high.id, low.id, top.id]);
});

test("a conflict goes back to the worker with what to do; the next one lands", async () => {
  await using fixture = await createQueueFixture();
  const clash = await fixture.queueWork({ "a.txt": "theirs\n" });
  await fixture.place.commitOn("main", { "a.txt": "ours\n" });
  await fixture.place.git("reset", "-q", "--hard");
  const fine = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const returned = await fixture.until(clash.id, isIn("returned"));
  expect(returned).toMatchObject({ files: ["a.txt"], reason: "conflicts with main" });
  const handback = handbackOf(fixture, returned);
  expect(handback).toContain("Run: git merge main\n");
  expect(handback).toContain("- a.txt");
  expect(handback).toContain("call task_done again");
  await expectLanded(fixture, fine.id);
});

test("a branch that is red on top of the target is run twice, then returned with the output's end", async () => {
  await using fixture = await createQueueFixture({
    project: { checks: [check("echo tried; test ! -e bad.txt", "unit")] },
  });
  const bad = await fixture.queueWork({ "bad.txt": "x\n" });
  const good = await fixture.queueWork({ "good.txt": "x\n" });
  await start(fixture);
  const returned = await fixture.until(bad.id, isIn("returned"));
  expect(returned.reason).toBe("a check fails: unit: exit code 1");
  expect(handbackOf(fixture, returned)).toContain("    tried");
  const { text, results } = await fixture.queue.log(bad.id, 0);
  // Together with the good one, alone, alone once more, and on the target itself.
  expect(text.split("\n").filter((line) => line === "tried")).toHaveLength(4);
  expect(results).toMatchObject([{ name: "unit", exitCode: 1 }]);
  await expectLanded(fixture, good.id);
});

test("a check that is red once and then green on the same tree lets the branch land, and is noted", async () => {
  await using fixture = await createQueueFixture();
  const flag = join(fixture.place.folder, "ran-before");
  fixture.change({ checks: [check(`test -e ${flag} || { touch ${flag}; exit 1; }`, "flaky")] });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  await expectLanded(fixture, id);
  const events = fixture.store.events.newest(500);
  expect(events.find((event) => event.kind === "queue.flaky")).toMatchObject({ subject: id });
});

test("a target that is red itself halts the queue and nobody is blamed", async () => {
  await using fixture = await createQueueFixture({ project: { checks: [check("false", "unit")] } });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const project = await fixture.untilProject((each) => each.queue.state === "paused");
  expect(project.queue.reason).toBe("main is red: unit: exit code 1");
  await fixture.until(id, isIn("queued"));
  fixture.change({ checks: [check("true")] });
  fixture.queue.resume(project.name);
  await expectLanded(fixture, id);
});

test("a check's program that is missing pauses the queue with the reason", async () => {
  await using fixture = await createQueueFixture({
    project: { checks: [check("no-such-program-here", "unit")] },
  });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const project = await fixture.untilProject((each) => each.queue.state === "paused");
  expect(project.queue.reason).toBe(
    "main is red: unit: no-such-program-here was not found (exit code 127)",
  );
  await fixture.until(id, isIn("queued"));
});

test("a check that takes too long holds the entry and blames nobody", async () => {
  await using fixture = await createQueueFixture();
  fixture.change({ checks: [{ ...check("test ! -e new.txt || sleep 60"), timeoutMs: 500 }] });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const held = await fixture.until(id, isIn("held"));
  expect(held.reason).toContain("could not be run to its end");
});

test("a check that edits the repository's files holds the entry, by name", async () => {
  await using fixture = await createQueueFixture({
    project: { checks: [check("echo more >> a.txt; touch report.txt")] },
  });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  expect(await fixture.until(id, isIn("held"))).toMatchObject({ files: ["a.txt"] });
});

test("without checks nothing lands until the person chose so", async () => {
  await using fixture = await createQueueFixture({ project: { checks: [] } });
  const { id, project } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const paused = await fixture.untilProject((each) => each.queue.state === "paused");
  expect(paused.queue.reason).toContain("switchyard project set app --no-checks");
  await fixture.until(id, isIn("queued"));
  fixture.change({ withoutChecks: true });
  fixture.queue.resume(project);
  await expectLanded(fixture, id);
});

test("checks that are taken away while they run let nothing land, and the queue says so", async () => {
  await using fixture = await createQueueFixture();
  const goOn = join(fixture.place.folder, "go-on");
  fixture.change({ checks: [check(`while [ ! -e ${goOn} ]; do sleep 0.05; done`)] });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const before = await fixture.place.oid("main");
  await start(fixture);
  await fixture.until(id, ({ batch }) => batch !== null);
  fixture.change({ checks: [] });
  writeFileSync(goOn, "");
  const paused = await fixture.untilProject((each) => each.queue.state === "paused");
  expect(paused.queue.reason).toContain("no checks are configured");
  await fixture.until(id, isIn("queued"));
  expect(await fixture.place.oid("main")).toBe(before);
});

test("a task's own acceptance checks count too, and are the branch's fault alone", async () => {
  await using fixture = await createQueueFixture();
  const acceptance = [check("grep -q wanted new.txt", "acceptance")];
  const bad = await fixture.queueWork({ "new.txt": "other\n" }, { acceptance });
  const good = await fixture.queueWork({ "new.txt": "wanted\n" }, { acceptance });
  await start(fixture);
  await fixture.until(bad.id, isIn("returned"));
  await expectLanded(fixture, good.id);
});

test("with human approval a green entry waits, and lands untested again once approved", async () => {
  await using fixture = await createQueueFixture({ project: { approve: "human" } });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const waiting = await fixture.until(id, isIn("awaiting-approval"));
  const logged = (await fixture.queue.log(id, 0)).end;
  const { from, to, patch } = await fixture.queue.diff(id);
  expect({ from, to }).toEqual({ from: waiting.base, to: waiting.candidate });
  expect(patch).toContain("+new");
  fixture.queue.approve(id);
  const landed = await expectLanded(fixture, id);
  expect(landed.approvedAt).not.toBe(null);
  expect((await fixture.queue.log(id, 0)).end).toBe(logged);
});

test("squash and rebase land without a merge commit", async () => {
  for (const land of ["squash", "rebase"] as const) {
    await using fixture = await createQueueFixture({ project: { land } });
    await fixture.place.commitOn("switchyard/t-1", { "one.txt": "1\n" }, "one");
    const { id } = await fixture.queueWork({ "two.txt": "2\n" });
    await start(fixture);
    await fixture.until(id, isIn("landed"));
    const subjects = await fixture.place.git("log", "--format=%s", "--reverse", "main");
    const own = land === "squash" ? ["switchyard/t-1"] : ["one", "work on switchyard/t-1"];
    expect(subjects.trim().split("\n")).toEqual(["first", ...own]);
    if (land !== "squash") continue;
    const message = await fixture.place.git("log", "-1", "--format=%b", "main");
    expect(message).toContain(
      "Did switchyard/t-1\n\n- one\n- work on switchyard/t-1\n\n2 commits, ",
    );
  }
});

test("work that the target has already lands without a run", async () => {
  await using fixture = await createQueueFixture({ project: { checks: [check("false")] } });
  const entry = await fixture.queueWork({ "new.txt": "new\n" });
  await fixture.place.git("merge", "-q", "--ff-only", entry.branch);
  await start(fixture);
  const landed = await fixture.until(entry.id, isIn("landed"));
  expect(landed).toMatchObject({ base: entry.head, reason: "the target has all of it already" });
});

test("a file of the person's in the way holds the entry, and it lands by itself once it is gone", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  place.write({ "a.txt": "mine\n" });
  const clash = await fixture.queueWork({ "a.txt": "theirs\n" });
  const other = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const held = await fixture.until(clash.id, isIn("held"));
  expect(held).toMatchObject({ files: ["a.txt"], reason: expect.stringContaining("checkout") });
  expect(await fixture.until(other.id, isIn("held"))).toMatchObject({ files: [] });
  expect(readFileSync(join(place.repo.root, "a.txt"), "utf8")).toBe("mine\n");
  place.write({ "a.txt": "a\n" });
  await expectLanded(fixture, clash.id);
  await expectLanded(fixture, other.id);
  expect(await place.git("status", "--porcelain")).toBe("");
});

test("a commit of the person's during the checks is kept, and the work tested again on top of it", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  const [began, goOn] = [join(place.folder, "began"), join(place.folder, "go-on")];
  const waiting = `touch ${began}; while [ ! -e ${goOn} ]; do sleep 0.05; done`;
  fixture.change({ checks: [check(waiting)] });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  await fixture.until(id, isIn("checking"));
  await place.git("commit", "-q", "--allow-empty", "-m", "mine");
  const mine = await place.oid("main");
  writeFileSync(goOn, "");
  const landed = await expectLanded(fixture, id);
  expect(landed.base).toBe(mine);
});

test("a pause while checks run lets nothing land; going on lands it without another run", async () => {
  await using fixture = await createQueueFixture();
  const goOn = join(fixture.place.folder, "go-on");
  fixture.change({ checks: [check(`echo ran; while [ ! -e ${goOn} ]; do sleep 0.05; done`)] });
  const { id, project } = await fixture.queueWork({ "new.txt": "new\n" });
  const before = await fixture.place.oid("main");
  await start(fixture);
  await fixture.until(id, isIn("checking"));
  fixture.queue.pause(project, "paused by you");
  writeFileSync(goOn, "");
  await fixture.until(id, (entry) => entry.state === "queued" && entry.reason !== null);
  expect(await fixture.place.oid("main")).toBe(before);
  fixture.queue.resume(project);
  await expectLanded(fixture, id);
  expect((await fixture.queue.log(id, 0)).text.match(/^ran$/gm)).toHaveLength(1);
});

test("a halt lets nothing begin and nothing land; resuming lands what passed meanwhile without another run", async () => {
  await using fixture = await createQueueFixture();
  const { store, place } = fixture;
  const goOn = join(place.folder, "go-on");
  fixture.change({ checks: [check(`echo ran; while [ ! -e ${goOn} ]; do sleep 0.05; done`)] });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const next = await fixture.queueWork({ "next.txt": "next\n" });
  const before = await place.oid("main");
  await start(fixture);
  await fixture.until(id, ({ batch }) => batch !== null);
  store.write("test", () => store.fleet.set(true, null));
  writeFileSync(goOn, "");
  await fixture.until(id, (entry) => entry.state === "queued" && entry.reason !== null);
  expect(await place.oid("main")).toBe(before);
  expect(store.entries.find(next.id)?.state).toBe("queued");
  store.write("test", () => store.fleet.set(false, null));
  await expectLanded(fixture, id);
  await expectLanded(fixture, next.id);
  expect((await fixture.queue.log(id, 0)).text.match(/^ran$/gm)).toHaveLength(1);
});

test("an entry can be held, released, returned with a note and removed while it is checked", async () => {
  await using fixture = await createQueueFixture({ project: { checks: [check("sleep 60")] } });
  const { queue } = fixture;
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  await fixture.until(id, isIn("checking"));
  queue.hold(id);
  expect(fixture.store.entries.find(id)).toMatchObject({
    state: "held",
    reason: "held by a person",
  });
  queue.release(id);
  await fixture.until(id, isIn("checking"));
  await queue.returnToWorker(id, "Use the other name.");
  const returned = await fixture.until(id, isIn("returned"));
  expect(handbackOf(fixture, returned)).toContain("Use the other name.");
  expect(() => queue.approve(id)).toThrow("it has left the queue");
  const next = await fixture.queueWork({ "next.txt": "next\n" });
  await fixture.until(next.id, isIn("checking"));
  queue.remove(next.id);
  await fixture.until(next.id, isIn("removed"));
});

test("an entry goes back with comments on lines of its branch; one on a line that is not there changes nothing", async () => {
  await using fixture = await createQueueFixture({ project: { approve: "human" } });
  const { queue } = fixture;
  const { id } = await fixture.queueWork({ "new.txt": "one\ntwo\n", "b.txt": null });
  await start(fixture);
  await fixture.until(id, isIn("awaiting-approval"));
  const about = (file: string, line: number, side: "after" | "before" = "after") => ({
    ...{ file, line, side, quote: null, text: "Say why." },
  });
  await expect(queue.returnToWorker(id, "", [about("new.txt", 3)])).rejects.toThrow("no line 3");
  expect(fixture.store.entries.find(id)?.state).toBe("awaiting-approval");
  await queue.returnToWorker(id, "", [about("new.txt", 2), about("b.txt", 1, "before")]);
  const returned = await fixture.until(id, isIn("returned"));
  expect(returned.reason).toBe("returned with a note: 2 comments on its lines");
  expect(handbackOf(fixture, returned)).toContain("which you deleted:\n    b\nSay why.\n\nnew.txt");
});

test("an entry is not moved before one it waits for, nor after one that waits for it", async () => {
  await using fixture = await createQueueFixture();
  const { queue, store } = fixture;
  const first = await fixture.queueWork({ "one.txt": "1\n" });
  const second = await fixture.queueWork({ "two.txt": "2\n" }, { after: [first.task] });
  const third = await fixture.queueWork({ "three.txt": "3\n" });
  const waits = `${second.task} waits for ${first.task}`;
  expect(() => queue.move(second.id, 1)).toThrow(`cannot land before ${first.id}: ${waits}`);
  expect(() => queue.move(first.id, 3)).toThrow(`cannot land after ${second.id}: ${waits}`);
  expect(() => queue.move(first.id, 4)).toThrow("There is no place 4: the queue has 3 entries.");
  queue.move(third.id, 1);
  const order = store.entries.list({ isOpen: true }).map(({ id }) => id);
  expect(order).toEqual([third.id, first.id, second.id]);
});

test("the same commit queued twice is one entry; a newer commit takes its place", async () => {
  await using fixture = await createQueueFixture();
  const { store, queue, place } = fixture;
  const first = await fixture.queueWork({ "new.txt": "new\n" });
  const { project, task, branch, attempt, priority, summary } = first;
  const again = { project, task, branch, attempt, priority, summary };
  expect(store.write("test", () => queue.enqueue({ ...again, head: first.head })).id).toBe(
    first.id,
  );
  const head = await place.commitOn(branch, { "new.txt": "newer\n" });
  const second = store.write("test", () => queue.enqueue({ ...again, head }));
  expect(store.entries.find(first.id)).toMatchObject({ state: "removed" });
  await start(fixture);
  await expectLanded(fixture, second.id);
  expect(await place.show("main", "new.txt")).toBe("newer\n");
});

test("a branch that is deleted after it was queued still lands", async () => {
  await using fixture = await createQueueFixture();
  const { store } = fixture;
  store.write("test", () => store.fleet.set(true, null));
  const entry = await fixture.queueWork({ "new.txt": "new\n" });
  await start(fixture);
  const pinned = queueRef(fixture.store, "work", `${entry.id}/1`);
  await expect
    .poll(() => fixture.place.git("for-each-ref", pinned), { timeout: 30_000 })
    .not.toBe("");
  await fixture.place.git("branch", "-D", entry.branch);
  await fixture.place.git("reflog", "expire", "--expire=now", "--all");
  await fixture.place.git("gc", "-q", "--prune=now");
  store.write("test", () => store.fleet.set(false, null));
  await expectLanded(fixture, entry.id);
});

test("the refs of another data folder's entry of the same number stay as they are", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  const queued = await fixture.queueWork({ "new.txt": "new\n" });
  const before = await place.oid("main");
  const theirs = ["work", "cand"].flatMap((kind) => [
    `refs/switchyard/${kind}/0a0b0c0d/${queued.id}`,
    `refs/switchyard/${kind}/${queued.id}`,
  ]);
  for (const ref of theirs) await place.git("update-ref", ref, before);
  await start(fixture);
  await expectLanded(fixture, queued.id);
  await fixture.queue.dispose();
  for (const ref of theirs) expect(await place.oid(ref), ref).toBe(before);
});

test("a candidate that was kept before the store's name was in its ref is kept on, or let go with its entry", async () => {
  await using fixture = await createQueueFixture();
  const { place, store } = fixture;
  store.write("test", () => store.fleet.set(true, null));
  const [open, closed] = [
    await fixture.queueWork({ "new.txt": "new\n" }),
    await fixture.queueWork({ "other.txt": "other\n" }),
  ];
  const oldRef = (id: string) => `refs/switchyard/cand/${id}`;
  for (const { id, head } of [open, closed]) {
    await place.git("update-ref", oldRef(id), head);
    store.write("test", () => store.entries.update(id, { candidate: head }));
  }
  store.write("test", () => store.entries.update(closed.id, { state: "removed" }));
  await start(fixture);
  const refs = () => place.git("for-each-ref", "--format=%(refname)", "refs/switchyard/cand");
  await expect.poll(refs, { timeout: 30_000 }).toBe(`${queueRef(store, "cand", open.id)}\n`);
});

test("hostile names of branch and target are names and nothing else", async () => {
  const target = "-release;touch$IFS'pwn&";
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  await place.git("update-ref", `refs/heads/${target}`, "main");
  fixture.change({ target });
  const fine = await fixture.queueWork({ "new.txt": "new\n" }, { branch: "w;touch$IFS'pwn" });
  await start(fixture);
  const landed = await fixture.until(fine.id, isIn("landed"));
  expect(await place.oid(`refs/heads/${target}`)).toBe(landed.candidate);
  const clash = await fixture.queueWork({ "new.txt": "other\n" });
  const returned = await fixture.until(clash.id, isIn("returned"));
  expect(handbackOf(fixture, returned)).toContain(
    "git merge 'refs/heads/-release;touch$IFS'\\''pwn&'",
  );
  expect(existsSync(join(place.repo.root, "pwn"))).toBe(false);
}, 60_000);

test("failing hooks, signing and autostash of the person's do not touch a landing", async () => {
  await using fixture = await createQueueFixture();
  const { place } = fixture;
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  const hooks = join(place.repo.commonDir, "hooks");
  mkdirSync(hooks, { recursive: true });
  const names = [
    "pre-commit",
    "commit-msg",
    "post-checkout",
    "post-merge",
    "reference-transaction",
  ];
  for (const name of names) {
    writeFileSync(join(hooks, name), `#!/bin/sh\ntouch ${place.folder}/ran\nexit 1\n`);
    chmodSync(join(hooks, name), 0o755);
  }
  const settings = "[commit] gpgSign = true\n[gpg] program = false\n[merge] autoStash = true\n";
  appendFileSync(join(place.repo.commonDir, "config"), settings);
  place.write({ "b.txt": "mine\n" });
  await start(fixture);
  await expectLanded(fixture, id);
  expect(existsSync(join(place.folder, "ran"))).toBe(false);
  expect(await place.git("stash", "list")).toBe("");
  expect(readFileSync(join(place.repo.root, "b.txt"), "utf8")).toBe("mine\n");
});

test("a repository that has gone pauses the queue in words", async () => {
  await using fixture = await createQueueFixture({ unaudited: "its project is elsewhere" });
  const { id } = await fixture.queueWork({ "new.txt": "new\n" });
  fixture.change({ path: join(fixture.place.folder, "moved") });
  await start(fixture);
  const project = await fixture.untilProject((each) => each.queue.state === "paused");
  expect(project.queue.reason).toContain("There is no folder");
  await fixture.until(id, isIn("queued"));
});
