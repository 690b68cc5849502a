import type { Evidence, Session } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { appendEvidence } from "./append-evidence.ts";
import { readStatus } from "./read-status.ts";
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
  const told = saysOver(heard, status) ? world.readTurn() : null;
  const all = told ? [...heard, told] : heard;
  return {
    status: told ? fold(status, told) : status,
    evidence: appendEvidence(session.evidence, all),
  };
}

function saysOver(heard: readonly EvidenceEvent[], { state }: SessionStatus): boolean {
  const isOver = state === "idle" || state === "interrupted" || state === "limited";
  return isOver && heard.some((event) => event.kind === "status-level" && event.level === "idle");
}
