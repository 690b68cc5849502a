import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type SessionStatus = "idle" | "busy" | "waiting";

/** `sessions/<pid>.json` of a profile: what Claude Code says about a living session. */
export class SessionFile {
  readonly #file: string;
  readonly #fixed: object;
  #isLeaving = false;

  constructor(
    configFolder: string,
    version: string,
    session: { readonly conversation: string; readonly name: string },
  ) {
    const folder = join(configFolder, "sessions");
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, `${process.pid}.json`);
    this.#fixed = {
      pid: process.pid,
      sessionId: session.conversation,
      cwd: process.cwd(),
      startedAt: Date.now(),
      procStart: readStartTick(),
      version,
      peerProtocol: 1,
      kind: "interactive",
      entrypoint: "cli",
      name: session.name,
      nameSource: "user",
    };
  }

  /** From now on it says nothing new: Claude Code that is ended in the middle of a turn does not become idle first. */
  leave(): void {
    this.#isLeaving = true;
  }

  write(status: SessionStatus): void {
    if (this.#isLeaving) return;
    const now = Date.now();
    const waiting = status === "waiting" ? { waitingFor: "permission prompt" } : {};
    const state = { status, ...waiting, updatedAt: now, statusUpdatedAt: now };
    writeFileSync(this.#file, JSON.stringify({ ...this.#fixed, ...state }));
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

/** Tells a process from a later one with the same pid; only Linux says it. */
function readStartTick(): string | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The 22nd field; the second one is a name that may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
