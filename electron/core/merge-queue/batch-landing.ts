import { behindReason, isHeldByCheckout } from "../../../shared/model/held-by-checkout.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Store } from "../store/store.ts";
import type { BuiltEntry } from "./check-work.ts";
import { asideReason } from "./describe-batch.ts";
import type { EntrySteps } from "./entry-steps.ts";
import type { HeldStack } from "./held-stack.ts";
import type { LandingWork } from "./landing-work.ts";
import type { QueueGate } from "./queue-gate.ts";
import type { EntryEvent } from "./queue-machine.ts";
import type { QueuePlace } from "./queue-place.ts";
import type { QueueRefs } from "./queue-refs.ts";
import type { Chain } from "./read-queue.ts";

export interface BatchLandingParts {
  readonly store: Store;
  readonly steps: EntrySteps;
  readonly gate: QueueGate;
  readonly landings: LandingWork;
  readonly refs: QueueRefs;
  readonly stack: HeldStack;
  readonly place: Pick<QueuePlace, "proposesTo">;
}

/** What is left of the chain after it; `not-landed`: as they are now they may not land, and all is planned anew. */
type Left = Chain | null | "not-landed";

/** Lands what passed together, puts it on the stack of what the person's checkout holds, and lands that in its order. */
export class BatchLanding {
  readonly #parts: BatchLandingParts;

  constructor(parts: BatchLandingParts) {
    this.#parts = parts;
  }

  async land(project: Project, chain: Chain, upTo: number): Promise<Left> {
    const members = chain.members.slice(0, upTo);
    const [first] = members;
    if (first && this.#parts.place.proposesTo(project) !== null) {
      this.#parts.steps.apply(first.entry.id, this.passedEvent(project, first), "queue");
      // What was tested on top of it is tested again without it: it may never land.
      return "not-landed";
    }
    const outcome = await this.#move(project, chain.target, members);
    if (outcome === "not-landed") return outcome;
    if (outcome === "landed") return this.#after(chain, upTo, null);
    this.#parts.stack.push(members, chain.target);
    return this.#after(chain, upTo, chain.root);
  }

  /** Verified on top of what the checkout holds: it lands after that, as it was tested. */
  pile(chain: Chain, upTo: number): Chain | null {
    const { stack } = this.#parts;
    const members = chain.members.slice(0, upTo);
    const reason = behindReason(stack.first?.members.map(({ entry }) => entry.id) ?? []);
    this.#applyToAll(members, { kind: "hindered", reason, files: [] });
    stack.push(members, chain.target);
    return this.#after(chain, upTo, chain.root);
  }

  /** The first that is held; what is tested on top of it meanwhile stays as it is. */
  async landHeld(project: Project, chain: Chain | null): Promise<Left> {
    const { stack } = this.#parts;
    const { members = [], from } = stack.first ?? {};
    const tip = members.at(-1);
    if (!tip || from === undefined) return chain;
    this.#applyToAll(members, { kind: "let-through" });
    const outcome = await this.#move(project, from, members);
    if (outcome === "not-landed") return outcome;
    if (outcome === "held") stack.block();
    else stack.shift();
    const root = outcome === "held" ? from : tip.candidate;
    return chain && { ...chain, root, beneath: stack.ids };
  }

  /** The first of the chain does not go on top of what is held. */
  setAside(chain: Chain, { entry }: BuiltEntry): Chain {
    const { steps, stack } = this.#parts;
    steps.apply(entry.id, { kind: "put-back", reason: asideReason(stack.ids) }, "queue");
    stack.setAside([entry.id]);
    return { ...chain, members: [] };
  }

  /** What the project says now counts, not what it said when the checks began. */
  passedEvent(project: Project, { entry, tree }: BuiltEntry): EntryEvent {
    const { store, gate, place } = this.#parts;
    const remote = place.proposesTo(project);
    const waits = gate.whyWait(project, store.entries.find(entry.id) ?? entry);
    const proposal = remote === null ? null : { remote, target: project.target };
    return { kind: "passed", tree, waits, needsApproval: project.approve === "human", proposal };
  }

  /** Announced, moved, and what came of it written down. `held`: the person's checkout is in the way. */
  async #move(
    project: Project,
    from: Oid,
    members: readonly BuiltEntry[],
  ): Promise<"landed" | "held" | "not-landed"> {
    const { store, steps, landings, refs } = this.#parts;
    const tip = members.at(-1);
    if (!tip) throw new Error("a batch of nothing cannot land");
    const { name, target } = project;
    const landing = steps.beginLanding(
      { project: name, target, from, to: tip.candidate },
      members.map((each) => ({ id: each.entry.id, event: this.passedEvent(project, each) })),
    );
    // One of them may not land as it is now, e.g. because a person's yes is wanted since it was built.
    if (!landing) return "not-landed";
    const eventOf = await landings.land(landing);
    steps.endLanding(landing, eventOf);
    for (const id of landing.entries) await refs.tidy(id);
    if (eventOf(tip.entry.id).kind === "moved") return "landed";
    const now = store.entries.find(tip.entry.id);
    return now && isHeldByCheckout(now) ? "held" : "not-landed";
  }

  /** What was built on top stays as it is. `root`: where the target stands; null: at the last of them. */
  #after(chain: Chain, upTo: number, root: Oid | null): Chain | null {
    const tip = chain.members[upTo - 1];
    const members = chain.members.slice(upTo);
    if (!tip || members.length === 0) return null;
    const ground = { target: tip.candidate, targetTree: tip.tree };
    const beneath = this.#parts.stack.ids;
    return { ...chain, ...ground, root: root ?? tip.candidate, beneath, members };
  }

  #applyToAll(members: readonly BuiltEntry[], event: EntryEvent): void {
    this.#parts.steps.applyAll(new Map(members.map(({ entry }) => [entry.id, event])), "queue");
  }
}
