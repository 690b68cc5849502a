import { isHeldByCheckout } from "../../../shared/model/held-by-checkout.ts";
import type { EntryId, Oid } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { findMoveBlocker } from "../git/move-target.ts";
import type { EntryRecord, Store } from "../store/store.ts";
import type { BuiltEntry } from "./check-work.ts";
import type { QueuePlace } from "./queue-place.ts";

/** A look every four seconds makes this a quarter of an hour. */
const LOOKS_LEFT_OUT_MAX = 225;

/** Entries that passed together and land as one once the person's checkout lets them. */
interface HeldBatch {
  readonly members: readonly BuiltEntry[];
  /** What the first of them was built on. */
  readonly from: Oid;
}

/** What candidates are put on while something is held: the tip of what has passed and not landed. */
interface HeldGround {
  readonly target: Oid;
  readonly targetTree: Oid;
}

/**
 * The batches of one project that have passed and cannot land, because the person's checkout is in the way of the first: each was
 * tested on top of the one before it. It is in memory alone: after a restart they are built anew, and their verdicts are known.
 *
 * Invariant: they land in this order, and only as they were tested; where one of them is taken out, all from its batch on are given up.
 */
export class HeldStack {
  readonly #store: Store;
  readonly #place: QueuePlace;
  readonly #aside = new Set<EntryId>();
  #batches: readonly HeldBatch[] = [];
  #isFree = false;
  /** How often in a row the move was refused though nothing was seen in its way, and how many looks are left out for that. */
  #refusals = 0;
  #leftOut = 0;

  constructor(parts: { readonly store: Store; readonly place: QueuePlace }) {
    this.#store = parts.store;
    this.#place = parts.place;
  }

  get depth(): number {
    return this.#batches.length;
  }

  get first(): HeldBatch | undefined {
    return this.#batches[0];
  }

  get ids(): readonly EntryId[] {
    return this.#batches.flatMap(({ members }) => members.map(({ entry }) => entry.id));
  }

  /** Those that do not go on top, until something has landed. */
  get aside(): ReadonlySet<EntryId> {
    return this.#aside;
  }

  /** Whether the checkout was seen to be out of the way. */
  get isFree(): boolean {
    return this.#isFree;
  }

  /** What is held is a hot fix itself, which others do not overtake. */
  get isHotfix(): boolean {
    const first = this.first?.members[0]?.entry.id;
    return first !== undefined && (this.#store.entries.find(first)?.hotfixAt ?? null) !== null;
  }

  ground(): HeldGround | null {
    const tip = this.#batches.at(-1)?.members.at(-1);
    return tip ? { target: tip.candidate, targetTree: tip.tree } : null;
  }

  push(members: readonly BuiltEntry[], from: Oid): void {
    this.#batches = [...this.#batches, { members, from }];
  }

  /** The first is not held any more: the next may be looked at right away. */
  shift(): void {
    this.#batches = this.#batches.slice(1);
    this.#lookAgain();
    this.#aside.clear();
  }

  /** The move was refused after all, by what no look shows, e.g. a lock that a git left behind: it is tried ever more rarely. */
  block(): void {
    this.#isFree = false;
    this.#refusals += 1;
    this.#leftOut = Math.min(2 ** this.#refusals, LOOKS_LEFT_OUT_MAX) - 1;
  }

  setAside(ids: Iterable<EntryId>): void {
    for (const id of ids) this.#aside.add(id);
  }

  clear(): void {
    this.#batches = [];
    this.#aside.clear();
    this.#isFree = false;
    this.#lookAgain();
  }

  /** Gives up what stands on an entry that was taken out: those that are held no longer for anything. */
  cut(): readonly EntryId[] {
    const end = this.#batches.findIndex(
      ({ members }) => !members.every((each) => this.#isKept(each)),
    );
    if (end === -1) return [];
    const left = this.#batches.slice(end).flatMap(({ members }) => members);
    this.#batches = this.#batches.slice(0, end);
    this.#aside.clear();
    return left.map(({ entry }) => entry.id);
  }

  /** Whether the checkout is out of the way by now, or the target has moved. */
  async look(project: Project, signal: AbortSignal): Promise<boolean> {
    const tip = this.first?.members.at(-1);
    if (!this.first || !tip || this.#isFree) return false;
    if (this.#leftOut > 0) {
      this.#leftOut -= 1;
      return false;
    }
    const repo = await this.#place.repository(project);
    const { from } = this.first;
    const move = { repo, target: project.target, from, to: tip.candidate, note: "", signal };
    this.#isFree = (await findMoveBlocker(move)) === null;
    if (!this.#isFree) this.#lookAgain();
    return this.#isFree;
  }

  #lookAgain(): void {
    this.#refusals = 0;
    this.#leftOut = 0;
  }

  #isKept({ entry: { id }, candidate }: BuiltEntry): boolean {
    const entry: EntryRecord | undefined = this.#store.entries.find(id);
    return entry !== undefined && isHeldByCheckout(entry) && entry.candidate === candidate;
  }
}
