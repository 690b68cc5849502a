import type { Evidence } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { isEdge, isLevel, newestOf } from "./read-status.ts";

const EVIDENCE_KEPT = 8;

/**
 * What a session's state rests on, with what was just heard; the newest last, older ones let go. The newest hook and the newest
 * level stay however much follows: they tell what is stale, what waits, and that the conversation has begun.
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
  const anchors = [newestOf(all.filter(isEdge)), newestOf(all.filter(isLevel))];
  const rest = all.filter((each) => !anchors.includes(each));
  const stays = new Set([
    ...anchors,
    ...rest.slice(Math.max(0, rest.length - EVIDENCE_KEPT + anchors.length)),
  ]);
  return all.filter((each) => stays.has(each));
}

function detailOf(event: EvidenceEvent): string | null {
  switch (event.kind) {
    case "permission-asked":
    case "question-asked":
    case "tool-started":
      return event.summary;
    case "turn-failed":
    case "turn-told":
      return event.message;
    case "status-level":
      return event.waitingFor;
    default:
      return null;
  }
}
