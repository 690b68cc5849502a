import { isHeldByCheckout } from "../../../shared/model/held-by-checkout.ts";
import type { EntryId, ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { isObjectGone } from "../git/is-object-gone.ts";
import { readRef } from "../git/repository.ts";
import type { EntryRecord, Landing } from "../store/store.ts";
import { BatchLanding } from "./batch-landing.ts";
import { ChainWork, type ChainWorkParts } from "./chain-work.ts";
import type { BuiltEntry } from "./check-work.ts";
import { PASSED } from "./describe-batch.ts";
import { explainError } from "./explain-error.ts";
import { HeldStack } from "./held-stack.ts";
import { type LandingWork, movedReason } from "./landing-work.ts";
import { planBatches, type QueuePlan } from "./plan-batches.ts";
import type { QueueGate } from "./queue-gate.ts";
import type { EntryEvent } from "./queue-machine.ts";
import { QueueRefs } from "./queue-refs.ts";
import type { Chain } from "./read-queue.ts";

export interface ProjectQueueParts extends Omit<ChainWorkParts, "refs"> {
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: QueueGate;
  readonly landings: LandingWork;
}

/** So often, without a landing between, a chain is made anew of which git has lost a part; then the queue stands still and says so. */
const REBUILDS_MAX = 5;

type Plan<K extends QueuePlan["kind"]> = QueuePlan & { readonly kind: K };

/**
 * Lands the entries of one project: does what `planBatches` says, step by step. The chain is in memory alone and can be lost at any
 * time: built anew it has the same trees, and verdicts are kept by tree.
 */
export class ProjectQueue {
  readonly #name: ProjectName;
  readonly #parts: ProjectQueueParts;
  readonly #refs: QueueRefs;
  readonly #work: ChainWork;
  readonly #ending = new AbortController();
  readonly #stack: HeldStack;
  readonly #landing: BatchLanding;
  #chain: Chain | null = null;
  #passed: ReadonlySet<EntryId> = new Set();
  /** Why what has passed did not land when it was last looked at. */
  #why: string | null = null;
  #isWanted = false;
  #rebuilds = 0;
  #run: Promise<void> | null = null;
  #look: Promise<unknown> | null = null;
  #current: { readonly entries: readonly EntryId[]; readonly leaving: AbortController } | null =
    null;

  constructor(project: ProjectName, parts: ProjectQueueParts) {
    this.#name = project;
    this.#parts = parts;
    this.#refs = new QueueRefs(project, {
      store: parts.store,
      clock: parts.clock,
      repository: () => parts.place.repository(this.#project()),
      report: (error, message) => this.#report(error, message),
    });
    this.#stack = new HeldStack(parts);
    this.#landing = new BatchLanding({ ...parts, refs: this.#refs, stack: this.#stack });
    this.#work = new ChainWork(project, { ...parts, refs: this.#refs });
  }

  /** Goes on as far as it can; asked again meanwhile, it looks once more before it rests. */
  wake(): void {
    this.#isWanted = true;
    if (this.#ending.signal.aborted) return;
    this.#run ??= this.#runOn()
      .catch((error: unknown) => this.#report(error, "the merge queue of a project stands still"))
      .finally(() => {
        this.#run = null;
        if (this.#isWanted) this.wake();
      });
  }

  /** Ends the build or the checks that this entry is part of; its state has been changed already. */
  stopWork(entry: EntryId): void {
    if (this.#current?.entries.includes(entry)) {
      this.#current.leaving.abort(new Error(`${entry} was taken out of work`));
    }
  }

  /** Ends what is under way for others than this hot fix and those before it. */
  makeRoomFor(hotfix: EntryId): void {
    const [first] = this.#current?.entries ?? [];
    if (!this.#current || !first || this.#entry(first).hotfixAt !== null) return;
    const { state } = this.#entry(hotfix);
    if (state !== "queued" && state !== "checking") return;
    this.#current.leaving.abort(new Error(`${hotfix} goes first`));
  }

  /** Finishes a landing that an earlier core announced and did not settle. */
  async settle(landing: Landing): Promise<void> {
    this.#parts.steps.endLanding(landing, await this.#parts.landings.land(landing));
    for (const id of landing.entries) await this.#refs.tidy(id);
  }

  /** Lets what the person's checkout holds land, once that is out of the way. */
  lookAtHeld(): void {
    if (this.#look || this.#stack.depth === 0 || this.#ending.signal.aborted) return;
    this.#look = this.#stack
      .look(this.#project(), this.#ending.signal)
      .then((isFree) => isFree && this.wake())
      .catch((error: unknown) => this.#report(error, "looking at held entries failed"))
      .finally(() => {
        this.#look = null;
      });
  }

  async dispose(): Promise<void> {
    this.#ending.abort(new Error("the merge queue is stopping"));
    await this.#run;
    await this.#look;
    await this.#refs.tidyClosed(this.#open());
  }

  async #runOn(): Promise<void> {
    this.#rebuilds = 0;
    while (this.#isWanted && !this.#ending.signal.aborted) {
      this.#isWanted = false;
      // Gone, with all that was in its queue.
      if (!this.#parts.store.projects.find(this.#name)) return;
      await this.#refs.lookAfter(this.#open());
      while (!this.#ending.signal.aborted && (await this.#step()));
    }
  }

  /** False: there is nothing to be done until something changes. */
  async #step(): Promise<boolean> {
    const leaving = new AbortController();
    const signal = AbortSignal.any([leaving.signal, this.#ending.signal]);
    try {
      await this.#trimChain(signal);
      this.#trimStack();
      const project = this.#project();
      const why = this.#parts.gate.whyWait(project, { hotfixAt: null });
      if (why !== this.#why) this.#passed = new Set();
      this.#why = why;
      const plan = planBatches(
        this.#parts.reader.read(project, this.#chain, this.#stack, this.#passed),
      );
      this.#current = { entries: this.#worked(plan), leaving };
      return await this.#carryOut(plan, signal);
    } catch (error) {
      // The next start begins anew what is cut off by an end.
      if (this.#ending.signal.aborted) return false;
      if (leaving.signal.aborted) {
        this.#putBack("preparing", () => null);
        return true;
      }
      if (isObjectGone(error) && this.#rebuilds < REBUILDS_MAX) {
        this.#rebuilds += 1;
        this.#putBack("all", () => null);
        return true;
      }
      const reason = explainError(error);
      this.#standStill(reason);
      this.#report(error, "an entry could not be worked on");
      return false;
    } finally {
      this.#current = null;
    }
  }

  async #carryOut(plan: QueuePlan, signal: AbortSignal): Promise<boolean> {
    switch (plan.kind) {
      case "build":
        this.#leaveBehind(plan);
        for await (const chain of this.#work.build(this.#chain, plan, this.#stack, signal)) {
          this.#chain = chain;
        }
        // What does not go on top of what is held does not go there with others either.
        if (this.#stack.depth > 0) this.#stack.setAside(this.#chain?.deferred ?? []);
        return true;
      case "run":
        await this.#work.check(this.#built().chain, plan, signal);
        return true;
      case "check-target": {
        const { chain, first } = this.#built();
        const problem = await this.#work.checkTarget(chain, first, signal);
        if (problem !== null) this.#standStill(problem);
        return problem === null;
      }
      case "blame": {
        const { chain, first } = this.#built();
        await this.#work.blame(chain, first);
        this.#chain = null;
        return true;
      }
      case "ask-approval": {
        const { first } = this.#built();
        this.#apply(first.entry.id, this.#landing.passedEvent(this.#project(), first));
        this.#chain = null;
        return true;
      }
      case "land": {
        this.#rebuilds = 0;
        this.#goOnWith(await this.#landing.land(this.#project(), this.#built().chain, plan.upTo));
        // What was tested on the target as it was is tested again.
        this.#passed = new Set();
        return true;
      }
      case "stack":
        this.#chain = this.#landing.pile(this.#built().chain, plan.upTo);
        return true;
      case "land-held":
        this.#goOnWith(await this.#landing.landHeld(this.#project(), this.#chain));
        return true;
      case "set-aside": {
        const { chain, first } = this.#built();
        this.#chain = this.#landing.setAside(chain, first);
        return true;
      }
      case "rest":
        this.#rest(plan);
        return false;
      default:
        return unreachable(plan);
    }
  }

  /** Whose work it is that this plan does. */
  #worked(plan: QueuePlan): readonly EntryId[] {
    const beneath = this.#stack.ids;
    const members = this.#chain?.members.map(({ entry }) => entry.id) ?? [];
    if (plan.kind === "build") {
      return [...beneath, ...members.slice(0, plan.keep), ...plan.entries];
    }
    return [...beneath, ...members.slice(0, plan.kind === "run" ? plan.upTo : 1)];
  }

  /** What stands on an entry that was taken out, or on a target that has moved, lands no more as it is. */
  async #trimChain(signal: AbortSignal): Promise<void> {
    const root = this.#stack.first?.from ?? this.#chain?.root;
    if (root === undefined) return;
    const members = this.#chain?.members ?? [];
    const project = this.#project();
    const repo = await this.#parts.place.repository(project);
    if ((await readRef(repo, `refs/heads/${project.target}`, signal)) !== root) {
      this.#putBack("all", () => movedReason(project.target));
      return;
    }
    // Its checks were taken away meanwhile: built anew, it says so.
    if (members.some(({ entry }) => this.#parts.place.lacksChecks(project, entry))) {
      this.#putBack("all", () => null);
      return;
    }
    const end = members.findIndex(({ entry }) => this.#entry(entry.id).state !== "checking");
    if (end !== -1 && this.#chain) {
      this.#chain = { ...this.#chain, members: members.slice(0, end) };
    }
  }

  /** What stands on one that was held and is no more is planned anew; while landing waits for a person, all of it is. */
  #trimStack(): void {
    const first = this.#stack.first?.members[0];
    if (!first) return;
    const why = this.#parts.gate.whyWait(this.#project(), this.#entry(first.entry.id));
    if (why !== null) this.#putBack("all", () => why);
    else if (this.#stack.cut().length > 0) this.#putBack("loose", () => null);
  }

  #goOnWith(left: Chain | null | "not-landed"): void {
    if (left === "not-landed") this.#putBack("all", () => null);
    else this.#chain = left;
  }

  /** Those that a hot fix has overtaken while they were under check. */
  #leaveBehind({ keep, entries }: Plan<"build">): void {
    const [first] = entries;
    if (keep > 0 || !first || this.#entry(first).hotfixAt === null) return;
    // What is held and a hot fix itself is not overtaken.
    const which = this.#stack.isHotfix ? "any" : "all";
    this.#putBack(which, (id) => (id === first ? null : `waits for the hot fix ${first}`));
  }

  /** Nothing stays under check while nothing is done. */
  #rest({ why }: Plan<"rest">): void {
    const chain = this.#chain;
    const ids = chain?.members.map(({ entry }) => entry.id) ?? [];
    if (chain && why === "passed") this.#passed = new Set([...ids, ...chain.deferred]);
    const lengths = ids.map((_, at) => at + 1);
    const green = lengths.findLast(
      (upTo) => chain && this.#parts.reader.judge(chain, upTo).isGreen,
    );
    const passed = ids.slice(0, green ?? 0);
    this.#putBack("any", (id) => (passed.includes(id) ? (this.#why ?? PASSED) : null));
  }

  #standStill(reason: string): void {
    this.#parts.pause(reason);
    this.#putBack("all", () => reason);
  }

  /**
   * What is worked on waits in its place: what is being built; with `any` also the chain, which is given up, with `all` what the
   * checkout holds too, with `loose` that of it which stands on nothing any more.
   */
  #putBack(
    which: "preparing" | "any" | "loose" | "all",
    reasonOf: (id: EntryId) => string | null,
  ): void {
    if (which !== "preparing") this.#chain = null;
    if (which === "all") this.#stack.clear();
    const kept = this.#stack.ids;
    const worked = this.#open().filter((entry) => {
      if (entry.state === "preparing") return true;
      if (which === "preparing") return false;
      const isLoose = which !== "any" && isHeldByCheckout(entry) && !kept.includes(entry.id);
      return entry.state === "checking" || isLoose;
    });
    const events = worked.map(({ id }): [EntryId, EntryEvent] => {
      return [id, { kind: "put-back", reason: reasonOf(id) }];
    });
    this.#parts.steps.applyAll(new Map(events), "queue");
  }

  #built(): { readonly chain: Chain; readonly first: BuiltEntry } {
    const first = this.#chain?.members[0];
    if (!this.#chain || !first) throw new Error("nothing was built");
    return { chain: this.#chain, first };
  }

  #apply(id: EntryId, event: EntryEvent): void {
    this.#parts.steps.apply(id, event, "queue");
  }

  #open(): readonly EntryRecord[] {
    return this.#parts.store.entries.list({ project: this.#name, isOpen: true });
  }

  #entry(id: EntryId): EntryRecord {
    const entry = this.#parts.store.entries.find(id);
    if (!entry) throw new Error(`the queue entry ${id} is gone`);
    return entry;
  }

  #project(): Project {
    return this.#parts.place.project(this.#name);
  }

  #report(error: unknown, message: string): void {
    if (this.#ending.signal.aborted) return;
    this.#parts.log.error({ error, project: this.#name }, message);
  }
}
