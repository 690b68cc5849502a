import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TaskId } from "../../../shared/model/ids.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { migrations } from "./migrations/migrations.ts";
import { openStore } from "./open-store.ts";
import { sampleProject, sampleTask } from "./sample-rows.ts";

let folder: DataFolder;
beforeEach(() => {
  folder = dataFolder(mkdtempSync(join(tmpdir(), "store-file-")));
  prepareDataFolder(folder);
});
afterEach(() => rmSync(folder.home, { recursive: true, force: true }));

const open = () => openStore({ folder, clock: fakeClock(), mode: "write" });
const refused = (code: string) => expect.objectContaining({ code, hint: expect.any(String) });

function fill(events: number): void {
  const store = open();
  store.write("x", () => store.projects.insert(sampleProject()));
  for (let count = 0; count < events; count++) {
    store.write("x", (record) => record("task.created", store.tasks.insert(sampleTask()).id));
  }
  store.close();
}

/** Refused with this code, and not one byte of it changed. */
function checkRefused(code: string): void {
  const before = readFileSync(folder.db);
  expect(open).toThrow(refused(code));
  expect(readFileSync(folder.db).equals(before)).toBe(true);
}

test("an empty file, a file that is no database, and another program's database are never taken over", () => {
  writeFileSync(folder.db, "");
  checkRefused("store-damaged");
  writeFileSync(folder.db, "hello ".repeat(2000));
  checkRefused("store-damaged");
  rmSync(folder.db);
  const foreign = new Database(folder.db);
  foreign.exec("CREATE TABLE notes (text)");
  foreign.close();
  checkRefused("store-damaged");
});

test("a store of a newer version is left as it is, and its version named", () => {
  fill(1);
  const db = new Database(folder.db);
  db.pragma("user_version = 99");
  db.close();
  checkRefused("data-folder-newer");
  expect(open).toThrow("version 99");
});

test("a scribbled page is found", () => {
  fill(200);
  const bytes = readFileSync(folder.db);
  bytes.fill(0x5a, 4096 * 6, 4096 * 12);
  writeFileSync(folder.db, bytes);
  checkRefused("store-damaged");
});

test("a store that was replaced, or is gone, is noticed by its mark", () => {
  fill(2);
  const mark = readFileSync(folder.storeMark);
  rmSync(folder.db);
  expect(open).toThrow(refused("store-damaged"));
  expect(existsSync(folder.db)).toBe(false);
  rmSync(folder.storeMark);
  fill(5);
  writeFileSync(folder.storeMark, mark);
  checkRefused("store-damaged");
  writeFileSync(folder.storeMark, "{");
  checkRefused("store-damaged");
});

test("an older copy in its place is noticed, and taken once the mark is removed", () => {
  fill(2);
  copyFileSync(folder.db, join(folder.home, "older"));
  fillMore(3);
  copyFileSync(join(folder.home, "older"), folder.db);
  checkRefused("store-damaged");
  expect(open).toThrow("its newest 3 events are missing");
  rmSync(folder.storeMark);
  const store = open();
  expect(store.events.lastSeq()).toBe(2);
  store.close();
});

function fillMore(events: number): void {
  const store = open();
  for (let count = 0; count < events; count++) store.write("x", (record) => record("k", "x"));
  store.close();
}

for (const [how, harm] of [
  ["deleted", (wal: string) => rmSync(wal)],
  ["cut", (wal: string) => truncateSync(wal, Math.floor(statSync(wal).size / 2))],
  ["flipped", (wal: string) => writeFileSync(wal, flipped(readFileSync(wal)))],
] as const) {
  test(`commits that vanish with a log that was ${how} are noticed, which SQLite does not`, {
    timeout: 30_000,
  }, async () => {
    fill(1);
    await killedWriter(300);
    harm(`${folder.db}-wal`);
    expect(open).toThrow(refused("store-damaged"));
    expect(open).toThrow(/its newest \d+ events are missing/);
  });
}

test("what was confirmed is there after a kill", { timeout: 30_000 }, async () => {
  fill(1);
  await killedWriter(50);
  const store = open();
  expect(store.events.lastSeq()).toBe(51);
  store.close();
});

test("a store of the version before is backed up and brought up to date with all it holds", () => {
  makeVersion1();
  const store = open();
  expect(store.tasks.find(TaskId.parse("t-2"))).toMatchObject({
    title: "second",
    after: ["t-1"],
    reminders: 0,
    failures: 0,
    handoffs: 0,
  });
  expect(store.events.since(0, { subject: "t-1" })).toHaveLength(1);
  expect(store.projects.list()).toMatchObject([{ name: "app", strategy: "fill", maxWorkers: 6 }]);
  expect(store.write("x", () => store.tasks.insert(sampleTask())).id).toBe("t-3");
  store.write("x", () => store.tasks.update(TaskId.parse("t-1"), { reminders: 1 }));
  expect(store.intents.listOpen()).toMatchObject([{ id: 7, kind: "stop-session", subject: "s-1" }]);
  const move = () => store.intents.open("move-conversation", "s-1", { to: "max-2" }).id;
  expect(store.write("x", move)).toBe(8);
  expect(() => store.write("x", move)).toThrow("UNIQUE");
  store.close();

  const [backup] = readdirSync(folder.backups);
  expect(backup).toMatch(/^switchyard-v1-.*\.db$/);
  const kept = new Database(join(folder.backups, String(backup)), { readonly: true });
  expect(kept.pragma("user_version", { simple: true })).toBe(1);
  expect(kept.prepare("SELECT count(*) FROM tasks").pluck().get()).toBe(2);
  kept.close();
});

test("a migration that fails leaves the version before, whole, and its backup", () => {
  makeVersion1();
  const db = new Database(folder.db);
  // In the way of the second migration's index.
  db.exec("CREATE TABLE events_by_subject (x)");
  db.close();
  expect(open).toThrow("events_by_subject");
  const after = new Database(folder.db, { readonly: true });
  expect(after.pragma("user_version", { simple: true })).toBe(1);
  expect(after.prepare("SELECT name FROM pragma_table_info('tasks')").pluck().all()).not.toContain(
    "reminders",
  );
  after.close();
  expect(readdirSync(folder.backups)).toHaveLength(1);
});

test("a first start that was cut short is made good", () => {
  writeFileSync(`${folder.db}.making`, "half of a database");
  fill(1);
  expect(readdirSync(folder.home).filter((name) => name.includes("making"))).toEqual([]);
});

test("a damaged telemetry file is set aside: its numbers come again", () => {
  fill(1);
  writeFileSync(folder.telemetryDb, "not a database ".repeat(500));
  for (const ending of ["-wal", "-shm"]) rmSync(`${folder.telemetryDb}${ending}`, { force: true });
  open().close();
  expect(readdirSync(folder.home).some((name) => name.startsWith("telemetry.db.damaged-"))).toBe(
    true,
  );
});

// A small file system of its own is the only full disk that is safe to make, and only root can mount one.
test.skipIf(process.getuid?.() !== 0 || process.platform !== "linux")(
  "a full disk refuses the whole change, and the store goes on when there is room (needs root for its tmpfs)",
  () => {
    const small = join(folder.home, "small");
    mkdirSync(small);
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", small]);
    try {
      const store = openStore({ folder: dataFolder(small), clock: fakeClock(), mode: "write" });
      store.write("x", () => store.projects.insert(sampleProject()));
      const add = (body: string) =>
        store.write("x", (record) => record("k", store.tasks.insert(sampleTask({ body })).id));
      add("first");
      expect(() => {
        for (;;) add("x".repeat(100_000));
      }).toThrow(refused("disk-full"));
      const saved = store.tasks.list().length;
      expect(store.events.lastSeq()).toBe(saved);

      execFileSync("/bin/mount", ["-o", "remount,size=8m", small]);
      add("x".repeat(100_000));
      store.close();
      const again = openStore({ folder: dataFolder(small), clock: fakeClock(), mode: "write" });
      expect(again.tasks.list()).toHaveLength(saved + 1);
      again.close();
    } finally {
      execFileSync("/bin/umount", ["-l", small]);
    }
  },
);

function flipped(bytes: Buffer): Buffer {
  const middle = Math.floor(bytes.length / 3);
  bytes.fill(0xff, middle, middle + 64);
  return bytes;
}

/** Another process writes events, with marks, and is killed: its log is left behind. */
async function killedWriter(events: number): Promise<void> {
  const script = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, "open-store.ts"))};
    import { dataFolder } from ${JSON.stringify(join(import.meta.dirname, "../base/data-folder.ts"))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, "../base/clock.ts"))};
    import { readMark } from ${JSON.stringify(join(import.meta.dirname, "store-mark.ts"))};
    const folder = dataFolder(${JSON.stringify(folder.home)});
    const store = openStore({ folder, clock: systemClock, mode: "write" });
    for (let count = 0; count < ${events}; count++) store.write("x", (record) => record("k", "x"));
    const last = store.events.lastSeq();
    while (readMark(folder.storeMark).lastSeq < last) await systemClock.wait(10, AbortSignal.timeout(5000));
    console.log("done");
    setInterval(() => {}, 1000);
  `;
  const args = ["--input-type=module-typescript", "-e", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** A filled store as the first version left it. */
function makeVersion1(): void {
  const db = new Database(folder.db);
  db.pragma("journal_mode = WAL");
  db.pragma("application_id = 1400330596");
  db.exec(String(migrations[0]));
  db.exec(`
    INSERT INTO identity VALUES ('one');
    INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 'fill', 6, '{"state":"running","reason":null}');
    UPDATE counters SET last = 2 WHERE letter = 't';
  `);
  for (const [number, title] of [
    [1, "first"],
    [2, "second"],
  ]) {
    db.prepare(
      `INSERT INTO tasks (number, id, project, title, body, status, since, priority, labels, paths, acceptance, attempts,
        commits, checks, created_at) VALUES (?, ?, 'app', ?, '', 'ready', '2026-11-21T09:00:00.000Z', 3, '[]', '[]', '[]',
        0, 0, '[]', '2026-11-21T09:00:00.000Z')`,
    ).run(number, `t-${number}`, title);
  }
  db.exec(`
    INSERT INTO task_after VALUES ('t-2', 't-1', 0);
    INSERT INTO intents (id, kind, subject, data, opened_at) VALUES (7, 'stop-session', 's-1', '{}', '2026-11-21T09:00:00.000Z');
    INSERT INTO events (at, kind, subject, data, cause) VALUES ('2026-11-21T09:00:00.000Z', 'task.created', 't-1', '{}', 'person');
  `);
  db.pragma("user_version = 1");
  db.close();
}
