import { createLane, type Lane } from "../base/lane.ts";

const lanes = new Map<string, Lane>();

/** The one lane of a repository (by its `commonDir`) or of a worktree (by its path): what changes it goes one at a time. */
export function laneAt(path: string): Lane {
  const lane = lanes.get(path) ?? createLane();
  lanes.set(path, lane);
  return lane;
}
