import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TaskId } from "../../../shared/model/ids.ts";
import { createTestRepository } from "../git/test-repository.ts";
import type { TaskRecord } from "../store/store.ts";
import { describeWork, listUncommitted, readHead } from "./describe-work.ts";

/** What describing looks at of a task. */
function taskIn(worktree: string | null, fork: string | null): TaskRecord {
  const task = {
    id: TaskId.parse("t-1"),
    worktree,
    fork,
    progress: { note: "half way", percent: 50 },
  };
  // Nothing else of a task is read here.
  return task as unknown as TaskRecord;
}

test("commits, what is not committed, the last report and the last words are named", async () => {
  await using repository = await createTestRepository();
  const root = repository.repo.root;
  const fork = await repository.oid("HEAD");
  repository.write({ "b.txt": "b\n" });
  await repository.git("add", "-A");
  await repository.git("commit", "-qm", "Add b");
  writeFileSync(join(root, "c.txt"), "c\n");
  const task = taskIn(root, fork);
  const note = await describeWork(task, { path: root }, ["I write c now."]);
  for (const part of ["Add b", "?? c.txt", "half way", "> I write c now."])
    expect(note.done).toContain(part);
  expect(note.files).toEqual(["b.txt"]);
  expect(await listUncommitted(task, { path: root })).toEqual(["c.txt"]);
  expect(await readHead(task)).toBe(await repository.oid("HEAD"));
});

test("a worktree that is gone leaves its part out", async () => {
  const task = taskIn("/nowhere/at/all", "a".repeat(40));
  const note = await describeWork(task, { path: "/nowhere" }, []);
  expect(note.done).toContain("There is no commit on this branch yet.");
  expect(await listUncommitted(task, undefined)).toEqual([]);
  expect(await readHead(task)).toBeNull();
});
