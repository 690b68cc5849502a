import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FreezeWindow } from "../../../shared/model/settings.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProject } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { QueueGate } from "./queue-gate.ts";

const { name } = sampleProject();
let home: string;
let store: Store;
let clock: FakeClock;
let windows: readonly FreezeWindow[];
let gate: QueueGate;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-gate-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  // A Saturday.
  clock = fakeClock("2026-11-21T09:59:50.000Z");
  store = openStore({ folder, clock, mode: "write" });
  store.write("test", () => store.projects.insert(sampleProject()));
  windows = [{ from: "10:00", to: "11:00", timezone: "UTC" }];
  gate = new QueueGate({ store, clock, freezesOf: () => windows });
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const project = () => {
  const found = store.projects.find(name);
  if (!found) throw new Error("the project is gone");
  return found;
};
const hotfixAt = "2026-11-21T09:00:00.000Z";

test("a window of the settings begins and ends by the clock, and the project's row tells of both", async () => {
  using _ = gate.run();
  expect([gate.mode(project()), project().queue.frozen ?? null]).toEqual(["land", null]);
  await clock.advance(15_000);
  expect(gate.mode(project())).toBe("frozen");
  expect(project().queue.frozen).toEqual({ by: "settings", until: "2026-11-21T11:00:00.000Z" });
  expect(gate.whyWait(project(), { hotfixAt: null })).toContain("waits for the freeze to end at ");
  expect(gate.whyWait(project(), { hotfixAt })).toBe(null);
  expect(() => gate.unfreeze(name)).toThrow("Nobody froze the queue of app by hand.");
  await clock.advance(3_600_000);
  expect([gate.mode(project()), project().queue.frozen]).toEqual(["land", null]);
  const kinds = store.events.newest(100).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith("queue."))).toEqual([
    "queue.frozen",
    "queue.thawed",
  ]);
});

test("a clock that is set back into the window, and one that is set on out of it, count at once", async () => {
  await clock.advance(3_700_000);
  expect(gate.mode(project())).toBe("land");
  clock.jump(-600_000);
  expect(gate.mode(project())).toBe("frozen");
  clock.jump(600_000);
  expect(gate.mode(project())).toBe("land");
});

test("a pause keeps hot fixes too, and a halt stops all", () => {
  gate.freeze(name, null);
  gate.setState(name, "paused", "paused by you", "person");
  expect(gate.mode(project())).toBe("verify");
  expect(gate.whyWait(project(), { hotfixAt })).toContain("it goes on when the queue does");
  store.write("test", () => store.fleet.set(true, null));
  expect(gate.mode(project())).toBe("stopped");
});
