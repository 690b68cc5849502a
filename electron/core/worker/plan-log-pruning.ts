const DAY_MS = 24 * 3_600_000;
const GB = 1024 ** 3;
/** A log nobody came back to in a month is not come back to. */
const KEPT_MS = 30 * DAY_MS;
/** However full it gets, what happened yesterday can be read. */
const FLOOR_MS = DAY_MS;
const TOTAL_MAX_BYTES = 5 * GB;

export interface EndedSession {
  readonly id: string;
  readonly endedMs: number;
  readonly bytes: number;
  /** Pinned, or its task is not over: its log stays whatever its age. */
  readonly isOfInterest: boolean;
}

/** Which sessions lose their logs: those over for a month, then the oldest while all logs together are too large. */
export function planLogPruning(
  nowMs: number,
  sessions: readonly EndedSession[],
): readonly string[] {
  let totalBytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
  const prunable = sessions
    .filter((session) => !session.isOfInterest && session.bytes > 0)
    .filter((session) => nowMs - session.endedMs >= FLOOR_MS)
    .toSorted((a, b) => a.endedMs - b.endedMs);
  const pruned: string[] = [];
  for (const session of prunable) {
    const isOld = nowMs - session.endedMs >= KEPT_MS;
    if (!isOld && totalBytes <= TOTAL_MAX_BYTES) break;
    pruned.push(session.id);
    totalBytes -= session.bytes;
  }
  return pruned;
}
