import type { EvidenceEvent } from "../provider/evidence.ts";
import type { CallRun } from "../store/store.ts";

/**
 * How often a session has made the same call in a row, with what it has just been heard to do. A message of somebody's begins
 * the count anew: whoever was spoken to may do the same for a new reason.
 */
export function countCalls(run: CallRun | null, events: readonly EvidenceEvent[]): CallRun | null {
  return events.reduce(countOne, run);
}

function countOne(run: CallRun | null, event: EvidenceEvent): CallRun | null {
  if (event.kind === "prompt-accepted") return event.isSynthetic ? run : null;
  if (event.kind !== "tool-ended" || !event.call) return run;
  const { id: call, text, hasFailed } = event.call;
  const isSame = run?.call === call;
  return {
    call,
    text,
    count: isSame ? run.count + 1 : 1,
    failed: hasFailed ? (isSame ? run.failed : 0) + 1 : 0,
    failing: countFailures(run?.failing ?? null, event.call),
  };
}

/** What lies between two failures of one command, e.g. an attempt to mend it, does not end their row; a success does. */
function countFailures(
  failing: CallRun["failing"],
  made: NonNullable<Extract<EvidenceEvent, { kind: "tool-ended" }>["call"]>,
): CallRun["failing"] {
  const { id: call, text, hasFailed } = made;
  const isSame = failing?.call === call;
  if (hasFailed) return { call, text, count: isSame ? failing.count + 1 : 1 };
  return isSame ? null : failing;
}
