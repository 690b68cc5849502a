import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listRefs, writeRef } from "../git/repository.ts";
import { restoreWorktree } from "../git/restore-worktree.ts";
import { runGit } from "../git/run-git.ts";
import { putFiles } from "../git/test-repository.ts";
import { addWorktree } from "../git/worktree.ts";
import { Removals, type RemovalsParts } from "./removals.ts";
import { createWorktreeWorld, type WorktreeWorld } from "./worktree-fixture.ts";

type Step = Parameters<NonNullable<RemovalsParts["onStep"]>>[0];

function removalsOf({ store, folder }: WorktreeWorld, onStep?: (step: Step) => void): Removals {
  return new Removals({ store, root: folder.worktrees, ...(onStep ? { onStep } : {}) });
}

async function settle(world: WorktreeWorld): Promise<unknown[]> {
  const troubles: unknown[] = [];
  await removalsOf(world).settle((_, error) => troubles.push(error));
  return troubles;
}

test("a removed worktree comes back with what was not committed", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task();
  putFiles(task.worktree, { "a.txt": "changed\n", "new.txt": "new\n" });
  const removals = removalsOf(world);
  const removal = await removals.remove(task.id, "asked for", "person");
  expect(removal).toMatchObject({
    task: task.id,
    rescue: `refs/switchyard/rescue/${world.store.identity}/t-1/1`,
  });
  expect(existsSync(task.worktree)).toBe(false);
  expect(world.store.tasks.find(task.id)?.worktree).toBeNull();
  expect(world.store.intents.listOpen()).toEqual([]);

  const restored = await removals.restore(task.id, "person");
  expect(restored.worktree).toBe(task.worktree);
  expect(readFileSync(join(task.worktree, "new.txt"), "utf8")).toBe("new\n");
  const status = await runGit(task.worktree, ["status", "--porcelain"]);
  expect(status.stdout).toBe(" M a.txt\n?? new.txt\n");
  await expect(removals.restore(task.id, "person")).rejects.toMatchObject({ code: "not-found" });
});

test.each<Step>(["intended", "rescued", "noted", "removed"])(
  "a removal killed after the step %s is carried on at the next start, and nothing is lost",
  async (killedAfter) => {
    await using world = await createWorktreeWorld();
    const task = await world.task();
    putFiles(task.worktree, { "a.txt": "changed\n", "new.txt": "new\n" });
    const dying = removalsOf(world, (step) => {
      if (step === killedAfter) throw new Error("killed");
    });
    await expect(dying.remove(task.id, "asked for", "person")).rejects.toThrow("killed");
    // What git leaves when it is killed while it deletes.
    if (killedAfter === "noted") rmSync(join(task.worktree, "a.txt"));

    expect(await settle(world)).toEqual([]);
    expect(existsSync(task.worktree)).toBe(false);
    expect(world.store.intents.listOpen()).toEqual([]);
    expect(world.store.removals.list()).toHaveLength(1);
    await removalsOf(world).restore(task.id, "person");
    expect(readFileSync(join(task.worktree, "a.txt"), "utf8")).toBe("changed\n");
    expect(readFileSync(join(task.worktree, "new.txt"), "utf8")).toBe("new\n");
  },
);

test("a second removal has its own row and is the one that is undone", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task();
  const removals = removalsOf(world);
  for (const content of ["first\n", "second\n"]) {
    putFiles(task.worktree, { "a.txt": content });
    await world.clock.advance(1_000);
    await removals.remove(task.id, "asked for", "person");
    await removals.restore(task.id, "person");
    expect(readFileSync(join(task.worktree, "a.txt"), "utf8")).toBe(content);
  }
  expect(world.store.removals.list()).toHaveLength(2);
});

test("a removal that was noted under a clock set back is not noted again from what is half deleted", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task();
  putFiles(task.worktree, { "a.txt": "changed\n" });
  const dying = removalsOf(world, (step) => {
    if (step === "intended") world.clock.jump(-3_600_000);
    if (step === "noted") throw new Error("killed");
  });
  await expect(dying.remove(task.id, "asked for", "person")).rejects.toThrow("killed");
  rmSync(join(task.worktree, "a.txt"));
  expect(await settle(world)).toEqual([]);
  expect(world.store.removals.list()).toHaveLength(1);
  await removalsOf(world).restore(task.id, "person");
  expect(readFileSync(join(task.worktree, "a.txt"), "utf8")).toBe("changed\n");
});

test("an older removal is never put back over what came after it", async () => {
  await using world = await createWorktreeWorld();
  const { store, place } = world;
  const { id, worktree, branch } = await world.task();
  const removals = removalsOf(world);
  putFiles(worktree, { "a.txt": "old\n" });
  const { head } = await removals.remove(id, "asked for", "person");
  await addWorktree({ repo: place.repo, path: worktree, branch, from: head, reason: id });
  store.write("test", () => store.tasks.update(id, { worktree }));
  putFiles(worktree, { "a.txt": "new\n" });
  await expect(removals.restore(id, "person")).rejects.toMatchObject({ code: "not-found" });

  await removals.remove(id, "asked for", "person");
  await removals.restore(id, "person");
  store.write("test", () => store.tasks.update(id, { worktree: null }));
  expect(removals.findUndone(id)).toBeUndefined();
  expect(readFileSync(join(worktree, "a.txt"), "utf8")).toBe("new\n");
});

test("what was changed after a restore that a kill cut short is kept before it is put back again", async () => {
  await using world = await createWorktreeWorld();
  const { repo } = world.place;
  const task = await world.task();
  const removals = removalsOf(world);
  putFiles(task.worktree, { "a.txt": "old\n" });
  const { path, branch, head, rescue } = await removals.remove(task.id, "asked for", "person");
  await restoreWorktree({ repo, path, branch, head, rescue, reason: task.id });
  putFiles(task.worktree, { "a.txt": "changed since\n" });
  await removals.restore(task.id, "person");
  expect(readFileSync(join(task.worktree, "a.txt"), "utf8")).toBe("old\n");
  const [kept = ""] = await listRefs(repo, "refs/switchyard/checkpoint/");
  expect(await world.place.show(kept, "a.txt")).toBe("changed since\n");
});

test("a worktree that a session lives in stays", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  world.session(task.id);
  const removing = removalsOf(world).remove(task.id, "asked for", "person");
  await expect(removing).rejects.toMatchObject({ code: "wrong-state" });
  expect(existsSync(task.worktree)).toBe(true);
});

test("one that a session moved into meanwhile stays, also at the next start", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("running");
  const removals = removalsOf(world, (step) => {
    if (step === "rescued") world.session(task.id);
  });
  const removing = removals.remove(task.id, "asked for", "person");
  await expect(removing).rejects.toMatchObject({ code: "wrong-state" });
  expect(world.store.intents.listOpen()).toEqual([]);
  expect(await settle(world)).toEqual([]);
  expect(existsSync(task.worktree)).toBe(true);
});

test("nothing outside of our own folder is removed, named or linked to", async () => {
  await using world = await createWorktreeWorld();
  const removals = removalsOf(world);
  const { store, place } = world;
  const named = await world.task();
  const elsewhere = join(place.folder, "theirs");
  renameSync(named.worktree, elsewhere);
  store.write("test", () => store.tasks.update(named.id, { worktree: elsewhere }));
  const first = removals.remove(named.id, "asked for", "person");
  await expect(first).rejects.toMatchObject({ code: "wrong-state" });

  symlinkSync(elsewhere, named.worktree);
  store.write("test", () => store.tasks.update(named.id, { worktree: named.worktree }));
  const second = removals.remove(named.id, "asked for", "person");
  await expect(second).rejects.toMatchObject({ message: expect.stringContaining("a link") });
  expect(readFileSync(join(elsewhere, "a.txt"), "utf8")).toBe("one\ntwo\nthree\n");
});

test("a link inside it that leads out is removed, and what it leads to is not", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task();
  putFiles(world.place.folder, { "outside/kept.txt": "kept\n" });
  symlinkSync(join(world.place.folder, "outside"), join(task.worktree, "out"));
  await removalsOf(world).remove(task.id, "asked for", "person");
  expect(readFileSync(join(world.place.folder, "outside/kept.txt"), "utf8")).toBe("kept\n");
});

test.each(["a folder", "a file"])(
  "what lies where a removed worktree was is not written over: %s",
  async (what) => {
    await using world = await createWorktreeWorld();
    const removals = removalsOf(world);
    const task = await world.task();
    await removals.remove(task.id, "a test", "test");
    const file = what === "a file" ? task.worktree : join(task.worktree, "mine.txt");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "mine");
    await expect(removals.restore(task.id, "test")).rejects.toMatchObject({
      code: "wrong-state",
      message: `Something else is at ${task.worktree}, where the worktree belongs.`,
    });
    expect(readFileSync(file, "utf8")).toBe("mine");
    rmSync(task.worktree, { recursive: true });
    expect(await removals.restore(task.id, "test")).toMatchObject({ worktree: task.worktree });
  },
);

test("a person who removes a worktree with unsaved work of an open task is asked first", async () => {
  await using world = await createWorktreeWorld();
  const removals = removalsOf(world);
  const [open, clean, over] = [
    await world.task("ready"),
    await world.task("ready"),
    await world.task(),
  ];
  for (const { worktree } of [open, over]) writeFileSync(join(worktree, "new.txt"), "unsaved");
  await expect(removals.removeForPerson(open.id, false)).rejects.toMatchObject({
    code: "wrong-state",
    hint: expect.stringContaining(`switchyard worktree remove ${open.id} --yes`),
  });
  expect(existsSync(open.worktree)).toBe(true);
  expect(world.store.intents.listOpen()).toEqual([]);
  for (const { id } of [clean, over])
    expect(await removals.removeForPerson(id, false)).toMatchObject({ task: id });
  expect((await removals.removeForPerson(open.id, true)).rescue).not.toBeNull();
});

test("one deleted by hand is noted, and comes back from its branch", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task();
  await runGit(task.worktree, ["commit", "-q", "--allow-empty", "-m", "work"]);
  rmSync(task.worktree, { recursive: true });
  const removals = removalsOf(world);
  await removals.remove(task.id, "asked for", "person");
  await removals.restore(task.id, "person");
  const head = await runGit(task.worktree, ["log", "-1", "--format=%s"]);
  expect(head.stdout).toBe("work\n");
});

test("after thirty days the refs go, and the branch of landed work with them", async () => {
  await using world = await createWorktreeWorld();
  const removals = removalsOf(world);
  const [landed, cancelled] = [await world.task("landed"), await world.task("cancelled")];
  for (const task of [landed, cancelled]) {
    putFiles(task.worktree, { "a.txt": "changed\n" });
    await removals.letGo(await removals.remove(task.id, "asked for", "person"));
  }
  expect(await listRefs(world.place.repo, "refs/switchyard/")).toEqual([]);
  const branches = await listRefs(world.place.repo, "refs/heads/switchyard/");
  expect(branches).toEqual([`refs/heads/switchyard/${cancelled.id}`]);
  expect(world.store.removals.list()).toEqual([]);
});

test("the refs of another data folder's task of the same id stay", async () => {
  await using world = await createWorktreeWorld();
  const { repo } = world.place;
  const task = await world.task("landed");
  const theirs = ["checkpoint", "rescue"].map(
    (kind) => `refs/switchyard/${kind}/0a0b0c0d/${task.id}/1` as const,
  );
  const head = await world.place.oid("main");
  for (const ref of theirs) await writeRef(repo, ref, head);
  putFiles(task.worktree, { "a.txt": "changed\n" });
  const removals = removalsOf(world);
  await removals.letGo(await removals.remove(task.id, "asked for", "person"));
  expect(await listRefs(repo, "refs/switchyard/")).toEqual(theirs);
});

test("a branch that the person has checked out, or moved, is not let go", async () => {
  await using world = await createWorktreeWorld();
  const task = await world.task("landed");
  const removals = removalsOf(world);
  const removal = await removals.remove(task.id, "asked for", "person");
  await world.place.git("switch", "-q", `switchyard/${task.id}`);
  await removals.letGo(removal);
  expect(await listRefs(world.place.repo, "refs/heads/switchyard/")).toHaveLength(1);
});
