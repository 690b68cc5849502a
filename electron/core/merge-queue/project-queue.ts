import type { EntryId, ProjectName, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { isObjectGone } from "../git/is-object-gone.ts";
import type { EntryRecord, Landing } from "../store/store.ts";
import { BatchLanding } from "./batch-landing.ts";
import { ChainWork, type ChainWorkParts } from "./chain-work.ts";
import { explainError } from "./explain-error.ts";
import type { LandingWork } from "./landing-work.ts";
import { planBatches, type QueuePlan } from "./plan-batches.ts";
import type { QueueGate } from "./queue-gate.ts";
import type { EntryEvent } from "./queue-machine.ts";
import { QueueRefs } from "./queue-refs.ts";
import type { Chain } from "./read-queue.ts";
import { WorkInHand } from "./work-in-hand.ts";
import type { WorkParents } from "./work-parents.ts";

export interface ProjectQueueParts extends Omit<ChainWorkParts, "refs"> {
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: QueueGate;
  readonly landings: LandingWork;
  readonly parents: WorkParents;
}

/** So often, without a landing between, a chain is made anew of which git has lost a part; then the queue stands still and says so. */
const REBUILDS_MAX = 3;

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
  readonly #hand: WorkInHand;
  readonly #landing: BatchLanding;
  #isWanted = false;
  #isTidy = false;
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
    this.#hand = new WorkInHand(parts, () => this.#project());
    this.#landing = new BatchLanding({ ...parts, refs: this.#refs, stack: this.#hand.stack });
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

  /** The task on whose work it was begun and that has to land first, as far as that is known by now. */
  begunOn(entry: EntryId): TaskId | null {
    return this.#parts.parents.waitsFor({ id: entry });
  }

  /** Finishes a landing that an earlier core announced and did not settle; one that may not land now, and was not begun, comes back. */
  async settle(landing: Landing): Promise<void> {
    const { gate, landings, steps } = this.#parts;
    const entries = landing.entries.map((id) => this.#entry(id));
    const [reason] = entries.flatMap((entry) => gate.whyWait(this.#project(), entry) ?? []);
    const isLeft = reason !== undefined && (await landings.isUnmade(landing));
    const eventOf = isLeft
      ? () => ({ kind: "came-back" as const, reason })
      : await landings.land(landing);
    steps.endLanding(landing, eventOf);
    for (const id of landing.entries) await this.#refs.tidy(id);
  }

  /** Lets what the person's checkout holds land, once that is out of the way. */
  lookAtHeld(): void {
    if (this.#look || this.#hand.stack.depth === 0 || this.#ending.signal.aborted) return;
    this.#look = this.#hand.stack
      .look(this.#project(), this.#ending.signal)
      .then((isFree) => isFree && this.wake())
      .catch((error: unknown) => this.#report(error, "looking at held entries failed"))
      .finally(() => {
        this.#look = null;
      });
  }

  async dispose(): Promise<void> {
    if (this.#ending.signal.aborted) return;
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
      await this.#tidyPools();
      await this.#refs.lookAfter(this.#open());
      while (!this.#ending.signal.aborted && (await this.#step()));
    }
  }

  /** Once, before this core works in them. */
  async #tidyPools(): Promise<void> {
    if (this.#isTidy) return;
    this.#isTidy = true;
    await this.#parts.place
      .tidyPools(this.#project())
      .catch((error: unknown) => this.#report(error, "a pool worktree could not be tidied"));
  }

  /** False: there is nothing to be done until something changes. */
  async #step(): Promise<boolean> {
    const leaving = new AbortController();
    const signal = AbortSignal.any([leaving.signal, this.#ending.signal]);
    try {
      await this.#hand.trim(signal);
      // A queue that stopped because git cannot be asked does not ask it again before a person says so.
      if (this.#parts.gate.mode(this.#project()) === "stopped") {
        this.#hand.rest({ kind: "rest", why: "stopped" });
        return false;
      }
      await this.#parts.parents.look(this.#project(), signal);
      const plan = planBatches(this.#parts.reader.read(this.#project(), this.#hand));
      this.#current = { entries: this.#hand.worked(plan), leaving };
      return await this.#carryOut(plan, signal);
    } catch (error) {
      // The next start begins anew what is cut off by an end.
      if (this.#ending.signal.aborted) return false;
      if (leaving.signal.aborted) {
        this.#hand.putDown("preparing", () => null);
        return true;
      }
      if (isObjectGone(error) && this.#rebuilds < REBUILDS_MAX) {
        this.#rebuilds += 1;
        this.#hand.putDown("all", () => null);
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
        await this.#build(plan, signal);
        await this.#parts.parallel.look(this.#name, signal);
        return true;
      case "run":
        await this.#work.check(this.#hand.built().chain, plan, signal);
        await this.#parts.parallel.look(this.#name, signal);
        return true;
      case "check-target": {
        const { chain, first } = this.#hand.built();
        const problem = await this.#work.checkTarget(chain, first, signal);
        if (problem !== null) this.#standStill(problem);
        return problem === null;
      }
      case "blame": {
        const { chain, first } = this.#hand.built();
        await this.#work.blame(chain, first);
        this.#hand.chain = null;
        return true;
      }
      case "ask-approval": {
        const { first } = this.#hand.built();
        this.#apply(first.entry.id, this.#landing.passedEvent(this.#project(), first));
        this.#hand.chain = null;
        return true;
      }
      case "land": {
        this.#rebuilds = 0;
        this.#goOnWith(
          await this.#landing.land(this.#project(), this.#hand.built().chain, plan.upTo),
        );
        this.#hand.forgetPassed();
        return true;
      }
      case "stack":
        this.#hand.chain = this.#landing.pile(this.#hand.built().chain, plan.upTo);
        return true;
      case "land-held":
        this.#goOnWith(await this.#landing.landHeld(this.#project(), this.#hand.chain));
        return true;
      case "set-aside": {
        const { chain, first } = this.#hand.built();
        this.#hand.chain = this.#landing.setAside(chain, first);
        return true;
      }
      case "rest":
        this.#hand.rest(plan);
        return false;
      default:
        return unreachable(plan);
    }
  }

  async #build(plan: Plan<"build">, signal: AbortSignal): Promise<void> {
    const hand = this.#hand;
    hand.leaveBehind(plan);
    for await (const chain of this.#work.build(hand.chain, plan, hand.stack, signal)) {
      hand.chain = chain;
    }
    // What does not go on top of what is held does not go there with others either.
    if (hand.stack.depth > 0) hand.stack.setAside(hand.chain?.deferred ?? []);
  }

  #goOnWith(left: Chain | null | "not-landed"): void {
    if (left === "not-landed") this.#hand.putDown("all", () => null);
    else this.#hand.chain = left;
  }

  #standStill(reason: string): void {
    this.#parts.pause(reason);
    this.#hand.putDown("all", () => reason);
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
