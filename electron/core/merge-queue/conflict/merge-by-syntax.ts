import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunTool } from "./regenerate-lock.ts";

export interface Sides {
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/**
 * Merges a file with mergiraf, a merger that knows languages, where the person has it. Null when it is not there, does not settle
 * all of it, or when a line that one side added is not in what it gives.
 */
export async function mergeBySyntax(
  path: string,
  sides: Sides,
  run: RunTool,
): Promise<Buffer | null> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-merge-"));
  try {
    if (!(await run("command -v mergiraf", folder))) return null;
    const merge = async () => {
      for (const name of ["base", "ours", "theirs"] as const) {
        await writeFile(join(folder, name), sides[name]);
      }
      const isDone = await run(`mergiraf merge --git base ours theirs -p ${quote(path)}`, folder);
      return isDone ? readFile(join(folder, "ours")) : null;
    };
    const merged = await merge();
    const again = merged && (await merge());
    return merged && again?.equals(merged) && keepsAdditions(sides, merged) ? merged : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether each line that a side has and the base has not is there, however far it is indented now. */
export function keepsAdditions({ base, ours, theirs }: Sides, merged: Buffer): boolean {
  const [old, result] = [linesOf(base), linesOf(merged)];
  return [ours, theirs].every((side) =>
    [...linesOf(side)].every((line) => old.has(line) || result.has(line)),
  );
}

function linesOf(content: Buffer): ReadonlySet<string> {
  return new Set(
    content
      .toString()
      .split("\n")
      .map((line) => line.trim()),
  );
}

/** For the shell of a POSIX system. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
