/** One terminal that may have bytes waiting to be written. */
export interface Lane {
  readonly id: string;
  readonly waitingBytes: number;
  readonly isFocused: boolean;
  /** When it was last written to, on the clock of `now`. */
  readonly writtenAtMs: number;
}

export interface Turn {
  readonly id: string;
  readonly bytes: number;
}

/** No eye tells 10 repaints a second from 60 in a pane it does not look at, and they halve the cost of a grid. */
export const UNFOCUSED_INTERVAL_MS = 100;
/** Small enough that many terminals get a share of one frame, large enough that the cost of a write does not show. */
export const SLICE_BYTES = 16 * 1024;

/**
 * Shares one frame's budget: the focused terminal first and with all it has, then the others one slice at a time,
 * beginning after the one that was served last, so that none starves.
 */
export function planTurn(
  lanes: readonly Lane[],
  now: number,
  budgetBytes: number,
  lastServed: string | null,
): readonly Turn[] {
  const due = lanes.filter(
    (lane) =>
      lane.waitingBytes > 0 && (lane.isFocused || now - lane.writtenAtMs >= UNFOCUSED_INTERVAL_MS),
  );
  const shares = new Map<string, number>();
  // A part of a byte cannot be written, and an offset that is off by one is never acknowledged.
  let left = Math.floor(budgetBytes);
  const give = (lane: Lane, most: number) => {
    const given = shares.get(lane.id) ?? 0;
    const bytes = Math.min(lane.waitingBytes - given, most, left);
    if (bytes <= 0) return;
    shares.set(lane.id, given + bytes);
    left -= bytes;
  };

  for (const lane of due.filter((each) => each.isFocused)) give(lane, left);
  const others = rotateAfter(
    due.filter((lane) => !lane.isFocused),
    lastServed,
  );
  let before = -1;
  while (left > 0 && left !== before) {
    before = left;
    for (const lane of others) give(lane, SLICE_BYTES);
  }
  return [...shares].map(([id, bytes]) => ({ id, bytes }));
}

function rotateAfter(lanes: readonly Lane[], lastServed: string | null): readonly Lane[] {
  const at = lanes.findIndex((lane) => lane.id === lastServed) + 1;
  return [...lanes.slice(at), ...lanes.slice(0, at)];
}

/** The earliest moment at which a waiting lane is due; null when nothing waits. */
export function nextDueMs(lanes: readonly Lane[], now: number): number | null {
  const times = lanes
    .filter((lane) => lane.waitingBytes > 0)
    .map((lane) =>
      lane.isFocused ? now : Math.max(now, lane.writtenAtMs + UNFOCUSED_INTERVAL_MS),
    );
  return times.length === 0 ? null : Math.min(...times);
}
