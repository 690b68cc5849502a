import { isLive, type SessionState } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";

/** How the reason of a `limited` session begins that waits for something else than a usage window. */
export const CANNOT_SIGN_IN = "cannot sign in: ";
export const CANNOT_REACH = "cannot reach the provider: ";

export interface SessionStatus {
  readonly state: SessionState;
  readonly reason: string | null;
  /** When the newest edge (a hook, not a level) happened; older levels are stale. ISO 8601. */
  readonly edgeAt: string | null;
  /** Set once we asked it to end: as what it ends. */
  readonly endAs: "ended" | "stopped" | null;
}

export type SessionEvent =
  | { readonly kind: "evidence"; readonly evidence: EvidenceEvent }
  /** Nothing was heard of it for too long after its start. */
  | { readonly kind: "stayed-silent"; readonly afterMs: number }
  | { readonly kind: "start-failed"; readonly reason: string }
  | { readonly kind: "end-asked"; readonly as: "ended" | "stopped" }
  | {
      readonly kind: "exited";
      readonly code: number | null;
      readonly signal: string | null;
      /** The system ended it for want of memory. */
      readonly isOutOfMemory?: boolean;
      /** A worker whose first message was never taken: whatever its code, it did not come to work. */
      readonly isUnstarted?: boolean;
      /** The last line it printed, where that says why. */
      readonly lastWords?: string | undefined;
    }
  /** Its process is gone and nobody saw how. */
  | { readonly kind: "lost"; readonly reason: string };

/**
 * One session's state from what its provider signals: hooks are edges that carry reasons, the provider's status file is a level
 * that heals what the edges miss (Esc, a "no" to a permission, a full context). An event that no longer fits changes nothing.
 *
 * A session begins `starting` and stays so until its first message was accepted. It is `idle` only after a turn has ended.
 *
 * Invariant: a session that is not live never becomes live again; a level older than the newest edge changes nothing.
 */
export function stepSession(status: SessionStatus, event: SessionEvent): SessionStatus {
  if (!isLive(status.state)) return status;
  switch (event.kind) {
    case "evidence":
      return weigh(status, event.evidence);
    case "stayed-silent":
      if (status.state !== "starting") return status;
      return {
        ...status,
        state: "unknown",
        reason: `no signal came within ${Math.round(event.afterMs / 1000)} s of its start; open its pane to see why`,
      };
    case "start-failed":
      return { ...status, state: "failed", reason: event.reason };
    case "end-asked":
      return { ...status, endAs: status.endAs ?? event.as };
    case "exited":
      return afterExit(status, event);
    case "lost":
      return { ...status, state: status.endAs ?? "failed", reason: event.reason };
    default:
      return unreachable(event);
  }
}

function weigh(status: SessionStatus, evidence: EvidenceEvent): SessionStatus {
  const edge = (state: SessionState, reason: string | null = null): SessionStatus => ({
    ...status,
    state,
    reason,
    edgeAt: evidence.at,
  });
  switch (evidence.kind) {
    case "session-ready":
    case "session-ending":
    case "link-offered":
      return { ...status, edgeAt: evidence.at };
    case "prompt-accepted":
    case "tool-started":
    case "tool-ended":
    case "compacting":
      return edge("working");
    case "compacted":
      return evidence.isManual ? edge("idle") : edge("working");
    case "permission-asked":
      return edge("needs-input", `asks to use ${evidence.tool}: ${evidence.summary}`);
    case "question-asked":
      return edge("needs-input", `asks: ${evidence.summary}`);
    case "turn-ended":
      return evidence.hasBackgroundWork
        ? edge("working", "its turn is over; a background command of its own still runs")
        : edge("idle");
    case "turn-failed":
      return afterFailedTurn(evidence, edge);
    case "status-level":
      return weighLevel(status, evidence);
    default:
      return unreachable(evidence);
  }
}

function afterFailedTurn(
  evidence: Extract<EvidenceEvent, { kind: "turn-failed" }>,
  edge: (state: SessionState, reason: string | null) => SessionStatus,
): SessionStatus {
  switch (evidence.error) {
    case "rate-limit":
      return edge("limited", evidence.message);
    case "authentication":
      return edge("limited", `${CANNOT_SIGN_IN}${evidence.message}`);
    case "server":
      return edge("limited", `${CANNOT_REACH}${evidence.message}`);
    case "invalid":
    case "unknown":
      return edge("idle", `its turn failed: ${evidence.message}`);
    default:
      return unreachable(evidence.error);
  }
}

function weighLevel(
  status: SessionStatus,
  level: Extract<EvidenceEvent, { kind: "status-level" }>,
): SessionStatus {
  if (status.edgeAt !== null && level.at <= status.edgeAt) return status;
  switch (level.level) {
    case "busy":
      return status.state === "working" ? status : { ...status, state: "working", reason: null };
    case "waiting":
      if (status.state === "needs-input") return status;
      return {
        ...status,
        state: "needs-input",
        reason: level.waitingFor ?? "waits for an answer in its pane",
      };
    case "shell":
      return {
        ...status,
        state: "working",
        reason: "its turn is over; a background command of its own still runs",
      };
    case "idle":
      // A turn that ends by itself says so with a hook first. Without one it was cut short.
      if (status.state === "working" || status.state === "needs-input") {
        return {
          ...status,
          state: "interrupted",
          reason: "its turn was cut short: Esc, a refused question, or a full context",
        };
      }
      return status.state === "unknown" ? { ...status, state: "idle", reason: null } : status;
    case "unknown":
      return status;
    default:
      return unreachable(level.level);
  }
}

function afterExit(
  status: SessionStatus,
  {
    code,
    signal,
    isOutOfMemory,
    lastWords,
    isUnstarted,
  }: Extract<SessionEvent, { kind: "exited" }>,
): SessionStatus {
  if (status.endAs) return { ...status, state: status.endAs, reason: null };
  const said = lastWords === undefined ? "" : `; it said: ${lastWords}`;
  if (isOutOfMemory) {
    const reason = "the machine ran out of memory and the system ended it; run fewer at once";
    return { ...status, state: "failed", reason };
  }
  const how = `${signal ? `ended by ${signal}` : `exit code ${code ?? "unknown"}`}${said}`;
  // A program that leaves with 0 was told to by somebody at its keyboard.
  if (code === 0 && !signal && !isUnstarted) {
    return { ...status, state: "ended", reason: `its program was left${said}` };
  }
  return { ...status, state: "failed", reason: how };
}
