import type { Database } from "better-sqlite3";
import type { Event } from "../../../shared/model/event.ts";
import type {
  AskId,
  EntryId,
  PlanId,
  ProfileName,
  ProjectName,
  SessionId,
  TaskId,
} from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { EventTable } from "./event-table.ts";
import type { RecordEvent, Store, Touched } from "./store.ts";
import { isDiskFailure, toStoreError } from "./store-error.ts";

type Listener = Parameters<Store["onCommit"]>[0];
type Commit = Parameters<Listener>[0];

/** The rows that the transaction under way has changed. Tables add to it. */
export interface MutableTouched extends Touched {
  readonly projects: Set<ProjectName>;
  readonly profiles: Set<ProfileName>;
  readonly plans: Set<PlanId>;
  readonly tasks: Set<TaskId>;
  readonly sessions: Set<SessionId>;
  readonly entries: Set<EntryId>;
  readonly asks: Set<AskId>;
  fleet: boolean;
  readonly removedProjects: Set<ProjectName>;
  readonly removedProfiles: Set<ProfileName>;
}

interface Current {
  readonly events: Event[];
  readonly touched: MutableTouched;
}

/**
 * Joins rows, the events that tell of them, and the listeners that hear of both.
 *
 * Invariant: listeners hear of every commit once, in the order of the commits, and of nothing that was rolled back.
 */
export class Transactions {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #events: EventTable;
  readonly #onLastSeq: (seq: number) => void;
  readonly #onListenerFailure: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #undelivered: Commit[] = [];
  #current: Current | null = null;
  #isDelivering = false;
  #diskFailure: unknown = null;

  constructor(parts: {
    readonly db: Database;
    readonly clock: Clock;
    readonly events: EventTable;
    /** Called after each commit that wrote events, before the listeners. */
    readonly onLastSeq: (seq: number) => void;
    readonly onListenerFailure: (error: unknown) => void;
  }) {
    this.#db = parts.db;
    this.#clock = parts.clock;
    this.#events = parts.events;
    this.#onLastSeq = parts.onLastSeq;
    this.#onListenerFailure = parts.onListenerFailure;
  }

  /** Inside another `write` it joins that one: its own rows go if it throws, all go if the outer one does. */
  write<T>(cause: string, work: (record: RecordEvent) => T): T {
    if (this.#current) return this.#writeInside(this.#current, cause, work);
    this.#refuseAfterDiskFailure();
    const current: Current = { events: [], touched: nothingTouched() };
    this.#current = current;
    let result: T;
    try {
      result = this.#db.transaction(() => this.#run(current, cause, work)).immediate();
    } catch (error) {
      if (isDiskFailure(error)) this.#diskFailure = error;
      throw toStoreError(error, this.#db.name);
    } finally {
      this.#current = null;
    }
    const newest = current.events.at(-1);
    if (newest) this.#onLastSeq(newest.seq);
    this.#deliver(current);
    return result;
  }

  /** What the transaction under way has touched so far. Throws outside of one. */
  touched(): MutableTouched {
    if (this.#current) return this.#current.touched;
    throw new Error("the store is written only inside `write`");
  }

  /** Tells of a change outside the transactions (gauges). */
  announce(touch: (touched: MutableTouched) => void): void {
    const touched = this.#current?.touched ?? nothingTouched();
    touch(touched);
    if (!this.#current) this.#deliver({ events: [], touched });
  }

  onCommit(listener: Listener): () => void {
    // A wrapper, so that one function can listen twice and leave once.
    const mine: Listener = (commit) => listener(commit);
    this.#listeners.add(mine);
    return () => void this.#listeners.delete(mine);
  }

  #writeInside<T>(current: Current, cause: string, work: (record: RecordEvent) => T): T {
    const before = current.events.length;
    try {
      // better-sqlite3 makes a transaction inside a transaction a savepoint.
      return this.#db.transaction(() => this.#run(current, cause, work))();
    } catch (error) {
      current.events.length = before;
      throw error;
    }
  }

  #run<T>(current: Current, cause: string, work: (record: RecordEvent) => T): T {
    const result = work((kind, subject, data = {}) => {
      if (this.#current !== current) throw new Error("an event was recorded after its transaction");
      const event = { at: this.#clock.now().toISOString(), kind, subject, data, cause };
      current.events.push({ ...event, seq: this.#events.insert(event) });
    });
    if (result instanceof Promise)
      throw new Error("a transaction cannot wait: `work` gave a promise");
    return result;
  }

  #deliver(commit: Commit): void {
    this.#undelivered.push(commit);
    // A listener that writes makes a commit of its own; the others hear of this one first.
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#undelivered.shift(); next; next = this.#undelivered.shift()) {
        for (const listener of [...this.#listeners]) this.#call(listener, next);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  /** The commit stands whatever a listener does: its failure must not reach the writer as a failed write. */
  #call(listener: Listener, commit: Commit): void {
    try {
      listener(commit);
    } catch (error) {
      this.#onListenerFailure(error);
    }
  }

  #refuseAfterDiskFailure(): void {
    if (this.#diskFailure === null) return;
    throw new SwitchyardError(
      "store-damaged",
      "The disk failed while the store was written, so nothing more is written to it.",
      "Look after the disk, then start Switchyard again: it checks the store as it opens it.",
      this.#diskFailure,
    );
  }
}

function nothingTouched(): MutableTouched {
  return {
    projects: new Set(),
    profiles: new Set(),
    plans: new Set(),
    tasks: new Set(),
    sessions: new Set(),
    entries: new Set(),
    asks: new Set(),
    fleet: false,
    removedProjects: new Set(),
    removedProfiles: new Set(),
  };
}
