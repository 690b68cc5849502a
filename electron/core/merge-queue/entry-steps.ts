import type { EntryId, Oid } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { EntryRecord, Landing, RecordEvent, Store } from "../store/store.ts";
import { type EntryEffect, type EntryEvent, type EntryLife, stepEntry } from "./queue-machine.ts";

export interface EntryListeners {
  /** Called inside the transaction that closes the entry: what it writes is committed with it or not at all. */
  readonly onReturned: (entry: EntryRecord, handback: string) => void;
  readonly onLanded: (entry: EntryRecord, commit: Oid) => void;
  /** As `onReturned`, where its pull request was closed: that is for a person and not for its worker. */
  readonly onDeclined: (entry: EntryRecord, handback: string) => void;
}

export interface AppliedStep {
  readonly isChanged: boolean;
  /** Somebody took it out while work was done on it, and that work is to be ended. */
  readonly stopsWork: boolean;
}

/**
 * Moves entries along their machine. The row, its event, the journal of landings and what the listeners write are one
 * transaction, so a crash leaves a landing either announced and unsettled, or not begun.
 */
export class EntrySteps {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #listeners: EntryListeners;

  constructor(store: Store, clock: Clock, listeners: EntryListeners) {
    this.#store = store;
    this.#clock = clock;
    this.#listeners = listeners;
  }

  apply(id: EntryId, event: EntryEvent, cause: string): AppliedStep {
    return this.#store.write(cause, (record) => {
      const entry = this.#store.entries.find(id);
      // Gone with its project.
      if (!entry) return { isChanged: false, stopsWork: false };
      const before = lifeOf(entry);
      const step = stepEntry(before, event);
      if (step.state === before) return { isChanged: false, stopsWork: false };
      this.#save(entry, step.state, record);
      const stops = step.effects.filter((effect) => this.#isStop(id, effect));
      return { isChanged: true, stopsWork: stops.length > 0 };
    });
  }

  /** One event for each of several, all of them or none. */
  applyAll(events: ReadonlyMap<EntryId, EntryEvent>, cause: string): void {
    if (events.size === 0) return;
    this.#store.write(cause, () => {
      for (const [id, event] of events) this.apply(id, event, cause);
    });
  }

  /** Announces that these land as one, in this order; null where one of them may not, and then none begins. */
  beginLanding(
    move: Pick<Landing, "project" | "target" | "from" | "to">,
    members: readonly { readonly id: EntryId; readonly event: EntryEvent }[],
  ): Landing | null {
    const { entries, landings } = this.#store;
    const mayAll = members.every(({ id, event }) => {
      const entry = entries.find(id);
      return entry !== undefined && stepEntry(lifeOf(entry), event).state.state === "landing";
    });
    const ids = members.map(({ id }) => id);
    const last = ids.at(-1);
    if (!mayAll || last === undefined) return null;
    return this.#store.write("queue", () => {
      for (const { id, event } of members) this.apply(id, event, "queue");
      return landings.insert({ ...move, entry: last, entries: ids });
    });
  }

  /** Says what came of it: of each of its entries, in one transaction with the journal. */
  endLanding(landing: Landing, eventOf: (id: EntryId) => EntryEvent): void {
    this.#store.write("queue", () => {
      const events = landing.entries.map((id) => ({ id, event: eventOf(id) }));
      for (const { id, event } of events) this.apply(id, event, "queue");
      const isDone = events.every(({ event }) => event.kind === "moved");
      this.#store.landings.settle(landing.id, isDone ? "done" : "aborted");
    });
  }

  #save(entry: EntryRecord, next: EntryLife, record: RecordEvent): void {
    const { state, reason, files, base, candidate, tree, isApproved, isHotfix } = next;
    const { batch, pullRequest } = next;
    const isFreshCheck = state === "checking" && entry.state !== "checking";
    this.#store.entries.update(entry.id, {
      state,
      reason,
      files: [...files],
      base,
      candidate,
      candidateTree: tree,
      approvedAt: isApproved ? (entry.approvedAt ?? this.#clock.now().toISOString()) : null,
      hotfixAt: isHotfix ? (entry.hotfixAt ?? this.#clock.now().toISOString()) : null,
      batch,
      pullRequest,
      ...(isFreshCheck ? { checks: [] } : {}),
    });
    const isHotfixNew = isHotfix !== (entry.hotfixAt !== null);
    // How far a batch is shows on the row alone; what happened is what it leads to.
    if (state === "checking" && !isFreshCheck && !isHotfixNew) return;
    const { task, project } = entry;
    if (isHotfixNew) {
      record(isHotfix ? "queue.hotfix" : "queue.hotfix-ended", entry.id, { task, project });
      return;
    }
    record(`queue.${state}`, entry.id, { task, project, reason, files: [...files], candidate });
  }

  #isStop(id: EntryId, effect: EntryEffect): boolean {
    switch (effect.kind) {
      case "stop-work":
        return true;
      case "tell-landed":
        this.#listeners.onLanded(this.#require(id), effect.commit);
        return false;
      case "tell-returned":
        this.#listeners.onReturned(this.#require(id), effect.handback);
        return false;
      case "tell-declined":
        this.#listeners.onDeclined(this.#require(id), effect.handback);
        return false;
      default:
        return unreachable(effect);
    }
  }

  #require(id: EntryId): EntryRecord {
    const entry = this.#store.entries.find(id);
    if (!entry) throw new Error(`the queue entry ${id} vanished within one transaction`);
    return entry;
  }
}

function lifeOf(entry: EntryRecord): EntryLife {
  return {
    state: entry.state,
    reason: entry.reason,
    files: entry.files,
    base: entry.base,
    candidate: entry.candidate,
    tree: entry.candidateTree,
    isApproved: entry.approvedAt !== null,
    isHotfix: entry.hotfixAt !== null,
    batch: entry.batch,
    pullRequest: entry.pullRequest ?? null,
  };
}
