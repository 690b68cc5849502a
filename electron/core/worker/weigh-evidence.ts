import type { Evidence, Session } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { appendEvidence } from "./append-evidence.ts";
import { isEdge, newestOf, readStatus } from "./read-status.ts";
import { type SessionStatus, stepSession } from "./session-machine.ts";

/**
 * What a session's row says once `heard` is taken into account. Where a level says that no turn goes on, the provider's own record
 * is asked before anybody acts on it: a turn of which no hook was heard may have ended well, or failed.
 */
export function weighEvidence(
  session: Pick<Session, "state" | "reason" | "evidence">,
  heard: readonly EvidenceEvent[],
  world: {
    readonly endAs: SessionStatus["endAs"];
    readonly now: Date;
    readonly readTurn: () => EvidenceEvent | null;
  },
): { readonly status: SessionStatus; readonly evidence: Evidence[] } {
  const fold = (before: SessionStatus, evidence: EvidenceEvent) =>
    stepSession(before, { kind: "evidence", evidence });
  const status = heard.reduce(fold, readStatus(session, world.endAs, world.now));
  const read = saysOver(heard, status) ? world.readTurn() : null;
  const evidence = appendEvidence(session.evidence, heard);
  const told = read && afterItsHook(read, evidence);
  return {
    status: told ? fold(status, told) : status,
    evidence: told ? appendEvidence(evidence, [told]) : evidence,
  };
}

function saysOver(heard: readonly EvidenceEvent[], { state, level }: SessionStatus): boolean {
  // A menu that nobody asked for is opened by the program at some limits.
  if (state === "needs-input") return level?.waitingFor === "dialog open";
  const isOver = state === "idle" || state === "interrupted" || state === "limited";
  return isOver && heard.some((event) => event.kind === "status-level" && event.level === "idle");
}

/** A failure is written down just before its hook tells of it: what the record says of it is not older than the hook. */
function afterItsHook(told: EvidenceEvent, kept: readonly Evidence[]): EvidenceEvent {
  const edge = newestOf(kept.filter(isEdge));
  const isSame = told.kind === "turn-told" && edge?.detail === told.message;
  return isSame && edge.signal === "hook:StopFailure" && told.at < edge.at
    ? { ...told, at: edge.at }
    : told;
}
