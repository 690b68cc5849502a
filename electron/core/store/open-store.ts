import { existsSync, rmSync, statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import { createApprovalTable } from "./approval-table.ts";
import { createAskTable } from "./ask-table.ts";
import { createEntryTable } from "./entry-table.ts";
import { createEventTable } from "./event-table.ts";
import { createFleetTable } from "./fleet-table.ts";
import { GaugeTables } from "./gauge-tables.ts";
import { createHandoffTable } from "./handoff-table.ts";
import { createIntentTable } from "./intent-table.ts";
import { createLandingTable } from "./landing-table.ts";
import { createPlanTable } from "./plans-table.ts";
import { createProfileTable } from "./profile-table.ts";
import { createProjectTable } from "./project-table.ts";
import { createRemovalTable } from "./removal-table.ts";
import { requireFreePlace } from "./require-free-place.ts";
import { createSessionTable } from "./session-table.ts";
import type { Store } from "./store.ts";
import { toStoreError } from "./store-error.ts";
import { openStoreFile, type StoreMode, settleCopy } from "./store-file.ts";
import { MarkWriter } from "./store-mark.ts";
import type { TableContext } from "./table-context.ts";
import { createTaskTable } from "./task-table.ts";
import { createTestHealthTable } from "./test-health-table.ts";
import { createTimedRunTable } from "./timed-run-table.ts";
import { Transactions } from "./transaction.ts";
import { createVerdictTable } from "./verdict-table.ts";

/**
 * Opens the store of a prepared data folder. In mode `write` the caller holds the core lock; mode `read` can look on beside it.
 *
 * Throws `store-damaged`, `data-folder-newer`, `data-folder-busy` or `disk-full`, and in mode `read` also `not-found` (no store
 * yet) and `wrong-state` (one of an older version). A file that is refused is left as it is.
 */
export function openStore(parts: {
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly mode: StoreMode;
  /** Hears of what a commit listener threw. Without it that ends the program, as any defect does. */
  readonly onListenerFailure?: (error: unknown) => void;
}): Store {
  const { folder, clock, mode, onListenerFailure = endTheProgram } = parts;
  const db = openExplained(parts);
  const events = createEventTable(db);
  const store = String(db.prepare("SELECT store FROM identity").pluck().get());
  const mark = new MarkWriter(folder.storeMark, store, clock);
  if (mode === "write" && !existsSync(folder.storeMark)) mark.note(events.lastSeq());

  const transactions = new Transactions({
    db,
    clock,
    events,
    onLastSeq: (seq) => mark.note(seq),
    onListenerFailure,
  });
  const context: TableContext = {
    db,
    now: () => clock.now().toISOString(),
    touched: () => transactions.touched(),
  };
  const gauges = openGauges(parts, db);
  const profiles = createProfileTable(context, gauges);
  const sessions = createSessionTable(context, profiles, gauges);

  return {
    identity: store.slice(0, 8),
    write: (cause, work) => transactions.write(cause, work),
    onCommit: (listener) => transactions.onCommit(listener),
    projects: createProjectTable(context),
    profiles,
    plans: createPlanTable(context),
    tasks: createTaskTable(context),
    sessions,
    entries: createEntryTable(context),
    asks: createAskTable(context),
    approvals: createApprovalTable(context),
    handoffs: createHandoffTable(context),
    removals: createRemovalTable(context),
    fleet: createFleetTable(context),
    landings: createLandingTable(context),
    verdicts: createVerdictTable(context),
    timedRuns: createTimedRunTable(context),
    tests: createTestHealthTable(context),
    intents: createIntentTable(context),
    events: { since: events.since, newest: events.newest, lastSeq: events.lastSeq },
    gauges: {
      setSession(id, gauge) {
        gauges.setSession(id, gauge, () => findContinued(sessions, id));
        transactions.announce(({ sessions }) => sessions.add(id));
      },
      tokensOf: (id) => gauges.tokensOf(id),
      costOfToday: () => gauges.costOfToday(),
      costSince: (sinceMs) => gauges.costSince(sinceMs),
      addSample: (profile, window, sample) => gauges.history.addSample(profile, window, sample),
      samplesOf: (profile, window, sinceMs) => gauges.history.samplesOf(profile, window, sinceMs),
      firstSampleOf: (profile, window, since) =>
        gauges.history.firstSampleOf(profile, window, since),
      tokensSince: (sinceMs) => gauges.history.tokensSince(sinceMs),
      noteLive: (profile, live) => gauges.history.noteLive(profile, live),
      livePeaks: (profile, sinceMs) => gauges.history.livePeaks(profile, sinceMs),
      setWindows(profile, windows) {
        gauges.setWindows(profile, windows);
        transactions.announce(({ profiles }) => profiles.add(profile));
      },
      forgetWindows(profile) {
        gauges.forgetWindows(profile);
        transactions.announce(({ profiles }) => profiles.add(profile));
      },
    },
    backup: (file) => backUp(db, file),
    close() {
      gauges.close();
      db.close();
      mark[Symbol.dispose]();
    },
  };
}

function endTheProgram(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function openExplained({
  folder,
  clock,
  mode,
}: {
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly mode: StoreMode;
}): Database {
  try {
    return openStoreFile(folder, clock, mode);
  } catch (error) {
    throw toStoreError(error, folder.db);
  }
}

function openGauges(parts: Parameters<typeof openStore>[0], db: Database): GaugeTables {
  try {
    return new GaugeTables(parts.folder.telemetryDb, parts.clock, parts.mode);
  } catch (error) {
    db.close();
    throw toStoreError(error, parts.folder.telemetryDb);
  }
}

async function backUp(db: Database, file: string): Promise<number> {
  requireFreePlace(file);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await db.backup(beside);
    settleCopy(beside, file);
  } catch (error) {
    throw toStoreError(error, file);
  } finally {
    rmSync(beside, { force: true });
  }
  return statSync(file).size;
}

/** The session whose conversation this one goes on. */
function findContinued(sessions: Store["sessions"], id: SessionId): SessionId | null {
  const session = sessions.find(id);
  if (!session?.isResumed || session.task === null) return null;
  const before = sessions
    .list({ task: session.task })
    .findLast((each) => each.id !== id && each.providerSession === session.providerSession);
  return before?.id ?? null;
}
