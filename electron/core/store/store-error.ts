import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { describeFullDisk, isOutOfInodes } from "../base/describe-full-disk.ts";

/** What SQLite says, as something a person can act on. Errors that are not SQLite's pass through unchanged. */
export function toStoreError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  // Out of inodes, SQLite cannot make its journals and does not say why.
  const isWithoutInodes = code === "SQLITE_CANTOPEN" && isOutOfInodes(file);
  if (code === "SQLITE_FULL" || isWithoutInodes) {
    return new SwitchyardError(
      "disk-full",
      `${describeFullDisk(file)}; nothing of this change was saved.`,
      "Free some space and try again. What was confirmed before is safe.",
      error,
    );
  }
  if (code === "SQLITE_BUSY" || code === "SQLITE_LOCKED") {
    return new SwitchyardError(
      "data-folder-busy",
      `Another program holds ${file} locked.`,
      "Close it (a database viewer, a backup) and try again.",
      error,
    );
  }
  if (code === "ERR_DLOPEN_FAILED") {
    return new SwitchyardError(
      "failed",
      `The store's native module (better-sqlite3) does not fit Node ${process.versions.node}: it was built for another one.`,
      "Build it anew where Switchyard is installed: npm rebuild better-sqlite3",
      error,
    );
  }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    return storeDamaged(file, "its content is damaged", error);
  }
  return error;
}

/** A failed read, write or sync of the disk: what it left behind cannot be known until the file is opened anew. */
export function isDiskFailure(error: unknown): boolean {
  return sqliteCode(error).startsWith("SQLITE_IOERR");
}

export function storeDamaged(file: string, what: string, cause?: unknown): SwitchyardError {
  return new SwitchyardError(
    "store-damaged",
    `The store ${file} cannot be trusted: ${what}. It was left as it is.`,
    "Keep a copy of it, then put the newest file of backups/ in its place and remove switchyard.mark, or name another folder with --home. Without a backup: move the store and switchyard.mark away, start, add each project again, then: switchyard queue rebuild",
    cause,
  );
}

function sqliteCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
