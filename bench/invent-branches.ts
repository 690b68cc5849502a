import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";

const FOLDERS = 200;
const FILES_A_FOLDER = 30;
const LINES_A_FILE = 24;
const TARGET_COMMITS = 20;
const FILES_A_COMMIT = 3;
/** Work gathers in few places: so many folders hold half of all changes. */
const BUSY_FOLDERS = 12;

export interface InventedBranches {
  readonly root: string;
  readonly files: number;
  /** Full names of refs, the oldest work first. */
  readonly refs: readonly string[];
}

/**
 * Makes a repository of 6,000 files with a target that has moved on and branches that left it at different times, changed lines,
 * added, renamed and deleted files, and now and then renamed a whole folder. The same seed gives the same repository.
 */
export function inventBranches(
  folder: string,
  seed: number,
  { branches, commits }: { readonly branches: number; readonly commits: number },
): InventedBranches {
  const root = path.join(folder, `repo-${seed}`);
  const world = new World(seed);
  const refs = Array.from({ length: branches }, (_, n) => `refs/heads/work-${n + 1}`);
  world.commit("refs/heads/main", null, firstFiles());
  for (let n = 0; n < TARGET_COMMITS; n++) {
    for (const [at, ref] of refs.entries())
      if (at % TARGET_COMMITS === n) world.branchOff(ref, "refs/heads/main");
    world.change("refs/heads/main", FILES_A_COMMIT);
  }
  for (const [at, ref] of refs.entries()) {
    if (at % 8 === 7) world.renameFolder(ref);
    for (let n = 0; n < commits; n++) world.change(ref, FILES_A_COMMIT);
  }
  importRepository(root, world.stream());
  return { root, files: FOLDERS * FILES_A_FOLDER, refs };
}

function firstFiles(): Map<string, readonly string[]> {
  const files = new Map<string, readonly string[]>();
  for (let folder = 0; folder < FOLDERS; folder++)
    for (let n = 0; n < FILES_A_FOLDER; n++) {
      const file = `src/part-${folder}/file-${n}.ts`;
      const line = (at: number) => `export const value${at} = "${folder}-${n}-${at}";`;
      files.set(
        file,
        Array.from({ length: LINES_A_FILE }, (_, at) => line(at)),
      );
    }
  return files;
}

/** Every branch's files in memory, and the stream that makes git have them. */
class World {
  readonly #trees = new Map<string, Map<string, readonly string[]>>();
  readonly #marks = new Map<string, number>();
  readonly #stream: string[] = [];
  readonly #random: () => number;
  #mark = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  stream(): readonly string[] {
    return this.#stream;
  }

  branchOff(ref: string, from: string): void {
    this.#trees.set(ref, new Map(this.#trees.get(from)));
    this.#marks.set(ref, this.#marks.get(from) ?? 0);
  }

  commit(
    ref: string,
    parent: number | null,
    changes: ReadonlyMap<string, readonly string[] | null>,
  ): void {
    const tree = this.#trees.get(ref) ?? new Map<string, readonly string[]>();
    this.#trees.set(ref, tree);
    this.#mark += 1;
    this.#marks.set(ref, this.#mark);
    const lines = [
      `commit ${ref}\nmark :${this.#mark}\n`,
      `committer Ada <ada@example.com> ${1_700_000_000 + this.#mark * 60} +0000\n`,
      `data 4\nwork\n`,
      ...(parent === null ? [] : [`from :${parent}\n`]),
    ];
    for (const [file, content] of changes) {
      if (content === null) {
        tree.delete(file);
        lines.push(`D ${file}\n`);
      } else {
        tree.set(file, content);
        const text = `${content.join("\n")}\n`;
        lines.push(`M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}`);
      }
    }
    this.#stream.push(...lines, "\n");
  }

  change(ref: string, files: number): void {
    const changes = new Map<string, readonly string[] | null>();
    for (let n = 0; n < files; n++) this.#changeOne(ref, changes);
    this.commit(ref, this.#marks.get(ref) ?? null, changes);
  }

  renameFolder(ref: string): void {
    const folder = path.posix.dirname(this.#pick(ref));
    const changes = new Map<string, readonly string[] | null>();
    for (const [file, content] of this.#treeOf(ref)) {
      if (path.posix.dirname(file) !== folder) continue;
      changes.set(file, null);
      changes.set(`${folder}-renamed/${path.posix.basename(file)}`, content);
    }
    this.commit(ref, this.#marks.get(ref) ?? null, changes);
  }

  #changeOne(ref: string, changes: Map<string, readonly string[] | null>): void {
    const file = this.#pick(ref);
    const content = this.#treeOf(ref).get(file) ?? [];
    const kind = this.#random();
    const note = `${ref.split("/").at(-1)} ${this.#mark}`;
    if (kind < 0.12) {
      const name = `new-${this.#below(40)}.ts`;
      changes.set(path.posix.join(path.posix.dirname(file), name), [`// ${note}`, ...content]);
    } else if (kind < 0.16) changes.set(file, null);
    else if (kind < 0.22) {
      changes.set(file, null);
      changes.set(file.replace(/\.ts$/, `-${this.#below(5)}.ts`), content);
    } else {
      const at = this.#below(content.length);
      changes.set(file, content.with(Math.min(at, content.length - 1), `// ${note}`));
    }
  }

  #pick(ref: string): string {
    const folder = this.#random() < 0.5 ? this.#below(BUSY_FOLDERS) : this.#below(FOLDERS);
    const wanted = `src/part-${folder}/file-${this.#below(FILES_A_FOLDER)}.ts`;
    if ((this.#treeOf(ref).get(wanted)?.length ?? 0) > 0) return wanted;
    return this.#pick(ref);
  }

  #treeOf(ref: string): Map<string, readonly string[]> {
    return this.#trees.get(ref) ?? new Map();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

/** mulberry32: the same numbers on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes a repository in `root` of what `git fast-import` is told, with its branch `main` checked out. */
export function importRepository(root: string, stream: readonly string[]): void {
  mkdirSync(root, { recursive: true });
  runGit(root, ["init", "-q", "-b", "main"]);
  runGit(root, ["fast-import", "--quiet"], `${stream.join("")}done\n`);
  runGit(root, ["reset", "-q", "--hard"]);
}

function runGit(cwd: string, args: readonly string[], input?: string): void {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const ended = spawnSync("git", args, { cwd, env, input, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`git ${args[0]} failed: ${ended.stderr}`);
}
