import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import { DailyBackups } from "./back-up-daily.ts";
import { openStore } from "./open-store.ts";
import { sampleProject, sampleTask } from "./sample-rows.ts";
import type { Store } from "./store.ts";

let root: string;
let folder: DataFolder;
let clock: FakeClock;
let store: Store;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "switchyard-backup-"));
  folder = dataFolder(root);
  prepareDataFolder(folder);
  clock = fakeClock();
  store = openStore({ folder, clock, mode: "write" });
  store.write("person", () => store.projects.insert(sampleProject()));
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

function addTask(): void {
  store.write("person", (record) => {
    const { id } = store.tasks.insert(sampleTask());
    record("task.created", id);
  });
}

test("the newest backup, restored, holds what the store held", async () => {
  writeFileSync(join(folder.backups, "mine.db"), "kept by hand");
  await using backups = new DailyBackups({ store, folder, clock, log: silentLog });
  addTask();
  backups.run();
  await backups.settled();
  addTask();
  await clock.advance(3_600_000);
  await backups.settled();
  const names = readdirSync(folder.backups).filter((name) => name !== "mine.db");
  expect(names).toHaveLength(2);

  const other = dataFolder(join(root, "restored"));
  prepareDataFolder(other);
  copyFileSync(join(folder.backups, names.sort().at(-1) ?? ""), other.db);
  const restored = openStore({ folder: other, clock, mode: "write" });
  try {
    expect(restored.tasks.list()).toEqual(store.tasks.list());
    expect(restored.projects.list()).toEqual(store.projects.list());
    expect(restored.events.since(0)).toEqual(store.events.since(0));
  } finally {
    restored.close();
  }
});

test("a store in which nothing happened is not backed up again", async () => {
  await using backups = new DailyBackups({ store, folder, clock, log: silentLog });
  addTask();
  backups.run();
  await clock.advance(5 * 3_600_000);
  await backups.settled();
  expect(readdirSync(folder.backups)).toHaveLength(1);
});

test("what a kill left of a backup goes with the next look, and nothing else does", async () => {
  const own = ["switchyard-2026-11-21T09-00-00-000Z-4.db.77.tmp", "mine.db.77.tmp"];
  for (const name of own) writeFileSync(join(folder.backups, name), "half");
  await using backups = new DailyBackups({ store, folder, clock, log: silentLog });
  backups.run();
  await backups.settled();
  expect(readdirSync(folder.backups).filter((name) => own.includes(name))).toEqual([own[1]]);
});
