import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, splitZero } from "./repository.ts";
import { type GitEnvironment, runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** What makes a repository another than one whose worktrees hold all of it. */
export interface Oddities {
  /** Paths of submodules. */
  readonly submodules: readonly string[];
  /** Git LFS keeps some of its files; `missing`: and it is not installed here. */
  readonly largeFiles: "none" | "installed" | "missing";
  /** Its history ends somewhere, as that of a clone with `--depth`. */
  readonly isShallow: boolean;
  /** Some content is at the remote alone, as in a clone with `--filter`. */
  readonly isPartial: boolean;
  /** The person's checkout leaves out some of the files. */
  readonly isSparse: boolean;
}

const GITLINK = "160000";

/** `commit` is the one whose files count. */
export async function readOddities(
  repo: Repository,
  commit: Oid,
  signal?: AbortSignal,
): Promise<Oddities> {
  const ask = async (cwd: string, ...args: readonly string[]) =>
    (await runGit(cwd, args, { signal, okExitCodes: [0, 1] })).stdout.trim();
  const shallow = await ask(repo.commonDir, "rev-parse", "--is-shallow-repository");
  const filters = [
    "config",
    "--get-regexp",
    "^(remote\\..*\\.(promisor|partialclonefilter)|extensions\\.partialclone)$",
  ];
  const sparse = ["config", "--type=bool", "--get", "core.sparseCheckout"];
  return {
    submodules: await listSubmodules(repo, commit, signal),
    largeFiles: !(await keepsLargeFiles(repo, commit, signal))
      ? "none"
      : (await hasLargeFiles(repo, signal))
        ? "installed"
        : "missing",
    isShallow: shallow === "true",
    isPartial: (await ask(repo.commonDir, ...filters)) !== "",
    isSparse: (await ask(repo.root, ...sparse)) === "true",
  };
}

/** Whether an attributes file of the commit gives some of its files to Git LFS. */
export async function keepsLargeFiles(
  repo: Repository,
  commit: Oid,
  signal?: AbortSignal,
): Promise<boolean> {
  const args = ["grep", "-q", "-e", "filter=lfs", commit, "--", ":(glob)**/.gitattributes"];
  const found = await runGit(repo.commonDir, args, {
    signal,
    okExitCodes: [0, 1],
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  return found.exitCode === 0;
}

/** Whether Git LFS is installed. */
export async function hasLargeFiles(
  repo: Repository,
  signal?: AbortSignal,
  env: GitEnvironment = {},
): Promise<boolean> {
  const options = { signal, env, okExitCodes: [0, 1], timeoutMs: WRITE_TIMEOUT_MS };
  return (await runGit(repo.root, ["lfs", "version"], options)).exitCode === 0;
}

async function listSubmodules(repo: Repository, commit: Oid, signal?: AbortSignal) {
  const has = ["ls-tree", "-z", "--name-only", "--full-tree", commit, "--", ".gitmodules"];
  if ((await runGit(repo.commonDir, has, { signal })).stdout === "") return [];
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit];
  const all = await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  return splitZero(all.stdout).flatMap((line) =>
    line.startsWith(GITLINK) ? [line.slice(line.indexOf("\t") + 1)] : [],
  );
}
