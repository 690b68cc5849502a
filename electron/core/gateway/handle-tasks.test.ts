import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { FakeClock } from "../base/fake-clock.ts";
import {
  sampleEntry,
  sampleProfile,
  sampleProject,
  sampleSession,
  sampleTask,
} from "../store/sample-rows.ts";
import type { Store, TaskRecord } from "../store/store.ts";
import { TaskSteps } from "../supervisor/task-steps.ts";
import { createGatewayFixture, type GatewayFixture } from "./gateway-fixture.ts";
import { handleTasks } from "./handle-tasks.ts";

let fixture: GatewayFixture;
let store: Store;
let clock: FakeClock;
let isSandboxed: boolean;
/** Tasks whose session was asked to end; it ends when the test lets it. */
let ending: string[];
let ended: PromiseWithResolvers<void>;

beforeEach(() => {
  fixture = createGatewayFixture();
  ({ store, clock } = fixture);
  isSandboxed = false;
  store.write("test", () => store.projects.insert(sampleProject()));
  ending = [];
  ended = Promise.withResolvers();
});
afterEach(() => fixture[Symbol.dispose]());

function connect(removeEntryOf: (task: TaskRecord["id"]) => void): Client<AppContract> {
  const handlers = handleTasks({
    store,
    clock,
    isSandboxed: () => isSandboxed,
    steps: new TaskSteps(store),
    planNow: () => ({ order: [], held: new Map() }),
    noPlaceFor: () => null,
    lookAhead: () => [],
    clashesOf: () => [],
    halted: () => null,
    endSessionOf: async ({ id }) => {
      ending.push(id);
      await ended.promise;
    },
    removeEntryOf,
  });
  return fixture.serve(handlers);
}

function addTask(status: TaskRecord["status"], plan: TaskRecord["plan"] = null): TaskRecord {
  return store.write("test", () => store.tasks.insert(sampleTask({ status, plan })));
}

test("a task whose branch is landing at this moment is not cancelled", async () => {
  const client = connect(() => {
    throw new SwitchyardError("wrong-state", "q-1 is landing right now.");
  });
  const { id } = addTask("queued");
  store.write("test", () => store.entries.insert(sampleEntry(id)));
  await expect(client.call("task.cancel", { task: id })).rejects.toThrow("landing right now");
  expect(store.tasks.find(id)?.status).toBe("queued");
});

test("a cancelled plan has cancelled all of its tasks before the first session has ended", async () => {
  const client = connect(() => undefined);
  const plan = await client.call("plan.create", { project: "app", title: "p", isDraft: false });
  const tasks = (["running", "running", "ready"] as const).map(
    (status) => addTask(status, plan.id).id,
  );
  const cancelling = client.call("plan.cancel", { plan: plan.id });
  await expect.poll(() => ending).toEqual(tasks.slice(0, 2));
  expect(tasks.map((id) => store.tasks.find(id)?.status)).toEqual(tasks.map(() => "cancelled"));
  ended.resolve();
  await cancelling;
});

test("a task whose session waits for its turn says what for, until it works", async () => {
  const client = connect(() => undefined);
  const { id } = addTask("running");
  const session = store.write("test", () => {
    store.profiles.insert(sampleProfile(), {});
    const inserted = store.sessions.insert(
      sampleSession({ task: id, reason: "waits for memory: 210 MB free, 400 needed" }),
    );
    store.tasks.update(id, { session: inserted.id });
    return inserted.id;
  });
  const why = async () => (await client.call("task.why", { task: id })).reasons;
  expect(await why()).toEqual([
    {
      kind: "starting",
      text: `Its session ${session} waits for memory: 210 MB free, 400 needed.`,
      subject: session,
    },
  ]);
  store.write("test", () => store.sessions.update(session, { state: "working", reason: null }));
  expect(await why()).toEqual([]);
});

test("a branch in the queue says while everything is stopped that it does not land, with the way on", async () => {
  const client = connect(() => undefined);
  const { id } = addTask("queued");
  store.write("test", () => store.entries.insert(sampleEntry(id)));
  const why = async () => (await client.call("task.why", { task: id })).reasons[0]?.text;
  expect(await why()).not.toContain("stopped");
  store.write("test", () => store.fleet.set(true, "lunch"));
  expect(await why()).toMatch(/Everything was stopped \(lunch\); .*switchyard resume\.$/);
});

test("a note at a retry comes behind what no session has taken up yet", async () => {
  const client = connect(() => undefined);
  ended.resolve();
  const { id } = addTask("needs-input");
  store.write("test", () => store.tasks.update(id, { handback: "redo" }));
  await client.call("task.retry", { task: id, note: "and no TLS" });
  expect(store.tasks.find(id)?.handback).toBe("redo\n\nand no TLS");
});

test("a list that was imported is not imported once more unless that is asked for, and then as a whole", async () => {
  const client = connect(() => undefined);
  const list = (text: string, isAgain?: boolean) =>
    client.call("task.import", { project: "app", text, ...(isAgain ? { isAgain } : {}) });
  const text = "- [ ] One\n  with a body\n- [ ] Two\n";
  const [one, two] = await list(text);
  await expect(list(`${text}- [ ] Three\n`)).rejects.toMatchObject({
    code: "name-taken",
    message: `Nothing was imported: 2 tasks of this list are there already and open (${one?.id}, ${two?.id}).`,
    hint: expect.stringContaining("--again"),
  });
  expect(store.tasks.list()).toHaveLength(2);
  expect(await list("- [ ] One\n  with another body\n")).toHaveLength(1);
  await client.call("task.cancel", { task: two?.id ?? "" });
  await expect(list("- [ ] One\n  with a body\n- [ ] Two\n")).rejects.toThrow(`(${one?.id})`);
  expect(await list("- [ ] Two\n")).toHaveLength(1);
  expect(await list(text, true)).toHaveLength(2);
});

test("naming a mode that asks nothing for a task accepts it for that task, and another mode ends that", async () => {
  const client = connect(() => undefined);
  const made = await client.call("task.create", {
    project: "app",
    title: "x",
    permissionMode: "auto",
    acceptedMs: 3_600_000,
  });
  const ends = () => store.approvals.list().map(({ task, input, until }) => [task, input, until]);
  expect(made.permissionMode).toBe("auto");
  expect(ends()).toEqual([[made.id, "auto", "2026-11-21T10:00:00.000Z"]]);
  // A change of something else leaves the time alone; naming the mode again begins it anew.
  await client.call("task.edit", { task: made.id, title: "y" });
  expect(ends()).toEqual([[made.id, "auto", "2026-11-21T10:00:00.000Z"]]);
  await client.call("task.edit", { task: made.id, permissionMode: "auto" });
  expect(ends()).toEqual([[made.id, "auto", "2026-11-21T17:00:00.000Z"]]);
  const plain = await client.call("task.edit", { task: made.id, permissionMode: null });
  expect(plain.permissionMode).toBe(null);
  expect(ends()).toEqual([]);
});

test("a time without a mode to accept, an unknown mode and bypassing without a sandbox make no task", async () => {
  const client = connect(() => undefined);
  const create = (more: object) =>
    client.call("task.create", { project: "app", title: "x", ...more });
  await expect(create({ acceptedMs: 3_600_000 })).rejects.toThrow("Only a mode in which nothing");
  await expect(create({ permissionMode: "plan", acceptedMs: 3_600_000 })).rejects.toThrow("Only a");
  await expect(create({ permissionMode: "yolo" })).rejects.toThrow(
    "it is one of: default, acceptEdits",
  );
  await expect(create({ permissionMode: "bypassPermissions" })).rejects.toThrow("only inside the");
  expect(store.tasks.list()).toEqual([]);
  expect(store.approvals.list()).toEqual([]);
  isSandboxed = true;
  const made = await create({ permissionMode: "bypassPermissions" });
  expect(made.permissionMode).toBe("bypassPermissions");
});
