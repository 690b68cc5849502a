import type { EntryId, ProjectName } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { resolveBranch, treeOf } from "../git/repository.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { CandidateWork } from "./candidate-work.ts";
import type { BuiltEntry, CheckWork } from "./check-work.ts";
import type { Resolvers } from "./conflict/resolvers.ts";
import { deferredReason, describeRun } from "./describe-batch.ts";
import type { EntrySteps } from "./entry-steps.ts";
import type { HeldStack } from "./held-stack.ts";
import type { ParallelRuns } from "./parallel-runs.ts";
import type { QueuePlan } from "./plan-batches.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import type { QueueRefs } from "./queue-refs.ts";
import type { Chain, QueueReader } from "./read-queue.ts";
import type { RunTimer } from "./run-round.ts";

export interface ChainWorkParts {
  readonly store: Store;
  readonly steps: EntrySteps;
  readonly place: QueuePlace;
  readonly reader: QueueReader;
  readonly candidates: CandidateWork;
  readonly checks: CheckWork;
  readonly parallel: ParallelRuns;
  readonly resolvers: Pick<Resolvers, "refuseRed">;
  readonly refs: QueueRefs;
  readonly pause: (reason: string) => void;
}

type Plan<K extends QueuePlan["kind"]> = QueuePlan & { readonly kind: K };

/** What is done to a chain before it lands: it is built, checked and, where it fails, blamed on its first member. */
export class ChainWork {
  readonly #project: ProjectName;
  readonly #parts: ChainWorkParts;

  constructor(project: ProjectName, parts: ChainWorkParts) {
    this.#project = project;
    this.#parts = parts;
  }

  /** Gives the chain as it is after each step. Where an entry does not go on top, the rest of the plan is left. */
  async *build(
    known: Chain | null,
    plan: Plan<"build">,
    stack: HeldStack,
    signal: AbortSignal,
  ): AsyncGenerator<Chain> {
    const { place, candidates } = this.#parts;
    let chain =
      known && plan.keep > 0
        ? { ...known, members: known.members.slice(0, plan.keep) }
        : await this.#newChain(stack, signal);
    yield chain;
    await candidates.prepare(place.project(this.#project), chain.root, signal);
    for (const id of plan.entries) {
      const before = chain;
      chain = await this.#add(chain, id, signal);
      yield chain;
      if (chain.members.length === before.members.length) return;
    }
  }

  /** There is a verdict after it, or a reason why there is none. */
  async check(chain: Chain, plan: Plan<"run">, signal: AbortSignal): Promise<void> {
    this.#note(plan, chain);
    const failing = new AbortController();
    const joint = AbortSignal.any([signal, failing.signal]);
    const { parallel, place } = this.#parts;
    const cuts = [0, ...plan.beside, plan.upTo];
    using round = parallel.begin(place.project(this.#project), cuts.length - 1);
    const runs = cuts.slice(1).map((upTo, at) => {
      const section = { from: cuts[at] ?? 0, upTo, lane: at + 1, timer: round.timer() };
      return this.#checkSection(chain, section, joint).catch((error: unknown) => {
        // The others are of no use without it, and nothing may go on in their pool worktrees when the next step begins.
        failing.abort(error);
        throw error;
      });
    });
    const ended = await Promise.allSettled(runs);
    const failed = ended.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
    parallel.keep(round);
  }

  async #checkSection(
    chain: Chain,
    section: {
      readonly from: number;
      readonly upTo: number;
      readonly lane: number;
      readonly timer: RunTimer;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const { reader, checks } = this.#parts;
    const { from, upTo, ...how } = section;
    const members = chain.members.slice(0, upTo);
    const last = members.at(-1);
    if (!last) return;
    const { failed } = reader.judge(chain, upTo);
    const own = members.slice(from);
    const breakage = await checks.run(members, chain.target, signal, { ...how, own });
    const times = (chain.broken.get(last.tree)?.times ?? 0) + 1;
    if (breakage) chain.broken.set(last.tree, { ...breakage, times });
    else chain.broken.delete(last.tree);
    const isGreen = reader.judge(chain, upTo).isGreen;
    if (failed && isGreen) checks.noteFlaky(last.entry, failed);
  }

  /** Null: the check that the first member fails passes on the target. Else what is wrong with the target. */
  checkTarget(chain: Chain, { entry }: BuiltEntry, signal: AbortSignal): Promise<string | null> {
    const failed = this.#parts.reader.failedAlone(chain);
    if (!failed) throw new Error("the target is suspected of nothing");
    return this.#parts.checks.checkTarget(entry, chain.target, failed, signal);
  }

  async blame(chain: Chain, { entry, tree }: BuiltEntry): Promise<void> {
    const { reader, checks, steps, refs, resolvers } = this.#parts;
    const broken = chain.broken.get(tree) ?? null;
    const event = await checks.blame(entry, chain.target, broken, reader.failedAlone(chain));
    const again = event.kind === "failed" ? resolvers.refuseRed(entry, event.handback) : null;
    steps.apply(entry.id, again ?? event, "queue");
    await refs.tidy(entry.id);
  }

  async #newChain(stack: HeldStack, signal: AbortSignal): Promise<Chain> {
    const { place, checks } = this.#parts;
    const project = place.project(this.#project);
    place.forget(project);
    const repo = await place.repository(project);
    const root =
      (await place.ground(project, signal)) ?? (await resolveBranch(repo, project.target, signal));
    const ground = stack.ground() ?? { target: root, targetTree: await treeOf(repo, root, signal) };
    const beneath = stack.ids;
    await checks.lookAround(project, signal);
    return { root, ...ground, beneath, members: [], deferred: new Set(), broken: new Map() };
  }

  async #add(chain: Chain, id: EntryId, signal: AbortSignal): Promise<Chain> {
    const { candidates, pause, refs } = this.#parts;
    this.#apply(id, { kind: "taken" });
    const entry = this.#entry(id);
    // Taken out in this very moment.
    if (entry?.state !== "preparing") return chain;
    const tip = chain.members.at(-1)?.candidate ?? chain.target;
    const outcome = await candidates.build(entry, { target: chain.root, tip }, signal);
    switch (outcome.kind) {
      case "built": {
        const { commit: candidate, tree } = outcome;
        this.#apply(id, { kind: "built", base: tip, candidate, tree });
        const built = this.#entry(id);
        if (built?.state !== "checking") return chain;
        return { ...chain, members: [...chain.members, { entry: built, candidate, tree }] };
      }
      case "deferred": {
        const members = chain.members.map((member) => member.entry.id);
        const reason = deferredReason(chain.beneath, members);
        this.#apply(id, { kind: "put-back", reason });
        return { ...chain, deferred: new Set([...chain.deferred, id]) };
      }
      case "left-out":
        if (outcome.pause !== undefined) pause(outcome.pause);
        this.#apply(id, outcome.event);
        await refs.tidy(id);
        return chain;
      default:
        return unreachable(outcome);
    }
  }

  #note(plan: Plan<"run">, { members }: Chain): void {
    const entries = members.map(({ entry }) => entry.id);
    const events = entries.map((id): [EntryId, EntryEvent] => {
      const batch = { entries, testing: plan.upTo };
      return [id, { kind: "noted", reason: describeRun(plan, entries, id), batch }];
    });
    this.#parts.steps.applyAll(new Map(events), "queue");
  }

  #apply(id: EntryId, event: EntryEvent): void {
    this.#parts.steps.apply(id, event, "queue");
  }

  #entry(id: EntryId): EntryRecord | undefined {
    return this.#parts.store.entries.find(id);
  }
}
