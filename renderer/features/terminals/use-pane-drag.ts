import { type PointerEvent, type RefObject, useEffect, useState } from "react";
import { changeLayouts } from "./layout-store.ts";
import { type Drop, planDrop } from "./plan-drop.ts";
import type { GridPlan } from "./plan-grid.ts";
import type { Box } from "./plan-places.ts";

/** Less is a press. */
const START_PX = 6;

interface Drag {
  readonly seat: number;
  readonly startX: number;
  readonly startY: number;
  readonly isUnderWay: boolean;
  readonly drop: Drop | null;
}

/** Takes a pane by its header to another place: onto a pane to change with it, onto an edge to stand beside it. Escape lets it be. */
export function usePaneDrag(
  surface: RefObject<HTMLElement | null>,
  boxes: readonly Box[],
  plan: GridPlan,
  isFree: boolean,
) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const seat = drag?.seat ?? null;

  useEffect(() => {
    if (seat === null) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const onMove = (event: globalThis.PointerEvent) =>
      setDrag((now) => now && follow(now, event, surface.current, boxes));
    const onUp = () =>
      setDrag((now) => {
        if (now?.isUnderWay && now.drop) letGo(plan, now.seat, now.drop);
        return null;
      });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      setDrag(null);
    };
    addEventListener("pointermove", onMove, { signal });
    addEventListener("pointerup", onUp, { signal });
    addEventListener("pointercancel", () => setDrag(null), { signal });
    addEventListener("keydown", onKey, { signal, capture: true });
    return () => leaving.abort();
  }, [seat, surface, boxes, plan]);

  const take = (taken: number) => (event: PointerEvent<HTMLElement>) => {
    // A button in the header is pressed, not dragged.
    const isOnControl = event.target instanceof Element && event.target.closest("button, input, a");
    if (!isFree || event.button !== 0 || isOnControl) return;
    const { clientX, clientY } = event;
    setDrag({ seat: taken, startX: clientX, startY: clientY, isUnderWay: false, drop: null });
  };
  return { take, drag: drag?.isUnderWay ? drag : null };
}

function follow(
  drag: Drag,
  { clientX, clientY }: globalThis.PointerEvent,
  surface: HTMLElement | null,
  boxes: readonly Box[],
): Drag {
  const way = Math.hypot(clientX - drag.startX, clientY - drag.startY);
  if (!surface || (!drag.isUnderWay && way < START_PX)) return drag;
  const { left, top } = surface.getBoundingClientRect();
  const drop = planDrop(boxes, clientX - left, clientY - top);
  const wanted = drop?.place === drag.seat ? null : drop;
  const isSame =
    drag.isUnderWay && wanted?.place === drag.drop?.place && wanted?.side === drag.drop?.side;
  return isSame ? drag : { ...drag, isUnderWay: true, drop: wanted };
}

function letGo({ tree, seats }: GridPlan, from: number, { place, side }: Drop): void {
  if (side === "swap") changeLayouts({ kind: "swapped", seats, one: from, other: place });
  else changeLayouts({ kind: "split", tree, seats, from, onto: place, side });
}
