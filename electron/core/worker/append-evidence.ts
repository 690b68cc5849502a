import type { Evidence } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";

const EVIDENCE_KEPT = 8;

/**
 * What a session's state rests on, with what was just heard; the newest last, older ones let go. The newest hook stays however
 * many levels follow it: it tells which of them are stale, and that the conversation has begun.
 */
export function appendEvidence(
  kept: readonly Evidence[],
  events: readonly EvidenceEvent[],
): Evidence[] {
  const added = events.map((event) => ({
    signal: event.signal,
    at: event.at,
    detail: detailOf(event),
  }));
  const all = [...kept, ...added];
  const newest = all.slice(-EVIDENCE_KEPT);
  const hook = all.findLast(isHook);
  return hook && !newest.includes(hook) ? [hook, ...newest.slice(1)] : newest;
}

function isHook({ signal }: Evidence): boolean {
  return signal.startsWith("hook:");
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
