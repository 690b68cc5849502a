import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. Throws the system's own error.
 *
 * Node's own recursive way never returns where the system says "no such file" of a folder whose parent is there, as /proc does
 * (Node 24): a path that somebody typed could hang the whole app.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    const isParentMissing = !statSync(parent, { throwIfNoEntry: false });
    if (code !== "ENOENT" || parent === folder || !isParentMissing) throw error;
    makeFolder(parent, mode);
    mkdirSync(folder, { mode });
  }
}
