import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SessionId, type TaskId } from "../../../shared/model/ids.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { createTestRepository, type Files, type TestRepository } from "../git/test-repository.ts";
import { addWorktree } from "../git/worktree.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession, sampleTask } from "../store/sample-rows.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";

/** For tests only: a real repository and a store that has it as the project `app`, with worktrees in a data folder. */
export interface WorktreeWorld extends AsyncDisposable {
  readonly place: TestRepository;
  readonly folder: DataFolder;
  readonly clock: FakeClock;
  readonly store: Store;
  task(status?: TaskStatus): Promise<TaskRecord & { readonly worktree: string }>;
  /** A live session of the task. */
  session(task: TaskId): SessionRecord;
  end(session: SessionRecord): void;
}

export async function createWorktreeWorld(files?: Files): Promise<WorktreeWorld> {
  const place = await createTestRepository(files);
  const folder = dataFolder(join(place.folder, "home"));
  mkdirSync(folder.home);
  prepareDataFolder(folder);
  const clock = fakeClock();
  const store = openStore({ folder, clock, mode: "write" });
  store.write("test", () => {
    store.projects.insert(sampleProject({ path: place.repo.root, checks: [] }));
    store.profiles.insert(sampleProfile({ cap: 10 }), {});
  });

  return {
    place,
    folder,
    clock,
    store,
    async task(status = "landed") {
      const { id } = store.write("test", () => store.tasks.insert(sampleTask({ status })));
      const branch = `switchyard/${id}`;
      const worktree = join(folder.worktrees, "app", id);
      const from = await place.oid("main");
      await addWorktree({ repo: place.repo, path: worktree, branch, from, reason: id });
      store.write("test", () => store.tasks.update(id, { branch, worktree, fork: from }));
      const task = store.tasks.find(id);
      if (!task) throw new Error(`${id} is not there`);
      return { ...task, worktree };
    },
    session(task) {
      const cwd = store.tasks.find(task)?.worktree ?? "";
      const wanted = sampleSession({ task, cwd, state: "working" });
      return store.write("test", () => {
        const session = store.sessions.insert(wanted);
        store.sessions.update(session.id, { pid: 1 });
        store.tasks.update(task, { session: SessionId.parse(session.id) });
        return session;
      });
    },
    end(session) {
      store.write("test", (record) => {
        store.sessions.update(session.id, { state: "failed" });
        record("session.state", session.id, { from: "working", to: "failed" });
      });
    },
    async [Symbol.asyncDispose]() {
      store.close();
      await place[Symbol.asyncDispose]();
    },
  };
}
