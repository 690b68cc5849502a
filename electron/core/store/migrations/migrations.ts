import { firstTables } from "./0001-first-tables.ts";
import { workerCounts } from "./0002-worker-counts.ts";
import { lastingSessions } from "./0003-lasting-sessions.ts";
import { watchedSessions } from "./0004-watched-sessions.ts";

/** In order: the n-th takes a store of version n - 1 to n. One that has landed is never edited. */
export const migrations: readonly string[] = [
  firstTables,
  workerCounts,
  lastingSessions,
  watchedSessions,
];
