import { isLive, type SessionState } from "../../../shared/model/session.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { EvidenceEvent, TurnEnding, TurnError } from "../provider/evidence.ts";

/** How the reason of a `limited` session begins that waits for something else than a usage window. */
export const CANNOT_SIGN_IN = "cannot sign in: ";
export const CANNOT_REACH = "cannot reach the provider: ";
export const CANNOT_PAY = "cannot pay: ";
/** How the reason of an idle session begins whose turn was refused for what was in it. */
export const TURN_FAILED = "its turn failed: ";

export interface SessionStatus {
  readonly state: SessionState;
  readonly reason: string | null;
  /** When the newest edge (a hook, not a level) happened; older edges and levels are stale. ISO 8601. */
  readonly edgeAt: string | null;
  /** When it last asked the person something, where an edge said so. */
  readonly askedAt: string | null;
  /** The newest level; it is weighed again after an edge that came later and is older. */
  readonly level: StatusLevelEvent | null;
  /** The newest key that the person pressed in its pane, where it could decide something. */
  readonly key: KeyEvent | null;
  /** Whether a turn was begun that has not said how it ended: only such a one can be cut short. */
  readonly isTurnOpen: boolean;
  /** Set once we asked it to end: as what it ends. */
  readonly endAs: "ended" | "stopped" | null;
}
type StatusLevelEvent = Extract<EvidenceEvent, { kind: "status-level" }>;
type KeyEvent = Extract<EvidenceEvent, { kind: "key-pressed" }>;

/** A turn that a key cuts short is over 0.1 s later; on a machine that hardly gets round to it, a few seconds. */
const KEY_WORKS_MS = 5_000;

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
      /** Who keeps watch over it ended it for this. */
      readonly stoppedFor?: string | undefined;
      /** The last line it printed, where that says why. */
      readonly lastWords?: string | undefined;
    }
  /** Its process is gone and nobody saw how. */
  | { readonly kind: "lost"; readonly reason: string };

/**
 * One session's state from what its provider signals: hooks are edges that carry reasons, the provider's status file is a level
 * that heals what the edges miss (Esc, a "no" to a permission, a full context), its record of the conversation tells how a turn
 * ended of which no edge was heard. The person's keys say why a level changed, and change nothing themselves. Signals may come late, twice or in another order: what happened last decides. An event that
 * no longer fits changes nothing.
 *
 * A session begins `starting` and stays so until its first message was accepted. It is `idle` only after a turn has ended.
 *
 * Invariant: a session that is not live never becomes live again; what is older than the newest edge changes nothing.
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
  switch (evidence.kind) {
    case "session-ready":
    case "session-ending":
    case "link-offered":
      return status;
    case "status-level":
      if (status.level !== null && evidence.at < status.level.at) return status;
      return isAnswered(status, evidence)
        ? weighLevel({ ...status, state: "working", reason: null, level: evidence }, evidence)
        : weighLevel({ ...status, level: evidence }, evidence);
    case "key-pressed":
      return status.key !== null && evidence.at <= status.key.at
        ? status
        : { ...status, key: evidence };
    case "turn-told":
      return afterToldTurn(status, evidence);
    default:
      return weighEdge(status, evidence);
  }
}

/** It waited, and was then seen not to, by a level that a tool's end overtook on its way. */
function isAnswered(
  { state, level: before, askedAt, edgeAt }: SessionStatus,
  now: StatusLevelEvent,
) {
  if (state !== "needs-input" || before?.level !== "waiting" || now.level === "waiting")
    return false;
  const isOvertaken = edgeAt !== null && now.at <= edgeAt;
  return isOvertaken && now.at > before.at && (askedAt === null || now.at > askedAt);
}

type Edge = Exclude<
  EvidenceEvent,
  {
    kind:
      | "session-ready"
      | "session-ending"
      | "link-offered"
      | "status-level"
      | "turn-told"
      | "key-pressed";
  }
>;

function weighEdge(status: SessionStatus, edge: Edge): SessionStatus {
  if (status.edgeAt !== null && edge.at < status.edgeAt) return status;
  const next = { ...afterEdge(status, edge), edgeAt: edge.at };
  return next.level === null ? next : weighLevel(next, next.level);
}

function afterEdge(status: SessionStatus, edge: Edge): SessionStatus {
  const to = (
    state: SessionState,
    reason: string | null = null,
    isTurnOpen = true,
  ): SessionStatus => ({ ...status, state, reason, isTurnOpen });
  switch (edge.kind) {
    case "tool-started":
    case "tool-ended":
      // A tool beside the one that is asked about: while the level says that it waits, it does.
      if (status.state === "needs-input" && status.level?.level === "waiting") return status;
      return to("working");
    case "prompt-accepted":
    case "compacting":
      return to("working");
    case "compacted":
      return edge.isManual ? to("idle", null, false) : to("working");
    case "permission-asked":
      return {
        ...to("needs-input", `asks to use ${edge.tool}: ${edge.summary}`),
        askedAt: edge.at,
      };
    case "question-asked":
      return { ...to("needs-input", `asks: ${edge.summary}`), askedAt: edge.at };
    case "turn-ended":
      return edge.hasBackgroundWork ? to("working", IN_BACKGROUND, false) : to("idle", null, false);
    case "turn-failed": {
      const { state, reason } = afterFailedTurn(edge.error, edge.message);
      return to(state, reason, false);
    }
    default:
      return unreachable(edge);
  }
}

/** Asked for when a level has shown that no turn goes on: a turn may have passed of which no edge told, or not how it ended. */
function afterToldTurn(
  status: SessionStatus,
  told: Extract<EvidenceEvent, { kind: "turn-told" }>,
): SessionStatus {
  if (status.state === "starting" || status.state === "working") return status;
  if (status.state === "needs-input" && !isLimitMenu(status, told.ending)) return status;
  if (status.edgeAt !== null && told.at < status.edgeAt) return status;
  switch (told.ending) {
    case "completed":
      return { ...status, state: "idle", reason: null };
    case "interrupted":
      return {
        ...status,
        state: "interrupted",
        reason: `its turn was cut short: ${[told.message, ...tellKey(status)].join("; ")}`,
      };
    case "context-full":
      return { ...status, state: "interrupted", reason: `its context is full: ${told.message}` };
    case "rate-limit":
    case "spend":
    case "authentication":
    case "server":
    case "invalid":
    case "unknown":
      return { ...status, ...afterFailedTurn(told.ending, told.message) };
    default:
      return unreachable(told.ending);
  }
}

/** At some limits the program opens a menu of what to do about it, by itself: it waits for the reset, not for the person. */
function isLimitMenu({ level }: SessionStatus, ending: TurnEnding): boolean {
  const isMenu = level?.level === "waiting" && level.waitingFor === "dialog open";
  return isMenu && (ending === "rate-limit" || ending === "spend");
}

function afterFailedTurn(
  error: TurnError,
  message: string,
): Pick<SessionStatus, "state" | "reason"> {
  switch (error) {
    case "rate-limit":
      return { state: "limited", reason: message };
    case "spend":
      return { state: "limited", reason: `${CANNOT_PAY}${message}` };
    case "authentication":
      return { state: "limited", reason: `${CANNOT_SIGN_IN}${message}` };
    case "server":
      return { state: "limited", reason: `${CANNOT_REACH}${message}` };
    case "invalid":
    case "unknown":
      return { state: "idle", reason: `${TURN_FAILED}${message}` };
    default:
      return unreachable(error);
  }
}

const IN_BACKGROUND = "its turn is over; a background command of its own still runs";

function weighLevel(status: SessionStatus, level: StatusLevelEvent): SessionStatus {
  if (status.edgeAt !== null && level.at <= status.edgeAt) return status;
  switch (level.level) {
    case "busy":
      if (status.state === "working") return { ...status, isTurnOpen: true };
      return { ...status, state: "working", reason: null, isTurnOpen: true };
    case "waiting":
      if (status.state === "needs-input") return status;
      return {
        ...status,
        state: "needs-input",
        reason: level.waitingFor ?? "waits for an answer in its pane",
      };
    case "shell":
      return { ...status, state: "working", reason: IN_BACKGROUND, isTurnOpen: false };
    case "idle":
      return afterIdleLevel(status);
    case "unknown":
      return status;
    default:
      return unreachable(level.level);
  }
}

/** A turn that ends by itself says so with a hook first. Without one it was cut short. */
function afterIdleLevel(status: SessionStatus): SessionStatus {
  if (status.state === "unknown") return { ...status, state: "idle", reason: null };
  if (status.state !== "working" && status.state !== "needs-input") return status;
  if (!status.isTurnOpen) return { ...status, state: "idle", reason: null };
  return {
    ...status,
    state: "interrupted",
    reason: `its turn was cut short: ${tellKey(status)[0] ?? "Esc, a refused question, or a full context"}`,
    isTurnOpen: false,
  };
}

/** The key that the person pressed just before the level; none when the program did something else in between. */
function tellKey({ key, level, edgeAt }: SessionStatus): readonly string[] {
  if (key === null || level === null || (edgeAt !== null && key.at < edgeAt)) return [];
  const ms = Date.parse(level.at) - Date.parse(key.at);
  if (ms < 0 || ms > KEY_WORKS_MS) return [];
  return [`the person pressed ${key.key === "number" ? "the number of an answer" : key.key}`];
}

function afterExit(
  status: SessionStatus,
  {
    code,
    signal,
    isOutOfMemory,
    stoppedFor,
    lastWords,
    isUnstarted,
  }: Extract<SessionEvent, { kind: "exited" }>,
): SessionStatus {
  if (status.endAs) return { ...status, state: status.endAs, reason: null };
  if (stoppedFor !== undefined) return { ...status, state: "stopped", reason: stoppedFor };
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
