import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { openRepository, type Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** For tests only: a real repository in a temporary folder, on the branch `main`, with one commit. */
export interface TestRepository extends AsyncDisposable {
  readonly repo: Repository;
  /** Holds the repository and whatever else a test puts beside it. */
  readonly folder: string;
  git(...args: string[]): Promise<string>;
  /** Writes files into the main checkout; null deletes. */
  write(files: Files): void;
  /** Commits exactly these changes of files on a branch, without touching any checkout of the person's. */
  commitOn(branch: string, files: Files, message?: string): Promise<Oid>;
  oid(revision: string): Promise<Oid>;
  show(revision: string, path: string): Promise<string>;
}
export type Files = Readonly<Record<string, string | null>>;

/** Thousands of files on a disk that others use too take their time. */
const GIT_MS = 120_000;

export async function createTestRepository(
  files: Files = { "a.txt": "one\ntwo\nthree\n" },
  name = "repo",
  objectFormat: "sha1" | "sha256" = "sha1",
): Promise<TestRepository> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-git-")));
  const root = join(folder, name);
  mkdirSync(root);
  const git = async (...args: string[]) => (await runGit(root, args, { timeoutMs: GIT_MS })).stdout;
  await git("init", "-q", "-b", "main", `--object-format=${objectFormat}`);
  await git("config", "user.name", "Ada");
  await git("config", "user.email", "ada@example.com");
  putFiles(root, files);
  await git("add", "-A");
  await git("commit", "-qm", "first");
  const repo = await openRepository(root);

  return {
    repo,
    folder,
    git,
    write: (changes) => putFiles(root, changes),
    async commitOn(branch, changes, message = `work on ${branch}`) {
      const place = join(folder, "scratch");
      const has = (await git("branch", "--list", branch)) !== "";
      const start = has ? `refs/heads/${branch}` : "refs/heads/main";
      await git("worktree", "add", "-q", "--detach", place, start);
      putFiles(place, changes);
      await runGit(place, ["add", "-A", "-f"], { timeoutMs: GIT_MS });
      await runGit(place, ["commit", "-qm", message], { timeoutMs: GIT_MS });
      const oid = (await runGit(place, ["rev-parse", "HEAD"])).stdout.trim();
      await git("worktree", "remove", "--force", place);
      await git("update-ref", `refs/heads/${branch}`, oid);
      return oid;
    },
    oid: async (revision) => (await git("rev-parse", "--verify", revision)).trim(),
    show: (revision, path) => git("show", `${revision}:${path}`),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function putFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path);
    if (content === null) {
      rmSync(place);
    } else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
  }
}
