import type { Oid, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { PushState } from "../../../shared/model/push-state.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { laneOfTarget } from "../git/move-target.ts";
import { pushTarget } from "../git/push-target.ts";
import type { PushOutcome } from "../git/remote-branch.ts";
import { isAncestor, openRepository, readRef } from "../git/repository.ts";
import type { Store } from "../store/store.ts";
import { explainError } from "./explain-error.ts";
import { nextTry, planPush } from "./plan-push.ts";
import { ProjectRuns } from "./project-runs.ts";

export interface PublisherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Name of the remote that a project's landings are pushed to; null: none. */
  readonly remoteOf: (project: Project) => string | null;
}

interface Due {
  readonly project: Project;
  readonly remote: string;
  readonly commit: Oid;
  readonly state: PushState;
}

/**
 * Pushes what has landed, beside the queue and never in its way: a push that fails keeps nothing from landing.
 *
 * It follows the store alone: landings that are done, and in the project's row how far they are pushed. A push is written down
 * before git begins it, and done once more after a crash: git finds that it was made.
 */
export class Publisher implements AsyncDisposable {
  readonly #parts: PublisherParts;
  readonly #runs: ProjectRuns;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#runs = new ProjectRuns({
      ...parts,
      isConcerned: ({ state }) => state === "landed",
      work: (name, signal) => this.#pushDue(name, signal),
      failure: "what landed could not be pushed",
    });
  }

  run(): void {
    this.#runs.follow();
  }

  lookAgain(): void {
    this.#runs.wakeAll();
  }

  /** Tries now what waits to be tried again, and resolves when that has ended. Throws `wrong-state` where nothing is pushed. */
  async pushNow(name: ProjectName): Promise<void> {
    const { store, remoteOf } = this.#parts;
    const project = store.projects.find(name);
    if (!project) throw new SwitchyardError("not-found", `There is no project ${name}.`);
    if (remoteOf(project) === null)
      throw new SwitchyardError(
        "wrong-state",
        `Landings of ${name} are pushed nowhere.`,
        "Name a remote in .switchyard/config.yaml, such as: queue: { push: origin }",
      );
    const { push } = project.queue;
    if (push?.problem)
      this.#save(name, { ...push, problem: { ...push.problem, nextAt: null } }, null);
    this.#runs.wake(name);
    await this.#runs.settle(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runs[Symbol.asyncDispose]();
  }

  async #pushDue(name: ProjectName, signal: AbortSignal): Promise<void> {
    const due = this.#findDue(name);
    if (due) await this.#push(due, signal);
  }

  #findDue(name: ProjectName): Due | null {
    const { store, clock, remoteOf } = this.#parts;
    const project = store.projects.find(name);
    if (!project || store.fleet.read().isHalted) return null;
    const remote = remoteOf(project);
    const known = project.queue.push ?? null;
    if (remote === null) {
      if (known) this.#save(name, null, null);
      return null;
    }
    const { target } = project;
    const isSame = known?.remote === remote && known.target === target;
    const commit = this.#newestLanding(project);
    const plan = planPush(commit, isSame ? known : null, clock.now().getTime());
    if (plan.kind === "rest" || commit === null) return null;
    const fresh = { remote, target, pushed: null, underWay: null, problem: null };
    return { project, remote, commit, state: isSame ? known : fresh };
  }

  /** One that was undone is none. */
  #newestLanding({ name, target }: Project): Oid | null {
    const { store } = this.#parts;
    const newest = store.landings
      .listDone(name)
      .findLast(
        (each) => each.target === target && store.entries.find(each.entry)?.state === "landed",
      );
    return newest?.to ?? null;
  }

  async #push(due: Due, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    const { name } = due.project;
    const begun = {
      ...due.state,
      underWay: { commit: due.commit, at: clock.now().toISOString() },
    };
    const outcome = await this.#tryPush(due, begun, signal).catch((error: unknown): PushOutcome => {
      signal.throwIfAborted();
      // What nobody has foreseen is put off like any other trouble: tried again at once it might go on so for ever.
      log.error({ error, project: name }, "what landed could not be pushed");
      const [text, hint] = [explainError(error), "It is tried again by itself."];
      return { kind: "failed", why: "set-up", text, hint };
    });
    if (outcome) this.#settle(name, begun, outcome);
  }

  /** Null: there is nothing to push after all. */
  async #tryPush(
    { project, remote, commit, state }: Due,
    begun: PushState,
    signal: AbortSignal,
  ): Promise<PushOutcome | null> {
    const { name, target } = project;
    const repo = await openRepository(project.path, signal).catch((error: unknown) => {
      if (error instanceof SwitchyardError) return error;
      throw error;
    });
    if (repo instanceof SwitchyardError) {
      const { message: text, hint } = repo;
      return { kind: "failed", why: "set-up", text, hint: hint ?? "" };
    }
    // Where nobody moves the target: an undo goes before it or sees it.
    const isBegun = await laneOfTarget({ repo, target }).run(async () => {
      const tip = await readRef(repo, `refs/heads/${target}`, signal);
      // Taken back this very moment, by an undo or by the person: there is nothing to push, and the rows follow.
      if (tip === null || !(await isAncestor(repo, commit, tip, signal))) return false;
      this.#save(name, begun, state.problem ? null : "queue.pushing");
      return true;
    });
    if (!isBegun) return null;
    const wasPushed = state.pushed !== null;
    return pushTarget({ repo, remote, target, commit, wasPushed, signal });
  }

  #settle(
    name: ProjectName,
    begun: PushState & { readonly underWay: NonNullable<PushState["underWay"]> },
    outcome: PushOutcome,
  ): void {
    const now = this.#parts.clock.now();
    const { commit, at: until } = begun.underWay;
    if (outcome.kind === "pushed") {
      const pushed = { commit, until, at: now.toISOString() };
      this.#save(name, { ...begun, pushed, underWay: null, problem: null }, "queue.pushed");
      return;
    }
    const { why: kind, text, hint } = outcome;
    const before = begun.problem;
    const isKnown = before?.kind === kind && before.text === text;
    const tries = before?.kind === kind ? before.tries + 1 : 1;
    const problem = {
      ...{ kind, text, hint, commit, tries },
      since: isKnown ? before.since : now.toISOString(),
      nextAt: nextTry(kind, tries, now.getTime()),
    };
    this.#save(name, { ...begun, underWay: null, problem }, isKnown ? null : "queue.push-failed");
  }

  /** The queue's own state may have changed meanwhile: only what is pushed is written. */
  #save(name: ProjectName, push: PushState | null, event: string | null): void {
    const { store } = this.#parts;
    store.write("queue", (record) => {
      const project = store.projects.find(name);
      if (!project) return;
      store.projects.update(name, { queue: { ...project.queue, push } });
      if (event === null || push === null) return;
      const { remote, target, underWay, pushed, problem } = push;
      const commit = underWay?.commit ?? problem?.commit ?? pushed?.commit ?? null;
      record(event, name, { remote, target, commit, reason: problem?.text ?? null });
    });
  }
}
