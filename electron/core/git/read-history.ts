import type { Oid } from "../../../shared/model/ids.ts";
import { type Repository, splitZero } from "./repository.ts";
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

/** Commits of `to` that `from` does not have, newest first: those along first parents, or all that merge nothing. */
export async function listSubjects(
  repo: Repository,
  from: Oid,
  to: Oid,
  which: "--first-parent" | "--no-merges",
  signal?: AbortSignal,
): Promise<readonly { readonly oid: Oid; readonly subject: string }[]> {
  const args = ["log", "-z", "--format=%H %s", which, `${from}..${to}`, "--"];
  const { stdout } = await runGit(repo.commonDir, args, { signal });
  return splitZero(stdout).map((line) => {
    const at = line.indexOf(" ");
    return { oid: line.slice(0, at), subject: line.slice(at + 1) };
  });
}

export async function parentsOf(
  repo: Repository,
  commit: Oid,
  signal?: AbortSignal,
): Promise<readonly Oid[]> {
  const shown = await runGit(repo.commonDir, ["rev-parse", `${commit}^@`], { signal });
  return shown.stdout.split("\n").filter(Boolean);
}
