import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { syncFolder } from "../base/write-file-durably.ts";
import { migrations } from "./migrations/migrations.ts";
import { storeDamaged, toStoreError } from "./store-error.ts";
import { type Mark, readMark } from "./store-mark.ts";

/** Says in the file's header that it is ours: "SwYd". */
const APPLICATION_ID = 0x53775964;
const SQLITE_MAGIC = "SQLite format 3\0";
/** How long to wait for a program that reads or backs up the file. */
const BUSY_MS = 5_000;

export type StoreMode = "write" | "read";

/**
 * Opens `switchyard.db`, made if there is none and brought up to date if it is older; nothing is changed before the file has
 * been looked at. Throws `store-damaged`, `data-folder-newer`, `disk-full` or `data-folder-busy`.
 */
export function openStoreFile(
  folder: DataFolder,
  clock: Clock,
  mode: StoreMode,
): Database.Database {
  const file = folder.db;
  try {
    const mark = readMarkOf(folder);
    if (!existsSync(file)) {
      refuseWhenLost(file, mark);
      if (mode === "read") {
        throw new SwitchyardError(
          "not-found",
          `${folder.home} has no store yet.`,
          "Start Switchyard once.",
        );
      }
      createStoreFile(file);
    }
    const version = inspect(file, mark);
    if (mode === "read") return openToRead(file, version);
    const db = openToWrite(file);
    if (version < migrations.length) bringUpToDate(db, version, folder, clock);
    return db;
  } catch (error) {
    throw toStoreError(error, file);
  }
}

function openToWrite(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true, timeout: BUSY_MS });
  db.pragma("journal_mode = WAL");
  // NORMAL, the default of a WAL, loses the newest commits in a power cut.
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  db.pragma("journal_size_limit = 67108864");
  return db;
}

function openToRead(file: string, version: number): Database.Database {
  if (version < migrations.length) {
    throw new SwitchyardError(
      "wrong-state",
      `${file} was written by an older Switchyard.`,
      "Start Switchyard once: it brings the store up to date, after a backup.",
    );
  }
  return new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
}

/** Returns the version of the schema. Reads only: a log that SQLite would repair by forgetting is not touched. */
function inspect(file: string, mark: Mark | null): number {
  refuseWhenForeign(file);
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  try {
    if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID) {
      throw storeDamaged(file, "another program made this database");
    }
    const version = Number(db.pragma("user_version", { simple: true }));
    if (version > migrations.length) {
      throw new SwitchyardError(
        "data-folder-newer",
        `${file} was written by a newer Switchyard (its store has version ${version}, this one knows ${migrations.length}).`,
        "Start the newer Switchyard, or name another folder with --home.",
      );
    }
    const verdict = db.pragma("quick_check(1)", { simple: true });
    if (verdict !== "ok") throw storeDamaged(file, String(verdict));
    compareWithMark(file, db, mark);
    return version;
  } finally {
    db.close();
  }
}

function compareWithMark(file: string, db: Database.Database, mark: Mark | null): void {
  if (!mark) return;
  const store = db.prepare("SELECT store FROM identity").pluck().get();
  if (store !== mark.store) throw storeDamaged(file, "it is not the store that was here before");
  const lastSeq = Number(db.prepare("SELECT ifnull(max(seq), 0) FROM events").pluck().get());
  if (lastSeq >= mark.lastSeq) return;
  const lost = mark.lastSeq - lastSeq;
  throw storeDamaged(file, `its newest ${lost} ${lost === 1 ? "event is" : "events are"} missing`);
}

function refuseWhenForeign(file: string): void {
  if (!statSync(file).isFile()) throw storeDamaged(file, "it is not a file");
  const header = Buffer.alloc(SQLITE_MAGIC.length);
  const descriptor = openSync(file, "r");
  try {
    const length = readSync(descriptor, header, 0, header.length, 0);
    if (length === 0) throw storeDamaged(file, "it is empty");
  } finally {
    closeSync(descriptor);
  }
  if (header.toString("latin1") !== SQLITE_MAGIC) throw storeDamaged(file, "it is not a database");
}

function refuseWhenLost(file: string, mark: Mark | null): void {
  if (mark) throw storeDamaged(file, "it is gone");
  if (existsSync(`${file}-wal`)) throw storeDamaged(file, "it is gone, and only its log is left");
}

function readMarkOf(folder: DataFolder): Mark | null {
  try {
    return readMark(folder.storeMark);
  } catch (error) {
    throw storeDamaged(folder.db, `${folder.storeMark} cannot be read`, error);
  }
}

/** Made under another name and then given its own: cut short, it leaves no half of a store behind. */
function createStoreFile(file: string): void {
  const beside = `${file}.making`;
  for (const ending of ["", "-journal"]) rmSync(`${beside}${ending}`, { force: true });
  const db = new Database(beside);
  try {
    db.pragma("synchronous = FULL");
    db.transaction(() => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      apply(db, 0);
      db.prepare("INSERT INTO identity VALUES (?)").run(randomUUID());
    })();
  } finally {
    db.close();
  }
  // A link, not a rename: it fails when a store has appeared there meanwhile.
  linkSync(beside, file);
  rmSync(beside);
  syncFolder(dirname(file));
}

function bringUpToDate(
  db: Database.Database,
  from: number,
  folder: DataFolder,
  clock: Clock,
): void {
  try {
    const stamp = clock.now().toISOString().replace(/[:.]/g, "-");
    mkdirSync(folder.backups, { recursive: true });
    copyStore(db, join(folder.backups, `${basename(folder.db, ".db")}-v${from}-${stamp}.db`));
    db.transaction(() => apply(db, from)).immediate();
  } catch (error) {
    db.close();
    throw error;
  }
}

function apply(db: Database.Database, from: number): void {
  for (const sql of migrations.slice(from)) db.exec(sql);
  const broken = db.pragma("foreign_key_check");
  if (Array.isArray(broken) && broken.length > 0) {
    throw new Error(`after the migrations rows refer to nothing: ${JSON.stringify(broken[0])}`);
  }
  db.pragma(`user_version = ${migrations.length}`);
}

function copyStore(db: Database.Database, to: string): void {
  const beside = `${to}.tmp`;
  rmSync(beside, { force: true });
  db.prepare("VACUUM INTO ?").run(beside);
  settleCopy(beside, to);
}

/** Syncs a finished copy and gives it its name. Throws when that name is taken. */
export function settleCopy(beside: string, to: string): void {
  const descriptor = openSync(beside, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  linkSync(beside, to);
  rmSync(beside);
  syncFolder(dirname(to));
}
