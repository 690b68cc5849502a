import type { ILink, Terminal } from "xterm";
import { type FileName, findFileNames } from "./find-file-names.ts";
import { readTextLine } from "./read-text-line.ts";

export interface KnownFile {
  readonly name: string;
  /** Absolute. */
  readonly place: string;
  readonly isInside: boolean;
}

export interface FileHooks {
  /** Which of these names are files for the session of this terminal. */
  findFiles(names: readonly string[]): Promise<readonly KnownFile[]>;
  openFile(file: KnownFile, line: number | null, column: number | null): void;
}

/** So long what was asked is not asked again: files come and go while one looks. */
const FRESH_MS = 5_000;

/** Makes links of the names of files that are there. A line is asked about when the pointer comes to it. */
export function linkFiles(terminal: Terminal, hooks: FileHooks): void {
  let asked: {
    readonly text: string;
    readonly at: number;
    readonly files: Promise<readonly KnownFile[]>;
  } | null = null;
  const find = (text: string, names: readonly FileName[]) => {
    const isFresh = asked?.text === text && performance.now() - asked.at < FRESH_MS;
    if (asked && isFresh) return asked.files;
    // Where it cannot be asked there is no link.
    const files = hooks.findFiles([...new Set(names.map(({ name }) => name))]).catch(() => []);
    asked = { text, at: performance.now(), files };
    return files;
  };
  terminal.registerLinkProvider({
    provideLinks(row, callback) {
      const { text, cells } = readTextLine(terminal.buffer.active, row);
      const names = findFileNames(text);
      if (names.length === 0) return callback(undefined);
      void find(text, names).then((files) => {
        const links = names.flatMap(({ name, line, column, start, end }): ILink[] => {
          const file = files.find((each) => each.name === name);
          const from = cells[start];
          const to = cells[end - 1];
          if (!file || !from || !to) return [];
          const activate = () => hooks.openFile(file, line, column);
          return [{ range: { start: from, end: to }, text: text.slice(start, end), activate }];
        });
        callback(links.length > 0 ? links : undefined);
      });
    },
  });
}
