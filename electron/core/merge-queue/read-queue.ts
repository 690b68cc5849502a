import type { CheckResult } from "../../../shared/model/check.ts";
import type { EntryId, Oid, TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import { type Breakage, type BuiltEntry, type CheckWork, isReturnedForRed } from "./check-work.ts";
import type { HeldStack } from "./held-stack.ts";
import type { ParallelRuns } from "./parallel-runs.ts";
import { OUTCOMES_REMEMBERED, planBatchSize } from "./plan-batch-size.ts";
import type { QueueView } from "./plan-batches.ts";
import type { QueueGate } from "./queue-gate.ts";
import type { TestSettings } from "./tests/judge-tests.ts";
import type { WorkParents } from "./work-parents.ts";

/** What was built on the target as it stood, each on top of the one before it. */
export interface Chain {
  /** The target itself. */
  readonly root: Oid;
  /** What the first member stands on: the target, or the tip of what has passed and is held by the person's checkout. */
  readonly target: Oid;
  readonly targetTree: Oid;
  /** Those that are held and have to land before. */
  readonly beneath: readonly EntryId[];
  readonly members: readonly BuiltEntry[];
  readonly deferred: ReadonlySet<EntryId>;
  /** Checks that could not be run to an end, by tree. */
  readonly broken: Map<Oid, Breakage & { readonly times: number }>;
}

/** What is built and tested by now. */
interface ReadableWork {
  readonly chain: Chain | null;
  readonly stack: HeldStack;
  readonly passed: () => ReadonlySet<EntryId>;
}

export interface QueueReaderParts {
  readonly store: Store;
  readonly checks: CheckWork;
  readonly gate: QueueGate;
  readonly parents: Pick<WorkParents, "waitsFor">;
  /** How many are tested together. */
  readonly batchOf: (project: Project) => "auto" | number;
  readonly proposesTo: (project: Project) => string | null;
  readonly parallel: Pick<ParallelRuns, "atOnce">;
  /** What the settings say of the check with this command. */
  readonly testsOf: (project: Project, command: string) => Pick<TestSettings, "retries">;
}

/** One more run finds nearly all that are red by chance alone. */
const RETRIES = 1;

/** What the planner is asked about: the queue as the store has it, with what is known of the trees of a chain. */
export class QueueReader {
  readonly #parts: QueueReaderParts;

  constructor(parts: QueueReaderParts) {
    this.#parts = parts;
  }

  read(project: Project, hand: ReadableWork): QueueView {
    const { chain, stack } = hand;
    const members = chain?.members ?? [];
    return {
      mode: this.#parts.gate.mode(project),
      entries: this.open(project).map((entry) => ({
        ...entry,
        waitsFor: this.#waitsFor(entry),
        needsApproval: project.approve === "human" && entry.approvedAt === null,
        isHotfix: entry.hotfixAt !== null,
      })),
      chain: chain
        ? members.map(({ entry: { id } }, at) => ({ id, ...this.judge(chain, at + 1) }))
        : [],
      deferred: chain?.deferred ?? new Set(),
      passed: hand.passed(),
      held: this.#held(stack),
      size: this.#size(project),
      sections: this.#parts.parallel.atOnce(project),
      isTargetGood: !chain || members.length === 0 || this.#isTargetGood(project, chain),
      retries: this.#retries(project, chain),
    };
  }

  #waitsFor(entry: EntryRecord): readonly TaskId[] {
    const begunOn = this.#parts.parents.waitsFor(entry);
    const asked = listWaitedFor(this.#parts.store, entry.task);
    return begunOn === null ? asked : [...asked, begunOn];
  }

  #held({ depth, isFree, isHotfix, ids, aside }: HeldStack): QueueView["held"] {
    const { entries } = this.#parts.store;
    const tasks = new Set(ids.flatMap((id) => entries.find(id)?.task ?? []));
    return { depth, isFree, isHotfix, tasks, aside };
  }

  open({ name }: Project): readonly EntryRecord[] {
    return this.#parts.store.entries.list({ project: name, isOpen: true });
  }

  /** What is known of the tree of the first `upTo` members. */
  judge({ members, targetTree, broken }: Chain, upTo: number) {
    const judged = members.slice(0, upTo);
    const { greenAt, reds, failed, isFree } = this.#parts.checks.judge(judged, targetTree);
    const breakage = broken.get(judged.at(-1)?.tree ?? "");
    return { isGreen: isFree || greenAt !== null, reds: reds + (breakage?.times ?? 0), failed };
  }

  /** The check that the first member fails. */
  failedAlone(chain: Chain): CheckResult | null {
    const breakage = chain.broken.get(chain.members[0]?.tree ?? "");
    return breakage ? breakage.failed : this.judge(chain, 1).failed;
  }

  #isTargetGood(project: Project, chain: Chain): boolean {
    return this.#parts.checks.isTargetGood(project, chain.targetTree, this.failedAlone(chain));
  }

  #retries(project: Project, chain: Chain | null): number {
    const failed = chain && chain.members.length > 0 ? this.failedAlone(chain) : null;
    return (failed && this.#parts.testsOf(project, failed.command).retries) ?? RETRIES;
  }

  #size(project: Project): number {
    const { store, batchOf, proposesTo } = this.#parts;
    // Each is merged, or not, by itself.
    if (proposesTo(project) !== null) return 1;
    const size = batchOf(project);
    if (size !== "auto") return size;
    const outcomes = store.entries.listDecided(project.name, OUTCOMES_REMEMBERED);
    const bad = outcomes.filter(isReturnedForRed).length;
    // What the target had already says nothing, and has a reason.
    const good = outcomes.filter(({ state, reason }) => state === "landed" && !reason).length;
    return planBatchSize({ bad, all: bad + good });
  }
}

/** The tasks that have to land before this one. What is cancelled is waited for no more. */
export function listWaitedFor({ tasks }: Pick<Store, "tasks">, task: TaskId): readonly TaskId[] {
  return (tasks.find(task)?.after ?? []).filter((each) => {
    const status = tasks.find(each)?.status;
    return status !== undefined && status !== "landed" && status !== "cancelled";
  });
}
