import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { ProjectName, SessionId } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import type { Sessions } from "../worker/sessions.ts";
import { pausedReason } from "../worker/stop-reasons.ts";
import { FleetShare } from "./fleet-share.ts";
import type { Keeper } from "./keeper.ts";
import { type Measured, planFindings, type WatchLimits } from "./plan-findings.ts";
import type { TaskSteps } from "./task-steps.ts";
import { fullestWindow, readTaskUse } from "./watch-usage.ts";
import { stepWatchdog } from "./watchdog-machine.ts";

const LOOK_EVERY_MS = 30_000;

export interface WatchdogParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: TaskSteps;
  readonly sessions: Sessions;
  readonly host: () => Client<HostContract>;
  readonly limitsOf: (project: ProjectName) => WatchLimits;
  /** The commit at the head of a task's worktree; null where it cannot be read. */
  readonly readHead: (task: TaskRecord) => Promise<string | null>;
  /** Its command waits for a build slot: nobody astray is silent for that. */
  readonly waitsForSlot: (session: SessionId) => boolean;
  /** Lets the dispatcher look again: what a budget held back may go out on a new day. */
  readonly wake: () => void;
}

/** What this core has seen of a session; all else is in the store. By a clock that never jumps. */
interface Seen {
  readonly offset: number;
  readonly signalSeq: number;
  readonly silentMs: number;
  readonly atMs: number;
  readonly step: string | null;
  readonly stepAtMs: number;
}

/**
 * Looks after workers that run: whether they go astray, and whether their budgets last. It needs no window and spends no token.
 * How far it has gone about a session is on its row, so the next core goes on from there; only its patience begins anew.
 */
export class Watchdog implements Keeper {
  readonly #parts: WatchdogParts;
  readonly #seen = new Map<SessionId, Seen>();
  readonly #share = new FleetShare();
  readonly #listening = new DisposableStack();
  #looking: Promise<void> | null = null;
  /** Resolves when the core leaves: a host that hangs must not keep it. */
  readonly #left = Promise.withResolvers<null>();
  #isOver = false;

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
  }

  run(): void {
    const { clock, sessions } = this.#parts;
    this.#listening.use(clock.every(LOOK_EVERY_MS, () => this.#lookSoon()));
    this.#listening.defer(
      sessions.messages.onAccepted((id, _, isSynthetic) => {
        if (!isSynthetic) this.#spokenTo(id);
      }),
    );
    // A pause that an earlier core did not finish.
    this.#lookSoon();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#left.resolve(null);
    this.#listening.dispose();
    await this.settled();
  }

  /** Resolves when the look under way, if there is one, is over. */
  async settled(): Promise<void> {
    await this.#looking;
  }

  #lookSoon(): void {
    this.#looking ??= this.#look()
      .catch((error) => this.#parts.log.error({ error }, "watching the workers failed"))
      .finally(() => {
        this.#looking = null;
      });
  }

  async #look(): Promise<void> {
    const { store, steps, clock, host, wake } = this.#parts;
    const hosted = await Promise.race([host().call("list", {}), this.#left.promise]);
    if (hosted === null) return;
    const offsets = new Map(hosted.map(({ session, offset }) => [session, offset]));
    const held = store.sessions.list({ isLive: true }).flatMap((session) => {
      const task = session.kind === "worker" ? steps.heldBy(session) : undefined;
      return task ? [{ session, task }] : [];
    });
    const working = held.filter(({ session }) => session.state === "working");
    this.#share.note(
      clock.monotonicMs(),
      new Map(working.map(({ session: { id } }) => [id, store.gauges.tokensOf(id)])),
    );
    for (const id of this.#seen.keys())
      if (!held.some(({ session }) => session.id === id)) this.#seen.delete(id);
    for (const { session, task } of held) {
      if (this.#isOver) return;
      try {
        await this.#watch(session, task, offsets.get(session.id) ?? 0);
      } catch (error) {
        // One session that cannot be watched must not hide the others.
        this.#parts.log.error({ error, session: session.id }, "watching a worker failed");
      }
    }
    wake();
  }

  async #watch(session: SessionRecord, task: TaskRecord, offset: number): Promise<void> {
    const { store, clock } = this.#parts;
    const seen = this.#see(session, offset);
    const limits = this.#parts.limitsOf(task.project);
    const measured = await this.#measure(session, task, seen, limits);
    if (this.#isOver) return;
    // It may have moved on while git was asked.
    const now = store.sessions.find(session.id);
    if (!now || now.state !== session.state || !this.#parts.steps.heldBy(now)) return;
    const { concern, effect } = stepWatchdog(now.concern, {
      kind: "looked",
      findings: planFindings(limits, measured),
      isWorking: now.state === "working",
      isAsking: now.state === "needs-input",
      sinceMs: seen.atMs - seen.stepAtMs,
      at: clock.now().toISOString(),
    });
    this.#save(now, concern);
    const { sessions } = this.#parts;
    const acting =
      effect?.kind === "interrupt"
        ? sessions.messages.interrupt(now.id)
        : effect?.kind === "pause" && concern
          ? sessions.end(now.id, "stopped", "watchdog", { why: pausedReason(concern) })
          : null;
    await Promise.race([acting, this.#left.promise]);
  }

  #see(session: SessionRecord, offset: number): Seen {
    const atMs = this.#parts.clock.monotonicMs();
    const before = this.#seen.get(session.id);
    const step = session.concern && `${session.concern.kind} ${session.concern.step}`;
    const isSilent =
      before?.offset === offset &&
      before.signalSeq === session.signalSeq &&
      !this.#parts.waitsForSlot(session.id);
    // A machine that slept was not silent all that time.
    const passedMs = Math.min(atMs - (before?.atMs ?? atMs), 2 * LOOK_EVERY_MS);
    const seen: Seen = {
      offset,
      signalSeq: session.signalSeq,
      silentMs: isSilent && session.state === "working" ? before.silentMs + passedMs : 0,
      atMs,
      step,
      stepAtMs: before && before.step === step ? before.stepAtMs : atMs,
    };
    this.#seen.set(session.id, seen);
    return seen;
  }

  async #measure(
    session: SessionRecord,
    task: TaskRecord,
    { silentMs }: Seen,
    limits: WatchLimits,
  ): Promise<Measured> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const use = readTaskUse(store, task, now, limits.taskMinutes !== null);
    const profile = store.profiles.find(session.profile);
    return {
      isWorking: session.state === "working",
      silentMs,
      run: session.callRun,
      tokensSinceCommit: await this.#tokensSinceCommit(session, task, limits),
      fleetShare: this.#share.shareOf(session.id),
      taskUsd: use.usd,
      taskTokens: use.tokens,
      taskMinutes: use.minutes,
      dayUsd: store.gauges.costOfToday(),
      windowPercent: profile ? fullestWindow(profile, now) : 0,
    };
  }

  /** git is asked only once it matters. */
  async #tokensSinceCommit(
    session: SessionRecord,
    task: TaskRecord,
    { tokensWithoutCommit }: WatchLimits,
  ): Promise<number> {
    const { store, readHead } = this.#parts;
    const tokens = store.gauges.tokensOf(session.id);
    const mark = session.commitMark ?? { head: task.fork, tokens: 0 };
    const since = tokens - mark.tokens;
    if (tokensWithoutCommit === null || since < tokensWithoutCommit) return since;
    const head = await readHead(task);
    if (head === null || head === mark.head) return since;
    store.write("watchdog", () =>
      store.sessions.update(session.id, { commitMark: { head, tokens } }),
    );
    return 0;
  }

  #spokenTo(id: SessionId): void {
    const { store } = this.#parts;
    const session = store.sessions.find(id);
    if (!session?.concern) return;
    const { concern } = stepWatchdog(session.concern, { kind: "spoken-to" });
    this.#save(session, concern);
    const tokens = store.gauges.tokensOf(id);
    if (concern === null && session.commitMark)
      store.write("watchdog", () =>
        store.sessions.update(id, { commitMark: { head: session.commitMark?.head ?? "", tokens } }),
      );
  }

  #save(session: SessionRecord, concern: SessionRecord["concern"]): void {
    const { store } = this.#parts;
    const before = session.concern;
    if (before?.kind === concern?.kind && before?.step === concern?.step) return;
    store.write("watchdog", (record) => {
      store.sessions.update(session.id, { concern });
      record("session.concern", session.id, { concern, task: session.task });
    });
  }
}
