import type { Axis } from "../../../shared/model/layouts.ts";
import { toastError } from "../../ui/toasts.tsx";
import { type GridNow, gridNow } from "./grid-now.ts";
import { focusPane, useGridView } from "./grid-view-store.ts";
import type { Side } from "./layout-machine.ts";
import { changeLayouts } from "./layout-store.ts";
import { neighbourOf } from "./plan-drop.ts";
import type { Box, Separator } from "./plan-places.ts";
import { moveSeparator } from "./plan-tree.ts";

// What keys and the palette do with the grid in view and the pane that has the focus.

const RESIZE_PX = 48;

/** The next pane in reading order, around at the ends; those of the strip too. */
export function focusNext(by: 1 | -1): void {
  const now = here();
  if (!now) return;
  const taken = now.sessions.filter((session) => session !== null);
  const next = nextInRing(taken, now.sessions[now.seat] ?? null, by);
  if (next) focusPane(next);
}

function nextInRing<Item>(items: readonly Item[], from: Item | null, by: 1 | -1): Item | undefined {
  const at = from === null ? -1 : items.indexOf(from);
  return at < 0 ? items[0] : items.at((at + by) % items.length);
}

export function focusSide(side: Side): void {
  const now = here();
  if (!now) return;
  const to = neighbourOf(now.places.boxes, Math.max(0, now.seat), side);
  const session = to === null ? null : now.sessions[to];
  if (session) focusPane(session);
}

/** A new place beside the pane, for whoever waits in the strip or comes next. */
export function splitPane(side: Side): void {
  const now = here();
  if (!now || isGrouped(now)) return;
  const { plan, seat } = now;
  const waiting = plan.seats.length > plan.places ? plan.places : null;
  const { tree, seats } = plan;
  changeLayouts({ kind: "split", tree, seats, from: waiting, onto: Math.max(0, seat), side });
}

export function closePlace(): void {
  const now = here();
  if (!now || isGrouped(now)) return;
  const { tree, seats } = now.plan;
  changeLayouts({ kind: "place-closed", tree, seats, place: now.seat });
}

export function movePane(by: 1 | -1): void {
  const now = here();
  if (!now || isGrouped(now)) return;
  const { seats } = now.plan;
  changeLayouts({ kind: "swapped", seats, one: now.seat, other: now.seat + by });
}

/** Moves the edge after the pane, or the one before it where it is the last. */
export function resizePane(axis: Axis, by: 1 | -1): void {
  const now = here();
  const box = now?.places.boxes[now.seat];
  if (!now || !box) return;
  const edges = now.places.separators.filter(
    (separator) => separator.axis === axis && isBeside(separator.box, box, axis),
  );
  const end = axis === "row" ? box.left + box.width : box.top + box.height;
  const startOf = (edge: Separator) => (axis === "row" ? edge.box.left : edge.box.top);
  const after = edges.find((edge) => startOf(edge) === end);
  const edge = after ?? edges.find((each) => startOf(each) < end);
  if (!edge) return;
  const px = (after ? by : -by) * RESIZE_PX;
  const shares = moveSeparator(edge.shares, edge.at, px / edge.length);
  changeLayouts({ kind: "resized", tree: now.plan.tree, path: edge.path, shares });
}

/** Whether an edge lies along one of the pane's own two sides. */
function isBeside(line: Box, box: Box, axis: Axis): boolean {
  return axis === "row"
    ? line.top < box.top + box.height &&
        line.top + line.height > box.top &&
        (line.left === box.left + box.width || line.left + line.width === box.left)
    : line.left < box.left + box.width &&
        line.left + line.width > box.left &&
        (line.top === box.top + box.height || line.top + line.height === box.top);
}

/** From the terminal to the buttons of its pane, and from there back. */
export function leavePane(): void {
  const { focused } = useGridView.getState();
  const pane = document.querySelector<HTMLElement>(`section[data-session="${focused}"]`);
  const active = document.activeElement;
  const isInside = pane?.contains(active) && active?.classList.contains("xterm-helper-textarea");
  const target = isInside
    ? pane?.querySelector<HTMLElement>("header button")
    : pane?.querySelector<HTMLElement>("textarea.xterm-helper-textarea");
  target?.focus();
}

function here(): (GridNow & { readonly seat: number }) | null {
  const now = gridNow();
  if (!now) return null;
  const { focused } = useGridView.getState();
  return { ...now, seat: focused === null ? -1 : now.sessions.indexOf(focused) };
}

function isGrouped({ plan }: GridNow): boolean {
  if (!plan.sections) return false;
  toastError(
    new Error("Panes in groups stand by their groups; choose “No groups” to arrange them by hand."),
  );
  return true;
}
