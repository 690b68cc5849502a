import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { HostExit, HostSession, Signal } from "../../shared/contract/host-contract.ts";
import type { ByteStream } from "../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { isAlive, startTicks } from "../core/base/process-identity.ts";
import { findMarked } from "./find-marked.ts";
import type { PaneStream } from "./pane-stream.ts";
import type { ProcessTrees } from "./process-trees.ts";
import { SessionCgroup } from "./session-cgroup.ts";
import { SessionOutput } from "./session-output.ts";
import { SignalJournal } from "./signal-journal.ts";
import { type Program, type SpawnOrder, startProgram } from "./start-program.ts";

/** So much unwritten output slows the program down: the disk takes nothing, or not fast enough. */
const UNWRITTEN_MAX_BYTES = 16 * 1024 * 1024;
const PAUSE_MS = 50;
/** How long a killed program may take to be gone; the kernel needs milliseconds. */
const KILLED_GONE_MS = 10_000;
const SWEEP_POLL_MS = 20;
/** A runtime's process has a handful of threads; what counts threads must not stop it before its processes are too many. */
const THREADS_PER_PROCESS = 16;

interface SessionParts {
  /** The data folder: it tells this session's processes from those of another folder's session with the same name. */
  readonly home: string;
  readonly trees: ProcessTrees;
  readonly onExit: (exit: HostExit) => void;
  readonly onFault: (error: unknown) => void;
}

/** One program in its pseudo-terminal, with what becomes of its output and its journal. */
export class TerminalSession {
  readonly #order: SpawnOrder;
  readonly #parts: SessionParts;
  readonly #output: SessionOutput;
  readonly #journal: SignalJournal;
  readonly #exited = Promise.withResolvers<HostExit>();
  readonly #startedAt = new Date().toISOString();
  #startTicks: string | null = null;
  #program: Program | null = null;
  #cgroup: SessionCgroup | null = null;
  #exit: HostExit | null = null;
  #tooMany: number | null = null;

  private constructor(order: SpawnOrder, parts: SessionParts) {
    this.#order = order;
    this.#parts = parts;
    mkdirSync(order.folder, { recursive: true, mode: 0o700 });
    this.#output = new SessionOutput({
      ...order,
      type: (bytes) => this.write(bytes),
      onFault: parts.onFault,
    });
    this.#journal = new SignalJournal(join(order.folder, "signals.jsonl"));
  }

  static async start(order: SpawnOrder, parts: SessionParts): Promise<TerminalSession> {
    const marked = { ...order, env: { SWITCHYARD_HOME: parts.home, ...order.env } };
    const session = new TerminalSession(marked, parts);
    try {
      session.#program = await startProgram(marked, {
        onBytes: (bytes) => session.#take(bytes),
        onExit: (code, signal) => void session.#ended(code, signal),
      });
    } catch (error) {
      await session.dispose();
      throw error;
    }
    const { pid } = session.#program;
    session.#startTicks = startTicks(pid);
    session.#cgroup = SessionCgroup.hold(parts.home, order.session, pid);
    parts.trees.follow(pid, session.#startTicks);
    return session;
  }

  get token(): string {
    return this.#order.token;
  }

  get isLive(): boolean {
    return this.#exit === null;
  }

  describe(): HostSession {
    return {
      session: this.#order.session,
      pid: this.#pid,
      startTicks: this.#startTicks,
      startedAt: this.#startedAt,
      ...this.#output.size,
      offset: this.#output.length,
      signalSeq: this.#journal.lastSeq,
      exit: this.#exit,
    };
  }

  attach(stream: ByteStream, isFocused: boolean): PaneStream {
    return this.#output.attach(stream, isFocused);
  }

  detach(pane: PaneStream): void {
    this.#output.detach(pane);
  }

  write(bytes: Uint8Array): void {
    if (this.isLive) this.#program?.write(bytes);
  }

  resize(cols: number, rows: number): void {
    const { size } = this.#output;
    if (cols === size.cols && rows === size.rows) return;
    if (this.isLive) this.#program?.resize(cols, rows);
    this.#output.resize(cols, rows);
  }

  /** To the whole process group. */
  kill(signal: NodeJS.Signals): void {
    if (!this.isLive) return;
    try {
      process.kill(-this.#pid, signal);
    } catch (error) {
      // Gone meanwhile: its exit is being read.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /** From now on it is ended at once when more processes than this live of it. */
  limit(processes: number): void {
    if (!this.isLive) return;
    this.#cgroup?.limitThreads(processes * THREADS_PER_PROCESS);
    this.#parts.trees.limit(this.#pid, processes, (count) => {
      if (this.#tooMany !== null) return;
      this.#tooMany = count;
      this.#endAtOnce().catch(this.#parts.onFault);
    });
  }

  /** What multiplies faster than it can be killed is stopped first: what stands still starts nothing. */
  async #endAtOnce(): Promise<void> {
    let standing = 0;
    for (let found = this.#listStrays(); found.length > standing; found = this.#listStrays()) {
      standing = found.length;
      for (const pid of found) signalIfThere(pid, "SIGSTOP");
    }
    this.kill("SIGKILL");
    await this.#killStrays();
  }

  /** Also for a session that has ended: what it left running is killed then. `survivors`: pids of what does not end even so. */
  async stop(graceMs: number): Promise<HostExit & { readonly survivors: number[] }> {
    // Looked at while its program still ties the strays to it.
    this.#parts.trees.living(this.#pid);
    this.kill("SIGTERM");
    await Promise.race([this.#exited.promise, delay(graceMs, null, { ref: false })]);
    this.kill("SIGKILL");
    const survivors = await this.#killStrays();
    const exit = await Promise.race([this.#exited.promise, delay(KILLED_GONE_MS, null)]);
    if (exit) return { ...exit, survivors };
    throw new SwitchyardError("timeout", `Process ${this.#pid} was killed and is still there.`);
  }

  async read(from: number, maxBytes: number): Promise<{ bytes: Uint8Array; end: number }> {
    return { bytes: await this.#output.read(from, maxBytes), end: this.#output.length };
  }

  text(lines: number): Promise<string[]> {
    return this.#output.lastLines(lines);
  }

  journal(kind: Signal["kind"], body: unknown): Signal {
    const terminal = { offset: this.#output.length, ...this.#output.size };
    return this.#journal.append(kind, body, terminal);
  }

  signalsSince(since: number): Signal[] {
    return this.#journal.since(since);
  }

  async dispose(): Promise<void> {
    if (this.#program) this.#parts.trees.forget(this.#program.pid);
    this.#cgroup?.dispose();
    this.#journal.close();
    await this.#output[Symbol.asyncDispose]();
  }

  get #pid(): number {
    if (!this.#program) throw new Error(`${this.#order.session} has no program yet.`);
    return this.#program.pid;
  }

  #take(bytes: Uint8Array): void {
    this.#output.take(bytes);
    if (this.#output.unwrittenBytes > UNWRITTEN_MAX_BYTES) this.#program?.pause(PAUSE_MS);
  }

  async #ended(code: number, signal: number): Promise<void> {
    await this.#output.end();
    const exit: HostExit = {
      code: signal === 0 ? code : null,
      signal: signal === 0 ? null : nameOfSignal(signal),
      ...(this.#tooMany === null ? {} : { tooManyProcesses: this.#tooMany }),
      isOutOfMemory: signal === constants.signals.SIGKILL && this.#parts.trees.isMemoryShort,
      at: new Date().toISOString(),
    };
    this.#exit = exit;
    this.#exited.resolve(exit);
    this.#parts.onExit(exit);
  }

  /** Whatever came from this session: in its control group, seen to descend from it, or carrying its marks. */
  #listStrays(): readonly number[] {
    const marks = ["SWITCHYARD_SESSION", "SWITCHYARD_HOME"].map(
      (name) => `${name}=${this.#order.env[name]}`,
    );
    const inTree = this.#parts.trees.living(this.#pid).filter((pid) => pid !== this.#pid);
    const inGroup = this.#cgroup?.members().filter(isRunning) ?? [];
    return [...new Set([...findMarked(marks, this.#startTicks), ...inTree, ...inGroup])];
  }

  /** Resolves to the pids of those that are still there when all time is up. */
  async #killStrays(): Promise<number[]> {
    const deadline = performance.now() + KILLED_GONE_MS;
    let left = this.#listStrays();
    while (left.length > 0 && performance.now() < deadline) {
      this.#cgroup?.kill();
      for (const pid of left) signalIfThere(pid, "SIGKILL");
      // The end of a process that is no child of ours is no event.
      await delay(SWEEP_POLL_MS);
      left = this.#listStrays();
    }
    return [...left];
  }
}

/** One that has ended stays listed until it is collected. */
function isRunning(pid: number): boolean {
  return isAlive({ pid, startTicks: null, bootId: null });
}

function signalIfThere(pid: number, signal: "SIGSTOP" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone since it was listed.
  }
}

function nameOfSignal(signal: number): string {
  const named = Object.entries(constants.signals).find(([, number]) => number === signal);
  return named?.[0] ?? String(signal);
}
