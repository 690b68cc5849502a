import path from "node:path";
import type {
  HostContract,
  HostExit,
  HostSession,
  Signal,
} from "../../../shared/contract/host-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { PersonKey } from "../../../shared/model/person-key.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { maskKeys } from "../base/mask-keys.ts";
import { isAlive } from "../base/process-identity.ts";
import type { EvidenceEvent, Gauge, SignalReading } from "../provider/evidence.ts";
import type { Intent, SessionRecord, Store } from "../store/store.ts";
import { countCalls } from "./count-calls.ts";
import { Messages } from "./messages.ts";
import { readLastWords } from "./read-last-words.ts";
import { readStatus } from "./read-status.ts";
import { type SessionEvent, type SessionStatus, stepSession } from "./session-machine.ts";
import { crowdReason } from "./stop-reasons.ts";
import { weighEvidence } from "./weigh-evidence.ts";

/** A start that gives no sign of life for this long is looked at by a person (supervisord's startsecs, doubled for a loaded laptop). */
const SILENCE_MS = 20_000;
/** The record of a conversation is written up to 0.1 s after the level that says its turn is over; a level that says so is heard this much later. */
const RECORD_LAG_MS = 400;
const KEY_AGAIN_MS = 1_000;
/** From SIGTERM to SIGKILL. The CLI runs its own end hooks within 150 ms; its children get the rest. */
const STOP_GRACE_MS = 5_000;
const WITHOUT_HOST = "it was ended without the terminal host, which did not answer";

/** Why a session was lost that did nothing wrong: its task goes out again without a mark against it. */
export const LOST = {
  withHost: "the terminal host that ran it is gone",
  beforeStart: "the app ended before it was started",
  toSilence: "the terminal host did not answer when it was to be started",
} as const;

export interface SessionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** The connected terminal host; throws `needs-app` while there is none. */
  readonly host: () => Client<HostContract>;
  /** Absolute path of a session's own folder. */
  readonly folderOf: (session: SessionId) => string;
  readonly readSignal: (signal: Signal) => SignalReading;
  /** Lets the status file of the session's program be watched, until the signal aborts. */
  readonly watchLevel: (
    session: SessionRecord,
    onLevel: (level: EvidenceEvent) => void,
    signal: AbortSignal,
  ) => void;
  /** How the session's newest turn ended, by its provider's own record; null where that does not say. */
  readonly readTurn: (session: SessionRecord) => EvidenceEvent | null;
  /** Ends every process that carries the mark of this session, wherever it strayed; resolves to the pids that survived. */
  readonly endStrays: (session: SessionId) => Promise<readonly number[]>;
  /** Resolves when the terminal host answers nothing, at once where that is so already; never once the signal aborts. */
  readonly untilSilent: (signal: AbortSignal) => Promise<void>;
  /** What its program reported of the usage of its profile. */
  readonly noteUsage: (session: SessionRecord, gauge: Gauge) => void;
  /** How many processes may live of it at once; null: as many as it likes. */
  readonly processesMaxOf?: (session: SessionRecord) => number | null;
  /** Keeps what the session would leave behind; a moment at most, and never rejects. */
  readonly beforeEnd?: (session: SessionRecord) => Promise<void>;
  /** At how many tokens of a context window of this size it is asked to hand over; null: at none. */
  readonly handoffAt?: (session: SessionRecord, window: number) => number | null;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** As what a session ends that was told to, and what its reason says then; null: that it was told to says it all. */
interface Ending {
  readonly as: "ended" | "stopped";
  readonly why: string | null;
}

/**
 * Runs the sessions: spawns them through the terminal host, turns what their programs signal into states, ends them.
 *
 * Invariant: a state is saved together with the number of the newest signal it rests on, so that after a crash the host's
 * journal is read on from there and no signal counts twice or never.
 */
export class Sessions {
  readonly #parts: SessionsParts;
  /** One life per session whose program may run: ends its watches. */
  readonly #lives = new Map<SessionId, AbortController>();
  readonly #ends = new Map<SessionId, Ending>();
  #isReconciled = false;
  /** What is said to the sessions. */
  readonly messages: Messages;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.messages = new Messages(parts);
  }

  /**
   * Starts the program of a session that the store already holds as `starting`. A start that fails ends the session with the
   * reason. One that was ended meanwhile is not started, or its program is stopped again.
   */
  async begin(session: SessionRecord, launch: Launch): Promise<void> {
    // A window may have asked for another size since the session was claimed.
    const { cols, rows, state } = this.#parts.store.sessions.find(session.id) ?? session;
    if (!isLive(state)) return;
    try {
      const spawned = await this.#parts.host().call("spawn", {
        session: session.id,
        file: launch.file,
        args: [...launch.args],
        env: { ...launch.env },
        cwd: session.cwd,
        cols,
        rows,
        folder: this.#parts.folderOf(session.id),
        token: session.token,
      });
      // The end overtook the spawn: this program is born unwanted.
      if (!isLive(this.#parts.store.sessions.find(session.id)?.state ?? "ended"))
        await this.#bury(session.id);
      else this.#adopt(session.id, spawned);
    } catch (error) {
      // It may have been spawned and only that could not be saved: then it must not run on unseen.
      await this.#bury(session.id).catch(() => undefined);
      const isSilent = isCode(error, "timeout");
      const why = error instanceof Error ? error.message : String(error);
      this.fail(session.id, isSilent ? LOST.toSilence : why);
      throw error;
    }
  }

  /** Ends a session whose program never started. */
  fail(id: SessionId, reason: string): void {
    this.#step(id, { kind: "start-failed", reason }, "supervisor");
  }

  /**
   * Joins the store's live sessions with what the host still runs, after a start of the core or a new host. What the host does not
   * know is gone; what it knows is read on from the last signal taken into account. Safe to run again at any time.
   */
  async reconcile(): Promise<void> {
    const { store } = this.#parts;
    const stops = store.intents.listOpen().filter((intent) => intent.kind === "stop-session");
    for (const intent of stops) this.#ends.set(stopped(intent), endOf(intent));
    const hosted = await this.#parts.host().call("list", {});
    const known = new Set(hosted.map((row) => row.session));
    // Of those without a process only the first look can tell: later ones are starts of this core's own, which end by themselves.
    const isFirst = !this.#isReconciled;
    this.#isReconciled = true;
    const lost = store.sessions
      .list({ isLive: true })
      .filter(({ id, pid }) => !known.has(id) && (pid !== null || isFirst));
    await Promise.all(lost.map((session) => this.#giveUp(session)));
    for (const row of hosted) {
      const session = store.sessions.find(row.session);
      try {
        if (session && isLive(session.state)) await this.#catchUp(session, row, isFirst);
        else if (session) await this.#bury(session.id);
      } catch (error) {
        // One session whose journal cannot be read must not keep the others, and the core, from going on.
        this.#parts.log.error({ error, session: row.session }, "joining a session failed");
      }
    }
    await Promise.all(
      stops.map(async (intent) => {
        const { as, why } = endOf(intent);
        try {
          await this.end(stopped(intent), as, "recovery", { why });
        } catch (error) {
          // A process that cannot be killed keeps its intent open, for the next core, and nobody else from going on.
          this.#parts.log.error({ error, session: intent.subject }, "ending a session failed");
        }
      }),
    );
  }

  /** Takes in what the host reports of a session. */
  onSignal(id: SessionId, signal: Signal): void {
    const session = this.#parts.store.sessions.find(id);
    if (!session || signal.seq <= session.signalSeq) return;
    // One that came before this connection listened is still in the journal; signals count in their order or not at all.
    if (signal.seq === session.signalSeq + 1) this.#takeIn(session, signal);
    else {
      this.#readJournal(id).catch((error) =>
        this.#parts.log.warn({ error, session: id }, "reading missed signals failed"),
      );
    }
  }

  #hearLevel(id: SessionId, level: EvidenceEvent, ending: AbortSignal): void {
    const isIdle = level.kind === "status-level" && level.level === "idle";
    if (!isIdle) this.hear(id, level);
    else
      this.#parts.clock.wait(RECORD_LAG_MS, ending).then(
        () => this.hear(id, level),
        () => undefined,
      );
  }

  /**
   * Takes in a key that the person pressed in its pane: Esc and Ctrl-C while it works or asks, Enter and a number where it asks. All
   * others decide nothing, and of one that is held down only the first in a second is kept.
   */
  press(id: SessionId, key: PersonKey): void {
    const session = this.#parts.store.sessions.find(id);
    const isAsking = session?.state === "needs-input";
    const isCutting = (key === "Esc" || key === "Ctrl-C") && session?.state === "working";
    if (!session || (!isAsking && !isCutting)) return;
    const now = this.#parts.clock.now();
    const signal = `key:${key}`;
    const last = session.evidence.findLast((each) => each.signal === signal);
    const agoMs = last ? now.getTime() - Date.parse(last.at) : KEY_AGAIN_MS;
    if (agoMs >= 0 && agoMs < KEY_AGAIN_MS) return;
    this.hear(id, { kind: "key-pressed", key, signal, at: now.toISOString() });
  }

  /** Takes in what is known of a session by another way than its signals. */
  hear(id: SessionId, evidence: EvidenceEvent): void {
    const session = this.#parts.store.sessions.find(id);
    if (session) this.#weigh(session, [evidence], session.signalSeq);
  }

  async #readJournal(id: SessionId): Promise<void> {
    let since = this.#parts.store.sessions.find(id)?.signalSeq ?? 0;
    for (;;) {
      const signals = await this.#parts.host().call("signals", { session: id, since });
      if (signals.length === 0) return;
      for (const signal of signals) {
        const session = this.#parts.store.sessions.find(id);
        if (session && signal.seq > session.signalSeq) this.#takeIn(session, signal);
        since = signal.seq;
      }
    }
  }

  #takeIn(session: SessionRecord, signal: Signal): void {
    const { id } = session;
    const { evidence, gauge, told } = this.#parts.readSignal(signal);
    if (gauge) {
      const context = gauge.context && {
        ...gauge.context,
        handoffAt: this.#parts.handoffAt?.(session, gauge.context.window) ?? null,
      };
      this.#parts.store.gauges.setSession(id, { ...gauge, context });
      this.#parts.noteUsage(session, gauge);
    }
    this.#weigh(session, evidence, signal.seq, told);
  }

  onExit(id: SessionId, exit: HostExit): void {
    const { code, signal, isOutOfMemory = false, tooManyProcesses: crowd } = exit;
    const stoppedFor = crowd === undefined ? undefined : crowdReason(crowd);
    // Later its terminal holds a screen of its own; until its first message was taken, what kept it from starting.
    const session = this.#parts.store.sessions.find(id);
    const isStarting = session?.state === "starting";
    const isUnstarted = isStarting && session.kind === "worker";
    const log = path.join(this.#parts.folderOf(id), "output.log");
    const lastWords = isStarting ? readLastWords(log) : undefined;
    this.#step(
      id,
      { kind: "exited", code, signal, isOutOfMemory, isUnstarted, stoppedFor, lastWords },
      "program",
      { exit: { code, signal } },
    );
    this.#bury(id).catch((error) =>
      this.#parts.log.warn({ error, session: id }, "burying an ended session failed"),
    );
  }

  /**
   * Stops a session's program and waits until it and everything it started is gone, without the terminal host where that hangs or is
   * not there. `graceMs` is the time from SIGTERM to SIGKILL. Throws `timeout` for what only the host can end: it will, once it answers.
   */
  async end(
    id: SessionId,
    as: Ending["as"],
    cause: string,
    how: { readonly why?: string | null; readonly graceMs?: number } = {},
  ): Promise<void> {
    const { store } = this.#parts;
    const session = store.sessions.find(id);
    const open = store.intents
      .listOpen()
      .find((intent) => intent.kind === "stop-session" && intent.subject === id);
    if (session && isLive(session.state)) {
      // Who asked first says as what it ends.
      const ending = this.#ends.get(id) ?? { as, why: how.why ?? null };
      this.#ends.set(id, ending);
      const intent =
        open ?? store.write(cause, () => store.intents.open("stop-session", id, { ...ending }));
      if (session.pid !== null) await this.#parts.beforeEnd?.(session);
      await this.#stop(id, how.graceMs ?? STOP_GRACE_MS);
      store.write(cause, () => store.intents.close(intent.id, "stopped"));
    } else if (open) {
      store.write(cause, () => store.intents.close(open.id, "was gone already"));
    }
  }

  dispose(): void {
    for (const life of this.#lives.values()) life.abort(new Error("the core is stopping"));
    this.#lives.clear();
  }

  /** A session that no host has: what still runs of it, recorded or not, ends before its task can go out again. */
  async #giveUp(session: SessionRecord): Promise<void> {
    const reason = session.pid ? LOST.withHost : LOST.beforeStart;
    try {
      this.#noteSurvivors(session.id, await this.#parts.endStrays(session.id));
    } catch (error) {
      this.#parts.log.error({ error, session: session.id }, "ending a lost session's rest failed");
    }
    this.#step(session.id, { kind: "lost", reason }, "recovery");
  }

  #noteSurvivors(id: SessionId, pids: readonly number[]): void {
    if (pids.length === 0) return;
    this.#parts.log.warn({ session: id, pids }, "processes of an ended session do not end");
    this.#parts.store.write("supervisor", (record) => record("session.survivors", id, { pids }));
  }

  async #catchUp(session: SessionRecord, row: HostSession, isFirst: boolean): Promise<void> {
    this.#adopt(session.id, row);
    if (isFirst && row.exit === null) this.#noteReattached(session.id);
    await this.#readJournal(session.id);
    if (row.exit) this.onExit(session.id, row.exit);
  }

  #noteReattached(id: SessionId): void {
    const { store, clock } = this.#parts;
    const reason = "the app was started again while it went on";
    const recovery = { rung: "reattached", reason, at: clock.now().toISOString() } as const;
    store.write("recovery", (record) => {
      store.sessions.update(id, { recovery });
      record("session.recovery", id, { rung: recovery.rung, reason });
    });
  }

  async #stop(id: SessionId, graceMs: number): Promise<void> {
    const answered = new AbortController();
    try {
      const silent = this.#parts.untilSilent(answered.signal).then(() => null);
      const stopping = this.#parts.host().call("stop", { session: id, graceMs });
      const told = await Promise.race([stopping, silent]);
      if (told === null) {
        await this.#stopWithoutHost(id);
        return;
      }
      const { survivors, ...exit } = told;
      this.#noteSurvivors(id, survivors ?? []);
      this.onExit(id, exit);
    } catch (error) {
      if (isCode(error, "needs-app")) await this.#stopWithoutHost(id);
      // It ended by itself, and its end was told and forgotten meanwhile.
      else if (isCode(error, "not-found"))
        this.#step(id, { kind: "lost", reason: "it had ended already" }, "recovery");
      else throw error;
    } finally {
      answered.abort(new Error("the session is over, or cannot be ended"));
    }
  }

  /** The host buries it once it is there again. */
  async #stopWithoutHost(id: SessionId): Promise<void> {
    const { store, log, endStrays } = this.#parts;
    this.#noteSurvivors(id, await endStrays(id));
    const { pid = null, startTicks = null } = store.sessions.find(id) ?? {};
    if (pid !== null && isAlive({ pid, startTicks, bootId: null }))
      throw new SwitchyardError(
        "timeout",
        `The terminal host does not answer, and ${id} cannot be ended without it.`,
        "It is ended as soon as the host answers. See: switchyard status",
      );
    log.warn({ session: id }, "a session was ended without the terminal host");
    this.#step(id, { kind: "lost", reason: WITHOUT_HOST }, "supervisor");
  }

  /** An ended session's record at the host has served its purpose; what it left running is ended with it. */
  async #bury(id: SessionId): Promise<void> {
    try {
      const call = { session: id, graceMs: STOP_GRACE_MS };
      const { survivors } = await this.#parts.host().call("stop", call);
      this.#noteSurvivors(id, survivors ?? []);
      await this.#parts.host().call("forget", { session: id });
    } catch (error) {
      if (!isCode(error, "not-found")) throw error;
    }
  }

  #adopt(id: SessionId, row: HostSession): void {
    const { store } = this.#parts;
    if (this.#lives.has(id)) return;
    const life = new AbortController();
    this.#lives.set(id, life);
    const session = store.sessions.find(id);
    if (!session || !isLive(session.state)) return;
    if (session.pid !== row.pid) {
      store.write("supervisor", (record) => {
        store.sessions.update(id, { pid: row.pid, startTicks: row.startTicks });
        this.#settleStart(id, "started");
        record("session.spawned", id, { pid: row.pid });
      });
    }
    this.#limitProcesses(session);
    if (session.kind !== "worker") return;
    const adopted = store.sessions.find(id) ?? session;
    const onLevel = (level: EvidenceEvent) => this.#hearLevel(id, level, life.signal);
    this.#parts.watchLevel(adopted, onLevel, life.signal);
    this.#watchSilence(id, life.signal);
  }

  #limitProcesses(session: SessionRecord): void {
    const processes = this.#parts.processesMaxOf?.(session) ?? null;
    if (processes === null) return;
    const call = { session: session.id, processes };
    this.#parts
      .host()
      .call("limit", call)
      // An older host does not know how; one that is gone has nothing left to limit.
      .catch((error) =>
        this.#parts.log.warn({ error, session: session.id }, "limiting a session failed"),
      );
  }

  /** Looks once more after each failure to save what was seen, e.g. on a full disk. */
  #watchSilence(id: SessionId, signal: AbortSignal): void {
    this.#parts.clock
      .wait(SILENCE_MS, signal)
      .then(() => this.#step(id, { kind: "stayed-silent", afterMs: SILENCE_MS }, "supervisor"))
      .catch((error) => {
        if (signal.aborted) return;
        this.#parts.log.error({ error, session: id }, "what a session did was not saved");
        this.#watchSilence(id, signal);
      });
  }

  /** Inside the transaction that says what became of the start, whether this core or an earlier one had asked for it. */
  #settleStart(id: SessionId, outcome: string): void {
    const { intents } = this.#parts.store;
    for (const intent of intents.listOpen()) {
      if (intent.kind === "start-session" && intent.subject === id)
        intents.close(intent.id, outcome);
    }
  }

  #weigh(
    session: SessionRecord,
    heard: readonly EvidenceEvent[],
    signalSeq: number,
    told: SignalReading["told"] = {},
  ): void {
    const { status, evidence } = weighEvidence(session, heard, {
      endAs: this.#ends.get(session.id)?.as ?? null,
      now: this.#parts.clock.now(),
      readTurn: () => this.#parts.readTurn(session),
    });
    const link = heard.findLast((event) => event.kind === "link-offered")?.url ?? session.link;
    this.#save(session, status, "program", {
      ...told,
      signalSeq,
      link,
      evidence,
      callRun: countCalls(session.callRun, heard),
    });
    for (const event of heard) {
      if (event.kind === "prompt-accepted")
        this.messages.accepted(session.id, event.prompt, event.isSynthetic);
    }
  }

  #step(
    id: SessionId,
    event: SessionEvent,
    cause: string,
    extra: Partial<SessionRecord> = {},
  ): void {
    const session = this.#parts.store.sessions.find(id);
    if (!session || !isLive(session.state)) return;
    const next = stepSession(this.#statusOf(session), event);
    const why = isLive(next.state) ? null : (this.#ends.get(id)?.why ?? null);
    this.#save(session, why === null ? next : { ...next, reason: why }, cause, extra);
  }

  #statusOf(session: SessionRecord): SessionStatus {
    const endAs = this.#ends.get(session.id)?.as ?? null;
    return readStatus(session, endAs, this.#parts.clock.now());
  }

  #save(
    session: SessionRecord,
    status: SessionStatus,
    cause: string,
    extra: Partial<SessionRecord>,
  ): void {
    const { store } = this.#parts;
    // It can be what a program said.
    const reason = status.reason === null ? null : maskKeys(status.reason);
    const isChanged = status.state !== session.state || reason !== session.reason;
    store.write(cause, (record) => {
      store.sessions.update(session.id, { ...extra, state: status.state, reason });
      if (!isLive(status.state)) {
        this.#settleStart(session.id, "over");
        // Nobody waits for what a sign-in link leads to any more.
        store.sessions.update(session.id, { link: null, codeLink: null });
      }
      if (isChanged)
        record("session.state", session.id, {
          from: session.state,
          to: status.state,
          reason,
          task: session.task,
        });
    });
    if (isLive(status.state)) return;
    this.#lives.get(session.id)?.abort(new Error("the session is over"));
    this.#lives.delete(session.id);
    this.#ends.delete(session.id);
  }
}

/** Stop intents are opened by `end`, with the session's id as their subject. */
function stopped(intent: Intent): SessionId {
  return intent.subject as SessionId;
}

function endOf({ data: { as, why } }: Intent): Ending {
  return {
    as: as === "ended" ? "ended" : "stopped",
    why: typeof why === "string" ? why : null,
  };
}

function isCode(error: unknown, code: SwitchyardError["code"]): boolean {
  return error instanceof SwitchyardError && error.code === code;
}
