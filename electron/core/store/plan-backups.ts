const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** One an hour for the last day, then one a day. */
const KEPT_HOURS = 24;
const KEPT_DAYS = 14;

export interface KnownBackup {
  readonly name: string;
  readonly atMs: number;
  /** The newest event that it holds. */
  readonly seq: number;
}

/**
 * Whether a backup is due, and which of those that are there have had their time: what stays is the newest of each hour of the
 * last day and of each day of the last two weeks, and always the newest of all.
 */
export function planBackups(question: {
  readonly nowMs: number;
  /** The newest event in the store. */
  readonly seq: number;
  readonly backups: readonly KnownBackup[];
}): { readonly isDue: boolean; readonly remove: readonly string[] } {
  const { nowMs, seq } = question;
  const newestFirst = question.backups.toSorted((a, b) => b.atMs - a.atMs || b.seq - a.seq);
  const [newest] = newestFirst;
  // A clock that was set back must not put backups off for as long.
  const isOld = !newest || Math.abs(nowMs - newest.atMs) >= HOUR_MS;
  const taken = new Set<string>();
  const remove: string[] = [];
  for (const backup of newestFirst) {
    const age = nowMs - backup.atMs;
    const isKept = newKeys(backup.atMs, age).some((key) => !taken.has(key));
    for (const key of newKeys(backup.atMs, age)) taken.add(key);
    if (!isKept && backup !== newest) remove.push(backup.name);
  }
  return { isDue: isOld && newest?.seq !== seq, remove };
}

/** The hours and days that a backup could stand for. */
function newKeys(atMs: number, ageMs: number): string[] {
  return [
    ...(ageMs < KEPT_HOURS * HOUR_MS ? [`hour ${Math.floor(atMs / HOUR_MS)}`] : []),
    ...(ageMs < KEPT_DAYS * DAY_MS ? [`day ${Math.floor(atMs / DAY_MS)}`] : []),
  ];
}
