import type { ModelCall } from "../../demo/scripted-model/model-call.ts";
import type { Session } from "../../shared/model/session.ts";

type Judged = Pick<ModelCall, "role" | "session" | "step" | "kind">;

/**
 * How many calls of the scripted model asked for what had been asked before: the same place in the script of the same task, in
 * whichever conversation.
 */
export function countRepeatedCalls(
  calls: readonly Judged[],
  sessions: readonly Pick<Session, "providerSession" | "task">[],
): number {
  const taskOf = new Map(sessions.map(({ providerSession, task }) => [providerSession, task]));
  const scripted = calls.filter((call) => call.role === "main" && call.kind !== "say");
  const byPlace = Map.groupBy(
    scripted,
    (call) => `${taskOf.get(call.session) ?? call.session} ${call.step} ${call.kind}`,
  );
  return [...byPlace.values()].reduce((sum, same) => sum + same.length - 1, 0);
}
