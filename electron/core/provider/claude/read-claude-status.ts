import { z } from "zod";
import type { EvidenceEvent, StatusLevel } from "../evidence.ts";

/** What `sessions/<pid>.json` of a profile says of one CLI process. Not a documented interface: everything else in it is ignored. */
export interface ClaudeStatus {
  readonly pid: number;
  readonly conversation: string | null;
  readonly level: StatusLevel;
  readonly waitingFor: string | null;
  /** When it last changed, ISO 8601. */
  readonly at: string;
  /** Start of the process in clock ticks since boot, to tell a pid used again; null where the file does not say. */
  readonly startTicks: string | null;
}

const StatusFile = z.object({
  pid: z.number().int().positive(),
  status: z.string(),
  waitingFor: z.string().optional().catch(undefined),
  sessionId: z.string().optional().catch(undefined),
  procStart: z.string().optional().catch(undefined),
  statusUpdatedAt: z.number().optional().catch(undefined),
  updatedAt: z.number().optional().catch(undefined),
});

/** Null for what is no status (yet): the file is rewritten in place and holds no status in its first 50 ms. */
export function readClaudeStatus(content: string, now: Date): ClaudeStatus | null {
  const file = StatusFile.safeParse(parseJson(content));
  if (!file.success) return null;
  const { pid, status, waitingFor, sessionId, procStart } = file.data;
  return {
    pid,
    conversation: sessionId ?? null,
    level: isLevel(status) ? status : "unknown",
    waitingFor: waitingFor ?? null,
    at: toInstant(file.data.statusUpdatedAt ?? file.data.updatedAt, now),
    startTicks: procStart ?? null,
  };
}

export function toLevelEvidence(status: ClaudeStatus): EvidenceEvent {
  const { at, level, waitingFor } = status;
  return { kind: "status-level", at, signal: `level:${level}`, level, waitingFor };
}

function isLevel(status: string): status is StatusLevel {
  return ["idle", "busy", "waiting", "shell"].includes(status);
}

/** Some versions write seconds, others milliseconds; a time that cannot be is taken as now. */
function toInstant(time: number | undefined, now: Date): string {
  if (time === undefined) return now.toISOString();
  const ms = time < 1e11 ? time * 1000 : time;
  const isPast = ms > 0 && ms <= now.getTime() + 60_000;
  return isPast ? new Date(ms).toISOString() : now.toISOString();
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
