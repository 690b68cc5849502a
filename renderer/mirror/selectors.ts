import type { ProjectName } from "../../shared/model/ids.ts";
import { isOpen, type QueueEntry } from "../../shared/model/queue-entry.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import type { Task } from "../../shared/model/task.ts";

export function liveSessions(sessions: readonly Session[]): readonly Session[] {
  return sessions.filter((session) => session.kind === "worker" && isLive(session.state));
}

/** The open entries of a project in the order they land. */
export function openEntries(
  entries: readonly QueueEntry[],
  project: ProjectName,
): readonly QueueEntry[] {
  return entries
    .filter((entry) => entry.project === project && isOpen(entry.state))
    .sort((a, b) => a.position - b.position);
}

export function tasksOf(tasks: readonly Task[], project: ProjectName): readonly Task[] {
  return tasks.filter((task) => task.project === project);
}

/** `s-9` before `s-10`. */
export function compareIds(a: string, b: string): number {
  return Number(a.slice(2)) - Number(b.slice(2));
}
