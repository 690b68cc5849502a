import type { SessionId } from "../../../shared/model/ids.ts";
import type { GridPlan } from "./plan-grid.ts";
import type { Places } from "./plan-places.ts";

/** What the grid shows at this moment, for keys and the palette. */
export interface GridNow {
  readonly plan: GridPlan;
  readonly places: Places;
  /** By seat; null: nobody sits there. */
  readonly sessions: readonly (SessionId | null)[];
}

let shown: GridNow | null = null;

export function showGrid(now: GridNow | null): void {
  shown = now;
}

/** Null while no grid is in view. */
export function gridNow(): GridNow | null {
  return shown;
}
