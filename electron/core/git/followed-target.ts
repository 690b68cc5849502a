import type { Oid } from "../../../shared/model/ids.ts";
import type { RemoteBranch } from "./remote-branch.ts";
import { fetchRemote, onRemote, type PushFailure, pushFailed, quoteWord } from "./remote-branch.ts";
import { isAncestor, type Repository, readRef } from "./repository.ts";

/** Where a target is merged into on a remote, and the person's own branch of that name is never moved. */
type Followed = Pick<RemoteBranch, "repo" | "remote" | "branch" | "signal">;

/** What the remote had when it was last asked. No branch of anybody's: a fetch of the person's own does not change it. */
function followedRef(remote: string, branch: string) {
  return `refs/switchyard/remote/${flatName(remote)}/${flatName(branch)}` as const;
}

/** `dev` and `dev/next` are two branches there one after the other, and cannot be a file and a folder here. */
function flatName(name: string): string {
  return name.replace(/[%/]/g, encodeURIComponent);
}

/** Brings what the remote has of the target. Repeated after a crash it does the same. */
export async function followTarget(
  place: Followed & Pick<RemoteBranch, "setting">,
): Promise<Oid | PushFailure> {
  const ref = followedRef(place.remote, place.branch);
  return onRemote(place, async (there) => {
    try {
      await fetchRemote(there, ref);
    } catch (error) {
      if (/couldn't find remote ref/.test(String(error))) return noTarget(place);
      throw error;
    }
    const oid = await readRef(place.repo, ref, place.signal);
    if (oid === null) throw new Error(`${ref} is not there after it was fetched`);
    return oid;
  });
}

/**
 * What new work is put on: the target as the remote has it, because it is merged there; as it is here where nothing was fetched yet, or
 * where it holds what the remote does not. `remote`: null where work lands here. Null: there is no such branch.
 */
export async function readGround(
  repo: Repository,
  target: string,
  remote: string | null,
  signal?: AbortSignal,
): Promise<Oid | null> {
  const own = await readRef(repo, `refs/heads/${target}`, signal);
  if (own === null || remote === null) return own;
  const there = await readRef(repo, followedRef(remote, target), signal);
  if (there === null || there === own) return own;
  return (await isAncestor(repo, own, there, signal)) ? there : own;
}

/** The branch that a commit is the tip of: the own one, or that of the remote as it was fetched. */
export async function nameGround(
  repo: Repository,
  oid: Oid,
  target: string,
  remote: string | null,
): Promise<NamedGround> {
  const own = { name: target, ref: `refs/heads/${target}`, oid };
  if (remote === null || (await readRef(repo, own.ref)) === oid) return own;
  const ref = followedRef(remote, target);
  return (await readRef(repo, ref)) === null ? own : { name: `${target} of ${remote}`, ref, oid };
}

export interface NamedGround {
  /** As a person calls it. */
  readonly name: string;
  /** As git does in every worktree. */
  readonly ref: string;
  readonly oid: Oid;
}

function noTarget({ repo, remote, branch }: Followed): PushFailure {
  return pushFailed(
    "set-up",
    `${remote} has no branch ${branch} that a pull request could be for.`,
    `Push it there once: git -C ${quoteWord(repo.root)} push ${remote} ${quoteWord(branch)}. Then: switchyard queue push`,
  );
}
