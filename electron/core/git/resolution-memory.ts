import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import {
  findFile,
  hasMarkers,
  isTextConflict,
  mergeWithConflicts,
  readBlob,
  type TextConflict,
} from "./conflict.ts";
import { type Repository, splitZero } from "./repository.ts";
import { type GitResult, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** A branch holds few merges; of one with more, the newest are what its last conflicts were about. */
const MERGES_MAX = 50;

/**
 * How conflicts were settled in work that landed, kept by git's own means (`rerere`) in a small repository of ours, which borrows
 * the objects of the project's. The person's own memory of that kind is neither read nor written. One runner uses it at a time.
 */
export class ResolutionMemory {
  readonly #repo: Repository;
  readonly #folder: string;

  constructor(repo: Repository, folder: string) {
    this.#repo = repo;
    this.#folder = folder;
  }

  /** The contents with which the same conflicts were settled before, by path; a path without one is left out. */
  async recall(
    marked: Oid,
    conflicts: readonly TextConflict[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Oid>> {
    if (conflicts.length === 0) return new Map();
    await this.#setUp(marked, conflicts, signal);
    await this.#git(["rerere"], signal);
    const { stdout } = await this.#git(["ls-files", "-s", "-z"], signal);
    // What it did not know it would take for a conflict that is being settled now.
    await this.#git(["rerere", "clear"], signal);
    const settled = new Map<string, Oid>();
    for (const line of splitZero(stdout)) {
      const [, oid, path] = /^\d+ ([0-9a-f]+) 0\t(.*)$/s.exec(line) ?? [];
      if (oid !== undefined && path !== undefined) settled.set(path, oid);
    }
    return settled;
  }

  /** Learns from the merges among the commits of `to` that `from` does not have. Call it for work that passed and landed. */
  async learn(from: Oid, to: Oid, signal?: AbortSignal): Promise<void> {
    const count = `--max-count=${MERGES_MAX}`;
    const args = ["rev-list", "--merges", count, "--parents", `${from}..${to}`];
    const { stdout } = await runGit(this.#repo.commonDir, args, { signal });
    for (const line of stdout.split("\n").filter(Boolean).reverse()) {
      const [merge = "", ours, theirs, ...others] = line.split(" ");
      if (ours === undefined || theirs === undefined || others.length > 0) continue;
      await this.#learnMerge(merge, ours, theirs, signal);
    }
  }

  /** Lets go how these conflicts were settled, because that did not pass. */
  async forget(
    marked: Oid,
    conflicts: readonly TextConflict[],
    signal?: AbortSignal,
  ): Promise<void> {
    if (conflicts.length === 0) return;
    await this.#setUp(marked, conflicts, signal);
    const paths = conflicts.map(({ path }) => path);
    // One of which it knows nothing is an error to git.
    for (const path of paths)
      await this.#git(["rerere", "forget", "--", path], signal, undefined, [0, 1, 128, 255]);
    await this.#git(["rerere", "clear"], signal);
  }

  async #learnMerge(merge: Oid, ours: Oid, theirs: Oid, signal?: AbortSignal): Promise<void> {
    const { tree, conflicts } = await mergeWithConflicts(
      this.#repo.commonDir,
      ours,
      theirs,
      signal,
    );
    const known: { conflict: TextConflict; content: Buffer; oid: Oid; mode: string }[] = [];
    for (const conflict of conflicts.filter(isTextConflict)) {
      const result = await findFile(this.#repo, merge, conflict.path, signal);
      if (!result) continue;
      const content = await readBlob(this.#repo, result.oid, signal);
      if (!hasMarkers(content)) known.push({ conflict, content, ...result });
    }
    if (known.length === 0) return;
    await this.#setUp(
      tree,
      known.map(({ conflict }) => conflict),
      signal,
    );
    await this.#git(["rerere"], signal);
    for (const { conflict, content } of known) await this.#put(conflict.path, content);
    const lines = known.map(({ conflict, oid, mode }) => `${mode} ${oid}\t${conflict.path}\0`);
    await this.#git(["update-index", "-z", "--index-info"], signal, lines.join(""));
    await this.#git(["rerere"], signal);
  }

  /** An index and a folder as a merge leaves them that stopped at these conflicts. */
  async #setUp(
    marked: Oid,
    conflicts: readonly TextConflict[],
    signal?: AbortSignal,
  ): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const inside = await readdir(this.#folder);
    for (const name of inside.filter((each) => each !== ".git")) {
      await rm(join(this.#folder, name), { recursive: true, force: true });
    }
    if (!inside.includes(".git")) await this.#init(signal);
    for (const name of ["index", "index.lock", "MERGE_RR", "MERGE_RR.lock"]) {
      await rm(join(this.#folder, ".git", name), { force: true });
    }
    const lines = conflicts.flatMap(({ path, base, ours, theirs }) =>
      [base, ours, theirs].flatMap((version, at) =>
        version ? [`${version.mode} ${version.oid} ${at + 1}\t${path}\0`] : [],
      ),
    );
    // git refuses a path here that would lead out of the folder, before anything is written there.
    await this.#git(["update-index", "-z", "--index-info"], signal, lines.join(""));
    for (const { path } of conflicts) {
      const version = await findFile(this.#repo, marked, path, signal);
      if (version) await this.#put(path, await readBlob(this.#repo, version.oid, signal));
    }
  }

  /** Under another name until it is whole: half a repository is one that no git opens. */
  async #init(signal?: AbortSignal): Promise<void> {
    const ask = ["rev-parse", "--show-object-format"];
    const format = (await runGit(this.#repo.commonDir, ask, { signal })).stdout.trim();
    const args = ["init", "--quiet", `--object-format=${format}`];
    // Its own whatever lies above the folder; what is left of an earlier one was deleted with all else.
    const half = join(this.#folder, "half-made");
    const env = { GIT_DIR: half, GIT_WORK_TREE: this.#folder };
    await runGit(this.#folder, args, { signal, env, timeoutMs: WRITE_TIMEOUT_MS });
    await rename(half, join(this.#folder, ".git"));
  }

  async #put(path: string, content: Buffer): Promise<void> {
    const place = join(this.#folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
  }

  #git(
    args: readonly string[],
    signal?: AbortSignal,
    input?: string,
    okExitCodes: readonly number[] = [0],
  ): Promise<GitResult> {
    const settings = ["rerere.enabled=true", "rerere.autoUpdate=true", "core.autocrlf=false"];
    return runGit(this.#folder, [...settings.flatMap((each) => ["-c", each]), ...args], {
      signal,
      okExitCodes,
      timeoutMs: WRITE_TIMEOUT_MS,
      env: {
        // Its own whatever lies above the folder.
        GIT_DIR: join(this.#folder, ".git"),
        GIT_WORK_TREE: this.#folder,
        GIT_OBJECT_DIRECTORY: join(this.#repo.commonDir, "objects"),
      },
      ...(input === undefined ? {} : { input }),
    });
  }
}
