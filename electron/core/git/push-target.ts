import type { Oid } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import {
  compareRemote,
  nameMissing,
  onRemote,
  type PushFailure,
  type PushOutcome,
  pushFailed,
  pushLargeFiles,
  pushPlainly,
  quoteWord,
  type RemoteBranch,
} from "./remote-branch.ts";
import { isAncestor, readRef } from "./repository.ts";

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
  const stand = await compareRemote(place, push.commit);
  switch (stand.kind) {
    case "same":
    case "ahead":
      return { kind: "pushed" };
    case "none":
      return push.wasPushed ? goneThere(place) : pushOrTell(place, push.commit);
    case "behind":
      return pushOrTell(place, push.commit);
    case "apart": {
      const joined = await findJoined(place, push.commit, stand.tip);
      if (joined !== null) return pushOrTell(place, joined);
      return rejected(place, await nameMissing(place, push.commit, stand.tip));
    }
    default:
      return unreachable(stand);
  }
}

async function pushOrTell(place: RemoteBranch, commit: Oid): Promise<PushOutcome> {
  const problem = await pushLargeFiles(place, commit);
  if (problem) return problem;
  const outcome = await pushPlainly(place, commit);
  return outcome === "rejected" ? rejected(place, "commits") : outcome;
}

/** The person may have brought in what others pushed: then the target as it stands now goes there. Null where it lacks either. */
async function findJoined(
  { repo, branch: target, signal }: RemoteBranch,
  commit: Oid,
  there: Oid,
): Promise<Oid | null> {
  const tip = await readRef(repo, `refs/heads/${target}`, signal);
  if (tip === null || !(await isAncestor(repo, there, tip, signal))) return null;
  return (await isAncestor(repo, commit, tip, signal)) ? tip : null;
}

function rejected({ repo, remote, branch }: RemoteBranch, missing: string): PushFailure {
  return pushFailed(
    "rejected",
    `${branch} of ${remote} has ${missing} that ${branch} here does not have: somebody else pushed.`,
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
