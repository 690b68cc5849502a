import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { noChecksReason } from "../../../shared/model/queue-pause.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { buildCandidate, type CandidateOutcome } from "../git/candidate.ts";
import type { NamedGround } from "../git/followed-target.ts";
import { type PoolWorktree, switchPool } from "../git/pool-worktree.ts";
import { hasCommit, mergeBase, type Repository, writeRef } from "../git/repository.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { isOfThisWork } from "./blame-git.ts";
import type { ConflictResolver } from "./conflict/conflict-resolver.ts";
import { isResolved, listResolutions } from "./conflict/resolutions.ts";
import type { Resolvers } from "./conflict/resolvers.ts";
import { explainError } from "./explain-error.ts";
import { FALLBACK_PERSON } from "./fallback-person.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import { queueRef } from "./queue-ref.ts";
import { summariseChange } from "./summarise-change.ts";
import type { WorkParents } from "./work-parents.ts";
import { conflictHandback, twinPathsHandback } from "./write-handback.ts";
import { landingMessage, landingTrailers } from "./write-landing-message.ts";

/** What a candidate is put on: the target itself, or the candidates that land before it. */
export interface Ground {
  readonly target: Oid;
  readonly tip: Oid;
}

export type BuildOutcome =
  | { readonly kind: "built"; readonly commit: Oid; readonly tree: Oid }
  /** It goes with what is on the target, but not with what is to land before it. */
  | { readonly kind: "deferred" }
  /** It is no part of the chain; `pause` stops the whole queue. */
  | { readonly kind: "left-out"; readonly event: EntryEvent; readonly pause?: string };

/** Makes the commits that would land, out of any checkout, and keeps them and the workers' heads reachable. */
export class CandidateWork {
  readonly #store: Store;
  readonly #place: QueuePlace;
  readonly #resolver: ConflictResolver;
  readonly #resolvers: Pick<Resolvers, "settle">;
  readonly #parents: Pick<WorkParents, "of">;

  constructor(
    store: Store,
    place: QueuePlace,
    resolver: ConflictResolver,
    resolvers: Pick<Resolvers, "settle">,
    parents: Pick<WorkParents, "of">,
  ) {
    this.#store = store;
    this.#place = place;
    this.#resolver = resolver;
    this.#resolvers = resolvers;
    this.#parents = parents;
  }

  /** Puts the pool worktree at the target, whose merge attributes count; once before candidates are built on it. */
  async prepare(project: Project, target: Oid, signal: AbortSignal): Promise<void> {
    await switchPool(await this.#place.pool(project, target, signal), target, signal);
  }

  async build(entry: EntryRecord, ground: Ground, signal: AbortSignal): Promise<BuildOutcome> {
    const project = this.#place.project(entry.project);
    const checks = this.#place.checks(project, [entry]);
    if (this.#place.lacksChecks(project, entry)) {
      const reason = noChecksReason(project.name);
      return { kind: "left-out", event: { kind: "put-back", reason }, pause: reason };
    }
    const repo = await this.#place.repository(project);
    if (!(await hasCommit(repo, entry.head, signal))) {
      const reason = `the commit ${entry.head} that was queued is gone`;
      return { kind: "left-out", event: { kind: "hindered", reason, files: [] } };
    }
    const pinned = queueRef(this.#store, "work", `${entry.id}/${entry.attempt}`);
    await writeRef(repo, pinned, entry.head, signal);
    const pool = await this.#place.pool(project, ground.target, signal);
    const naming = {
      ...entry,
      entry: entry.id,
      title: this.#title(entry),
      store: this.#store.identity,
      change:
        project.land === "squash" ? await readChange(repo, ground.tip, entry.head, signal) : null,
    };
    const make = (head: Oid) =>
      buildCandidate({
        repo,
        poolWorktree: pool.path,
        base: ground.tip,
        head,
        parent: this.#parents.of(entry)?.head ?? null,
        // How it is merged there is chosen there. What a merge commit of ours merged is what was tested, and is pushed.
        policy: this.#place.proposesTo(project) === null ? project.land : "merge",
        message: landingMessage(naming),
        trailers: landingTrailers(naming),
        fallback: FALLBACK_PERSON,
        signal,
      });
    let outcome: CandidateOutcome;
    try {
      outcome = await make(entry.head);
      if (outcome.kind === "conflict" && ground.tip === ground.target) {
        outcome = await this.#resolve(entry, pool, ground.target, make, signal, outcome);
      }
    } catch (error) {
      if (!(await isOfThisWork(error, pool, ground.target, signal))) throw error;
      if (ground.tip !== ground.target) return { kind: "deferred" };
      const reason = `git cannot put it on ${project.target}: ${explainError(error)}`;
      return { kind: "left-out", event: { kind: "hindered", reason, files: [] } };
    }
    if (outcome.kind === "built") {
      await writeRef(repo, queueRef(this.#store, "cand", entry.id), outcome.commit, signal);
      return outcome;
    }
    // What stands between it and the target may never land.
    if (ground.tip !== ground.target) return { kind: "deferred" };
    const target = await this.#place.nameGround(project, ground.target);
    const resolving =
      outcome.kind === "conflict" ? this.#resolvers.settle(entry, outcome.files) : null;
    return { kind: "left-out", event: resolving ?? refusal(outcome, target, checks) };
  }

  /** By what needs nobody's judgement, and by what was made of the work before, also for an older target. */
  async #resolve(
    entry: EntryRecord,
    pool: PoolWorktree,
    target: Oid,
    make: (head: Oid) => Promise<CandidateOutcome>,
    signal: AbortSignal,
    conflict: CandidateOutcome,
  ): Promise<CandidateOutcome> {
    const settle = async (head: Oid | undefined) => {
      if (head === undefined) return null;
      const settled = await this.#resolver.resolve({ ...entry, head }, pool, target, signal);
      return settled === null ? null : make(settled);
    };
    const reuse = async () => {
      const made = await listResolutions(this.#store, pool.repo, entry, signal);
      for (const head of made) {
        const outcome = await make(head);
        if (outcome.kind !== "conflict") return outcome;
      }
      return settle(made[0]);
    };
    // What somebody decided is not decided anew.
    const outcome = isResolved(this.#store, entry)
      ? ((await reuse()) ?? (await settle(entry.head)))
      : ((await settle(entry.head)) ?? (await reuse()));
    return outcome ?? conflict;
  }

  #title({ task, branch }: EntryRecord): string {
    return this.#store.tasks.find(task)?.title ?? branch;
  }
}

/** Of the commits that a squash takes together; null where they have nothing to do with the target. */
async function readChange(repo: Repository, tip: Oid, head: Oid, signal: AbortSignal) {
  const base = await mergeBase(repo, tip, head, signal);
  if (base === null) return null;
  return summariseChange(repo, { base, head, from: base, to: head }, signal);
}

function refusal(
  outcome: Exclude<CandidateOutcome, { kind: "built" }>,
  target: NamedGround,
  checks: Parameters<typeof conflictHandback>[2],
): EntryEvent {
  switch (outcome.kind) {
    case "contained":
      return { kind: "contained", base: target.oid };
    case "conflict": {
      const { files } = outcome;
      const handback = conflictHandback(target, files, checks);
      return { kind: "failed", reason: `conflicts with ${target.name}`, files, handback };
    }
    case "twin-paths": {
      const { files } = outcome;
      const reason = "some paths are one file where case or accents do not count";
      return { kind: "failed", reason, files, handback: twinPathsHandback(target, files) };
    }
    default:
      return unreachable(outcome);
  }
}
