import type { Oid } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import {
  compareRemote,
  nameMissing,
  onRemote,
  type PushFailure,
  type PushOutcome,
  pushFailed,
  pushPlainly,
  quoteWord,
  type RemoteBranch,
} from "./remote-branch.ts";

/**
 * Pushes a worker's commit to a branch of the same name, without force. Where that branch holds anything that the commit does not,
 * also on top of it, it is somebody else's by now and stays as it is. Repeated after a crash at any point it finishes or finds it done.
 */
export async function pushBranch(place: RemoteBranch, commit: Oid): Promise<PushOutcome> {
  return onRemote(place, async (there): Promise<PushOutcome> => {
    const stand = await compareRemote(there, commit);
    switch (stand.kind) {
      case "same":
        return { kind: "pushed" };
      case "ahead":
      case "apart":
        return elsewhere(there, await nameMissing(there, commit, stand.tip));
      case "none":
      case "behind": {
        const outcome = await pushPlainly(there, commit);
        return outcome === "rejected" ? elsewhere(there, "commits") : outcome;
      }
      default:
        return unreachable(stand);
    }
  });
}

function elsewhere({ repo, remote, branch }: RemoteBranch, missing: string): PushFailure {
  return pushFailed(
    "rejected",
    `${branch} of ${remote} has ${missing} that were not tested here: it was pushed to from elsewhere.`,
    `Nothing is ever forced. Return the entry so that its worker takes them in (git fetch ${remote} ${quoteWord(branch)}), or delete that branch: git -C ${quoteWord(repo.root)} push ${remote} --delete ${quoteWord(branch)}.`,
  );
}
