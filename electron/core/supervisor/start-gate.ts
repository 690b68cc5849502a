import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import { type MachineRoom, planStarts, type Starter, type StartLimits } from "./plan-starts.ts";

interface StartGateParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => StartLimits;
  /** Throws nothing: what cannot be looked at is null. */
  readonly readRoom: () => MachineRoom;
}

interface Waiting extends Starter {
  readonly signal: AbortSignal;
  /** Whether it may start; false once nobody wants it any more. */
  readonly decide: (mayStart: boolean) => void;
  /** What its row says that it waits for. */
  kind: string | null;
}

/**
 * Lets claimed sessions start one after another: each profile's in their order with a pause between, all together no more at
 * once than the machine takes. What one waits for is the reason on its row.
 */
export class StartGate {
  readonly #parts: StartGateParts;
  #waiting: Waiting[] = [];
  readonly #coming = new Set<Starter>();
  readonly #startedAtMs = new Map<ProfileName, number>();
  /** Ends the look that is planned, when another comes before it. */
  #looking: AbortController | null = null;
  #isLookPending = false;

  constructor(parts: StartGateParts) {
    this.#parts = parts;
  }

  /**
   * Calls `start` when it is the session's turn, and resolves when that has resolved. Resolves without it when the session is over
   * by then; rejects with the signal's reason when that aborts first.
   */
  async run(
    session: Pick<SessionRecord, "id" | "profile">,
    start: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const starter = { session: session.id, profile: session.profile };
    if (!(await this.#turn(starter, signal))) return;
    try {
      signal.throwIfAborted();
      await start();
    } finally {
      this.#coming.delete(starter);
      this.#look();
    }
  }

  async #turn(starter: Starter, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const stopListening = this.#parts.store.onCommit(({ touched }) => {
      if (touched.sessions.has(starter.session)) this.#lookSoon();
    });
    const leave = () => this.#look();
    signal.addEventListener("abort", leave, { once: true });
    try {
      const mayStart = await new Promise<boolean>((resolve) => {
        const waiting: Waiting = {
          ...starter,
          signal,
          kind: null,
          decide: (isIn) => {
            if (isIn) this.#coming.add(starter);
            resolve(isIn);
          },
        };
        this.#waiting.push(waiting);
        this.#lookSoon();
      });
      if (!mayStart) signal.throwIfAborted();
      return mayStart;
    } finally {
      stopListening();
      signal.removeEventListener("abort", leave);
    }
  }

  /** Once for all that were claimed in one round. */
  #lookSoon(): void {
    if (this.#isLookPending) return;
    this.#isLookPending = true;
    setImmediate(() => {
      this.#isLookPending = false;
      this.#look();
    });
  }

  #look(): void {
    this.#looking?.abort(new Error("looked at already"));
    this.#looking = null;
    this.#dropUnwanted();
    if (this.#waiting.length === 0) return;
    const { clock, limits, readRoom } = this.#parts;
    const nowMs = clock.monotonicMs();
    const plan = planStarts({
      waiting: this.#waiting,
      coming: [...this.#coming],
      sinceLastMs: new Map([...this.#startedAtMs].map(([name, atMs]) => [name, nowMs - atMs])),
      limits: limits(),
      room: readRoom(),
    });
    const going = new Set(plan.go.map(({ session }) => session));
    const goers = this.#waiting.filter(({ session }) => going.has(session));
    this.#waiting = this.#waiting.filter(({ session }) => !going.has(session));
    for (const { profile } of goers) this.#startedAtMs.set(profile, nowMs);
    this.#say(goers, plan.waits);
    for (const goer of goers) goer.decide(true);
    if (plan.againInMs !== null) this.#lookIn(plan.againInMs);
  }

  #dropUnwanted(): void {
    const { store } = this.#parts;
    const isWanted = ({ session, signal }: Waiting) =>
      !signal.aborted && isLive(store.sessions.find(session)?.state ?? "ended");
    const dropped = this.#waiting.filter((waiting) => !isWanted(waiting));
    if (dropped.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !dropped.includes(waiting));
    for (const waiting of dropped) waiting.decide(false);
  }

  #lookIn(ms: number): void {
    const looking = new AbortController();
    this.#looking = looking;
    this.#parts.clock.wait(ms, looking.signal).then(
      () => this.#look(),
      () => undefined,
    );
  }

  /** Only what changed: the numbers in a sentence are those of when it began to wait for that. */
  #say(
    goers: readonly Waiting[],
    waits: ReadonlyMap<SessionId, { readonly kind: string; readonly text: string }>,
  ): void {
    const { store } = this.#parts;
    const told = [
      ...goers
        .filter(({ kind }) => kind !== null)
        .map((waiting) => ({ waiting, key: null, reason: null })),
      ...this.#waiting.map((waiting) => {
        const wait = waits.get(waiting.session);
        const key = wait ? keyOf(wait) : null;
        return { waiting, key, reason: wait?.text ?? null };
      }),
    ].filter(({ waiting, key }) => waiting.kind !== key);
    if (told.length === 0) return;
    for (const { waiting, key } of told) waiting.kind = key;
    try {
      store.write("dispatcher", (record) => {
        for (const { waiting, reason } of told) {
          store.sessions.update(waiting.session, { reason });
          record("session.waits", waiting.session, { reason });
        }
      });
    } catch (error) {
      // On a full disk the sentence is missed; the starts go on as far as they can.
      this.#parts.log.error({ error }, "what sessions wait for could not be saved");
    }
  }
}

/** Who it waits for is part of it; how much memory is not. */
function keyOf({ kind, text }: { readonly kind: string; readonly text: string }): string {
  return kind === "profile" || kind === "machine" ? text : kind;
}
