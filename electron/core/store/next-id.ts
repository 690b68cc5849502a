import type { Database } from "better-sqlite3";

/** The number of an id that is known already, e.g. from before the store was lost: it is not given again. */
export function takeNumber(db: Database, letter: "t" | "q", id: string): number {
  const number = Number(id.slice(2));
  const sql = "UPDATE counters SET last = ? WHERE letter = ? AND last < ?";
  db.prepare(sql).run(number, letter, number);
  return number;
}

/** Counts up in the data folder; a number is never given twice, not even when its row is removed. */
export function nextNumber(db: Database, letter: "t" | "p" | "s" | "q" | "a"): number {
  const sql = "UPDATE counters SET last = last + 1 WHERE letter = ? RETURNING last";
  return Number(db.prepare(sql).pluck().get(letter));
}
