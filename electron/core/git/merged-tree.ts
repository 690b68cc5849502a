import type { Oid } from "../../../shared/model/ids.ts";

/** What comes of merging two commits without moving a branch. */
export interface MergedTree {
  readonly isClean: boolean;
  /** Everything that merged, and files with markers at the paths that did not. */
  readonly tree: Oid;
  /** What the common commit (1) and the two sides (2, 3) hold at the paths that did not merge. */
  readonly stages: readonly MergeStage[];
}

interface MergeStage {
  readonly path: string;
  readonly mode: string;
  readonly oid: Oid;
  readonly stage: "1" | "2" | "3";
}

/** How the lines of both sides stand in a file that conflicts: `merge` as other tools read it, `zdiff3` with the lines they began from. */
export type MarkerStyle = "merge" | "zdiff3";

export interface MergeOptions {
  readonly signal?: AbortSignal | undefined;
  /** `merge` when absent. */
  readonly markers?: MarkerStyle;
}

/** Lines of `mode oid stage`, a tab and the path. */
export function readStages(lines: readonly string[]): readonly MergeStage[] {
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", oid = "", stage = ""] = line.slice(0, tab).split(" ");
    if (stage !== "1" && stage !== "2" && stage !== "3")
      throw new Error(`git told of a conflict in an unknown way: ${line}`);
    return { path: line.slice(tab + 1), mode, oid, stage };
  });
}

/** The paths that did not merge, each once. */
export function conflictedPaths({ stages }: MergedTree): readonly string[] {
  return [...new Set(stages.map(({ path }) => path))];
}
