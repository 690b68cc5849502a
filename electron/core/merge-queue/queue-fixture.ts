import { join } from "node:path";
import type { Check } from "../../../shared/model/check.ts";
import { type EntryId, ProjectName, type TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { systemClock } from "../base/clock.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type Log, silentLog } from "../base/log.ts";
import { createTestRepository, type Files } from "../git/test-repository.ts";
import { runCommand } from "../process/run-command.ts";
import { openStore } from "../store/open-store.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { type AuditedPlace, auditPlace } from "./audited-place.ts";
import type { RunCommand } from "./check-runner.ts";
import type { CheckMachine } from "./plan-parallel-checks.ts";
import { MergeQueue, type MergeQueueParts } from "./queue-runner.ts";

const APP = ProjectName.parse("app");
/** What of a queue is another than usual. */
type OwnParts = Partial<Omit<MergeQueueParts, "resolving">> & {
  readonly resolving?: Partial<MergeQueueParts["resolving"]>;
};
/** Another run beside the first is nothing to it. */
export const CALM: CheckMachine = {
  cores: 4,
  loadPerCore: 0,
  freeMemoryMb: 16_000,
  power: "mains",
  slots: null,
  slotsHeld: 0,
};
const ENVIRONMENT = { PATH: process.env.PATH ?? "" };

/** For tests only: a store in `home` and a merge queue on it, with the listeners that the supervisor has. */
export function openQueue(
  home: string,
  log: Log = silentLog,
  size: number | "auto" = "auto",
  { resolving, ...own }: OwnParts = {},
) {
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  const store = openStore({ folder, clock: systemClock, mode: "write" });
  const run: RunCommand = (command, options) =>
    runCommand(command, { ...options, env: ENVIRONMENT });
  const queue = new MergeQueue({
    store,
    folder,
    clock: systemClock,
    log,
    runCommand: run,
    runTool: run,
    checksOf: (task) => store.tasks.find(task)?.acceptance ?? [],
    batchOf: () => size,
    proposesTo: () => null,
    runGh: async () => ({ kind: "missing" }),
    sectionsOf: () => 1,
    readMachine: async () => CALM,
    freezesOf: () => [],
    resolving: {
      isOn: () => false,
      hasWorker: () => true,
      cancel: async (task, handback) =>
        store.write("test", () => store.tasks.update(task, { status: "cancelled", handback })),
      land: (task, commit) =>
        store.tasks.update(task, {
          status: "landed",
          landed: { commit, at: systemClock.now().toISOString() },
        }),
      requeue: ({ id }) => {
        store.tasks.update(id, { status: "queued", handback: null });
        return true;
      },
      ...resolving,
    },
    testsOf: () => ({}),
    surroundingsOf: () => ({
      tools: [],
      declared: [],
      env: ENVIRONMENT,
      setUp: null,
      setUpFrom: null,
      caches: null,
      order: "given",
    }),
    onReturned: (entry, handback) =>
      store.tasks.update(entry.task, { status: "ready", reason: entry.reason, handback }),
    onLanded: (entry, commit) =>
      store.tasks.update(entry.task, {
        status: "landed",
        landed: { commit, at: systemClock.now().toISOString() },
      }),
    onDeclined: (entry, handback) =>
      store.tasks.update(entry.task, { status: "needs-input", reason: entry.reason, handback }),
    onUndone: (entry, handback) =>
      store.tasks.update(entry.task, {
        status: "needs-input",
        reason: entry.reason,
        landed: null,
        handback,
      }),
    ...own,
  });
  return { store, queue, folder };
}

/**
 * For tests only: a real repository as the project `app`, with a real store and a queue that runs real checks. At its end the auditor
 * looks whether all that the queue promises was kept.
 */
export interface QueueFixture extends AsyncDisposable {
  readonly place: AuditedPlace;
  readonly home: string;
  readonly store: Store;
  readonly queue: MergeQueue;
  /** A task of which the work is these changes of files, committed on its own branch and put into the queue. */
  queueWork(files: Files, options?: QueuedWork): Promise<EntryRecord>;
  /** Resolves when the entry satisfies the condition, with the entry as it is then. */
  until(id: EntryId, isMet: (entry: EntryRecord) => boolean): Promise<EntryRecord>;
  untilProject(isMet: (project: Project) => boolean): Promise<Project>;
  change(patch: Partial<Omit<Project, "name">>): void;
}

interface QueuedWork {
  readonly branch?: string;
  readonly after?: readonly TaskId[];
  readonly acceptance?: readonly Check[];
  readonly priority?: number;
}

export function check(run: string, name = "check"): Check {
  return { name, run, timeoutMs: 20_000 };
}

export async function createQueueFixture(
  options: {
    readonly files?: Files;
    /** Of the repository's folder. */
    readonly name?: string;
    readonly objectFormat?: "sha1" | "sha256";
    readonly project?: Partial<Project>;
    readonly log?: Log;
    readonly size?: number;
    /** What of the queue is another than usual. */
    readonly parts?: OwnParts;
    /** Why the auditor cannot judge at the end. */
    readonly unaudited?: string;
  } = {},
): Promise<QueueFixture> {
  const { files = { "a.txt": "a\n", "b.txt": "b\n" }, name, objectFormat } = options;
  const place = await auditPlace(await createTestRepository(files, name, objectFormat));
  const home = join(place.folder, "home");
  const { store, queue } = openQueue(home, options.log, options.size, options.parts);
  store.write("test", () => insertProject(store, place.repo.root, options.project));

  let count = 0;
  let { target = "main" } = options.project ?? {};
  return {
    place,
    home,
    store,
    queue,
    async queueWork(files, work = {}) {
      count += 1;
      const branch = work.branch ?? `switchyard/t-${count}`;
      const head = await place.commitOn(branch, files);
      return store.write("test", () => {
        const task = insertTask(store, branch, work);
        const { priority } = task;
        const entry = { project: APP, task: task.id, branch, head, attempt: 1, priority };
        return queue.enqueue({ ...entry, summary: `Did ${branch}` });
      });
    },
    until: (id, isMet) => untilEntry(store, id, isMet),
    untilProject: (isMet) => waitFor(store, () => store.projects.find(APP), isMet),
    change(patch) {
      target = patch.target ?? target;
      store.write("test", () => store.projects.update(APP, patch));
    },
    async [Symbol.asyncDispose]() {
      await queue.dispose();
      store.close();
      try {
        if (options.unaudited === undefined) place.audit(home, target);
      } finally {
        await place[Symbol.asyncDispose]();
      }
    },
  };
}

/** For tests only: settles what an earlier core left, and lets the queue work. */
export function start({ queue }: Pick<QueueFixture, "queue">): Promise<void> {
  return queue.settle(new AbortController().signal);
}

/** For tests only: a condition for `until`. */
export function isIn(state: EntryRecord["state"]): (entry: EntryRecord) => boolean {
  return (entry) => entry.state === state;
}

/** For tests only: one project, and in its queue an entry with each of these heads, of the branches `switchyard/t-1` and so on. */
export function fillQueue(
  store: Store,
  path: string,
  heads: readonly string[],
  project: Partial<Project> = {},
): void {
  store.write("test", () => {
    insertProject(store, path, project);
    for (const [at, head] of heads.entries()) {
      const { id, title, priority } = insertTask(store, `switchyard/t-${at + 1}`, {});
      const entry = { project: APP, task: id, branch: title, head, attempt: 1, priority };
      store.entries.insert({ ...entry, summary: null });
    }
  });
}

export function untilEntry(
  store: Store,
  id: EntryId,
  isMet: (entry: EntryRecord) => boolean,
): Promise<EntryRecord> {
  return waitFor(store, () => store.entries.find(id), isMet);
}

function waitFor<T>(
  store: Store,
  read: () => T | undefined,
  isMet: (value: T) => boolean,
): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      const value = read();
      if (value === undefined || !isMet(value)) return;
      stop();
      resolve(value);
    };
    const stop = store.onCommit(look);
    look();
  });
}

function insertProject(store: Store, path: string, own: Partial<Project> = {}): void {
  store.projects.insert({
    name: APP,
    path,
    target: "main",
    checks: [check("test -e a.txt")],
    withoutChecks: false,
    land: "merge",
    approve: "auto",
    strategy: "fill",
    maxWorkers: 4,
    queue: { state: "running", reason: null },
    ...own,
  });
}

function insertTask(store: Store, title: string, work: QueuedWork) {
  return store.tasks.insert({
    project: APP,
    plan: null,
    title,
    body: "",
    status: "queued",
    reason: null,
    priority: work.priority ?? 3,
    after: [...(work.after ?? [])],
    labels: [],
    paths: [],
    pinnedProfile: null,
    model: null,
    acceptance: [...(work.acceptance ?? [])],
  });
}
