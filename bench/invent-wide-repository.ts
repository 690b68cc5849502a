import path from "node:path";
import { type InventedBranches, importRepository } from "./invent-branches.ts";

const FILES_A_FOLDER = 250;
/** Work of one branch lies in so many files of its own. */
const OWN_FILES = 3;

export interface WideRepository {
  readonly files: number;
  readonly branches: number;
  /** Each so-manyth branch changes the same line of one file. */
  readonly conflictEvery: number;
  /** Each so-manyth branch adds a file below `red/`. */
  readonly redEvery: number;
}

/** Makes a repository of many small files, with branches `switchyard/t-1` and so on that all leave its target's only commit. */
export function inventWideRepository(
  folder: string,
  { files, branches, conflictEvery, redEvery }: WideRepository,
): InventedBranches {
  const refs = Array.from({ length: branches }, (_, n) => `refs/heads/switchyard/t-${n + 1}`);
  const stream = [
    commit("refs/heads/main", 1),
    file("a.txt", "a\n"),
    ...Array.from({ length: files }, (_, n) => file(nameOf(n), `export const value = ${n};\n`)),
  ];
  for (const [at, ref] of refs.entries()) {
    stream.push(commit(ref, at + 2), "from :1\n");
    for (let own = 0; own < OWN_FILES; own++) {
      const n = (at + own * branches) % files;
      stream.push(file(nameOf(n), `export const value = ${n};\nexport const by = "${ref}";\n`));
    }
    if (at % conflictEvery === conflictEvery - 1) stream.push(file("a.txt", `${ref}\n`));
    if (at % redEvery === redEvery - 1) stream.push(file(`red/${at}.txt`, "red\n"));
  }
  const root = path.join(folder, "wide");
  importRepository(root, stream);
  return { root, files: files + 1, refs };
}

function nameOf(n: number): string {
  return `src/part-${Math.floor(n / FILES_A_FOLDER)}/file-${n}.ts`;
}

function commit(ref: string, mark: number): string {
  const time = 1_700_000_000 + mark * 60;
  return `commit ${ref}\nmark :${mark}\ncommitter Ada <ada@example.com> ${time} +0000\ndata 4\nwork\n`;
}

function file(name: string, content: string): string {
  return `M 100644 inline ${name}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}
