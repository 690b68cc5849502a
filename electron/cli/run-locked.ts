import { randomUUID } from "node:crypto";
import {
  COMMAND_MAX,
  describeQueue,
  type LockRequest,
  ordinal,
  slotOf,
  TICKET_VARIABLE,
} from "../../shared/model/build-lock.ts";
import { ProjectName, SessionId, TaskId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { ownIdentity } from "../core/base/process-identity.ts";
import type { OpenCore, Surroundings } from "./surroundings.ts";
import { writePlainly } from "./write-table.ts";

/** How long a core that is started anew may take before the command runs without a slot. */
const CORE_BACK_MS = 20_000;
const AGAIN_MS = 250;
/** Who gets a slot within this time is told nothing. */
const TELL_AFTER_MS = 300;
/** Leaving is only a courtesy: the end of this process frees the slot as well. */
const LEAVE_MS = 1_000;

export interface LockedRun {
  readonly home: string;
  readonly lock: string;
  readonly command: readonly string[];
  /** Null: waits for ever. */
  readonly timeoutMs: number | null;
  readonly isQuiet: boolean;
}

/**
 * Runs a command when a slot is free, and holds the slot until it has ended. Gives the command's exit code. Throws `timeout` when no
 * slot was free in time. A core that dies meanwhile is no matter: the next one is told who waits and what runs.
 */
export async function runLocked(surroundings: Surroundings, run: LockedRun): Promise<number> {
  const claim = new SlotClaim(surroundings, run);
  const ticket = await claim.wait();
  // What makes Electron a Node is for this program alone.
  const own = process.versions.electron ? { ELECTRON_RUN_AS_NODE: undefined } : {};
  const env = { ...surroundings.env, ...own, [TICKET_VARIABLE]: ticket };
  const keeping = new AbortController();
  const kept = ticket === claim.ticket ? claim.keep(keeping.signal) : Promise.resolve();
  try {
    const { exitCode, problem } = await surroundings.runAttached(run.command, env);
    if (problem !== null) surroundings.complain(`${problem}\n`);
    return exitCode;
  } finally {
    keeping.abort();
    await kept;
    await claim.leave();
  }
}

class SlotClaim {
  readonly ticket = randomUUID();
  readonly #surroundings: Surroundings;
  readonly #run: LockedRun;
  readonly #request: LockRequest;
  readonly #inside: string | null;
  #core: OpenCore | null = null;
  /** Why there is no core to talk to, where it is not that none runs. */
  #trouble: string | null = null;

  constructor(surroundings: Surroundings, run: LockedRun) {
    const { env } = surroundings;
    this.#surroundings = surroundings;
    this.#run = run;
    this.#inside = UUID.test(env[TICKET_VARIABLE] ?? "") ? (env[TICKET_VARIABLE] ?? null) : null;
    this.#request = {
      ticket: this.ticket,
      lock: run.lock,
      command: run.command.join(" ").replace(/\s+/g, " ").slice(0, COMMAND_MAX),
      session: SessionId.safeParse(env.SWITCHYARD_SESSION).data ?? null,
      task: TaskId.safeParse(env.SWITCHYARD_TASK).data ?? null,
      project: ProjectName.safeParse(env.SWITCHYARD_PROJECT).data ?? null,
      process: ownIdentity(),
    };
  }

  /** The ticket to run under; without a core, and so without a slot, its own. */
  async wait(): Promise<string> {
    const { timeoutMs } = this.#run;
    const late = new AbortController();
    const timer = timeoutMs === null ? null : setTimeout(() => late.abort(), timeoutMs);
    const timeUp = new Promise<never>((_, reject) => {
      late.signal.addEventListener("abort", () => reject(late.signal.reason), { once: true });
    });
    try {
      return await Promise.race([this.#waitForSlot(late.signal), timeUp]);
    } catch (error) {
      if (!late.signal.aborted) throw error;
      const told = await this.#describe();
      await this.leave();
      throw new SwitchyardError(
        "timeout",
        `${slotOf(this.#run.lock).replace("a ", "No ")} was free within ${(timeoutMs ?? 0) / 1000} s${told === null ? "" : `: ${told}`}.`,
        "switchyard lock --list shows who holds them.",
      );
    } finally {
      if (timer) clearTimeout(timer);
    }
  }

  /** Tells each new core that the command runs, until the signal aborts. */
  async keep(signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    while (!signal.aborted) {
      const core = this.#core ?? (await this.#connect());
      this.#core = core;
      if (!core) {
        await Promise.race([pause(AGAIN_MS), ended]);
        continue;
      }
      const gone = new Promise<void>((resolve) => core.client.onClose(resolve));
      // A core that does not take it is asked again once it has gone.
      this.#take(core, true).catch(() => undefined);
      await Promise.race([gone, ended]);
      if (!signal.aborted) this.#core = null;
    }
  }

  async leave(): Promise<void> {
    const core = this.#core;
    this.#core = null;
    if (!core) return;
    const left = core.client.call("lock.leave", { ticket: this.ticket }).catch(() => undefined);
    await Promise.race([left, pause(LEAVE_MS)]);
    await core[Symbol.asyncDispose]();
  }

  async #waitForSlot(signal: AbortSignal): Promise<string> {
    const isWorker = this.#request.session !== null;
    let lastSeenMs = performance.now();
    let hasSeen = false;
    while (!signal.aborted) {
      this.#core = await this.#connect();
      if (this.#core) {
        hasSeen = true;
        const ticket = await this.#takeOrLose(this.#core);
        if (ticket !== null) return ticket;
        lastSeenMs = performance.now();
      }
      // A worker runs on while its core is started anew; anybody else is not made to wait for an app that is not there.
      const patienceMs = hasSeen || isWorker ? CORE_BACK_MS : 0;
      if (performance.now() - lastSeenMs >= patienceMs) {
        this.#tell(
          `${this.#trouble ?? "Switchyard is not running"}, so this runs without ${slotOf(this.#run.lock)}.`,
        );
        return this.ticket;
      }
      await pause(AGAIN_MS);
    }
    return this.ticket;
  }

  /** Null when the connection is lost before the slot is there. */
  async #takeOrLose(core: OpenCore): Promise<string | null> {
    const startedMs = performance.now();
    let hasTold = false;
    const telling = setTimeout(async () => {
      const told = await this.#describe();
      if (told === null) return;
      hasTold = true;
      this.#tell(`Waits for ${slotOf(this.#run.lock)}: ${told}.`);
    }, TELL_AFTER_MS);
    try {
      const ticket = await this.#take(core, false);
      const seconds = Math.round((performance.now() - startedMs) / 1000);
      if (hasTold) this.#tell(`Has ${slotOf(this.#run.lock)} after ${seconds} s.`);
      return ticket;
    } catch (error) {
      if (error instanceof SwitchyardError && error.code === "needs-app") return null;
      throw error;
    } finally {
      clearTimeout(telling);
    }
  }

  async #take(core: OpenCore, isRunning: boolean): Promise<string> {
    const asked = { ...this.#request, isRunning, inside: this.#inside };
    return (await core.client.call("lock.take", asked)).ticket;
  }

  /** Its place and who is before it; null when that cannot be had. */
  async #describe(): Promise<string | null> {
    try {
      const locks = await this.#core?.client.call("lock.list", {});
      const lock = locks?.find(({ name }) => name === this.#run.lock);
      const at = lock?.waiting.findIndex(({ pid }) => pid === this.#request.process.pid) ?? -1;
      if (!lock || at < 0) return null;
      const before = describeQueue({ ...lock, waiting: lock.waiting.slice(0, at + 1) });
      return `${ordinal(at + 1)} of ${lock.waiting.length}; ${before.replace(/^[^:]*: /, "")}`;
    } catch {
      return null;
    }
  }

  async #connect(): Promise<OpenCore | null> {
    try {
      return await this.#surroundings.openCore(this.#run.home, "app");
    } catch (error) {
      // Whatever is wrong with Switchyard must not keep anybody from building.
      const isAbsent = error instanceof SwitchyardError && error.code === "needs-app";
      const message = error instanceof Error ? error.message : String(error);
      this.#trouble = isAbsent ? null : message.replace(/[.]$/, "");
      return null;
    }
  }

  #tell(sentence: string): void {
    if (!this.#run.isQuiet) this.#surroundings.complain(`switchyard: ${writePlainly(sentence)}\n`);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
