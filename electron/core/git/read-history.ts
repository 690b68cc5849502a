import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** Full names of the branches, local and remote, from which a commit can be reached. */
export async function branchesWith(
  repo: Repository,
  commit: Oid,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const where = ["refs/heads/", "refs/remotes/"];
  const args = ["for-each-ref", "--format=%(refname)", `--contains=${commit}`, ...where];
  const { stdout } = await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  return stdout.split("\n").filter(Boolean);
}

/** The commits of `to` that `from` does not have, newest first, along first parents. */
export async function firstParents(
  repo: Repository,
  from: Oid,
  to: Oid,
  signal?: AbortSignal,
): Promise<readonly Oid[]> {
  const args = ["rev-list", "--first-parent", "--end-of-options", `${from}..${to}`];
  return (await runGit(repo.commonDir, args, { signal })).stdout.split("\n").filter(Boolean);
}

export async function parentsOf(
  repo: Repository,
  commit: Oid,
  signal?: AbortSignal,
): Promise<readonly Oid[]> {
  const shown = await runGit(repo.commonDir, ["rev-parse", `${commit}^@`], { signal });
  return shown.stdout.split("\n").filter(Boolean);
}
