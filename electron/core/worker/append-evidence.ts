import type { Evidence } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";

const EVIDENCE_KEPT = 8;

/** What a session's state rests on, with what was just heard; the newest last, older ones let go. */
export function appendEvidence(
  kept: readonly Evidence[],
  events: readonly EvidenceEvent[],
): Evidence[] {
  const added = events.map((event) => ({
    signal: event.signal,
    at: event.at,
    detail: detailOf(event),
  }));
  return [...kept, ...added].slice(-EVIDENCE_KEPT);
}

function detailOf(event: EvidenceEvent): string | null {
  switch (event.kind) {
    case "permission-asked":
    case "question-asked":
    case "tool-started":
      return event.summary;
    case "turn-failed":
      return event.message;
    case "status-level":
      return event.waitingFor;
    default:
      return null;
  }
}
