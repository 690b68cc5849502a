import { expect, test } from "vitest";
import type { Removal } from "../../../shared/model/removal.ts";
import { runAgainst } from "../fake-surroundings.ts";
import { sampleTask } from "../sample-rows.ts";

const changed = { files: ["a.txt", "b\u001b[31m.txt"], count: 7, settled: null };

test("new work says on standard error which changes it goes without, and what can be done", async () => {
  const created = sampleTask();
  const handlers = { "task.create": () => created, "project.changes": () => changed };
  const outcome = await runAgainst({ handlers }, "--json", "task", "create", "x");
  expect(outcome.json()).toEqual(created);
  expect(outcome.err).toContain("7 uncommitted changes");
  expect(outcome.err).toContain("a.txt, b.txt, and 2 more");
  for (const choice of ["--commit", "--stash", "--carry", "--leave"])
    expect(outcome.err).toContain(`settle-changes ${created.project} ${choice}`);
});

test("drafts, clean checkouts and those that cannot be looked at bring no notice", async () => {
  const draft = sampleTask({ status: "draft" });
  const clean = { files: [], count: 0, settled: null };
  for (const handlers of [
    { "task.create": () => draft, "project.changes": () => changed },
    { "task.create": () => sampleTask(), "project.changes": () => clean },
    { "task.create": () => sampleTask() },
  ])
    expect((await runAgainst({ handlers }, "task", "create", "x")).err).toBe("");
});

test("one choice settles the changes; none and two are refused", async () => {
  const asked: unknown[] = [];
  const handlers = {
    "project.settle-changes": (input: unknown) => {
      asked.push(input);
      return { files: [], count: 0, settled: "carry" as const };
    },
  };
  const settle = (...options: string[]) =>
    runAgainst({ handlers }, "project", "settle-changes", "app", ...options);
  expect((await settle("--carry")).out).toContain("begin with them");
  expect((await settle("--commit", "--message", "wip")).exitCode).toBe(0);
  expect((await settle()).exitCode).toBe(2);
  expect((await settle("--carry", "--leave")).exitCode).toBe(2);
  expect(asked).toMatchObject([{ choice: "carry" }, { choice: "commit", message: "wip" }]);
});

test("a move lists the worktrees that hear of it once, and names those that are not there", async () => {
  const lost = [{ task: sampleTask().id, was: "/w/t-9" }];
  const handlers = {
    "project.move": ({ isPreview }: { isPreview: boolean }) => ({
      from: "/old",
      to: "/new",
      worktrees: ["/w/t-1"],
      lost,
      isDone: !isPreview,
    }),
  };
  const move = (...more: string[]) =>
    runAgainst({ handlers }, "project", "move", "app", "/new", ...more);
  const preview = await move();
  expect(preview.out).toContain("hear of it:\n  /w/t-1");
  expect(preview.out).toContain("no more at /w/t-9");
  const moved = await move("--yes");
  expect(moved.out).not.toContain("/w/t-1");
  expect(moved.out).toContain(`switchyard worktree repair ${sampleTask().id} --at PATH`);
});

test("a removed worktree is listed with what became of it, and put back by its task", async () => {
  const task = sampleTask();
  const removal: Removal = {
    id: 1,
    task: task.id,
    project: task.project,
    path: "/home/w/t-1",
    branch: "switchyard/t-1",
    head: "a".repeat(40),
    rescue: "refs/switchyard/rescue/t-1/1",
    why: "its task has landed",
    at: "2026-11-21T09:00:00.000Z",
    restoredAt: null,
  };
  const handlers = {
    "project.show": () => {
      throw new Error("not here");
    },
    "task.removals": () => [removal],
    "task.remove-worktree": () => removal,
    "task.restore-worktree": () => ({ ...task, worktree: "/home/w/t-1" }),
  };
  const list = await runAgainst({ handlers }, "--project", "app", "worktree", "list-removed");
  expect(list.out).toContain("refs/switchyard/rescue/t-1/1");
  const removed = await runAgainst({ handlers }, "worktree", "remove", task.id);
  expect(removed.out).toContain(`switchyard worktree restore ${task.id}`);
  const restored = await runAgainst({ handlers }, "worktree", "restore", task.id);
  expect(restored.out).toContain("Restored /home/w/t-1");
});
