import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { listClaudeStatuses } from "./list-claude-statuses.ts";
import type { ClaudeStatus } from "./read-claude-status.ts";

/** Changes come by the file system's own notice; the poll is for folders and systems that give none. */
const POLL_MS = 1_000;
/** Without a notice the poll is all there is. */
const POLL_ALONE_MS = 250;

export interface WatchStatusParts {
  /** The profile's folder; the provider's default one by its path. */
  readonly dir: string;
  readonly clock: Clock;
  /** Called with each status that differs from the last one of its process. */
  readonly onStatus: (status: ClaudeStatus) => void;
}

/**
 * Follows the status files of a whole profile until `signal` aborts. The folder may come later. Files of dead processes, which
 * a killed CLI leaves behind, and files that do not parse say nothing.
 */
export function watchClaudeStatus(parts: WatchStatusParts, signal: AbortSignal): void {
  if (signal.aborted) return;
  const folder = join(parts.dir, "sessions");
  const last = new Map<number, string>();
  let watcher: FSWatcher | null = null;

  function look(): void {
    const living = new Set<number>();
    for (const status of listClaudeStatuses(parts.dir, parts.clock.now())) {
      living.add(status.pid);
      const told = JSON.stringify(status);
      if (last.get(status.pid) === told) continue;
      last.set(status.pid, told);
      parts.onStatus(status);
    }
    for (const pid of last.keys()) if (!living.has(pid)) last.delete(pid);
  }

  /** Whether a watch was opened just now: what changed before it is only seen by looking. */
  function openWatcher(): boolean {
    if (watcher) return false;
    try {
      watcher = watch(folder, { persistent: false }, look);
    } catch {
      return false;
    }
    // The folder went away, or the system has no notices left: the poll goes on and tries again.
    watcher.on("error", closeWatcher);
    return true;
  }

  function closeWatcher(): void {
    watcher?.close();
    watcher = null;
  }

  let sinceLookMs = 0;
  const poll = parts.clock.every(POLL_ALONE_MS, () => {
    sinceLookMs += POLL_ALONE_MS;
    if (!openWatcher() && watcher && sinceLookMs < POLL_MS) return;
    sinceLookMs = 0;
    look();
  });
  signal.addEventListener("abort", () => {
    poll[Symbol.dispose]();
    closeWatcher();
  });
  openWatcher();
  look();
}
