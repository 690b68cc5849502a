import { isHeldByCheckout } from "../../../shared/model/held-by-checkout.ts";
import type { EntryId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { BuiltEntry } from "./check-work.ts";
import { PASSED } from "./describe-batch.ts";
import type { EntrySteps } from "./entry-steps.ts";
import { HeldStack } from "./held-stack.ts";
import { movedReason } from "./landing-work.ts";
import type { QueuePlan } from "./plan-batches.ts";
import type { QueueGate } from "./queue-gate.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import type { Chain, QueueReader } from "./read-queue.ts";

export interface WorkInHandParts {
  readonly store: Store;
  readonly steps: EntrySteps;
  readonly place: QueuePlace;
  readonly gate: QueueGate;
  readonly reader: QueueReader;
}

type Plan<K extends QueuePlan["kind"]> = QueuePlan & { readonly kind: K };

/**
 * What a queue has built and tested and not landed: the chain, what the checkout holds beneath it, and what has passed while nothing
 * may land. It is in memory alone; what is put down waits in its place, and built anew it has the same trees.
 */
export class WorkInHand {
  chain: Chain | null = null;
  readonly stack: HeldStack;
  readonly #parts: WorkInHandParts;
  /** Asked whenever it is needed: its row can change at any time. */
  readonly #project: () => Project;
  #passed: ReadonlySet<EntryId> = new Set();
  /** Why what has passed did not land when it was last looked at. */
  #why: string | null = null;

  constructor(parts: WorkInHandParts, project: () => Project) {
    this.#parts = parts;
    this.#project = project;
    this.stack = new HeldStack(parts);
  }

  /** What was tested as far as it goes while nothing may land. */
  passed(): ReadonlySet<EntryId> {
    const why = this.#parts.gate.whyWait(this.#project(), { hotfixAt: null });
    if (why !== this.#why) this.#passed = new Set();
    this.#why = why;
    return this.#passed;
  }

  /** The target has moved: what was tested on it as it was is tested again. */
  forgetPassed(): void {
    this.#passed = new Set();
  }

  built(): { readonly chain: Chain; readonly first: BuiltEntry } {
    const first = this.chain?.members[0];
    if (!this.chain || !first) throw new Error("nothing was built");
    return { chain: this.chain, first };
  }

  /** Whose work it is that this plan does. */
  worked(plan: QueuePlan): readonly EntryId[] {
    const beneath = this.stack.ids;
    const members = this.chain?.members.map(({ entry }) => entry.id) ?? [];
    if (plan.kind === "build") {
      return [...beneath, ...members.slice(0, plan.keep), ...plan.entries];
    }
    return [...beneath, ...members.slice(0, plan.kind === "run" ? plan.upTo : 1)];
  }

  /** What stands on an entry that was taken out, or on a target that has moved, lands no more as it is. */
  async trim(signal: AbortSignal): Promise<void> {
    await this.#trimChain(signal);
    this.#trimStack();
  }

  async #trimChain(signal: AbortSignal): Promise<void> {
    const root = this.stack.first?.from ?? this.chain?.root;
    if (root === undefined) return;
    const members = this.chain?.members ?? [];
    const { place } = this.#parts;
    const project = this.#project();
    if ((await place.ground(project, signal)) !== root) {
      this.putDown("all", () => movedReason(project.target));
      return;
    }
    // Its checks were taken away meanwhile: built anew, it says so.
    if (members.some(({ entry }) => place.lacksChecks(project, entry))) {
      this.putDown("all", () => null);
      return;
    }
    const end = members.findIndex(({ entry }) => this.#entry(entry.id)?.state !== "checking");
    if (end !== -1 && this.chain) this.chain = { ...this.chain, members: members.slice(0, end) };
  }

  /** What stands on one that was held and is no more is planned anew; while landing waits for a person, all of it is. */
  #trimStack(): void {
    const first = this.stack.first?.members[0];
    if (!first) return;
    const entry = this.#entry(first.entry.id) ?? first.entry;
    const why = this.#parts.gate.whyWait(this.#project(), entry);
    if (why !== null) this.putDown("all", () => why);
    else if (this.stack.cut().length > 0) this.putDown("loose", () => null);
  }

  /** Those that a hot fix has overtaken while they were under check. */
  leaveBehind({ keep, entries }: Plan<"build">): void {
    const [first] = entries;
    if (keep > 0 || !first || !this.#entry(first)?.hotfixAt) return;
    // What is held and a hot fix itself is not overtaken.
    const which = this.stack.isHotfix ? "chain" : "all";
    this.putDown(which, (id) => (id === first ? null : `waits for the hot fix ${first}`));
  }

  /** Nothing stays under check while nothing is done. */
  rest(plan: Plan<"rest">): void {
    const { chain } = this;
    const ids = chain?.members.map(({ entry }) => entry.id) ?? [];
    if (chain && plan.why === "passed")
      this.#passed = new Set([...this.#passed, ...ids, ...chain.deferred, ...plan.tested]);
    const lengths = ids.map((_, at) => at + 1);
    const green = lengths.findLast(
      (upTo) => chain && this.#parts.reader.judge(chain, upTo).isGreen,
    );
    const passed = ids.slice(0, green ?? 0);
    this.putDown("chain", (id) => (passed.includes(id) ? (this.#why ?? PASSED) : null));
  }

  /**
   * What is worked on waits in its place: what is being built; with `chain` also that, which is given up; with `all` what the
   * checkout holds too; with `loose` that of it which stands on nothing any more.
   */
  putDown(
    which: "preparing" | "chain" | "loose" | "all",
    reasonOf: (id: EntryId) => string | null,
  ): void {
    if (which !== "preparing") this.chain = null;
    if (which === "all") this.stack.clear();
    const kept = this.stack.ids;
    const { store, steps } = this.#parts;
    const open = store.entries.list({ project: this.#project().name, isOpen: true });
    const worked = open.filter((entry) => {
      if (entry.state === "preparing") return true;
      if (which === "preparing") return false;
      const isLoose = which !== "chain" && isHeldByCheckout(entry) && !kept.includes(entry.id);
      return entry.state === "checking" || isLoose;
    });
    const events = worked.map(({ id }): [EntryId, EntryEvent] => {
      return [id, { kind: "put-back", reason: reasonOf(id) }];
    });
    steps.applyAll(new Map(events), "queue");
  }

  #entry(id: EntryId): EntryRecord | undefined {
    return this.#parts.store.entries.find(id);
  }
}
