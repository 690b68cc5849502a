import type { EntryId } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { bitsOf, branchOf, entryOf, taskOf } from "./invented-ids.ts";
import { OUTCOMES_REMEMBERED, planBatchSize } from "./plan-batch-size.ts";
import { type PlannedEntry, planBatches, type QueuePlan, type QueueView } from "./plan-batches.ts";

/** For tests and benchmarks only: a branch of which the truth is known. Others are named by their place in the queue. */
export interface InventedBranch {
  readonly isBad: boolean;
  /** Others with which it fails together; each alone is green. */
  readonly clashesWith?: readonly number[];
  /** Others whose text it conflicts with. */
  readonly conflictsWith?: readonly number[];
  /** Has to land first. */
  readonly parent?: number | null;
  readonly needsApproval?: boolean;
  readonly isHotfix?: boolean;
}

export interface PlayedQueue {
  /** In the order of landing, by landing. */
  readonly landings: readonly (readonly number[])[];
  readonly returned: readonly { readonly branch: number; readonly why: "red" | "conflict" }[];
  /** Runs of checks on candidates, in their order. */
  readonly runs: readonly { readonly upTo: number; readonly isGreen: boolean }[];
  /** How many of them went on beside each other, each time. */
  readonly runSteps: readonly number[];
  /** How often the target itself was checked before somebody was blamed. */
  readonly targetRuns: number;
}

/** A queue that never comes to rest is a fault of the planner. */
const STEPS_MAX = 100_000;

/**
 * For tests and benchmarks only: plays a queue of branches that are all ready at once, to its end, with the planner that the app uses.
 * `isFlaky` is asked at each run of a tree that is good, and makes it red all the same. A number fixes the size of the batches.
 */
export function playQueue(world: {
  readonly branches: readonly InventedBranch[];
  readonly isFlaky: () => boolean;
  readonly size: "learned" | number;
  readonly mode?: QueueView["mode"];
  /** Asked at each landing: whether the person's checkout is in its way. Once all rests it is looked at again. */
  readonly isBlocked?: () => boolean;
  /** 1 unless told. */
  readonly sections?: number;
}): PlayedQueue {
  const table = new Table(world);
  for (let step = 0; step < STEPS_MAX; step++) {
    const plan = planBatches(table.view());
    if (plan.kind === "rest" && !table.lookAtHeld()) return table;
    table.carryOut(plan, world.isFlaky);
  }
  throw new Error(`the queue did not come to rest in ${STEPS_MAX} steps`);
}

/** Whether checks pass on a target that these have landed on. */
export function isGood(branches: readonly InventedBranch[], on: readonly number[]): boolean {
  return on.every((each) => {
    const branch = branches[each];
    return branch && !branch.isBad && !branch.clashesWith?.some((other) => on.includes(other));
  });
}

/** Whether its text conflicts with any of those. */
export function hasConflict(
  branches: readonly InventedBranch[],
  branch: number,
  on: readonly number[],
): boolean {
  const names = (one: number, other: number) => branches[one]?.conflictsWith?.includes(other);
  return on.some((other) => names(branch, other) || names(other, branch));
}

interface BuiltMember {
  readonly branch: number;
  /** All that its tree has, one bit each. */
  readonly tree: bigint;
}

class Table implements PlayedQueue {
  readonly landings: (readonly number[])[] = [];
  readonly returned: { readonly branch: number; readonly why: "red" | "conflict" }[] = [];
  readonly runs: { readonly upTo: number; readonly isGreen: boolean }[] = [];
  readonly runSteps: number[] = [];
  targetRuns = 0;
  readonly #branches: readonly InventedBranch[];
  readonly #size: "learned" | number;
  readonly #mode: QueueView["mode"];
  readonly #sections: number;
  readonly #isBlocked: () => boolean;
  #stack: readonly (readonly BuiltMember[])[] = [];
  #aside = new Set<EntryId>();
  #isFree = false;
  readonly #states: ("queued" | "checking" | "held" | "landed" | "returned")[];
  readonly #approved = new Set<number>();
  readonly #verdicts = new Map<bigint, { isGreen: boolean; reds: number }>();
  readonly #outcomes: boolean[] = [];
  #target = 0n;
  #chain: readonly BuiltMember[] = [];
  #deferred = new Set<EntryId>();

  constructor({
    branches,
    size,
    mode = "land",
    sections = 1,
    isBlocked = () => false,
  }: Omit<Parameters<typeof playQueue>[0], "isFlaky">) {
    this.#isBlocked = isBlocked;
    this.#branches = branches;
    this.#size = size;
    this.#mode = mode;
    this.#sections = sections;
    this.#states = branches.map(() => "queued");
  }

  view(): QueueView {
    return {
      mode: this.#mode,
      entries: this.#branches.flatMap((branch, at) => this.#plannedEntry(branch, at)),
      chain: this.#chain.map(({ branch, tree }) => {
        const { isGreen, reds } = this.#verdictOn(tree);
        return { id: entryOf(branch), isGreen, reds };
      }),
      deferred: this.#deferred,
      passed: new Set(),
      held: this.#held(),
      sections: this.#sections,
      size: this.#size === "learned" ? planBatchSize(this.#history()) : this.#size,
      isTargetGood: this.#verdictOn(this.#target).isGreen,
      retries: 1,
    };
  }

  carryOut(plan: QueuePlan, isFlaky: () => boolean): void {
    switch (plan.kind) {
      case "build":
        this.#build(plan.keep, plan.entries);
        return;
      case "run": {
        this.runSteps.push(plan.beside.length + 1);
        for (const upTo of [...plan.beside, plan.upTo]) {
          const tree = this.#member(upTo).tree;
          const isGreen = isGood(this.#branches, bitsOf(tree)) && !isFlaky();
          this.#note(tree, isGreen);
          this.runs.push({ upTo, isGreen });
        }
        return;
      }
      case "check-target":
        this.targetRuns += 1;
        this.#note(this.#target, isGood(this.#branches, bitsOf(this.#target)));
        return;
      case "ask-approval":
        this.#approved.add(this.#member(1).branch);
        return;
      case "land":
        if (this.#isBlocked()) this.#pile(plan.upTo);
        else this.#land(plan.upTo);
        return;
      case "blame":
        this.#return(this.#member(1).branch, "red");
        this.#chain = [];
        return;
      case "stack":
        this.#pile(plan.upTo);
        return;
      case "land-held":
        this.#landHeld();
        return;
      case "set-aside": {
        const { branch } = this.#member(1);
        this.#states[branch] = "queued";
        this.#aside.add(entryOf(branch));
        this.#chain = [];
        return;
      }
      case "rest":
        return;
      default:
        unreachable(plan);
    }
  }

  /** Whether there is something that may land by now. */
  lookAtHeld(): boolean {
    this.#isFree = this.#stack.length > 0;
    return this.#isFree;
  }

  #held(): QueueView["held"] {
    const branches = this.#stack.flat().map(({ branch }) => branch);
    const isHotfix = this.#branches[branches[0] ?? -1]?.isHotfix === true;
    const tasks = new Set(branches.map(taskOf));
    return { depth: this.#stack.length, isFree: this.#isFree, isHotfix, tasks, aside: this.#aside };
  }

  #pile(upTo: number): void {
    const members = this.#chain.slice(0, upTo);
    for (const { branch } of members) this.#states[branch] = "held";
    this.#stack = [...this.#stack, members];
    this.#chain = this.#chain.slice(upTo);
  }

  #landHeld(): void {
    const [first = [], ...rest] = this.#stack;
    if (this.#isBlocked()) {
      this.#isFree = false;
      return;
    }
    this.#stack = rest;
    this.#isFree = rest.length > 0;
    this.#aside.clear();
    this.#settle(first);
  }

  #giveUpHeld(): void {
    for (const { branch } of this.#stack.flat()) this.#states[branch] = "queued";
    this.#stack = [];
    this.#aside.clear();
    this.#isFree = false;
  }

  #plannedEntry(branch: InventedBranch, at: number): readonly PlannedEntry[] {
    const state = this.#states[at];
    if (state !== "queued" && state !== "checking") return [];
    const { parent = null } = branch;
    const isFree = parent === null || this.#states[parent] === "landed";
    const waitsFor = isFree ? [] : [taskOf(parent)];
    const needsApproval = branch.needsApproval === true && !this.#approved.has(at);
    const { isHotfix = false } = branch;
    return [{ id: entryOf(at), task: taskOf(at), state, waitsFor, needsApproval, isHotfix }];
  }

  #build(keep: number, entries: readonly EntryId[]): void {
    const [first] = entries;
    const isHot = first !== undefined && this.#branches[branchOf(first)]?.isHotfix === true;
    if (keep === 0 && isHot && !this.#held().isHotfix) this.#giveUpHeld();
    const chain = this.#chain.slice(0, keep);
    if (keep === 0) this.#deferred = new Set();
    const ground = this.#stack.flat().at(-1)?.tree ?? this.#target;
    for (const id of entries) {
      const branch = branchOf(id);
      const tip = chain.at(-1)?.tree ?? ground;
      if (hasConflict(this.#branches, branch, bitsOf(tip))) {
        if (tip === this.#target) this.#return(branch, "conflict");
        else {
          this.#states[branch] = "queued";
          this.#deferred.add(id);
          if (this.#stack.length > 0) this.#aside.add(id);
        }
        break;
      }
      this.#states[branch] = "checking";
      chain.push({ branch, tree: tip | (1n << BigInt(branch)) });
    }
    this.#chain = chain;
  }

  #land(upTo: number): void {
    const members = this.#chain.slice(0, upTo);
    this.#chain = this.#chain.slice(upTo);
    this.#settle(members);
  }

  #settle(members: readonly BuiltMember[]): void {
    const landed = members.map(({ branch }) => branch);
    this.#target = members.at(-1)?.tree ?? this.#target;
    for (const branch of landed) {
      this.#states[branch] = "landed";
      this.#outcomes.push(true);
    }
    this.landings.push(landed);
  }

  #return(branch: number, why: "red" | "conflict"): void {
    this.#states[branch] = "returned";
    this.returned.push({ branch, why });
    if (why === "red") this.#outcomes.push(false);
  }

  #history() {
    const last = this.#outcomes.slice(-OUTCOMES_REMEMBERED);
    return { all: last.length, bad: last.filter((isGreen) => !isGreen).length };
  }

  #verdictOn(tree: bigint) {
    return this.#verdicts.get(tree) ?? { isGreen: false, reds: 0 };
  }

  #note(tree: bigint, isGreen: boolean): void {
    const known = this.#verdictOn(tree);
    const reds = known.reds + (isGreen ? 0 : 1);
    this.#verdicts.set(tree, { isGreen: known.isGreen || isGreen, reds });
  }

  #member(upTo: number): BuiltMember {
    const member = this.#chain[upTo - 1];
    if (!member) throw new Error(`the planner asks for ${upTo} of ${this.#chain.length} members`);
    return member;
  }
}
