import type { Changed, Rows } from "../../../shared/contract/rows.ts";

/** A row is at most about 150 kB (a task with the longest body and the ends of its checks' output), and a connection carries frames of 64 MB. */
const ROWS_MAX = 300;

/** One commit as messages that any connection carries. All have its `seq`; the first has its events and what it removed. */
export function splitChanged(changed: Changed): readonly Changed[] {
  const all = Object.entries(changed.rows).flatMap(([key, rows]) =>
    (rows as readonly unknown[]).map((row) => [key, row] as const),
  );
  if (all.length <= ROWS_MAX) return [changed];
  const parts: Changed[] = [];
  for (let at = 0; at < all.length; at += ROWS_MAX) {
    const rows: Record<string, unknown[]> = {};
    for (const [key, row] of all.slice(at, at + ROWS_MAX)) rows[key] = [...(rows[key] ?? []), row];
    // Each row is under the key that it came from.
    const some = rows as Partial<Rows>;
    const { seq, events, removed } = changed;
    parts.push(
      at === 0
        ? { seq, events, removed, rows: some }
        : { seq, events: [], removed: { projects: [], profiles: [] }, rows: some },
    );
  }
  return parts;
}
