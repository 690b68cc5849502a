import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import type { Tree } from "../../../shared/model/layouts.ts";
import { classNames } from "../../ui/class-names.ts";
import { changeLayouts } from "./layout-store.ts";
import type { Separator } from "./plan-places.ts";
import { evenSplit, moveSeparator } from "./plan-tree.ts";

const STEP_PX = 16;
const LARGE_STEP_PX = 80;

/** The edge between two panes: dragged, or moved by the arrow keys; Enter and a double press make all parts of it even. */
export function GridSeparator({
  separator,
  tree,
  names,
}: {
  readonly separator: Separator;
  /** What the path of the separator leads through. */
  readonly tree: Tree;
  readonly names: readonly [one: string, other: string];
}) {
  const { axis, box, path, at, shares, length } = separator;
  const grip = useRef<{ readonly from: number; readonly shares: readonly number[] } | null>(null);
  const isUpright = axis === "row";
  const resize = (to: readonly number[]) =>
    changeLayouts({ kind: "resized", tree, path: [...path], shares: to });
  const moveBy = (px: number, from = shares) => resize(moveSeparator(from, at, px / length));
  const pointerAt = (event: PointerEvent) => (isUpright ? event.clientX : event.clientY);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? LARGE_STEP_PX : STEP_PX;
    const [less, more] = isUpright ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    if (event.key === less) moveBy(-step);
    else if (event.key === more) moveBy(step);
    else if (event.key === "Home") moveBy(-length);
    else if (event.key === "End") moveBy(length);
    else if (event.key === "Enter") even();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const even = () => {
    const split = evenSplit(
      axis,
      shares.map(() => ({ kind: "place" })),
    );
    if (split.kind === "split") resize(split.shares);
  };
  const share =
    (shares[at] ?? 0) / Math.max(Number.EPSILON, (shares[at] ?? 0) + (shares[at + 1] ?? 0));
  return (
    // biome-ignore lint/a11y/useSemanticElements: <hr> cannot have the focus and be moved.
    <div
      role="separator"
      tabIndex={0}
      aria-orientation={isUpright ? "vertical" : "horizontal"}
      aria-label={`Edge between ${names[0]} and ${names[1]}`}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      onKeyDown={onKeyDown}
      onDoubleClick={even}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.focus();
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { from: pointerAt(event), shares };
      }}
      onPointerMove={(event) => {
        if (grip.current) moveBy(pointerAt(event) - grip.current.from, grip.current.shares);
      }}
      onPointerUp={() => {
        grip.current = null;
      }}
      onPointerCancel={() => {
        grip.current = null;
      }}
      className={classNames(
        "group absolute z-10 flex touch-none items-center justify-center rounded outline-none",
        isUpright ? "cursor-col-resize" : "cursor-row-resize",
      )}
      style={box}
    >
      <span
        aria-hidden="true"
        className={classNames(
          "rounded-full bg-accent opacity-0 transition-opacity group-hover:opacity-70 group-focus:opacity-100",
          isUpright ? "h-full w-0.75" : "h-0.75 w-full",
        )}
      />
    </div>
  );
}
