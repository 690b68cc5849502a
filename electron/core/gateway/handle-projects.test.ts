import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppContract, appContract } from "../../../shared/contract/app-contract.ts";
import {
  type Client,
  createClient,
  type Handlers,
  serveWire,
} from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import { noChecksReason, PAUSED_BY_PERSON } from "../../../shared/model/queue-pause.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProject } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { handleProjects } from "./handle-projects.ts";

const checks = [{ name: "unit", run: "npm test", timeoutMs: 60_000 }];
let home: string;
let store: Store;
let client: Client<AppContract>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-projects-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  store = openStore({ folder, clock: fakeClock(), mode: "write" });
  const handlers = handleProjects({
    store,
    openRepository: async (root) => ({ root, branch: "main" }),
    requireBranch: async () => undefined,
    readProjectFile: async () => ({}),
  });
  const [ours, theirs] = createWirePair();
  // Only the calls about projects are served here, and only they are called.
  serveWire(appContract, theirs, handlers as Handlers<AppContract>);
  client = createClient(appContract, ours);
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

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
