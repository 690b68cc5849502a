import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { descendantsOf } from "./descendants.ts";

/** Cores that die when they are told to. The one to come is always up already and waits. */
export class KillableQueue implements AsyncDisposable {
  /** What Node makes of the source, which takes each core longer than most of what it does afterwards. */
  readonly #cache = mkdtempSync(path.join(os.tmpdir(), "switchyard-cache-"));
  #next = start(this.#cache);

  /** Resolves with its effects, or with null where it was killed. */
  async run(order: {
    readonly folder: string;
    readonly scenario: string;
    /** At its how manyth effect it dies; 0: at none. */
    readonly killAt: number;
    /** Dies after so long at the latest; the gits that it had begun die with it, where `takesGit`. */
    readonly within?: { readonly ms: number; readonly takesGit: boolean };
  }): Promise<readonly string[] | null> {
    const { child, ended } = this.#next;
    const { within, ...told } = order;
    child.stdin?.end(`${JSON.stringify(told)}\n`);
    const limit = within && setTimeout(() => kill(child, within.takesGit), within.ms);
    const { signal, code, said, wrong } = await ended;
    clearTimeout(limit);
    this.#next = start(this.#cache);
    if (signal === "SIGKILL") return null;
    if (code !== 0) throw new Error(`the core ended with ${code ?? signal}: ${wrong}`);
    return z.array(z.string()).parse(JSON.parse(said));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#next.child.kill("SIGKILL");
    await this.#next.ended;
    rmSync(this.#cache, { recursive: true, force: true });
  }
}

/** Whom it started is found before it dies: after that nobody says whose they were. */
function kill({ pid }: ChildProcess, takesGit: boolean): void {
  if (pid === undefined) return;
  const others = takesGit ? descendantsOf(pid) : [];
  for (const each of [pid, ...others]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly said: string;
  readonly wrong: string;
}

function start(cache: string): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "queue-child.ts")], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  let said = "";
  let wrong = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    wrong += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ signal, code, said, wrong }));
  });
  return { child, ended };
}
