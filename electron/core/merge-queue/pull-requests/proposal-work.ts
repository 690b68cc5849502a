import type { EntryId, Oid } from "../../../../shared/model/ids.ts";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import type { Clock } from "../../base/clock.ts";
import { followTarget } from "../../git/followed-target.ts";
import { joinHistory } from "../../git/join-history.ts";
import { nameRemote } from "../../git/name-remote.ts";
import { pushBranch } from "../../git/push-branch.ts";
import { parentsOf } from "../../git/read-history.ts";
import type { PushFailure } from "../../git/remote-branch.ts";
import { hasCommit, isAncestor, mergeBase, type Repository } from "../../git/repository.ts";
import type { RunGh } from "../../process/run-gh.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import { summariseChange } from "../summarise-change.ts";
import { createPull, type GitHubPlace, listPulls, viewPull } from "./github.ts";
import { choosePull, nextAsk } from "./plan-proposal.ts";
import { writeProposal } from "./write-proposal.ts";

/** An entry with its pull request. */
export type Proposed = EntryRecord & { readonly pullRequest: PullRequest };

const SETTING = "queue.pull-requests";

export interface ProposalWorkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly runGh: RunGh;
  readonly note: (id: EntryId, change: Partial<PullRequest>, event?: string) => void;
}

export type Asked =
  | PushFailure
  | { readonly kind: "open" }
  | { readonly kind: "merged"; readonly commit: Oid }
  /** It was merged before the newest commits of the work were pushed to it. */
  | { readonly kind: "merged-without" }
  | { readonly kind: "closed" };

/** What is done on a remote for one entry, each step written down before it begins and after. Done again it finds what was done. */
export class ProposalWork {
  readonly #parts: ProposalWorkParts;

  constructor(parts: ProposalWorkParts) {
    this.#parts = parts;
  }

  /** Pushes its branch and opens its pull request, or finds it; null when that is done, or was taken back meanwhile. */
  async propose(
    entry: Proposed,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<PushFailure | null> {
    const { note, clock } = this.#parts;
    const { id, branch, pullRequest } = entry;
    const { remote, target: base } = pullRequest;
    const place = await this.#placeOf(entry, repo, signal);
    if (place.kind === "failed") return place;
    const there = { repo, remote, setting: SETTING, signal };
    // New work goes on what is there by now; and whether there is a way there is known before anything is pushed.
    const followed = await followTarget({ ...there, branch: base });
    if (typeof followed !== "string") return followed;
    const listed = await listPulls(place, { head: branch, base });
    if ("kind" in listed) return listed;

    const commit = await this.#following(
      entry,
      repo,
      await testedWork(repo, entry, signal),
      signal,
    );
    if (!this.#isWanted(entry)) return null;
    // Written down first: what was pushed and not told of would look like somebody else's.
    note(id, { underWay: "push", wasPushed: commit });
    const pushed = await pushBranch({ ...there, branch }, commit);
    if (pushed.kind === "failed") return pushed;
    const { number, url, openedAfter } = pullRequest;
    const known = number !== null && url !== null ? { number, url } : null;
    const found = known ?? choosePull(listed, { pushed: commit, openedAfter });
    if (!found && !this.#isWanted(entry)) {
      note(id, { underWay: null });
      return null;
    }
    const opened = found ?? (await this.#open(entry, place, repo, listed));
    if ("kind" in opened) return opened;
    this.#noteOpened(entry, opened, {
      pushed: commit,
      // One that was found may have been merged already.
      askAt: found ? null : nextAsk(0, clock.now().getTime()),
    });
    return null;
  }

  /** Looks for what may have been opened and opens nothing: then it is followed. `none`: nothing was. */
  async look(
    entry: Proposed,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<PushFailure | { readonly kind: "found" | "none" }> {
    const { branch, head, pullRequest } = entry;
    const { target: base, wasPushed, openedAfter } = pullRequest;
    const place = await this.#placeOf(entry, repo, signal);
    if (place.kind === "failed") return place;
    const listed = await listPulls(place, { head: branch, base });
    if ("kind" in listed) return listed;
    const pushed = wasPushed ?? head;
    const found = choosePull(listed, { pushed, openedAfter });
    if (!found) return { kind: "none" };
    this.#noteOpened(entry, found, { pushed, askAt: null });
    return { kind: "found" };
  }

  /** What became of it there. One that was merged is fetched first: what is told here can be looked at here. */
  async ask(entry: Proposed, repo: Repository, signal: AbortSignal): Promise<Asked> {
    const { head, pullRequest } = entry;
    const { remote, target: branch, number, pushed } = pullRequest;
    if (number === null) throw new Error(`${entry.id} has no pull request to ask after`);
    const place = await this.#placeOf(entry, repo, signal);
    if (place.kind === "failed") return place;
    const viewed = await viewPull(place, number);
    if ("kind" in viewed) return viewed;
    if (viewed.state === "OPEN") return { kind: "open" };
    if (viewed.state === "CLOSED") return { kind: "closed" };
    const tip = await followTarget({ repo, remote, branch, setting: SETTING, signal });
    if (typeof tip !== "string") return tip;
    if (await isOlder(repo, viewed.headRefOid, pushed ?? head, signal))
      return { kind: "merged-without" };
    const commit = viewed.mergeCommit?.oid ?? null;
    const isThere = commit !== null && (await hasCommit(repo, commit, signal));
    if (isThere && (await isAncestor(repo, commit, tip, signal))) return { kind: "merged", commit };
    return {
      kind: "failed",
      why: "away",
      text: `Pull request #${number} is merged, and ${branch} of ${remote} does not hold it yet.`,
      hint: "It is looked at again by itself. Where it was merged into another branch, remove the entry: switchyard queue remove",
    };
  }

  /** Still to be proposed, and as it was tested when this began. */
  #isWanted({ id, candidate }: Proposed): boolean {
    const now = this.#parts.store.entries.find(id);
    return now?.state === "proposed" && now.candidate === candidate;
  }

  /** What there is there is known of also where the entry was taken back meanwhile: it can be merged all the same. */
  #noteOpened(
    { id, candidate }: Proposed,
    { number, url }: { readonly number: number; readonly url: string },
    done: Pick<PullRequest, "pushed" | "askAt">,
  ): void {
    const { note, store } = this.#parts;
    const now = store.entries.find(id);
    const isOther = now?.state === "proposed" && now.candidate !== candidate;
    // Other work of it waits to be pushed there by now.
    const rest = isOther ? {} : { ...done, underWay: null, asks: 0, problem: null };
    note(id, { number, url, ...rest }, "queue.pull-opened");
  }

  /**
   * What was pushed of this branch before stays beneath it, also where its worker has rewritten the branch, or a conflict was settled
   * beside it. Then it has the very files that were tested, on top of what they were tested on: nothing that landed since is taken back.
   */
  async #following(
    { task, branch, base, candidateTree, pullRequest }: Proposed,
    repo: Repository,
    work: Oid,
    signal: AbortSignal,
  ): Promise<Oid> {
    const [before] = this.#parts.store.entries
      .list({ task })
      .filter((each) => each.branch === branch && each.pullRequest?.remote === pullRequest.remote)
      .flatMap((each) => each.pullRequest?.pushed ?? each.pullRequest?.wasPushed ?? []);
    const earlier = pullRequest.wasPushed ?? before ?? work;
    if (base === null || candidateTree === null || !(await hasCommit(repo, earlier, signal)))
      return work;
    if (await isAncestor(repo, earlier, work, signal)) return work;
    return joinHistory(repo, candidateTree, [work, earlier, base], signal);
  }

  async #open(
    entry: Proposed,
    place: GitHubPlace,
    repo: Repository,
    listed: readonly { readonly number: number }[],
  ): Promise<{ readonly number: number; readonly url: string } | PushFailure> {
    const { note, store } = this.#parts;
    const { id, head, base, branch, pullRequest } = entry;
    // What was opened by a core that died in the middle is above what there was before that one began.
    const openedAfter =
      pullRequest.openedAfter ?? Math.max(0, ...listed.map(({ number }) => number));
    note(id, { underWay: "open", openedAfter });
    const from = base === null ? null : await mergeBase(repo, base, head, place.signal);
    const change =
      from === null
        ? null
        : await summariseChange(repo, { base: from, head, from, to: head }, place.signal);
    const title = store.tasks.find(entry.task)?.title ?? branch;
    const said = writeProposal({ entry, title, change, store: store.identity });
    return createPull(place, { head: branch, base: pullRequest.target, ...said });
  }

  async #placeOf(
    { pullRequest: { remote } }: Proposed,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<(GitHubPlace & { readonly kind: "place" }) | PushFailure> {
    const repository = await nameRemote(repo, remote, signal);
    const { runGh } = this.#parts;
    if (repository !== null)
      return { kind: "place", runGh, repository, remote, cwd: repo.root, signal };
    return {
      kind: "failed",
      why: "set-up",
      text: `${remote} is no repository at GitHub: pull requests cannot be opened there.`,
      hint: `See where it points with git remote -v, then set ${SETTING} to one that is, or to off.`,
    };
  }
}

/** The work as it was tested: the queued commit, or that with a conflict settled, which the candidate merged. */
async function testedWork(
  repo: Repository,
  { head, candidate }: Proposed,
  signal: AbortSignal,
): Promise<Oid> {
  const [, merged] = candidate === null ? [] : await parentsOf(repo, candidate);
  if (merged === undefined || merged === head) return head;
  return (await isAncestor(repo, head, merged, signal)) ? merged : head;
}

/** A head that is known here and lacks the work. One that is not has what others pushed on top. */
async function isOlder(repo: Repository, head: Oid, work: Oid, signal: AbortSignal) {
  if (head === work || !(await hasCommit(repo, head, signal))) return false;
  return !(await isAncestor(repo, work, head, signal));
}
