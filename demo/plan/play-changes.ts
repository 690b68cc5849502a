import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlainScriptStep } from "../scripted-model/step.ts";

const CHANGES = fileURLToPath(new URL("changes", import.meta.url));
const SAMPLE = fileURLToPath(new URL("../sample-repository/files", import.meta.url));

/**
 * The steps that bring a worktree from what it holds to the files below `changes/<name>`: new files are written, others
 * read and edited. `base` is the change that the worktree already holds; without it, the sample as it is made.
 */
export function playChanges(name: string, base?: string): readonly PlainScriptStep[] {
  const from = base === undefined ? SAMPLE : join(CHANGES, base);
  return changedFiles(name).flatMap((path): PlainScriptStep[] => {
    const content = readChanged(name, path);
    const before = join(from, path);
    if (!existsSync(before)) return [{ write: { path, content } }];
    return [
      { read: path },
      { edit: { path, ...differingLines(readFileSync(before, "utf8"), content) } },
    ];
  });
}

/** The steps that write the files below `changes/<name>` whole, over whatever is there. */
export function overwriteWith(name: string): readonly PlainScriptStep[] {
  return changedFiles(name).flatMap((path) => [
    { read: path },
    { write: { path, content: readChanged(name, path) } },
  ]);
}

function changedFiles(name: string): readonly string[] {
  const entries = readdirSync(join(CHANGES, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  // Sources come before tests.
  return files
    .map((file) => join(file.parentPath, file.name).slice(join(CHANGES, name).length + 1))
    .sort();
}

function readChanged(name: string, path: string): string {
  return readFileSync(join(CHANGES, name, path), "utf8");
}

/** The lines that differ, with as many before them as make the place the only one of its kind in the file. */
function differingLines(before: string, after: string): { old: string; new: string } {
  const old = before.split("\n");
  const next = after.split("\n");
  let start = 0;
  while (old[start] === next[start]) start++;
  let tail = 0;
  while (tail < old.length - start && old.at(-1 - tail) === next.at(-1 - tail)) tail++;
  const from = (first: number, lines: readonly string[]) =>
    lines.slice(first, lines.length - tail).join("\n");
  while (start > 0 && before.split(from(start, old)).length !== 2) start--;
  return { old: from(start, old), new: from(start, next) };
}
