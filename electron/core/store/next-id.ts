import type { Database } from "better-sqlite3";

/** Counts up in the data folder; a number is never given twice, not even when its row is removed. */
export function nextNumber(db: Database, letter: "t" | "p" | "s" | "q" | "a"): number {
  const sql = "UPDATE counters SET last = last + 1 WHERE letter = ? RETURNING last";
  return Number(db.prepare(sql).pluck().get(letter));
}
