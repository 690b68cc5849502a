import type { EntryId, Oid } from "../../../../shared/model/ids.ts";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import type { Clock } from "../../base/clock.ts";
import { followTarget, readGround } from "../../git/followed-target.ts";
import { nameRemote } from "../../git/name-remote.ts";
import { findTip, pushBranch } from "../../git/push-branch.ts";
import { type PushFailure, pushFailed } from "../../git/remote-branch.ts";
import { hasCommit, isAncestor, mergeBase, type Repository } from "../../git/repository.ts";
import type { RunGh } from "../../process/run-gh.ts";
import type { EntryRecord, Store } from "../../store/store.ts";
import { movedReason } from "../landing-work.ts";
import { summariseChange } from "../summarise-change.ts";
import { createPull, type GitHubPlace, listPulls, viewPull } from "./github.ts";
import { choosePull, nextAsk } from "./plan-proposal.ts";
import { followOn, hasWork, refuseOwnCommits, testedWork } from "./proposed-commit.ts";
import { writeProposal } from "./write-proposal.ts";

/** An entry with its pull request. */
export type Proposed = EntryRecord & { readonly pullRequest: PullRequest };

const SETTING = "queue.pull-requests";

export interface ProposalWorkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly runGh: RunGh;
  readonly note: (id: EntryId, change: Partial<PullRequest>, event?: string) => void;
  /** Whether anything of it may be pushed or opened at this moment. */
  readonly isWanted: (entry: Proposed) => boolean;
}

/** What it was tested on is not what the target is there by now: it is to be tested again. */
interface Moved {
  readonly kind: "moved";
  readonly reason: string;
}

export type Asked =
  | PushFailure
  | Moved
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
  ): Promise<PushFailure | Moved | null> {
    const { note, isWanted } = this.#parts;
    const { id, branch, pullRequest } = entry;
    const { remote, target: base, wasPushed, openedAfter } = pullRequest;
    const place = await this.#placeOf(entry, repo, signal);
    if (place.kind === "failed") return place;
    const there = { repo, remote, setting: SETTING, signal };
    // New work goes on what is there by now; and whether there is a way there is known before anything is pushed.
    const followed = await followTarget({ ...there, branch: base });
    if (typeof followed !== "string") return followed;
    const listed = await listPulls(place, { head: branch, base });
    if ("kind" in listed) return listed;

    const work = await testedWork(repo, entry, signal);
    const known = knownPull(entry);
    const before = wasPushed ?? work;
    const listedPull = known ? null : choosePull(listed, { pushed: before, openedAfter });
    if (listedPull && listedPull.state !== "OPEN") {
      this.#noteOpened(entry, listedPull, { pushed: before, askAt: null });
      return null;
    }
    const found = known ?? listedPull;
    // Opened on what is there no more it might not merge; and what the target here has given up is not put beneath new work.
    const isStale = (await readGround(repo, base, remote, signal)) !== entry.base;
    const isThere = found && entry.base && (await isAncestor(repo, entry.base, followed, signal));
    if (isStale && !isThere) return { kind: "moved", reason: movedReason(base) };
    if (!isWanted(entry)) return null;
    const pushed = await this.#push(entry, repo, { work, followed }, signal);
    if (pushed.kind === "failed") return pushed;
    if (pushed.kind === "unwanted" || (!found && !isWanted(entry))) {
      note(id, { underWay: null });
      return null;
    }
    const opened = found ?? (await this.#open(entry, place, repo, listed));
    if ("kind" in opened) return opened;
    this.#noteOpened(entry, opened, {
      pushed: pushed.commit,
      // One that was found may have been merged already.
      askAt: found ? null : nextAsk(0, this.#parts.clock.now().getTime()),
    });
    return null;
  }

  /** On top of what of it is there: the remote is asked for that, because what is written down here may have been refused. */
  async #push(
    entry: Proposed,
    repo: Repository,
    { work, followed }: Record<"work" | "followed", Oid>,
    signal: AbortSignal,
  ): Promise<
    PushFailure | { readonly kind: "unwanted" } | { readonly kind: "pushed"; readonly commit: Oid }
  > {
    const { note, isWanted } = this.#parts;
    const { id, branch, pullRequest } = entry;
    const { remote, target } = pullRequest;
    const there = { repo, remote, branch, setting: SETTING, signal };
    const found = await findTip(there);
    if (found.kind === "failed") return found;
    const { tip } = found;
    const sent = this.#sentOf(entry);
    const commit = tip === null ? work : await followOn({ repo, work, tip, sent, signal }, entry);
    const has = tip === null ? [followed] : [followed, tip];
    const own = await refuseOwnCommits(repo, commit, { remote, target, has }, signal);
    if (own) return own;
    const goesOn = tip === null || (await isAncestor(repo, tip, commit, signal));
    // Written down first: what was pushed and not told of would look like somebody else's.
    note(id, goesOn ? { underWay: "push", wasPushed: commit } : { underWay: "push" });
    const pushed = await pushBranch(there, commit, () => isWanted(entry));
    return pushed.kind === "pushed" ? { kind: "pushed", commit } : pushed;
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
    // Nobody mends the way to where nothing is proposed any more.
    if (place.kind === "failed") return { kind: "none" };
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
    if (viewed.state === "CLOSED") return { kind: "closed" };
    if (viewed.state === "OPEN" && viewed.mergeable !== "CONFLICTING") return { kind: "open" };
    const tip = await followTarget({ repo, remote, branch, setting: SETTING, signal });
    if (typeof tip !== "string") return tip;
    if (viewed.state === "OPEN") return this.#explainClash(entry, repo, signal);
    const work = pushed ?? head;
    const commit = viewed.mergeCommit?.oid ?? null;
    const isThere =
      commit !== null &&
      (await hasCommit(repo, commit, signal)) &&
      (await isAncestor(repo, commit, tip, signal));
    // Rebased there, its head lacks the very commits and has what they do.
    const isWhole =
      !(await isOlder(repo, viewed.headRefOid, work, signal)) ||
      (isThere && (await hasWork(repo, commit, work, signal)));
    if (!isWhole) return { kind: "merged-without" };
    return isThere ? { kind: "merged", commit } : notInTarget(entry);
  }

  /** Tested on what is there by now it merges here, or goes back to its worker; what was tested on that already is for a person. */
  async #explainClash(
    { base, pullRequest }: Proposed,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<PushFailure | Moved> {
    const { remote, target, number } = pullRequest;
    if ((await readGround(repo, target, remote, signal)) !== base) {
      const reason = `pull request #${number} does not merge any more: ${movedReason(target)}`;
      return { kind: "moved", reason };
    }
    return pushFailed(
      "refused",
      `Pull request #${number} does not merge with ${target} on ${remote}, though it did here.`,
      "Look at its conflicts there, and settle them there; or return the entry to its worker.",
    );
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

  /** What was pushed to its branch, or was to be; of other entries of the task too. */
  #sentOf({ task, branch, pullRequest: { remote } }: Proposed): readonly Oid[] {
    return this.#parts.store.entries
      .list({ task })
      .filter((each) => each.branch === branch && each.pullRequest?.remote === remote)
      .flatMap(({ pullRequest }) =>
        [pullRequest?.pushed ?? [], pullRequest?.wasPushed ?? []].flat(),
      );
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

function knownPull({ pullRequest: { number, url } }: Proposed) {
  return number !== null && url !== null ? { number, url } : null;
}

/** How often it is looked whether what was merged has come to the target before a person is told. */
const PATIENT_TRIES = 3;

function notInTarget({ pullRequest }: Proposed): PushFailure {
  const { remote, target, number, problem } = pullRequest;
  const text = `Pull request #${number} is merged, and ${target} of ${remote} does not hold it.`;
  const isKnown = problem?.text === text;
  const isLasting = isKnown && (problem.kind === "refused" || problem.tries >= PATIENT_TRIES);
  return pushFailed(
    isLasting ? "refused" : "away",
    text,
    "It is looked at again by itself. Where it was merged into another branch, remove the entry: switchyard queue remove",
  );
}

/** A head that is known here and lacks the work. One that is not has what others pushed on top. */
async function isOlder(repo: Repository, head: Oid, work: Oid, signal: AbortSignal) {
  if (head === work || !(await hasCommit(repo, head, signal))) return false;
  return !(await isAncestor(repo, work, head, signal));
}
