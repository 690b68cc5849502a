import type { Oid } from "../../../../shared/model/ids.ts";
import { countCommits } from "../../git/diff.ts";
import { joinHistory } from "../../git/join-history.ts";
import { mergeTree } from "../../git/merge-tree.ts";
import { parentsOf } from "../../git/read-history.ts";
import { type PushFailure, pushFailed, quoteWord } from "../../git/remote-branch.ts";
import { hasCommit, isAncestor, type Repository, readRef, treeOf } from "../../git/repository.ts";
import type { EntryRecord } from "../../store/store.ts";

/** The work as it was tested: the queued commit, or that with a conflict settled, which the candidate merged. */
export async function testedWork(
  repo: Repository,
  { head, candidate }: Pick<EntryRecord, "head" | "candidate">,
  signal: AbortSignal,
): Promise<Oid> {
  const [, merged] = candidate === null ? [] : await parentsOf(repo, candidate);
  if (merged === undefined || merged === head) return head;
  return (await isAncestor(repo, head, merged, signal)) ? merged : head;
}

/** What a branch is at on a remote, beside the work that is to be there. */
export interface BranchThere {
  readonly repo: Repository;
  readonly work: Oid;
  readonly tip: Oid;
  /** What was pushed, or was to be pushed, to it from here. */
  readonly sent: readonly Oid[];
  readonly signal: AbortSignal;
}

/**
 * What of ours is there stays beneath the work, also where its worker has rewritten the branch, or a conflict was settled beside it. Then
 * it has the very files that were tested, on top of what they were tested on: nothing that landed since is taken back. What is not ours is
 * for the push to refuse.
 */
export async function followOn(
  there: BranchThere,
  { base, candidateTree }: Pick<EntryRecord, "base" | "candidateTree">,
): Promise<Oid> {
  const { repo, work, tip, signal } = there;
  if (base === null || candidateTree === null) return work;
  if ((await isAncestor(repo, tip, work, signal)) || !(await isOurs(there))) return work;
  const holds = async (commit: Oid) => isAncestor(repo, commit, tip, signal);
  const isDone = (await holds(work)) && (await holds(base));
  // A try before this one has pushed it.
  if (isDone && (await treeOf(repo, tip, signal)) === candidateTree) return tip;
  return joinHistory(repo, candidateTree, [work, tip, base], signal);
}

/** What was refused there was never on it: of that only what it is at by now counts. */
async function isOurs({ repo, tip, sent, signal }: BranchThere): Promise<boolean> {
  for (const commit of sent) {
    if (commit === tip) return true;
    if (!(await hasCommit(repo, commit, signal))) continue;
    if (await isAncestor(repo, tip, commit, signal)) return true;
  }
  return false;
}

/** What the person has committed on the target here and pushed nowhere is not published with a worker's branch. */
export async function refuseOwnCommits(
  repo: Repository,
  commit: Oid,
  place: {
    readonly remote: string;
    readonly target: string;
    /** What the remote has already. */
    readonly has: readonly Oid[];
  },
  signal: AbortSignal,
): Promise<PushFailure | null> {
  const { remote, target, has } = place;
  const own = await readRef(repo, `refs/heads/${target}`, signal);
  if (own === null) return null;
  const unpushed = await countCommits(repo, has, own, signal);
  if (unpushed === 0) return null;
  const isBrought = unpushed > (await countCommits(repo, [...has, commit], own, signal));
  if (!isBrought) return null;
  const commits = unpushed === 1 ? "1 commit" : `${unpushed} commits`;
  return pushFailed(
    "set-up",
    `${target} here has ${commits} that ${remote} does not: the pull request would bring them along.`,
    `Push them first: git -C ${quoteWord(repo.root)} push ${remote} ${quoteWord(target)}. Or undo them. Then: switchyard queue push`,
  );
}

/** Whether a commit has all that the work changes, by its files: it may have come there as other commits. */
export async function hasWork(
  repo: Repository,
  commit: Oid,
  work: Oid,
  signal: AbortSignal,
): Promise<boolean> {
  const merge = await mergeTree(repo.root, commit, work, { signal });
  return merge.isClean && merge.tree === (await treeOf(repo, commit, signal));
}
