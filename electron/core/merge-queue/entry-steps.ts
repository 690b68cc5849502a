import type { EntryId, Oid } from "../../../shared/model/ids.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { EntryRecord, RecordEvent, Store } from "../store/store.ts";
import { type EntryEffect, type EntryEvent, type EntryLife, stepEntry } from "./queue-machine.ts";

export interface EntryListeners {
  /** Called inside the transaction that closes the entry: what it writes is committed with it or not at all. */
  readonly onReturned: (entry: EntryRecord, handback: string) => void;
  readonly onLanded: (entry: EntryRecord, commit: Oid) => void;
}

/** What the runner still has to do in the world. */
export type WorkEffect = EntryEffect & { readonly kind: "build" | "check" | "land" | "stop-work" };

export interface AppliedStep {
  readonly isChanged: boolean;
  readonly effects: readonly WorkEffect[];
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
      if (!entry) return { isChanged: false, effects: [] };
      const before = lifeOf(entry);
      const step = stepEntry(before, event);
      if (step.state === before) return { isChanged: false, effects: [] };
      this.#save(entry, step.state, record);
      return {
        isChanged: true,
        effects: step.effects.filter((effect) => this.#isWork(id, effect)),
      };
    });
  }

  #save(entry: EntryRecord, next: EntryLife, record: RecordEvent): void {
    const { state, reason, files, base, candidate, tree, isApproved } = next;
    const isFreshCheck = state === "checking";
    this.#store.entries.update(entry.id, {
      state,
      reason,
      files: [...files],
      base,
      candidate,
      candidateTree: tree,
      approvedAt: isApproved ? (entry.approvedAt ?? this.#clock.now().toISOString()) : null,
      ...(isFreshCheck ? { checks: [] } : {}),
    });
    const { task, project } = entry;
    record(`queue.${state}`, entry.id, { task, project, reason, files: [...files], candidate });
    if (entry.state === "landing") this.#settleLanding(entry, state === "landed");
    if (state === "landing") this.#openLanding(entry, next);
  }

  #openLanding({ id, project }: EntryRecord, { base, candidate }: EntryLife): void {
    const target = this.#store.projects.find(project)?.target;
    if (target === undefined || base === null || candidate === null) {
      throw new Error(`${id} cannot land: its project, base or candidate is not known`);
    }
    this.#store.landings.insert({ entry: id, project, target, from: base, to: candidate });
  }

  #settleLanding({ id }: EntryRecord, isDone: boolean): void {
    for (const landing of this.#store.landings.listOpen()) {
      if (landing.entry === id) {
        this.#store.landings.settle(landing.id, isDone ? "done" : "aborted");
      }
    }
  }

  #isWork(id: EntryId, effect: EntryEffect): effect is WorkEffect {
    switch (effect.kind) {
      case "build":
      case "check":
      case "land":
      case "stop-work":
        return true;
      case "tell-landed":
        this.#listeners.onLanded(this.#require(id), effect.commit);
        return false;
      case "tell-returned":
        this.#listeners.onReturned(this.#require(id), effect.handback);
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
  };
}
