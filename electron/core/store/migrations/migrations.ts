import { firstTables } from "./0001-first-tables.ts";
import { workerCounts } from "./0002-worker-counts.ts";
import { lastingSessions } from "./0003-lasting-sessions.ts";
import { watchedSessions } from "./0004-watched-sessions.ts";
import { acceptedModes } from "./0005-accepted-modes.ts";
import { weightedPlacement } from "./0006-weighted-placement.ts";
import { profileLooks } from "./0007-profile-looks.ts";
import { movedConversations } from "./0008-moved-conversations.ts";
import { batches } from "./0009-batches.ts";
import { hotFixes } from "./0010-hot-fixes.ts";
import { verdictEnvironments } from "./0011-verdict-environments.ts";
import { testHealth } from "./0012-test-health.ts";
import { entriesByHead } from "./0013-entries-by-head.ts";
import { pullRequests } from "./0014-pull-requests.ts";
import { timedRuns } from "./0015-timed-runs.ts";

/** In order: the n-th takes a store of version n - 1 to n. One that has landed is never edited. */
export const migrations: readonly string[] = [
  firstTables,
  workerCounts,
  lastingSessions,
  watchedSessions,
  acceptedModes,
  weightedPlacement,
  profileLooks,
  movedConversations,
  batches,
  hotFixes,
  verdictEnvironments,
  testHealth,
  entriesByHead,
  pullRequests,
  timedRuns,
];
