import { findFileNames } from "./find-file-names.ts";
import type { Rows } from "./find-row.ts";
import type { KnownFile } from "./link-files.ts";
import type { Screen } from "./open-screen.ts";
import { rowsOf } from "./reveal-line.ts";

export interface ShownLink {
  /** As it stands there. */
  readonly text: string;
  open(): void;
}

/** What is looked through from the end: what one may still have in mind. */
const ROWS_MAX = 400;
const LINKS_MAX = 40;
const address = /https?:\/\/[^\s"'<>`()[\]{}]+[^\s"'<>`()[\]{}.,;:!?]/g;

/** The links that a terminal shows, the newest first and each once: for who has no pointer. */
export async function listLinks({ terminal, hooks }: Screen): Promise<readonly ShownLink[]> {
  const lines = readLines(rowsOf(terminal));
  const names = lines.flatMap(findFileNames);
  const asked = [...new Set(names.map(({ name }) => name))].slice(0, LINKS_MAX);
  const files = asked.length > 0 ? await hooks.findFiles(asked) : [];
  const byName = new Map<string, KnownFile>(files.map((file) => [file.name, file]));
  const links = new Map<string, ShownLink>();
  for (const line of lines) {
    for (const [text] of line.matchAll(address))
      links.set(text, { text, open: () => hooks.followLink(text, text) });
    for (const { name, line: row, column, start, end } of findFileNames(line)) {
      const file = byName.get(name);
      const text = line.slice(start, end);
      if (file) links.set(text, { text, open: () => hooks.openFile(file, row, column) });
    }
  }
  return [...links.values()].slice(0, LINKS_MAX);
}

/** The lowest line first. */
function readLines(rows: Rows): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (let row = rows.length - 1; row >= Math.max(0, rows.length - ROWS_MAX); row -= 1) {
    const { text, isWrapped } = rows.read(row);
    line = text + line;
    if (isWrapped && row > 0) continue;
    lines.push(line);
    line = "";
  }
  return lines;
}
