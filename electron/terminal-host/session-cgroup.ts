import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A control group that holds a session's program and everything that ever comes from it, however it hides: nothing can leave it.
 * There is one where the system lets this user make it below the host's own.
 */
export class SessionCgroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the process into a group of its own. Null where that is not to be had. */
  static hold(home: string, session: string, pid: number): SessionCgroup | null {
    const own = ownFolder();
    if (own === null) return null;
    const folder = join(own, `${prefixOf(home)}${session}`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "cgroup.procs"), String(pid));
      return new SessionCgroup(folder);
    } catch {
      removeEmpty(folder);
      return null;
    }
  }

  /**
   * The groups that an earlier host of this data folder left when it was killed. Whoever asks must be the only host of the folder,
   * and have no session yet.
   */
  static listLeft(home: string): readonly SessionCgroup[] {
    const own = ownFolder();
    if (own === null) return [];
    const names = readdirSync(own).filter((name) => name.startsWith(prefixOf(home)));
    return names.map((name) => new SessionCgroup(join(own, name)));
  }

  /** Who is in it, those that have ended and were not collected yet included. */
  members(): readonly number[] {
    try {
      const text = readFileSync(join(this.#folder, "cgroup.procs"), "utf8");
      return text.split("\n").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /** No more threads than this can live in it. Without effect where the system does not count them here. */
  limitThreads(max: number): void {
    try {
      writeFileSync(join(this.#folder, "pids.max"), String(max));
    } catch {
      // The controller is not switched on for this group; the tree is counted all the same.
    }
  }

  /** Kills all in it at once, so that nobody can start another meanwhile. */
  kill(): void {
    try {
      writeFileSync(join(this.#folder, "cgroup.kill"), "1");
    } catch {
      // A kernel before 5.14 has no such file.
      for (const pid of this.members()) killIfThere(pid);
    }
  }

  dispose(): void {
    removeEmpty(this.#folder);
  }
}

/** Names the data folder too: sessions are counted in each anew. */
function prefixOf(home: string): string {
  return `switchyard-${createHash("sha256").update(home).digest("hex").slice(0, 12)}-`;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone since it was listed.
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody is in it still, or it was never made: the system keeps it for as long.
  }
}

/** The folder of this process's own group, in the one hierarchy of version 2. */
function ownFolder(): string | null {
  try {
    const mount = readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .find((line) => line.includes(" - cgroup2 "));
    const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    const place = mount?.split(" ")[4];
    return own === undefined || place === undefined ? null : join(place, own);
  } catch {
    return null;
  }
}
