import type { Oid } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import {
  compareRemote,
  fetchTip,
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

/** Nothing of it was pushed; large files may have been. */
interface Unwanted {
  readonly kind: "unwanted";
}

const UNWANTED: Unwanted = { kind: "unwanted" };

/** Where the branch is there, which is here by then; `tip` is null where there is none. */
export async function findTip(
  place: RemoteBranch,
): Promise<PushFailure | { readonly kind: "found"; readonly tip: Oid | null }> {
  return onRemote(place, async (there) => ({ kind: "found", tip: await fetchTip(there) }));
}

/**
 * Pushes a worker's commit to a branch of the same name, without force. Where that branch holds anything that the commit does not,
 * also on top of it, it is somebody else's by now and stays as it is. Repeated after a crash at any point it finishes or finds it done.
 * `isWanted` is asked last, right before anything is sent: looking there takes its time.
 */
export async function pushBranch(
  place: RemoteBranch,
  commit: Oid,
  isWanted: () => boolean,
): Promise<PushOutcome | Unwanted> {
  return onRemote(place, async (there): Promise<PushOutcome | Unwanted> => {
    const stand = await compareRemote(there, commit);
    switch (stand.kind) {
      case "same":
        return { kind: "pushed" };
      case "ahead":
      case "apart":
        return elsewhere(there, await nameMissing(there, commit, stand.tip));
      case "none":
      case "behind": {
        if (!isWanted()) return UNWANTED;
        const problem = await pushLargeFiles(there, commit);
        if (problem) return problem;
        if (!isWanted()) return UNWANTED;
        const outcome = await pushPlainly(there, commit);
        return outcome === "rejected" ? elsewhere(there, "commits") : outcome;
      }
      default:
        return unreachable(stand);
    }
  });
}

function elsewhere({ repo, remote, branch }: RemoteBranch, missing: string): PushFailure {
  const were = missing === "1 commit" ? "was" : "were";
  const git = `git -C ${quoteWord(repo.root)}`;
  return pushFailed(
    "rejected",
    `${branch} of ${remote} holds ${missing} that ${were} not tested here: it was pushed to from elsewhere.`,
    `Nothing is ever forced. Return the entry so that its worker takes in what is there (git fetch ${remote} ${quoteWord(branch)}). To delete that branch there may delete the only copy of somebody's work: look first whose it is (${git} fetch ${remote} ${quoteWord(branch)} && ${git} log FETCH_HEAD).`,
  );
}
