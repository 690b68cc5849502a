import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runGit } from "../git/run-git.ts";
import { createTestRepository } from "../git/test-repository.ts";
import { MovedPlaces } from "./moved-places.ts";
import { createWorktreeWorld, type WorktreeWorld } from "./worktree-fixture.ts";

let world: WorktreeWorld;
let places: MovedPlaces;
beforeEach(async () => {
  world = await createWorktreeWorld();
  places = new MovedPlaces({ store: world.store, root: world.folder.worktrees });
});
afterEach(() => world[Symbol.asyncDispose]());

function project() {
  const [only] = world.store.projects.list();
  if (!only) throw new Error("there is one project");
  return only;
}
const branchAt = async (folder: string) =>
  (await runGit(folder, ["rev-parse", "--abbrev-ref", "HEAD"])).stdout.trim();

test("a worktree that was moved is found beside its old place, shown, and only then repaired with all that is in it", async () => {
  const task = await world.task("ready");
  writeFileSync(join(task.worktree, "unsaved.txt"), "still here");
  const now = `${task.worktree}-elsewhere`;
  renameSync(task.worktree, now);
  expect(await places.findLost(project())).toEqual([{ task: task.id, was: task.worktree, now }]);
  const { branch } = task;
  const told = { task: task.id, was: task.worktree, now, branch };
  expect(await places.repairWorktree(task, null, true)).toEqual({ ...told, isDone: false });
  expect(world.store.tasks.find(task.id)?.worktree).toBe(task.worktree);
  expect(await places.repairWorktree(task, null, false)).toEqual({ ...told, isDone: true });
  expect(world.store.tasks.find(task.id)?.worktree).toBe(now);
  expect(await places.findLost(project())).toEqual([]);
  expect(await branchAt(now)).toBe(branch);
  expect(await world.place.git("worktree", "list")).toContain(now);
  expect(readFileSync(join(now, "unsaved.txt"), "utf8")).toBe("still here");
});

test("one that was moved far away is taken from where the person says, and no other folder for it", async () => {
  const [task, other] = [await world.task("ready"), await world.task("ready")];
  const far = join(world.place.folder, "far", "away");
  mkdirSync(far, { recursive: true });
  renameSync(task.worktree, join(far, "wt"));
  expect(await places.findLost(project())).toMatchObject([{ task: task.id, now: null }]);
  const repair = (at: string | null) => places.repairWorktree(task, at, false);
  await expect(repair(null)).rejects.toMatchObject({ code: "not-found" });
  await expect(repair(other.worktree)).rejects.toThrow("is not the worktree of");
  await expect(repair(far)).rejects.toThrow("is not the worktree of");
  await expect(places.repairWorktree(other, null, false)).rejects.toThrow("is where it was");
  expect(await repair(join(far, "wt"))).toMatchObject({ isDone: true, now: join(far, "wt") });
});

test.each(["found", "named"])(
  "one whose link in git was set right before is still repaired where it is: %s",
  async (how) => {
    const task = await world.task("ready");
    const now = join(world.place.folder, "elsewhere");
    renameSync(task.worktree, now);
    // What a person does by themselves, and what is left where the core is killed before the task hears of it.
    await world.place.git("worktree", "repair", "--", now);
    const lost = { task: task.id, was: task.worktree, now };
    expect(await places.findLost(project())).toEqual([lost]);
    const at = how === "named" ? now : null;
    expect(await places.repairWorktree(task, at, false)).toMatchObject({ ...lost, isDone: true });
    expect(world.store.tasks.find(task.id)?.worktree).toBe(now);
  },
);

test("a worktree that a person made of the branch is not taken for the one that is lost", async () => {
  const task = await world.task("ready");
  const own = join(world.place.folder, "own");
  await world.place.git("worktree", "remove", "--force", "--force", task.worktree);
  await world.place.git("worktree", "add", "--", own, task.branch ?? "");
  expect(await places.findLost(project())).toMatchObject([{ now: null }]);
  await expect(places.repairWorktree(task, own, false)).rejects.toThrow("is not the worktree of");
});

test("a session that lives in a worktree keeps it from being repaired", async () => {
  const task = await world.task("running");
  const session = world.session(task.id);
  renameSync(task.worktree, `${task.worktree}-moved`);
  await expect(places.repairWorktree(task, null, false)).rejects.toThrow(session.id);
});

test("a project follows its repository, its worktrees hear of it, and its queue goes on", async () => {
  const task = await world.task("ready");
  world.store.write("test", () =>
    world.store.projects.update(project().name, {
      queue: { state: "paused", reason: `There is no folder ${project().path}.` },
    }),
  );
  const from = project().path;
  const to = join(world.place.folder, "new home");
  renameSync(from, to);
  await expect(branchAt(task.worktree)).rejects.toThrow();
  const preview = { from, to, worktrees: [task.worktree], lost: [], isDone: false };
  expect(await places.moveProject(project(), to, true)).toEqual(preview);
  expect(project()).toMatchObject({ path: from, queue: { state: "paused" } });
  expect(await places.moveProject(project(), join(to, "."), false)).toEqual({
    ...preview,
    isDone: true,
  });
  expect(project()).toMatchObject({ path: to, queue: { state: "running", reason: null } });
  expect(await branchAt(task.worktree)).toBe(task.branch);
  await expect(places.moveProject(project(), to, false)).rejects.toThrow("already");
});

test("a project that follows its repository takes a worktree along that was moved before, and names one that it does not find", async () => {
  const [near, far] = [await world.task("ready"), await world.task("ready")];
  const now = `${near.worktree}-elsewhere`;
  renameSync(near.worktree, now);
  const away = join(world.place.folder, "far", "away");
  mkdirSync(join(world.place.folder, "far"));
  renameSync(far.worktree, away);
  const from = project().path;
  const to = join(world.place.folder, "new home");
  renameSync(from, to);
  const told = { from, to, worktrees: [now], lost: [{ task: far.id, was: far.worktree }] };
  expect(await places.moveProject(project(), to, true)).toEqual({ ...told, isDone: false });
  expect(world.store.tasks.find(near.id)?.worktree).toBe(near.worktree);
  expect(await places.moveProject(project(), to, false)).toEqual({ ...told, isDone: true });
  expect(world.store.tasks.find(near.id)?.worktree).toBe(now);
  expect(await branchAt(now)).toBe(near.branch);
  // Its link still leads to where the repository was.
  expect(await places.repairWorktree(far, away, false)).toMatchObject({ now: away, isDone: true });
  expect(await branchAt(away)).toBe(far.branch);
});

test("a move tells worktrees of work that is over where the repository is, and does not list them", async () => {
  const over = [await world.task("landed"), await world.task("cancelled")];
  const to = join(world.place.folder, "new home");
  renameSync(project().path, to);
  expect(await places.moveProject(project(), to, false)).toMatchObject({ worktrees: [] });
  for (const { worktree, branch } of over) expect(await branchAt(worktree)).toBe(branch);
});

test("another repository, a copy, a plain folder and one without the target are refused, and nothing is changed", async () => {
  await world.task("ready");
  const before = project();
  const move = (to: string) => places.moveProject(project(), to, false);
  const copy = join(world.place.folder, "copy");
  cpSync(before.path, copy, { recursive: true });
  await expect(move(copy)).rejects.toThrow("is still at");
  const away = join(world.place.folder, "away");
  renameSync(before.path, away);
  await using other = await createTestRepository();
  await expect(move(other.repo.root)).rejects.toThrow("is not the repository of app");
  await expect(move(world.folder.home)).rejects.toMatchObject({ code: "not-a-repository" });
  await runGit(away, ["branch", "-m", "main", "trunk"]);
  await expect(move(away)).rejects.toMatchObject({ code: "no-such-branch" });
  expect(project()).toEqual(before);
  expect(existsSync(before.path)).toBe(false);
});

test("what Switchyard removed itself is not lost, and neither is what is over", async () => {
  const [over, removed] = [await world.task("landed"), await world.task("ready")];
  for (const { worktree } of [over, removed]) renameSync(worktree, `${worktree}-gone`);
  world.store.write("test", () =>
    world.store.removals.insert({
      task: removed.id,
      project: project().name,
      branch: removed.branch ?? "",
      path: removed.worktree,
      head: removed.fork ?? "",
      rescue: null,
      why: "a test",
    }),
  );
  expect(await places.findLost(project())).toEqual([]);
});
