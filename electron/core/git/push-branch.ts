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
import { hasCommit, isAncestor } from "./repository.ts";

/**
 * Pushes a worker's commit to a branch of the same name, without force. Where that branch holds anything that the commit does not,
 * also on top of it, it is somebody else's by now and stays as it is. Repeated after a crash at any point it finishes or finds it done.
 */
export async function pushBranch(place: RemoteBranch, commit: Oid): Promise<PushOutcome> {
  return onRemote(place, async (there): Promise<PushOutcome> => {
    const { repo, signal } = there;
    const tip = await readRemote(there);
    if (tip === commit) return { kind: "pushed" };
    if (tip !== null) {
      if (!(await hasCommit(repo, tip, signal))) await fetchRemote(there, null);
      if (!(await isAncestor(repo, tip, commit, signal)))
        return elsewhere(there, await countMissing(there, commit, tip));
    }
    const outcome = await pushPlainly(there, commit);
    return outcome === "rejected" ? elsewhere(there, null) : outcome;
  });
}

function elsewhere({ repo, remote, branch }: RemoteBranch, missing: number | null): PushFailure {
  const count = missing === null ? "commits" : missing === 1 ? "1 commit" : `${missing} commits`;
  return pushFailed(
    "rejected",
    `${branch} of ${remote} has ${count} that were not tested here: it was pushed to from elsewhere.`,
    `Nothing is ever forced. Return the entry so that its worker takes them in (git fetch ${remote} ${quoteWord(branch)}), or delete that branch: git -C ${quoteWord(repo.root)} push ${remote} --delete ${quoteWord(branch)}.`,
  );
}
