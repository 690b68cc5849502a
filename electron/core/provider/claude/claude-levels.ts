import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { EvidenceEvent } from "../evidence.ts";
import { type ClaudeStatus, toLevelEvidence } from "./read-claude-status.ts";
import { watchClaudeStatus } from "./watch-claude-status.ts";

export interface LevelTarget {
  /** The profile's folder; null: the provider's default one. */
  readonly dir: string | null;
  readonly pid: number;
  readonly startTicks: string | null;
}

type OnLevel = (level: EvidenceEvent) => void;

interface FolderWatch {
  readonly end: AbortController;
  readonly listeners: Set<(status: ClaudeStatus) => void>;
  readonly newest: Map<number, ClaudeStatus>;
}

/** The levels of all sessions, with one watch for each profile's folder however many sessions it has. */
export class ClaudeLevels {
  readonly #clock: Clock;
  readonly #defaultDir: string;
  readonly #folders = new Map<string, FolderWatch>();

  constructor(clock: Clock, home: string) {
    this.#clock = clock;
    this.#defaultDir = join(home, ".claude");
  }

  /** Tells each level of one process, the present one first, until `signal` aborts. */
  watch(target: LevelTarget, onLevel: OnLevel, signal: AbortSignal): void {
    if (signal.aborted) return;
    const dir = target.dir ?? this.#defaultDir;
    const folder = this.#folders.get(dir) ?? this.#open(dir);
    const listener = (status: ClaudeStatus) => {
      if (isSameProcess(status, target)) onLevel(toLevelEvidence(status));
    };
    folder.listeners.add(listener);
    signal.addEventListener("abort", () => {
      folder.listeners.delete(listener);
      if (folder.listeners.size === 0) this.#close(dir, folder);
    });
    const now = folder.newest.get(target.pid);
    if (now) listener(now);
  }

  #open(dir: string): FolderWatch {
    const folder: FolderWatch = {
      end: new AbortController(),
      listeners: new Set(),
      newest: new Map(),
    };
    this.#folders.set(dir, folder);
    const onStatus = (status: ClaudeStatus) => {
      folder.newest.set(status.pid, status);
      for (const listener of folder.listeners) listener(status);
    };
    watchClaudeStatus({ dir, clock: this.#clock, onStatus }, folder.end.signal);
    return folder;
  }

  #close(dir: string, folder: FolderWatch): void {
    folder.end.abort();
    if (this.#folders.get(dir) === folder) this.#folders.delete(dir);
  }
}

/** A pid used again for another process has another start. */
function isSameProcess(status: ClaudeStatus, target: LevelTarget): boolean {
  if (status.pid !== target.pid) return false;
  return (
    status.startTicks === null ||
    target.startTicks === null ||
    status.startTicks === target.startTicks
  );
}
