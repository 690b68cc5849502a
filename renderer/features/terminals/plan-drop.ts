import type { Side } from "./layout-machine.ts";
import type { Box } from "./plan-places.ts";

export interface Drop {
  readonly place: number;
  /** Beside it, or in its place. */
  readonly side: Side | "swap";
  /** What the pane would cover. */
  readonly box: Box;
}

/** How much of a pane, from each edge on, means beside it. */
const EDGE = 0.26;

/** What letting go at that spot of the surface would do; null outside of all panes. */
export function planDrop(boxes: readonly Box[], x: number, y: number): Drop | null {
  const place = boxes.findIndex(
    ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
  );
  const box = boxes[place];
  if (!box) return null;
  const across = (x - box.left) / box.width;
  const down = (y - box.top) / box.height;
  const distances: readonly (readonly [Side, number])[] = [
    ["left", across],
    ["right", 1 - across],
    ["top", down],
    ["bottom", 1 - down],
  ];
  const [side, distance] = distances.reduce((a, b) => (b[1] < a[1] ? b : a));
  if (distance > EDGE) return { place, side: "swap", box };
  return { place, side, box: halfOf(box, side) };
}

function halfOf(box: Box, side: Side): Box {
  const width = Math.round(box.width / 2);
  const height = Math.round(box.height / 2);
  switch (side) {
    case "left":
      return { ...box, width };
    case "right":
      return { ...box, left: box.left + box.width - width, width };
    case "top":
      return { ...box, height };
    default:
      return { ...box, top: box.top + box.height - height, height };
  }
}

/** The place whose pane lies next in that direction, the nearest to its middle; null at the edge. */
export function neighbourOf(boxes: readonly Box[], from: number, side: Side): number | null {
  const box = boxes[from];
  if (!box) return null;
  const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  const reached = boxes.flatMap((other, place) => {
    const ahead = aheadOf(box, other, side);
    if (place === from || ahead < 0) return [];
    const isAcross = side === "left" || side === "right";
    const aside = isAcross
      ? outside(middle.y, other.top, other.height)
      : outside(middle.x, other.left, other.width);
    return [{ place, distance: ahead + 3 * aside }];
  });
  const nearest = reached.toSorted((a, b) => a.distance - b.distance)[0];
  return nearest?.place ?? null;
}

/** Negative: not in that direction. */
function aheadOf(box: Box, other: Box, side: Side): number {
  switch (side) {
    case "left":
      return box.left - (other.left + other.width);
    case "right":
      return other.left - (box.left + box.width);
    case "top":
      return box.top - (other.top + other.height);
    default:
      return other.top - (box.top + box.height);
  }
}

function outside(at: number, start: number, length: number): number {
  return Math.max(0, start - at, at - start - length);
}
