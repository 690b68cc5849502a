import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EntryId, SessionId } from "../../../shared/model/ids.ts";
import { ProfileName, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { isLive, SessionState } from "../../../shared/model/session.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { openStore } from "./open-store.ts";
import {
  sampleEntry,
  sampleProfile,
  sampleProject,
  sampleSession,
  sampleTask,
} from "./sample-rows.ts";
import type { NewSession, NewTask, Store } from "./store.ts";

const app = ProjectName.parse("app");
const max1 = ProfileName.parse("max-1");
const max2 = ProfileName.parse("max-2");

let root: string;
let clock: FakeClock;
let store: Store;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
  prepareDataFolder(dataFolder(root));
  clock = fakeClock();
  store = reopened();
  store.write("person", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), { SECRET: "value" });
  });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

const reopened = (mode: "write" | "read" = "write") =>
  openStore({ folder: dataFolder(root), clock, mode });
const addTask = (more?: Partial<NewTask>) =>
  store.write("person", () => store.tasks.insert(sampleTask(more)));
const addSession = (more?: Partial<NewSession>) =>
  store.write("dispatcher", () => store.sessions.insert(sampleSession(more)));
const addEntry = (task: TaskId, priority = 3) =>
  store.write("queue", () => store.entries.insert(sampleEntry(task, { priority })));
const refused = (code: string) => expect.objectContaining({ code });

/** What the listeners are told of `change`. */
function touchedBy(change: () => void): Record<string, unknown[]> {
  const seen: Record<string, unknown[]> = {};
  const leave = store.onCommit(({ touched }) => {
    for (const [kind, ids] of Object.entries(touched))
      if (ids.size > 0) seen[kind] = [...ids].sort();
  });
  change();
  leave();
  return seen;
}

test("everything is as it was after closing and opening again", () => {
  const task = addTask({ labels: ["ui"], acceptance: [{ name: "a", run: "b", timeoutMs: 5 }] });
  const session = addSession({ task: task.id });
  store.gauges.setSession(session.id, { context: { tokens: 5, window: 10 }, costUsd: 0.5 });
  const entry = addEntry(task.id);
  store.write("queue", (record) => {
    const move = { project: app, target: "main", from: "a".repeat(40), to: "b".repeat(40) };
    store.landings.insert({ ...move, entry: entry.id, entries: [entry.id] });
    store.verdicts.insert({
      tree: "c".repeat(40),
      specHash: "s",
      envHash: "e",
      isGreen: true,
      results: [],
    });
    store.intents.open("start-session", session.id, { a: 1 });
    record("queue.landing", entry.id, { to: "b" });
  });
  const all = () => ({
    rows: [store.projects.list(), store.profiles.list(), store.tasks.list(), store.sessions.list()],
    queue: [store.entries.list(), store.landings.listOpen(), store.verdicts.list("c".repeat(40))],
    rest: [store.intents.listOpen(), store.events.newest(10), store.profiles.envOf(max1)],
  });
  const before = all();
  store.close();
  store = reopened();
  expect(all()).toEqual(before);
  expect(store.tasks.find(task.id)).toEqual(task);
  expect(store.sessions.find(session.id)).toEqual({
    ...session,
    context: { tokens: 5, window: 10 },
    costUsd: 0.5,
  });
  expect(existsSync(dataFolder(root).storeMark)).toBe(true);
});

test("ids count up in the data folder and are never used again", () => {
  expect([addTask().id, addTask().id]).toEqual(["t-1", "t-2"]);
  store.write("person", () => store.projects.remove(app));
  store.close();
  store = reopened();
  store.write("person", () => store.projects.insert(sampleProject()));
  expect(addTask().id).toBe("t-3");
  expect(store.tasks.find("t-1" as TaskId)).toBeUndefined();
});

test("rows and events are saved together, then listeners hear of both", () => {
  const heard: string[] = [];
  store.onCommit(({ events, touched }) => {
    heard.push(
      `${events.map((event) => event.kind)} ${[...touched.tasks]} ${store.tasks.list().length}`,
    );
  });
  store.write("person", (record) => {
    const task = store.tasks.insert(sampleTask());
    record("task.created", task.id, { title: task.title });
  });
  expect(heard).toEqual(["task.created t-1 1"]);
  expect(store.events.since(0)).toEqual([
    {
      seq: 1,
      at: "2026-11-21T09:00:00.000Z",
      kind: "task.created",
      subject: "t-1",
      data: { title: "Do it" },
      cause: "person",
    },
  ]);
});

test("a throw takes back rows and events, and nobody hears of it", () => {
  let heard = 0;
  store.onCommit(() => heard++);
  const failing = () =>
    store.write("person", (record) => {
      record("task.created", store.tasks.insert(sampleTask()).id);
      throw new Error("no");
    });
  expect(failing).toThrow("no");
  expect([store.tasks.list(), store.events.since(0), heard]).toEqual([[], [], 0]);
  expect(() => store.tasks.insert(sampleTask())).toThrow("inside `write`");
});

test("a write inside a write joins it, and takes back only its own part when it fails", () => {
  let heard: readonly string[] = [];
  store.onCommit(({ events }) => {
    heard = events.map((event) => `${event.subject} ${event.cause}`);
  });
  store.write("outer", (record) => {
    record("a", store.tasks.insert(sampleTask({ title: "one" })).id);
    expect(() =>
      store.write("inner", (inner) => {
        inner("b", store.tasks.insert(sampleTask({ title: "two" })).id);
        throw new Error("no");
      }),
    ).toThrow("no");
    store.write("inner", (inner) =>
      inner("c", store.tasks.insert(sampleTask({ title: "three" })).id),
    );
  });
  expect(store.tasks.list().map((task) => task.title)).toEqual(["one", "three"]);
  expect(heard).toEqual(["t-1 outer", "t-2 inner"]);
});

test("a listener that fails is told of; the commit stands and the others hear of it", () => {
  const failures: unknown[] = [];
  store.close();
  store = openStore({
    folder: dataFolder(root),
    clock,
    mode: "write",
    onListenerFailure: (error) => failures.push(error),
  });
  const full = new Error("the disk is full");
  store.onCommit(() => {
    throw full;
  });
  let heard = 0;
  store.onCommit(() => heard++);
  const { id } = addTask();
  expect(store.tasks.find(id)?.id).toBe(id);
  expect([heard, failures]).toEqual([1, [full]]);
});

test("listeners hear of commits in their order, though one of them writes", () => {
  const heard: string[] = [];
  store.onCommit(({ events }) => {
    if (events[0]?.kind === "first") store.write("listener", (record) => record("second", "x"));
  });
  store.onCommit(({ events }) => heard.push(String(events[0]?.kind)));
  store.write("person", (record) => record("first", "x"));
  expect(heard).toEqual(["first", "second"]);
});

test("events are read from a number on, up to a limit, of one subject", () => {
  for (const subject of ["a", "b", "a"]) store.write("x", (record) => record("k", subject));
  expect(store.events.since(1).map((event) => event.seq)).toEqual([2, 3]);
  expect(store.events.since(0, { limit: 1 }).map((event) => event.seq)).toEqual([1]);
  expect(store.events.since(0, { subject: "a" }).map((event) => event.seq)).toEqual([1, 3]);
  expect(store.events.newest(2).map((event) => event.seq)).toEqual([2, 3]);
  expect(store.events.lastSeq()).toBe(3);
});

test("a profile's cap is held whoever asks; a sign-in needs no slot", () => {
  addSession();
  const second = addSession();
  expect(() => addSession()).toThrow(refused("cap-full"));
  addSession({ kind: "sign-in" });
  expect(store.profiles.find(max1)?.live).toBe(2);
  store.write("x", () => store.sessions.update(second.id, { state: "ended" }));
  addSession();
  store.write("x", () => store.profiles.update(max1, { learnedCap: 1 }));
  expect(() => addSession()).toThrow(refused("cap-full"));
  expect(() => addSession({ profile: max2 })).toThrow(refused("unknown-profile"));
});

test("however sessions come and go, no profile ever runs more than it may", () => {
  const action = fc.record({
    profile: fc.constantFrom(max1, max2),
    kind: fc.constantFrom("insert", "end", "cap") as fc.Arbitrary<"insert" | "end" | "cap">,
    state: fc.constantFrom(...SessionState.options),
    pick: fc.nat(30),
  });
  store.write("x", () => store.profiles.insert(sampleProfile({ name: max2, cap: 3 }), {}));
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      for (const { profile, kind, state, pick } of actions) {
        const live = store.sessions.list({ isLive: true });
        const cap = store.profiles.find(profile)?.cap ?? 0;
        const before = live.filter((session) => session.profile === profile).length;
        if (kind === "cap")
          store.write("x", () => store.profiles.update(profile, { cap: 1 + (pick % 4) }));
        const chosen = live[pick % Math.max(live.length, 1)];
        if (kind === "end" && chosen)
          store.write("x", () => store.sessions.update(chosen.id, { state }));
        if (kind !== "insert") continue;
        if (before >= cap) expect(() => addSession({ profile })).toThrow(refused("cap-full"));
        else addSession({ profile });
        const after = store.sessions
          .list({ isLive: true })
          .filter((one) => one.profile === profile);
        expect(after.length).toBeLessThanOrEqual(Math.max(cap, before));
        expect(store.profiles.find(profile)?.live).toBe(after.length);
      }
    }),
    { numRuns: 30 },
  );
});

test("a conversation has one live session, and a task one live worker", () => {
  const task = addTask();
  const first = addSession({ task: task.id });
  const again = { task: task.id, providerSession: first.providerSession };
  expect(() => addSession({ providerSession: first.providerSession })).toThrow(
    refused("wrong-state"),
  );
  expect(() => addSession({ task: task.id })).toThrow(refused("wrong-state"));
  store.write("x", () => store.sessions.update(first.id, { state: "failed" }));
  const second = addSession({ ...again, isResumed: true });
  expect(() => store.write("x", () => store.sessions.update(first.id, { state: "idle" }))).toThrow(
    "UNIQUE",
  );
  expect(store.sessions.list({ task: task.id }).map((one) => one.id)).toEqual([
    first.id,
    second.id,
  ]);
});

test("a changed state says since when, and when it ended", async () => {
  const { id } = addSession();
  await clock.advance(1_000);
  store.write("x", () => store.sessions.update(id, { state: "starting", pid: 7 }));
  expect(store.sessions.find(id)).toMatchObject({ since: "2026-11-21T09:00:00.000Z", pid: 7 });
  store.write("x", () =>
    store.sessions.update(id, { state: "ended", exit: { code: 0, signal: null } }),
  );
  await clock.advance(1_000);
  store.write("x", () => store.sessions.update(id, { state: "failed" }));
  expect(store.sessions.find(id)).toMatchObject({
    since: "2026-11-21T09:00:02.000Z",
    endedAt: "2026-11-21T09:00:01.000Z",
  });
  expect(isLive("failed")).toBe(false);
});

test("a commit names the rows that look different now", () => {
  const first = addTask();
  const second = addTask({ after: [first.id], status: "waiting" });
  const session = addSession({ task: first.id });
  const other = addTask();
  addEntry(other.id);
  const check = (change: () => void, expected: Record<string, string[]>) =>
    expect(touchedBy(() => store.write("x", change))).toEqual(expected);

  check(() => store.tasks.update(first.id, { commits: 1 }), { tasks: ["t-1"] });
  check(() => store.tasks.update(first.id, { status: "queued" }), { tasks: ["t-1", second.id] });
  check(() => store.sessions.update(session.id, { state: "working" }), {
    sessions: ["s-1"],
    profiles: ["max-1"],
    tasks: ["t-1"],
  });
  check(() => store.entries.insert(sampleEntry(first.id)), { entries: ["q-1", "q-2"] });
  check(() => store.entries.update("q-1" as EntryId, { state: "landed" }), {
    entries: ["q-1", "q-2"],
  });
  expect(
    touchedBy(() => store.gauges.setSession(session.id, { context: null, costUsd: 1 })),
  ).toEqual({
    sessions: ["s-1"],
  });
});

test("open entries land by priority, then in their order; closed ones follow, newest first", async () => {
  const ids = [3, 3, 1, 5].map((priority) => addEntry(addTask().id, priority).id);
  const order = () => store.entries.list().map((entry) => `${entry.id} ${entry.position}`);
  expect(order()).toEqual(["q-3 1", "q-1 2", "q-2 3", "q-4 4"]);
  for (const id of ids.slice(0, 2)) {
    await clock.advance(1_000);
    store.write("x", () => store.entries.update(id, { state: "returned" }));
  }
  expect(order()).toEqual(["q-3 1", "q-4 2", "q-2 0", "q-1 0"]);
  expect(store.entries.list({ isOpen: true })).toHaveLength(2);
  expect(store.entries.list({ isOpen: false })).toHaveLength(2);
});

test("half an hour of waiting is worth a step of priority, so that nobody waits for ever", async () => {
  const old = addEntry(addTask().id, 4).id;
  await clock.advance(61 * 60_000);
  const [urgent, equal, low] = [1, 2, 3].map((priority) => addEntry(addTask().id, priority).id);
  const order = () => store.entries.list({ isOpen: true }).map((entry) => entry.id);
  expect(order()).toEqual([urgent, old, equal, low]);
});

test("wherever an entry is moved, there it is, and the others keep their order", async () => {
  const ids: EntryId[] = [];
  for (const priority of [1, 5, 3, 3, 2]) {
    ids.push(addEntry(addTask().id, priority).id);
    await clock.advance(40 * 60_000);
  }
  const order = () => store.entries.list({ isOpen: true }).map((entry) => entry.id);
  fc.assert(
    fc.property(fc.constantFrom(...ids), fc.integer({ min: 1, max: 7 }), (id, position) => {
      const others = order().filter((other) => other !== id);
      store.write("x", () => store.entries.move(id, position));
      expect(store.entries.find(id)?.position).toBe(Math.min(position, ids.length));
      expect(order().filter((other) => other !== id)).toEqual(others);
    }),
    { numRuns: 60 },
  );
});

test("a branch is in the queue once", () => {
  const { id } = addTask();
  const entry = addEntry(id);
  expect(() => addEntry(id)).toThrow(refused("wrong-state"));
  store.write("x", () => store.entries.update(entry.id, { state: "returned" }));
  expect(addEntry(id).id).toBe("q-2");
});

test("tasks are found by project, plan and status, and by whom they wait for", () => {
  const plan = store.write("x", () =>
    store.plans.insert({ project: app, title: "P", state: "active" }),
  );
  const first = addTask({ plan: plan.id });
  const second = addTask({ after: [first.id], status: "waiting" });
  addTask({ status: "draft" });
  const ids = (tasks: readonly { readonly id: string }[]) => tasks.map((task) => task.id);
  expect(ids(store.tasks.list({ plan: plan.id }))).toEqual(["t-1"]);
  expect(ids(store.tasks.list({ project: app, status: ["draft", "waiting"] }))).toEqual([
    "t-2",
    "t-3",
  ]);
  expect(ids(store.tasks.list({ status: [] }))).toEqual([]);
  expect(ids(store.tasks.dependents(first.id))).toEqual([second.id]);
  expect(() => addTask({ after: ["t-99" as TaskId] })).toThrow(refused("not-found"));
  store.write("x", () => store.tasks.update(second.id, { after: [] }));
  expect(store.tasks.dependents(first.id)).toEqual([]);
});

test("names, paths and profile folders are taken once", () => {
  const add = (work: () => void) => () => store.write("person", work);
  expect(add(() => store.projects.insert(sampleProject()))).toThrow(refused("name-taken"));
  const other = { name: ProjectName.parse("b"), path: "/repos/app" };
  expect(add(() => store.projects.insert(sampleProject(other)))).toThrow(refused("name-taken"));
  const same = sampleProfile({ name: max2, dir: "/profiles/max-1" });
  expect(add(() => store.profiles.insert(same, {}))).toThrow(refused("name-taken"));
  expect(store.projects.findByPath("/repos/app")?.name).toBe("app");
});

test("a profile's variables leave the store only by asking for them", () => {
  expect(JSON.stringify(store.profiles.list())).not.toContain("value");
  expect(store.profiles.find(max1)?.envNames).toEqual(["SECRET"]);
  expect(store.profiles.envOf(max1)).toEqual({ SECRET: "value" });
  store.write("x", () => store.profiles.setEnv(max1, {}));
  expect(store.profiles.find(max1)?.envNames).toEqual([]);
});

test("what is in use is not removed; the rest goes with its project", () => {
  const task = addTask();
  const session = addSession({ task: task.id });
  const remove = () => store.write("person", () => store.projects.remove(app));
  expect(remove).toThrow(refused("wrong-state"));
  expect(() => store.write("person", () => store.profiles.remove(max1))).toThrow(
    refused("wrong-state"),
  );
  store.write("x", () => store.sessions.update(session.id, { state: "ended" }));
  expect(touchedBy(remove)).toEqual({ removedProjects: ["app"] });
  expect([store.tasks.list(), store.sessions.list()]).toEqual([[], []]);
  expect(touchedBy(() => store.write("person", () => store.profiles.remove(max1)))).toEqual({
    removedProfiles: ["max-1"],
  });
});

test("a usage window stays while only the other is measured, and a new profile of an old name starts without", () => {
  const window = (usedPercent: number, measuredAt: string) => ({
    usedPercent,
    measuredAt,
    resetsAt: "2026-11-21T12:00:00.000Z",
    source: "statusline" as const,
  });
  const [early, late] = ["2026-11-21T08:00:00.000Z", "2026-11-21T08:30:00.000Z"];
  store.gauges.setWindows(max1, { fiveHour: window(40, late), sevenDay: null });
  store.gauges.setWindows(max1, { fiveHour: null, sevenDay: window(5, early) });
  expect(store.profiles.find(max1)?.windows).toMatchObject({
    fiveHour: { usedPercent: 40 },
    sevenDay: { usedPercent: 5 },
  });
  const sample = { at: late, usedPercent: 40, resetsAt: "2026-11-21T12:00:00.000Z" };
  store.gauges.addSample(max1, "fiveHour", sample);
  store.write("x", () => store.profiles.remove(max1));
  store.write("x", () => store.profiles.insert(sampleProfile(), {}));
  expect(store.profiles.find(max1)?.windows).toEqual({ fiveHour: null, sevenDay: null });
  expect(store.gauges.samplesOf(max1, "fiveHour", 0)).toEqual([]);
});

test("intents stay open until they are closed, landings settle once, verdicts give the newest", () => {
  const entry = addEntry(addTask().id);
  store.write("x", () => {
    const intent = store.intents.open("remove-worktree", "t-1", { path: "/w" });
    expect(store.intents.listOpen()).toEqual([intent]);
    store.intents.close(intent.id, "done");
    const move = {
      entry: entry.id,
      entries: [entry.id],
      project: app,
      target: "main",
      from: "a",
      to: "b",
    };
    const landing = store.landings.insert(move);
    store.landings.settle(landing.id, "done");
    for (const isGreen of [false, true]) {
      store.verdicts.insert({ tree: "t", specHash: "s", envHash: null, isGreen, results: [] });
    }
    expect(() => store.landings.settle(landing.id, "aborted")).toThrow("settled");
  });
  expect([store.intents.listOpen(), store.landings.listOpen()]).toEqual([[], []]);
  expect(store.landings.listDone(app)).toHaveLength(1);
  expect(store.verdicts.list("t").map(({ isGreen }) => isGreen)).toEqual([true, false]);
});

test("a change of something that is not there says so", () => {
  const change = (work: () => void) => () => store.write("x", work);
  expect(change(() => store.tasks.update("t-9" as TaskId, { commits: 1 }))).toThrow(
    "There is no task t-9.",
  );
  expect(change(() => store.sessions.update("s-9" as SessionId, { pid: 1 }))).toThrow(
    refused("not-found"),
  );
  expect(change(() => store.entries.move("q-9" as EntryId, 1))).toThrow(
    "There is no queue entry q-9.",
  );
});

test("a reader looks on while another writes, and cannot write", () => {
  const reader = reopened("read");
  addTask();
  expect(reader.tasks.list()).toHaveLength(1);
  expect(() => reader.write("x", () => reader.tasks.insert(sampleTask()))).toThrow("readonly");
  reader.close();
});

test("a backup into a folder that does not exist is refused with the folder's name", async () => {
  const folder = join(root, "nowhere");
  await expect(store.backup(join(folder, "copy.db"))).rejects.toMatchObject({
    code: "bad-input",
    message: `${join(folder, "copy.db")} cannot be written: there is no folder ${folder}.`,
    hint: expect.any(String),
  });
  expect(existsSync(folder)).toBe(false);
});

test("a backup is a store of its own, and takes no other file's place", async () => {
  const task = addTask();
  const file = join(root, "backups", "copy.db");
  expect(await store.backup(file)).toBeGreaterThan(0);
  await expect(store.backup(file)).rejects.toThrow(refused("name-taken"));
  expect(readdirSync(join(root, "backups"))).toEqual(["copy.db"]);

  const other = mkdtempSync(join(tmpdir(), "restored-"));
  const { copyFileSync } = await import("node:fs");
  copyFileSync(file, join(other, "switchyard.db"));
  const restored = openStore({ folder: dataFolder(other), clock, mode: "write" });
  expect(restored.tasks.list()).toEqual([task]);
  restored.close();
  rmSync(other, { recursive: true });
});

test("ids that are known already are taken in any order, and never given again", () => {
  store.write("test", () => {
    for (const id of ["t-5", "t-3"]) store.tasks.insert(sampleTask(), TaskId.parse(id));
    expect(store.tasks.insert(sampleTask()).id).toBe("t-6");
  });
});
