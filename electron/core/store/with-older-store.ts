import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { systemClock } from "../base/clock.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { migrations } from "./migrations/migrations.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";

/** For tests: a store as version `before` left it, filled by `sql`, is opened by this version and looked at; then it is gone. */
export function withOlderStore(before: number, sql: string, look: (store: Store) => void): void {
  const folder = dataFolder(mkdtempSync(join(tmpdir(), "switchyard-older-")));
  try {
    prepareDataFolder(folder);
    const db = new Database(folder.db);
    db.pragma("journal_mode = WAL");
    db.pragma("application_id = 1400330596");
    for (const migration of migrations.slice(0, before)) db.exec(migration);
    db.exec(`INSERT INTO identity VALUES ('one'); ${sql}; PRAGMA user_version = ${before};`);
    db.close();
    const store = openStore({ folder, clock: systemClock, mode: "write" });
    look(store);
    store.close();
  } finally {
    rmSync(folder.home, { recursive: true, force: true });
  }
}
