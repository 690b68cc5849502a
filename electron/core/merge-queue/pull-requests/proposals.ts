import type { EntryId, Oid, ProjectName } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import { isOpen } from "../../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { PushFailure } from "../../git/remote-branch.ts";
import { openRepository, type Repository, treeOf } from "../../git/repository.ts";
import type { RunGh } from "../../process/run-gh.ts";
import type { EntrySteps } from "../entry-steps.ts";
import { explainError } from "../explain-error.ts";
import { ProjectRuns } from "../project-runs.ts";
import { beforeMerge } from "./before-merge.ts";
import { mayPropose, type ProposingParts, proposedTo } from "./may-propose.ts";
import { nextAsk, nextProblem, planProposal } from "./plan-proposal.ts";
import { ProposalWork, type Proposed } from "./proposal-work.ts";

export interface ProposalsParts extends ProposingParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: EntrySteps;
  readonly runGh: RunGh;
}

/** What is tried on the remote. */
type Attempt = "propose" | "look" | "ask";

/**
 * Takes what has passed to a remote as pull requests, and follows what becomes of them there, beside the queue and never in its way.
 *
 * It follows the rows alone. What is done on a remote is written down before it begins and after; in doubt it is looked for there first,
 * so that a core that is killed at any point is followed by one that opens no second pull request.
 */
export class Proposals implements AsyncDisposable {
  readonly #parts: ProposalsParts;
  readonly #work: ProposalWork;
  readonly #runs: ProjectRuns;

  constructor(parts: ProposalsParts) {
    this.#parts = parts;
    const note = (id: EntryId, change: Partial<PullRequest>, event?: string) =>
      this.#note(id, change, event);
    this.#work = new ProposalWork({
      ...{ ...parts, note },
      isWanted: (entry) => mayPropose(parts, entry),
    });
    this.#runs = new ProjectRuns({
      ...parts,
      isConcerned: ({ state }) => state === "proposed",
      work: (name, signal) => this.#goOn(name, signal),
      failure: "proposals stand still",
    });
  }

  run(): void {
    this.#runs.follow();
  }

  lookAgain(): void {
    this.#runs.wakeAll();
  }

  /** Asks now for what waits to be asked, and resolves when that has ended. False: nothing is proposed in this project. */
  async lookNow(name: ProjectName): Promise<boolean> {
    const { store, proposesTo } = this.#parts;
    const project = store.projects.find(name);
    if (this.#list(name).length === 0) return project !== undefined && proposesTo(project) !== null;
    store.write("person", () => {
      for (const { id, pullRequest } of this.#list(name)) {
        const { problem } = pullRequest;
        const isPutOff = pullRequest.askAt !== null || problem?.nextAt != null;
        if (isPutOff)
          this.#note(id, { askAt: null, problem: problem && { ...problem, nextAt: null } });
      }
    });
    this.#runs.wake(name);
    await this.#runs.settle(name);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runs[Symbol.asyncDispose]();
  }

  async #goOn(name: ProjectName, signal: AbortSignal): Promise<void> {
    this.#saveRemote(name);
    for (const { id } of this.#list(name)) {
      if (signal.aborted || this.#parts.store.fleet.read().isHalted) return;
      await this.#doNext(name, id, signal);
    }
  }

  /** Windows and the command line see it there; nothing is written where it is so already. */
  #saveRemote(name: ProjectName): void {
    const { store, proposesTo } = this.#parts;
    const project = store.projects.find(name);
    if (!project) return;
    const remote = proposesTo(project);
    if (remote === (project.queue.proposesTo ?? null)) return;
    store.write("queue", () =>
      store.projects.update(name, { queue: { ...project.queue, proposesTo: remote } }),
    );
  }

  /** The open ones that were ever proposed. */
  #list(name: ProjectName): readonly Proposed[] {
    const open = this.#parts.store.entries.list({ project: name, isOpen: true });
    return open.filter((entry): entry is Proposed => entry.pullRequest != null);
  }

  async #doNext(name: ProjectName, id: EntryId, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    const project = store.projects.find(name);
    const entry = this.#list(name).find((each) => each.id === id);
    if (!project || !entry) return;
    const { state, pullRequest: pull } = entry;
    const to = proposedTo(this.#parts, project);
    const plan = planProposal({ state, pull }, to, clock.now().getTime());
    switch (plan.kind) {
      case "rest":
        return;
      case "withdraw":
        this.#withdraw(entry, null);
        return;
      case "propose":
        if (mayPropose(this.#parts, entry)) await this.#try(project, entry, plan.kind, signal);
        return;
      case "look":
      case "ask":
        await this.#try(project, entry, plan.kind, signal);
        return;
      default:
        return unreachable(plan);
    }
  }

  async #try(project: Project, entry: Proposed, what: Attempt, signal: AbortSignal): Promise<void> {
    const failure = await this.#attempt(project, entry, what, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      // What nobody has foreseen is put off like any other trouble: tried again at once it might go on so for ever.
      this.#parts.log.error({ error, entry: entry.id }, "an entry could not be proposed");
      const [text, hint] = [explainError(error), "It is tried again by itself."];
      return { kind: "failed", why: "set-up", text, hint } as const;
    });
    if (!failure) return;
    const isTakenBack = this.#parts.store.entries.find(entry.id)?.state !== "proposed";
    // Nobody waits any more for what could not be opened.
    if (isTakenBack && what !== "ask") this.#note(entry.id, { underWay: null });
    else this.#settleFailure(entry, failure);
  }

  async #attempt(
    project: Project,
    entry: Proposed,
    what: Attempt,
    signal: AbortSignal,
  ): Promise<PushFailure | null> {
    const repo = await openRepository(project.path, signal).catch((error: unknown) => {
      if (error instanceof SwitchyardError) return error;
      throw error;
    });
    if (repo instanceof SwitchyardError) {
      const { message: text, hint } = repo;
      return { kind: "failed", why: "set-up", text, hint: hint ?? "" };
    }
    switch (what) {
      case "propose":
        return this.#propose(entry, repo, signal);
      case "look":
        return this.#look(entry, repo, signal);
      case "ask":
        return this.#ask(entry, repo, signal);
      default:
        return unreachable(what);
    }
  }

  async #propose(
    entry: Proposed,
    repo: Repository,
    signal: AbortSignal,
  ): Promise<PushFailure | null> {
    const outcome = await this.#work.propose(entry, repo, signal);
    if (outcome?.kind !== "moved") return outcome;
    this.#withdraw(entry, outcome.reason);
    return null;
  }

  async #look(entry: Proposed, repo: Repository, signal: AbortSignal): Promise<PushFailure | null> {
    const outcome = await this.#work.look(entry, repo, signal);
    if (outcome.kind === "failed") return outcome;
    if (outcome.kind === "none") this.#withdraw(entry, null);
    return null;
  }

  async #ask(entry: Proposed, repo: Repository, signal: AbortSignal): Promise<PushFailure | null> {
    const outcome = await this.#work.ask(entry, repo, signal);
    switch (outcome.kind) {
      case "failed":
        return outcome;
      case "open":
        this.#noteAsked(entry);
        return null;
      case "moved":
        this.#noteAsked(entry);
        this.#withdraw(entry, outcome.reason);
        return null;
      case "merged": {
        const tree = await treeOf(repo, outcome.commit, signal);
        const pushed = entry.pullRequest.pushed ?? entry.head;
        const base = await beforeMerge(repo, pushed, outcome.commit, signal);
        this.#land(entry, { base, candidate: outcome.commit, tree });
        return null;
      }
      case "merged-without":
        this.#proposeRest(entry);
        return null;
      case "closed":
        this.#decline(entry);
        return null;
      default:
        return unreachable(outcome);
    }
  }

  #withdraw({ id }: Proposed, reason: string | null): void {
    this.#parts.steps.apply(id, { kind: "withdrawn", reason }, "queue");
  }

  #noteAsked({ id, pullRequest: { asks } }: Proposed): void {
    const askAt = nextAsk(asks, this.#parts.clock.now().getTime());
    this.#note(id, { asks: asks + 1, askAt, problem: null });
  }

  #land({ id }: Proposed, as: Record<"base" | "candidate" | "tree", Oid>): void {
    const { store, steps } = this.#parts;
    store.write("queue", () => {
      // Returned while this was asked: its task is out again, and what comes of that is tested on what was merged.
      if (!isOpen(store.entries.find(id)?.state ?? "removed")) return;
      this.#note(id, { merged: as.candidate, problem: null, askAt: null });
      steps.apply(id, { kind: "found", ...as }, "queue");
    });
  }

  /** What was pushed too late is tested on what was merged, and gets a pull request of its own. */
  #proposeRest({ id, pullRequest }: Proposed): void {
    const { number, remote, pushed, wasPushed } = pullRequest;
    const { store, steps } = this.#parts;
    const fresh = { number: null, url: null, pushed: null, asks: 0, askAt: null, problem: null };
    const reason = `pull request #${number} was merged on ${remote} without its newest commits: they are tested on that, and proposed once more`;
    store.write("queue", () => {
      this.#note(id, { ...fresh, wasPushed: pushed ?? wasPushed, openedAfter: number });
      steps.apply(id, { kind: "withdrawn", reason }, "queue");
    });
  }

  #decline(entry: Proposed): void {
    const { id, state, pullRequest } = entry;
    const { number, remote, url } = pullRequest;
    const { store, steps } = this.#parts;
    const reason = `its pull request #${number} was closed on ${remote} without being merged`;
    const handback = `Your work was proposed as pull request #${number} (${url}), and that was closed without being merged. Ask what was wrong with it if nobody has told you, mend that in your worktree, commit, then call task_done again: that opens a new one.`;
    // What a person holds is told of it once it is proposed again.
    if (state !== "proposed") {
      this.#noteAsked(entry);
      return;
    }
    store.write("queue", () => {
      this.#note(id, { problem: null, askAt: null });
      steps.apply(id, { kind: "declined", reason, handback }, "queue");
    });
  }

  #settleFailure({ id, pullRequest }: Proposed, failure: PushFailure): void {
    const problem = nextProblem(pullRequest, failure, this.#parts.clock.now().getTime());
    const isKnown = problem.since === pullRequest.problem?.since;
    this.#note(id, { problem, underWay: null }, isKnown ? undefined : "queue.pull-failed");
  }

  /** Its state is the queue's to change; only what is known of the pull request is written. */
  #note(id: EntryId, change: Partial<PullRequest>, event?: string): void {
    const { store } = this.#parts;
    store.write("queue", (record) => {
      const entry = store.entries.find(id);
      if (!entry?.pullRequest) return;
      const pullRequest = { ...entry.pullRequest, ...change };
      store.entries.update(id, { pullRequest });
      if (event === undefined) return;
      const { task, project } = entry;
      const { remote, number, url, problem } = pullRequest;
      record(event, id, { task, project, remote, number, url, reason: problem?.text ?? null });
    });
  }
}
