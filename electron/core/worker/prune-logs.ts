import { rmSync, statSync } from "node:fs";
import path from "node:path";
import type { SessionId } from "../../../shared/model/ids.ts";
import { isOver } from "../../../shared/model/task.ts";
import type { Clock } from "../base/clock.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import { planLogPruning } from "./plan-log-pruning.ts";

/** What a session leaves in its folder that grows. */
const FILES = ["output.log", "signals.jsonl", "setup.log", "checks.log"] as const;

export interface LogPruning {
  readonly store: Store;
  readonly clock: Clock;
  readonly folderOf: (session: SessionId) => string;
}

/** Deletes the logs of sessions that are long over, and says so. */
export function pruneLogs({ store, clock, folderOf }: LogPruning): void {
  const sessions = store.sessions.list().flatMap((session) => {
    if (session.endedAt === null) return [];
    const bytes = sizeOf(folderOf(session.id));
    const isOfInterest = isNeeded(store, session);
    return [{ id: session.id, endedMs: Date.parse(session.endedAt), bytes, isOfInterest }];
  });
  const pruned = new Set(planLogPruning(clock.now().getTime(), sessions));
  if (pruned.size === 0) return;
  const gone = sessions.filter(({ id }) => pruned.has(id));
  for (const { id } of gone)
    for (const name of FILES) rmSync(path.join(folderOf(id), name), { force: true });
  const bytes = gone.reduce((sum, session) => sum + session.bytes, 0);
  store.write("log keeper", (record) =>
    record("logs.pruned", "disk", {
      reason: `The logs of ${gone.length} old ${gone.length === 1 ? "session" : "sessions"} were deleted (${Math.ceil(bytes / 1024 ** 2)} MB).`,
      sessions: gone.slice(0, 200).map(({ id }) => id),
      bytes,
    }),
  );
}

function isNeeded(store: Store, { pinned, task: id }: SessionRecord): boolean {
  const task = id === null ? undefined : store.tasks.find(id);
  return pinned || (task !== undefined && !isOver(task.status));
}

function sizeOf(folder: string): number {
  return FILES.reduce((sum, name) => {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return sum + (found?.size ?? 0);
  }, 0);
}
