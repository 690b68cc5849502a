import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import { noChecksReason, PAUSED_BY_PERSON } from "../../../shared/model/queue-pause.ts";
import type { FakeClock } from "../base/fake-clock.ts";
import { weekOfHours } from "../base/working-hours.ts";
import { sampleProject } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { createGatewayFixture, type GatewayFixture } from "./gateway-fixture.ts";
import { handleProjects } from "./handle-projects.ts";

const checks = [{ name: "unit", run: "npm test", timeoutMs: 60_000 }];
let fixture: GatewayFixture;
let store: Store;
let clock: FakeClock;
let isSandboxed: boolean;
let client: Client<AppContract>;

beforeEach(() => {
  fixture = createGatewayFixture();
  ({ store, clock } = fixture);
  isSandboxed = false;
  const handlers = handleProjects({
    store,
    clock,
    isSandboxed: () => isSandboxed,
    openRepository: async (root) => ({ root, branch: "main" }),
    requireBranch: async () => undefined,
    readHours: () => weekOfHours(undefined, undefined, new Date()),
    readProjectFile: async () => ({}),
  });
  client = fixture.serve(handlers);
});
afterEach(() => fixture[Symbol.dispose]());

function addPaused(reason: string): void {
  const queue = { state: "paused", reason } as const;
  store.write("test", () => store.projects.insert(sampleProject({ checks: [], queue })));
}

test("a queue that paused itself for want of checks goes on once they are set, or chosen away", async () => {
  addPaused(noChecksReason("app"));
  const still = await client.call("project.set", { project: "app", maxWorkers: 2 });
  expect(still.queue.state).toBe("paused");
  const set = await client.call("project.set", { project: "app", checks });
  expect(set.queue).toEqual({ state: "running", reason: null });

  const queue = { state: "paused", reason: noChecksReason("app") } as const;
  store.write("test", () => store.projects.update(set.name, { checks: [], queue }));
  const chosen = await client.call("project.set", { project: "app", withoutChecks: true });
  expect(chosen.queue).toEqual({ state: "running", reason: null });
});

test("a queue that is paused for another reason stays so, whatever checks are set", async () => {
  addPaused(PAUSED_BY_PERSON);
  const { queue } = await client.call("project.set", { project: "app", checks });
  expect(queue).toEqual({ state: "paused", reason: PAUSED_BY_PERSON });
});

test("a mode in which nothing is asked is accepted for a while, which can be renewed and taken back", async () => {
  store.write("test", () => store.projects.insert(sampleProject()));
  const accept = { project: "app", mode: "auto", isAccepted: true } as const;
  const usual = await client.call("project.accept-mode", accept);
  expect(usual.approval).toMatchObject({ task: null, input: "auto" });
  expect(usual.approval?.until).toBe("2026-11-21T17:00:00.000Z");
  const longer = await client.call("project.accept-mode", { ...accept, acceptedMs: 86_400_000 });
  expect(longer.approval?.until).toBe("2026-11-22T09:00:00.000Z");
  expect(store.approvals.list()).toHaveLength(1);
  await client.call("project.accept-mode", { ...accept, isAccepted: false });
  expect(store.approvals.list()).toEqual([]);
});

test("bypassPermissions is not accepted while the sandbox is off, nor anything for ever", async () => {
  store.write("test", () => store.projects.insert(sampleProject()));
  const accept = { project: "app", mode: "bypassPermissions", isAccepted: true } as const;
  const call = (acceptedMs?: number) =>
    client.call(
      "project.accept-mode",
      acceptedMs === undefined ? accept : { ...accept, acceptedMs },
    );
  await expect(call()).rejects.toThrow(/holds only inside the sandbox.*agents.worker.sandbox/s);
  isSandboxed = true;
  await expect(call(0)).rejects.toThrow("a minute at least");
  await expect(call(30 * 86_400_000)).rejects.toThrow("a week at most");
  expect(store.approvals.list()).toEqual([]);
  expect((await call()).approval?.input).toBe("bypassPermissions");
});
