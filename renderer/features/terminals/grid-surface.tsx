import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { PLACES_MAX } from "../../../shared/model/layouts.ts";
import type { Session } from "../../../shared/model/session.ts";
import { compareIds } from "../../mirror/selectors.ts";
import { Button } from "../../ui/button.tsx";
import { showGrid } from "./grid-now.ts";
import { GridSeparator } from "./grid-separator.tsx";
import { type Grip, GripContext } from "./grip-context.ts";
import { changeLayouts } from "./layout-store.ts";
import type { Drop } from "./plan-drop.ts";
import { seatOf } from "./plan-panes.ts";
import { type Box, inView, planPlaces, planSections } from "./plan-places.ts";
import type { Grid } from "./use-grid.ts";
import { usePaneDrag } from "./use-pane-drag.ts";

/** How far beyond what is in view panes are kept open, so that a turn of the wheel finds them painted. */
const AHEAD_PX = 320;

/** The panes in their places, with what moves them. */
export function GridSurface({
  grid,
  children,
}: {
  readonly grid: Grid;
  /** The pane of a session. */
  readonly children: (session: Session) => ReactNode;
}) {
  const { plan, sessions, isMaximised } = grid;
  const scroller = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const { width, height, top, onScroll } = useExtent(scroller);
  const places = useMemo(
    () =>
      plan.sections
        ? planSections(plan.sections, width, height)
        : planPlaces(plan.tree, width, height),
    [plan, width, height],
  );
  const { take, drag } = usePaneDrag(surface, places.boxes, plan, !plan.sections && !isMaximised);
  useEffect(() => {
    showGrid({ plan, places, sessions: sessions.map((session) => session?.id ?? null) });
    return () => showGrid(null);
  }, [plan, places, sessions]);

  const isSeen =
    plan.places > PLACES_MAX
      ? inView(places.boxes, top - AHEAD_PX, height + 2 * AHEAD_PX)
      : places.boxes.map(() => true);
  const placed = places.boxes.map((box, place) => ({
    box,
    place,
    session: sessions[place] ?? null,
  }));
  const nameAt = (place: number) => sessions[place]?.name ?? `place ${place + 1}`;
  return (
    <div
      ref={scroller}
      onScroll={onScroll}
      className="relative min-h-0 min-w-0 flex-1 overflow-y-auto overflow-x-hidden"
    >
      <div ref={surface} className="relative" style={{ height: places.height }}>
        {places.headings.map(({ title, box }) => (
          <h3
            key={title}
            style={box}
            className="absolute flex items-center gap-2 px-1 font-semibold text-muted text-xs"
          >
            <span className="truncate">{title}</span>
            <span aria-hidden="true" className="h-px min-w-4 flex-1 bg-line" />
          </h3>
        ))}
        {placed
          // In one order whatever is moved: an element that is put elsewhere in the page loses its scroll and its focus.
          .filter((each) => each.session !== null && isSeen[each.place] === true)
          .toSorted((a, b) => compareIds(a.session?.id ?? "", b.session?.id ?? ""))
          .map(({ box, place, session }) => (
            <Placed key={session ? seatOf(session) : place} box={box} grip={take(place)}>
              {session && children(session)}
            </Placed>
          ))}
        {placed
          .filter((each) => each.session === null)
          .map(({ box, place }) => (
            <FreePlace key={place} box={box} place={place} grid={grid} />
          ))}
        {!isMaximised &&
          places.separators.map((separator) => (
            <GridSeparator
              key={`${separator.path.join(".")}-${separator.at}`}
              separator={separator}
              tree={plan.tree}
              names={[nameAt(separator.between[0]), nameAt(separator.between[1])]}
            />
          ))}
        {drag?.drop && <DropMark drop={drag.drop} onto={nameAt(drag.drop.place)} />}
      </div>
    </div>
  );
}

function Placed({
  box,
  grip,
  children,
}: {
  readonly box: Box;
  readonly grip: Grip;
  readonly children: ReactNode;
}) {
  return (
    <GripContext value={grip}>
      <div className="absolute flex flex-col *:flex-1" style={box}>
        {children}
      </div>
    </GripContext>
  );
}

function FreePlace({
  box,
  place,
  grid: { plan },
}: {
  readonly box: Box;
  readonly place: number;
  readonly grid: Grid;
}) {
  return (
    <section
      aria-label={`Free place ${place + 1}`}
      style={box}
      className="absolute flex flex-col items-center justify-center gap-2 rounded-lg border border-line-strong border-dashed text-center text-muted text-xs"
    >
      <p>Free for the next terminal</p>
      <Button
        isSmall
        onClick={() =>
          changeLayouts({ kind: "place-closed", tree: plan.tree, seats: plan.seats, place })
        }
      >
        Close this place
      </Button>
    </section>
  );
}

function DropMark({ drop: { side, box }, onto }: { readonly drop: Drop; readonly onto: string }) {
  const words = {
    swap: `Change places with ${onto}`,
    left: `Left of ${onto}`,
    right: `Right of ${onto}`,
    top: `Above ${onto}`,
    bottom: `Below ${onto}`,
  } as const;
  return (
    <div
      style={box}
      className="pointer-events-none absolute z-20 flex items-center justify-center rounded-lg border-2 border-accent bg-accent/20"
    >
      <span className="rounded-md bg-raised px-2 py-1 font-medium text-sm shadow-raised">
        {words[side]}
      </span>
    </div>
  );
}

/** Which panes are near changes with half a pane, not with each pixel. */
function stepOf(top: number): number {
  return Math.floor(top / 80) * 80;
}

function useExtent(element: React.RefObject<HTMLElement | null>) {
  const [extent, setExtent] = useState({ width: 0, height: 0, top: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = target;
      const top = stepOf(target.scrollTop);
      setExtent((old) =>
        old.width === width && old.height === height && old.top === top
          ? old
          : { width, height, top },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  const onScroll = () =>
    setExtent((old) => {
      const top = stepOf(element.current?.scrollTop ?? old.top);
      return top === old.top ? old : { ...old, top };
    });
  return { ...extent, onScroll };
}
