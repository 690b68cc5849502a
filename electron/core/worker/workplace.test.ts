import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TaskId } from "../../../shared/model/ids.ts";
import { silentLog } from "../base/log.ts";
import { listRefs, readRef } from "../git/repository.ts";
import { runGit } from "../git/run-git.ts";
import { putFiles } from "../git/test-repository.ts";
import { runCommand } from "../process/run-command.ts";
import { sampleTask } from "../store/sample-rows.ts";
import { Checkpoints } from "./checkpoints.ts";
import { PersonCheckout } from "./person-checkout.ts";
import { Removals } from "./removals.ts";
import { type WorkplaceSettings, Workplaces } from "./workplace.ts";
import { createWorktreeWorld, type WorktreeWorld } from "./worktree-fixture.ts";

interface Wanted extends Partial<WorkplaceSettings> {
  readonly include?: "ask" | "always" | "never";
}

function workplacesOf(world: WorktreeWorld, { include = "ask", ...settings }: Wanted = {}) {
  const { store, clock, folder } = world;
  const removals = new Removals({ store, root: folder.worktrees });
  const checkpoints = new Checkpoints({ store, clock, log: silentLog, minutesOf: () => 3 });
  const personCheckout = new PersonCheckout({ store, includeChanges: () => include });
  const workplaces = new Workplaces({
    log: silentLog,
    storeName: store.identity,
    removals,
    checkpoints,
    personCheckout,
    settingsOf: () => ({ copy: [], link: [], setup: null, mergedAt: null, ...settings }),
    noteWait: (session, reason) =>
      store.write("test", () => store.sessions.update(session.id, { reason })),
    runSetup: (command, session) => {
      const signal = new AbortController().signal;
      const env = { PATH: process.env.PATH ?? "" };
      return runCommand(command, { cwd: session.cwd, env, timeoutMs: 20_000, signal });
    },
  });
  return { workplaces, removals, checkpoints, personCheckout };
}

/** Goes as far as a start goes before the program is spawned, and returns the place. */
async function start(world: WorktreeWorld, wanted: Wanted = {}, again?: TaskId) {
  const { store, folder } = world;
  const id = again ?? store.write("test", () => store.tasks.insert(sampleTask())).id;
  const cwd = join(folder.worktrees, "app", id);
  const session = { ...world.session(id), cwd };
  const task = store.tasks.find(id);
  const [project] = store.projects.list();
  if (!task || !project) throw new Error("the world is empty");
  try {
    const place = await workplacesOf(world, wanted).workplaces.prepare(task, project, session);
    const { branch, fork } = place;
    store.write("test", () => store.tasks.update(id, { branch, fork, worktree: cwd }));
    return { ...place, id, cwd };
  } finally {
    world.end(session);
  }
}

async function statusOf(cwd: string): Promise<string> {
  return (await runGit(cwd, ["status", "--porcelain"])).stdout;
}

test("a new worktree has the files that git ignores, copied or linked as the settings say", async () => {
  await using world = await createWorktreeWorld({ ".gitignore": ".env\nconf/\nbig/\n" });
  world.place.write({ ".env": "SECRET=1\n", "conf/a/x.json": "{}\n", "big/file": "big\n" });
  const copy = [".env", "conf", "absent.txt", "../outside", "/etc/hostname"];
  const { cwd } = await start(world, { copy, link: ["big"] });
  expect(readFileSync(join(cwd, ".env"), "utf8")).toBe("SECRET=1\n");
  expect(readFileSync(join(cwd, "conf/a/x.json"), "utf8")).toBe("{}\n");
  expect(lstatSync(join(cwd, "big")).isSymbolicLink()).toBe(true);
  expect(existsSync(join(world.folder.worktrees, "app", "outside"))).toBe(false);
});

test("a link in the repository that leads out of the worktree is not followed", async () => {
  await using world = await createWorktreeWorld({ ".gitignore": "conf/*\n" });
  const outside = join(world.place.folder, "outside");
  mkdirSync(outside);
  symlinkSync(outside, join(world.place.repo.root, "linked"));
  await world.place.git("add", "-A");
  await world.place.git("commit", "-qm", "a link");
  rmSync(join(world.place.repo.root, "linked"));
  putFiles(world.place.repo.root, { "linked/secret.txt": "s\n" });
  await start(world, { copy: ["linked/secret.txt"], include: "never" });
  expect(existsSync(join(outside, "secret.txt"))).toBe(false);
});

test("the set-up command runs once for a worktree, and again until it has passed", async () => {
  await using world = await createWorktreeWorld({ ".gitignore": "runs\n" });
  const counting = "echo run >> runs";
  const failing = start(world, { setup: `${counting}; echo no such tool; exit 3` });
  await expect(failing).rejects.toMatchObject({
    code: "failed",
    message: expect.stringMatching(/exit code 3.*no such tool/s),
  });
  const [task] = world.store.tasks.list();
  const { cwd } = await start(world, { setup: counting }, task?.id);
  await start(world, { setup: counting }, task?.id);
  expect(readFileSync(join(cwd, "runs"), "utf8")).toBe("run\nrun\n");
});

test("changes that nobody chose for are announced once, and the worktree goes without them", async () => {
  await using world = await createWorktreeWorld();
  world.place.write({ "a.txt": "changed\n", "new.txt": "new\n" });
  const { cwd, carried } = await start(world);
  expect(carried).toEqual([]);
  expect(await statusOf(cwd)).toBe("");
  const told = world.store.events.since(0, { subject: "app" });
  expect(told).toMatchObject([
    { kind: "project.changes-left-out", data: { count: 2, files: ["a.txt", "new.txt"] } },
  ]);
});

test("carried changes begin every new worktree, a repeated start too, until the checkout is clean", async () => {
  await using world = await createWorktreeWorld();
  const [project] = world.store.projects.list();
  if (!project) throw new Error("there is no project");
  world.place.write({ "a.txt": "changed\n", "new.txt": "new\n" });
  const { personCheckout } = workplacesOf(world);
  expect(await personCheckout.read(project)).toMatchObject({ count: 2, settled: null });
  const settled = await personCheckout.settle(project, { choice: "carry" });
  expect(settled).toEqual({ files: [], count: 0, settled: "carry" });

  const first = await start(world);
  expect(first.carried).toEqual(["a.txt", "new.txt"]);
  expect(await statusOf(first.cwd)).toBe(" M a.txt\n?? new.txt\n");
  putFiles(first.cwd, { "a.txt": "changed by the worker\n" });
  expect((await start(world, {}, first.id)).carried).toEqual(["a.txt", "new.txt"]);
  expect(readFileSync(join(first.cwd, "a.txt"), "utf8")).toBe("changed by the worker\n");

  await personCheckout.settle(project, { choice: "stash" });
  const second = await start(world);
  expect(second.carried).toEqual([]);
  expect(await listRefs(world.place.repo, "refs/switchyard/changes/")).toEqual([]);
});

test("changes that do not fit fail the start with their names, and nothing is half applied", async () => {
  await using world = await createWorktreeWorld({ "a.txt": "a\n", "b.txt": "b\n" });
  await world.place.git("switch", "-q", "-c", "feature");
  world.place.write({ "a.txt": "mine\n", "b.txt": "mine\n" });
  await world.place.commitOn("main", { "a.txt": "theirs\n" });
  const failing = start(world, { include: "always" });
  await expect(failing).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining("a.txt"),
  });
  expect(await statusOf(join(world.folder.worktrees, "app", "t-1"))).toBe("");
});

test("leaving the changes out is remembered for these changes, not for later ones", async () => {
  await using world = await createWorktreeWorld();
  const [project] = world.store.projects.list();
  if (!project) throw new Error("there is no project");
  world.place.write({ "a.txt": "changed\n" });
  const { personCheckout } = workplacesOf(world);
  const left = await personCheckout.settle(project, { choice: "leave" });
  expect(left).toEqual({ files: [], count: 0, settled: "leave" });
  world.place.write({ "b.txt": "another\n" });
  expect(await personCheckout.read(project)).toMatchObject({ count: 2, settled: null });
});

test("always carries what is there now, never asks nothing and carries nothing", async () => {
  await using world = await createWorktreeWorld();
  world.place.write({ "a.txt": "changed\n" });
  const [project] = world.store.projects.list();
  if (!project) throw new Error("there is no project");
  expect((await start(world, { include: "always" })).carried).toEqual(["a.txt"]);
  expect((await start(world, { include: "never" })).carried).toEqual([]);
  const { personCheckout } = workplacesOf(world, { include: "never" });
  expect(await personCheckout.read(project)).toMatchObject({ count: 0, settled: "leave" });
  expect(world.store.events.since(0, { subject: "app" })).toEqual([]);
});

test("what a dead session left uncommitted is kept before its task goes out again", async () => {
  await using world = await createWorktreeWorld();
  const { id, cwd } = await start(world);
  putFiles(cwd, { "a.txt": "left\n" });
  await start(world, {}, id);
  expect(
    await world.place.show(`refs/switchyard/checkpoint/${world.store.identity}/${id}/1`, "a.txt"),
  ).toBe("left\n");
});

test("a task that goes out again after its worktree was removed finds what was in it", async () => {
  await using world = await createWorktreeWorld();
  const { id, cwd } = await start(world);
  putFiles(cwd, { "a.txt": "left\n" });
  await workplacesOf(world).removals.remove(id, "asked for", "person");
  await start(world, {}, id);
  expect(readFileSync(join(cwd, "a.txt"), "utf8")).toBe("left\n");
  expect(world.store.removals.list()).toMatchObject([{ restoredAt: expect.any(String) }]);
});

const COMMIT = ["commit", "-q", "--allow-empty", "-m", "work"];

test("a branch that is not the task's own is left alone, and the task begins on the next name", async () => {
  await using world = await createWorktreeWorld();
  const { place, store } = world;
  const wanted = "switchyard/t-1-do-it";
  const theirs = await place.oid("main");
  await place.git("branch", wanted, "main");
  await place.git("branch", `${wanted}-2`, "main");
  const first = await start(world);
  expect(first.branch).toBe(`${wanted}-3`);
  await runGit(first.cwd, COMMIT);
  expect(await place.oid(wanted)).toBe(theirs);
  expect(await place.oid(`${wanted}-2`)).toBe(theirs);
  // It is its own from now on, whatever becomes of the others.
  await place.git("branch", "-D", wanted);
  expect((await start(world, {}, first.id)).branch).toBe(`${wanted}-3`);
  expect(await listRefs(place.repo, `refs/switchyard/branch/${store.identity}/`)).toEqual([]);
});

test("a start that was cut off finds the branch that it made before, with what is on it", async () => {
  await using world = await createWorktreeWorld();
  const { place, store } = world;
  const { id, branch, cwd } = await start(world);
  await runGit(cwd, COMMIT);
  const head = await readRef(place.repo, `refs/heads/${branch}`);
  // Killed before the task's row said so, and its worktree with it.
  store.write("test", () => store.tasks.update(id, { branch: null, fork: null, worktree: null }));
  await place.git("worktree", "remove", "--force", "--force", cwd);
  const again = await start(world, {}, id);
  expect(again.branch).toBe(branch);
  expect(await readRef(place.repo, `refs/heads/${branch}`)).toBe(head);
});

test("a worktree that was moved by hand is not made anew beside it: the start says where it is", async () => {
  await using world = await createWorktreeWorld();
  const { id, cwd } = await start(world);
  renameSync(cwd, `${cwd}-moved`);
  await expect(start(world, {}, id)).rejects.toThrow(
    `its worktree was moved to ${cwd}-moved. Let it go on there: switchyard worktree repair ${id} --yes`,
  );
  expect(existsSync(cwd)).toBe(false);
  renameSync(`${cwd}-moved`, cwd);
  expect((await start(world, {}, id)).cwd).toBe(cwd);
});
