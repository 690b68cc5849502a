import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type BuildLock, LockClaim, LockRequest } from "../../../shared/model/build-lock.ts";
import type { Instant, ProjectName } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";
import {
  type LocksEvent,
  type LocksState,
  noLocks,
  stepLocks,
  waitingFor,
} from "./lock-machine.ts";

/** How long those that waited under an earlier core have to come back before others go ahead of them. */
const RETURN_MS = 10_000;
/** Looks whether processes that are away have ended, and whether the settings give other slots. */
const LOOK_EVERY_MS = 250;
/** Nobody waits for so many. */
const CLAIMS_MAX = 1_000;

const Kept = z.array(LockRequest.extend({ since: LockClaim.shape.since, isHolding: z.boolean() }));

interface Entry {
  readonly claim: Omit<LockClaim, "since">;
  readonly request: LockRequest | null;
  since: Instant;
  /** Of the connection it is on now. */
  onGranted: (() => void) | null;
}

export interface BuildLocksParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the next core reads whose commands run. */
  readonly file: string;
  readonly slotsOf: (lock: string) => number;
  readonly isAlive: (process: LockRequest["process"]) => boolean;
  /** Ends what a command left behind whose holder was killed. */
  readonly endOrphans: (ticket: string) => Promise<void>;
}

/**
 * Who holds slots of the fleet's locks, and who waits for them. A claim lives as long as its process: it leaves, its connection
 * ends because it has ended, or, while it has none, its process is found dead. The file only bridges the time between two cores.
 */
export class BuildLocks implements Disposable {
  readonly #parts: BuildLocksParts;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(locks: readonly BuildLock[]) => void>();
  /** Their holders were killed; what they left behind is being ended. */
  readonly #ending = new Set<string>();
  readonly #timer: Disposable;
  #state: LocksState = noLocks;
  #settledMs = 0;
  #isDisposed = false;

  constructor(parts: BuildLocksParts) {
    this.#parts = parts;
    this.#takeUp();
    this.#timer = parts.clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#timer[Symbol.dispose]();
  }

  /**
   * Resolves when the process may begin, at once where it does already (`isRunning`) or where what it runs inside of holds a slot
   * of the same lock; gives the ticket that it runs under. Rejects when its connection ends before that.
   */
  take(
    request: LockRequest,
    how: { readonly isRunning: boolean; readonly inside: string | null },
    connection: { onClose(listener: () => void): void },
  ): Promise<string> {
    const { ticket, lock } = request;
    if (how.inside !== null && this.#holds(how.inside, lock)) return Promise.resolve(how.inside);
    const known = this.#entries.get(ticket);
    if (!known && this.#entries.size >= CLAIMS_MAX) throw tooMany(lock);
    return new Promise((resolve, reject) => {
      const { lock: _lock, ticket: _ticket, process, ...claim } = request;
      const entry: Entry = {
        claim: { rank: "command", ...claim, pid: process.pid },
        request,
        since: known?.since ?? this.#now(),
        onGranted: () => resolve(ticket),
      };
      this.#entries.set(ticket, entry);
      connection.onClose(() => {
        reject(new Error("the connection ended"));
        // It came back on another one meanwhile.
        if (this.#entries.get(ticket) === entry) this.#lost(ticket);
      });
      this.#step({ kind: "asked", ticket, lock, rank: "command", isRunning: how.isRunning });
    });
  }

  leave(ticket: string): void {
    this.#entries.delete(ticket);
    this.#step({ kind: "left", ticket });
  }

  /** For what the core itself runs; it ends with the core. `onWait` hears of it when there is no slot at once. */
  async hold(
    claim: {
      readonly rank: LockClaim["rank"];
      readonly lock: string;
      readonly command: string;
      readonly project: ProjectName | null;
      readonly task: LockClaim["task"];
      readonly session: LockClaim["session"];
    },
    signal: AbortSignal,
    onWait: (lock: BuildLock | undefined) => void,
  ): Promise<Disposable & { readonly ticket: string }> {
    signal.throwIfAborted();
    const ticket = randomUUID();
    const { lock, ...told } = claim;
    const granted = Promise.withResolvers<void>();
    this.#entries.set(ticket, {
      claim: { ...told, pid: null },
      request: null,
      since: this.#now(),
      onGranted: granted.resolve,
    });
    this.#step({ kind: "asked", ticket, lock, rank: claim.rank, isRunning: false });
    const leave = () => granted.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      if (!this.#holds(ticket, lock)) onWait(this.list().find(({ name }) => name === lock));
      await granted.promise;
    } catch (error) {
      this.leave(ticket);
      throw error;
    } finally {
      signal.removeEventListener("abort", leave);
    }
    return { ticket, [Symbol.dispose]: () => this.leave(ticket) };
  }

  list(): readonly BuildLock[] {
    const names = [...new Set(this.#state.claims.map(({ lock }) => lock))].sort();
    const claimOf = ({ ticket }: { readonly ticket: string }) => {
      const entry = this.#entries.get(ticket);
      return entry ? [{ ...entry.claim, since: entry.since }] : [];
    };
    return names.map((name) => ({
      name,
      slots: this.#state.slots[name] ?? 1,
      holders: this.#state.claims
        .filter(({ lock, isHolding }) => lock === name && isHolding)
        .flatMap(claimOf),
      waiting: waitingFor(this.#state, name).flatMap(claimOf),
    }));
  }

  /** Returns the way to stop. */
  onChange(listener: (locks: readonly BuildLock[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Processes that held or waited under an earlier core are away until they are back. A holder that has died since has its slot
   * until what it may have left behind is ended.
   */
  #takeUp(): void {
    const { file, clock, isAlive } = this.#parts;
    const kept = readKept(file).filter((each) => each.isHolding || isAlive(each.process));
    for (const { since, isHolding: _isHolding, ...request } of kept) {
      const { lock: _lock, ticket, process, ...claim } = request;
      const told = { rank: "command" as const, ...claim, pid: process.pid };
      this.#entries.set(ticket, { claim: told, request, since, onGranted: null });
    }
    this.#settledMs = clock.monotonicMs() + RETURN_MS;
    const claims = kept.map(({ ticket, lock, isHolding }) => {
      return { ticket, lock, rank: "command" as const, isHolding, isAway: true, passed: 0 };
    });
    this.#state = { claims, slots: {}, isSettling: claims.length > 0 };
  }

  #step(event: LocksEvent): void {
    const before = this.#state;
    // Numbers of slots are the settings' own, and read whenever they count.
    const asked = event.kind === "asked" ? [event.lock] : [];
    const slots = this.#slotsOf([...before.claims.map(({ lock }) => lock), ...asked]);
    const step = stepLocks({ ...before, slots }, event);
    this.#state = step.state;
    for (const ticket of step.granted) {
      const entry = this.#entries.get(ticket);
      const held = before.claims.some((claim) => claim.ticket === ticket && claim.isHolding);
      if (entry && !held) entry.since = this.#now();
    }
    // Saved before anybody begins: a core that dies here finds its holder again.
    this.#save();
    for (const ticket of step.granted) this.#entries.get(ticket)?.onGranted?.();
    const locks = this.list();
    for (const listener of this.#listeners) listener(locks);
  }

  #lost(ticket: string): void {
    const entry = this.#entries.get(ticket);
    if (entry) entry.onGranted = null;
    this.#step({ kind: "lost", ticket });
  }

  #look(): void {
    const { claims, slots, isSettling } = this.#state;
    if (claims.length === 0) return;
    for (const { ticket, isAway, isHolding } of claims) {
      const process = this.#entries.get(ticket)?.request?.process;
      if (isAway && process && !this.#parts.isAlive(process)) this.#bury(ticket, isHolding);
    }
    const isAnyAway = claims.some(({ isAway }) => isAway);
    if (isSettling && (!isAnyAway || this.#parts.clock.monotonicMs() >= this.#settledMs))
      this.#step({ kind: "settled" });
    const now = this.#slotsOf(Object.keys(slots));
    if (Object.keys(slots).some((name) => now[name] !== slots[name]))
      this.#step({ kind: "slots", slots: now });
  }

  /** A slot is free when nothing runs in it any more: a holder that was killed may have left its command behind. */
  #bury(ticket: string, isHolding: boolean): void {
    if (this.#ending.has(ticket)) return;
    if (!isHolding) {
      this.leave(ticket);
      return;
    }
    this.#ending.add(ticket);
    const { log, endOrphans } = this.#parts;
    endOrphans(ticket)
      .catch((error: unknown) => log.warn({ error }, "a command whose holder is gone does not end"))
      .finally(() => {
        this.#ending.delete(ticket);
        // A core that ends meanwhile leaves the rest of it to the next one, which finds the slot still held.
        if (!this.#isDisposed) this.leave(ticket);
      });
  }

  #holds(ticket: string, lock: string): boolean {
    return this.#state.claims.some(
      (claim) => claim.ticket === ticket && claim.lock === lock && claim.isHolding,
    );
  }

  #slotsOf(names: readonly string[]): LocksState["slots"] {
    return Object.fromEntries(names.map((name) => [name, this.#parts.slotsOf(name)]));
  }

  #save(): void {
    const { file, log } = this.#parts;
    const kept = this.#state.claims.flatMap(({ ticket, isHolding }) => {
      const entry = this.#entries.get(ticket);
      return entry?.request ? [{ ...entry.request, since: entry.since, isHolding }] : [];
    });
    try {
      writeFileDurably(file, `${JSON.stringify(kept)}\n`);
    } catch (error) {
      // Nobody is kept from building by a full disk: only a core that dies now forgets whose commands run.
      log.warn({ error }, "who holds build slots could not be saved");
    }
  }

  #now(): Instant {
    return this.#parts.clock.now().toISOString();
  }
}

/** A file that is not there or not ours to read means that nobody is known to hold anything. */
function readKept(file: string): z.infer<typeof Kept> {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}

function tooMany(lock: string): SwitchyardError {
  return new SwitchyardError(
    "cap-full",
    `${CLAIMS_MAX} commands hold or wait for build slots already, so none waits for one of ${lock} now.`,
    "See them with: switchyard lock --list",
  );
}
