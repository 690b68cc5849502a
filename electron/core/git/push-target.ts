import type { Oid } from "../../../shared/model/ids.ts";
import {
  countMissing,
  fetchRemote,
  onRemote,
  type PushFailure,
  type PushOutcome,
  pushFailed,
  pushPlainly,
  quoteWord,
  type RemoteBranch,
  readRemote,
} from "./remote-branch.ts";
import { hasCommit, isAncestor, readRef } from "./repository.ts";

export interface TargetPush extends Pick<RemoteBranch, "repo" | "remote" | "signal" | "env"> {
  /** Short name of the branch. */
  readonly target: string;
  /** What has landed on it. */
  readonly commit: Oid;
  /** True when the branch was pushed there before: one that is gone since was taken away. */
  readonly wasPushed: boolean;
}

/**
 * Pushes what landed to a remote, without force: what the remote has and the commit does not stops it. Repeated after a crash
 * at any point it finishes or finds it done. No hook of the repository runs; what Git LFS does in one is done before.
 */
export async function pushTarget(push: TargetPush): Promise<PushOutcome> {
  const place = { ...push, branch: push.target, setting: "queue.push" };
  return onRemote(place, (there) => pushChecked(there, push));
}

async function pushChecked(place: RemoteBranch, push: TargetPush): Promise<PushOutcome> {
  const { repo, branch: target, signal } = place;
  const there = await readRemote(place);
  let { commit } = push;
  if (there === commit) return { kind: "pushed" };
  if (there === null && push.wasPushed) return goneThere(place);
  if (there !== null) {
    if (!(await hasCommit(repo, there, signal))) await fetchRemote(place, null);
    if (await isAncestor(repo, commit, there, signal)) return { kind: "pushed" };
    if (!(await isAncestor(repo, there, commit, signal))) {
      // The person may have brought in what others pushed: then the target as it stands now goes there.
      const tip = await readRef(repo, `refs/heads/${target}`, signal);
      const holds = (older: Oid) => tip !== null && isAncestor(repo, older, tip, signal);
      if (tip === null || !(await holds(there)) || !(await holds(commit))) {
        return rejected(place, await countMissing(place, commit, there));
      }
      commit = tip;
    }
  }
  const outcome = await pushPlainly(place, commit);
  return outcome === "rejected" ? rejected(place, null) : outcome;
}

function rejected({ repo, remote, branch }: RemoteBranch, missing: number | null): PushFailure {
  const count = missing === null ? "commits" : missing === 1 ? "1 commit" : `${missing} commits`;
  return pushFailed(
    "rejected",
    `${branch} of ${remote} has ${count} that ${branch} here does not have: somebody else pushed.`,
    `Bring them in, in a checkout of ${branch}: git -C ${quoteWord(repo.root)} pull --no-rebase ${remote} ${quoteWord(branch)}. Then try again; nothing is ever forced, and here the queue goes on.`,
  );
}

function goneThere({ repo, remote, branch }: RemoteBranch): PushFailure {
  return pushFailed(
    "rejected",
    `${remote} had ${branch} from here and has it no more: somebody took it away.`,
    `If it is to be there again: git -C ${quoteWord(repo.root)} push ${remote} ${quoteWord(branch)}. Then try again.`,
  );
}
