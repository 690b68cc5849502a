import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { MODE_TOOL } from "../../../shared/model/permission-mode.ts";
import { systemClock } from "../base/clock.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { migrations } from "./migrations/migrations.ts";
import { openStore } from "./open-store.ts";
import { sampleProject, sampleTask } from "./sample-rows.ts";

const app = ProjectName.parse("app");
let folder: DataFolder;

beforeEach(() => {
  folder = dataFolder(mkdtempSync(join(tmpdir(), "switchyard-approvals-")));
  prepareDataFolder(folder);
});
afterEach(() => rmSync(folder.home, { recursive: true, force: true }));

const open = () => openStore({ folder, clock: systemClock, mode: "write" });

test("of what the version before had allowed, commands hold on and modes get an end", () => {
  const db = new Database(folder.db);
  db.pragma("journal_mode = WAL");
  db.pragma("application_id = 1400330596");
  for (const sql of migrations.slice(0, 4)) db.exec(sql);
  db.exec(`
    INSERT INTO identity VALUES ('one');
    INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 'fill', 6, '{"state":"running","reason":null}');
    INSERT INTO approvals (project, tool, input, at) VALUES
      ('app', 'Bash', '{"command":"rm -rf /x"}', '2026-11-21T09:00:00.000Z'),
      ('app', '${MODE_TOOL}', 'auto', '2026-11-21T09:00:00.000Z');
    PRAGMA user_version = 4;
  `);
  db.close();
  const store = open();
  const [command, mode] = store.approvals.list(app);
  store.close();
  expect(command).toMatchObject({ id: 1, tool: "Bash", task: null, until: null });
  expect(mode).toMatchObject({ id: 2, input: "auto", task: null });
  const leftMs = Date.parse(mode?.until ?? "") - Date.now();
  expect(leftMs).toBeGreaterThan(7 * 3_600_000);
  expect(leftMs).toBeLessThanOrEqual(8 * 3_600_000);
});

test("a mode accepted again has the new end, for a project and a task apart, and goes with its task's project", () => {
  const store = open();
  store.write("test", () => store.projects.insert(sampleProject()));
  const task = store.write("test", () => store.tasks.insert(sampleTask()));
  const mode = { project: app, tool: MODE_TOOL, input: "auto" };
  store.write("test", () => {
    store.approvals.insert({ ...mode, until: "2026-11-21T10:00:00.000Z" });
    store.approvals.insert({ ...mode, task: task.id, until: "2026-11-21T11:00:00.000Z" });
    store.approvals.insert({ ...mode, until: "2026-11-21T12:00:00.000Z" });
    store.approvals.insert({ project: app, tool: "Bash", input: "{}" });
    store.approvals.insert({ project: app, tool: "Bash", input: "{}" });
  });
  const rows = store.approvals.list(app).map((each) => `${each.tool} ${each.task} ${each.until}`);
  expect(rows).toEqual([
    `${MODE_TOOL} null 2026-11-21T12:00:00.000Z`,
    `${MODE_TOOL} t-1 2026-11-21T11:00:00.000Z`,
    "Bash null null",
  ]);
  expect(() => store.write("test", () => store.approvals.insert(mode))).toThrow();
  store.close();
});
