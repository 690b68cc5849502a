import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { EntryId } from "../../../shared/model/ids.ts";

/** Less than this is a press, not a drag. */
const STARTS_PX = 6;
/** So near to an edge of the list it scrolls, by so much with each move. */
const EDGE_PX = 36;
const SCROLL_PX = 14;

/** An entry under way to another place in the list. */
export interface Drag {
  readonly id: EntryId;
  /** 1-based, where it would stand. */
  readonly position: number;
  /** Where the mark is drawn, in pixels from the top of the list. */
  readonly markPx: number;
}

/** Lets rows with `data-entry` be dragged within their list. Escape lets go. */
export function useRowDrag({
  list,
  canDrag,
  onDrop,
}: {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly canDrag: (id: EntryId) => boolean;
  readonly onDrop: (id: EntryId, position: number) => void;
}) {
  const pressed = useRef<{ readonly id: EntryId; readonly y: number } | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const isDragging = drag !== null;

  const end = () => {
    pressed.current = null;
    setDrag(null);
  };
  useEffect(() => {
    if (!isDragging) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      pressed.current = null;
      setDrag(null);
    };
    addEventListener("keydown", onKey, { signal, capture: true });
    return () => leaving.abort();
  }, [isDragging]);

  const rowsOf = (id: EntryId) =>
    [...(list.current?.querySelectorAll<HTMLElement>("[data-entry]") ?? [])].filter(
      (row) => row.dataset.entry !== id,
    );
  const placeAt = (id: EntryId, y: number): Drag => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    const rows = rowsOf(id).map((row) => row.getBoundingClientRect());
    const above = rows.filter((row) => row.top + row.height / 2 < y);
    const edge = above.at(-1)?.bottom ?? rows[0]?.top ?? top;
    return { id, position: above.length + 1, markPx: edge - top };
  };
  const scrollNear = (y: number) => {
    const scroller = list.current?.parentElement;
    if (!scroller) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    if (y < top + EDGE_PX) scroller.scrollBy(0, -SCROLL_PX);
    else if (y > bottom - EDGE_PX) scroller.scrollBy(0, SCROLL_PX);
  };

  const listProps = {
    onPointerDown: (event: PointerEvent) => {
      const target = event.target as HTMLElement; // The list listens to its own elements only.
      const id = target.closest<HTMLElement>("[data-entry]")?.dataset.entry as EntryId | undefined;
      // A finger scrolls the list.
      if (event.button !== 0 || event.pointerType === "touch" || !id || !canDrag(id)) return;
      pressed.current = { id, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = pressed.current;
      if (!from || (!isDragging && Math.abs(event.clientY - from.y) < STARTS_PX)) return;
      if (!isDragging) {
        list.current?.setPointerCapture(event.pointerId);
        getSelection()?.removeAllRanges();
      }
      scrollNear(event.clientY);
      setDrag(placeAt(from.id, event.clientY));
    },
    onPointerUp: () => {
      if (drag) onDrop(drag.id, drag.position);
      end();
    },
    onPointerCancel: end,
    // The platform would drag selected text instead of the row.
    onDragStart: (event: { preventDefault(): void }) => event.preventDefault(),
    // A row that was dragged was not pressed.
    onClickCapture: (event: { stopPropagation(): void }) => {
      if (isDragging) event.stopPropagation();
    },
  };
  return { drag, listProps };
}
