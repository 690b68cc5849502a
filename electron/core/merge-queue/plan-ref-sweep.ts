/** How long what the queue kept of an entry stays after the entry has left it. */
export const KEPT_MS = 30 * 24 * 3_600_000;

export interface RefSweepQuestion {
  /** Milliseconds of wall-clock time. */
  readonly nowMs: number;
  /** Names below the queue's own folders, such as `work/q-4/1`, `res/q-4/1`, `undo/12` and `undone/12`. */
  readonly refs: readonly string[];
  /** When each entry left the queue; entries that are open, or that open work builds on, are not in it. */
  readonly overMs: ReadonlyMap<string, number>;
  /** The entry of each landing, by its number. */
  readonly entryOf: ReadonlyMap<string, string>;
}

/** Which refs have had their time. What belongs to nothing that is known stays. */
export function planRefSweep({ nowMs, refs, overMs, entryOf }: RefSweepQuestion) {
  return refs.filter((ref) => {
    const [kind, name = ""] = ref.split("/");
    const isLanding = kind === "undo" || kind === "undone";
    const over = overMs.get((isLanding ? entryOf.get(name) : name) ?? "");
    return over !== undefined && nowMs - over >= KEPT_MS;
  });
}
