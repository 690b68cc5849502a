import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { migrations } from "./migrations/migrations.ts";
import { openStore } from "./open-store.ts";

/** The version before verdicts said what their checks ran in. */
const BEFORE = 10;

test("a verdict of the version before is one of an unknown environment, and stays as it is", () => {
  const folder = dataFolder(mkdtempSync(join(tmpdir(), "switchyard-verdicts-")));
  try {
    prepareDataFolder(folder);
    const db = new Database(folder.db);
    db.pragma("journal_mode = WAL");
    db.pragma("application_id = 1400330596");
    for (const sql of migrations.slice(0, BEFORE)) db.exec(sql);
    db.exec(`
      INSERT INTO identity VALUES ('one');
      INSERT INTO verdicts (tree, spec_hash, is_green, results, at)
        VALUES ('t', 's', 1, '[]', '2026-11-21T09:00:00.000Z');
      PRAGMA user_version = ${BEFORE};
    `);
    db.close();
    const store = openStore({ folder, clock: systemClock, mode: "write" });
    const insert = (envHash: string) =>
      store.write("x", () =>
        store.verdicts.insert({ tree: "t", specHash: "s", envHash, isGreen: false, results: [] }),
      );
    insert("e");
    expect(store.verdicts.list("t")).toMatchObject([
      { envHash: "e", isGreen: false },
      { envHash: null, isGreen: true, at: "2026-11-21T09:00:00.000Z" },
    ]);
    expect(() => insert("")).toThrow("CHECK");
    store.close();
  } finally {
    rmSync(folder.home, { recursive: true, force: true });
  }
});
