import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { joinHandback } from "../task/join-handback.ts";
import { isRetryable } from "../task/task-machine.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { refuseWhileHalted } from "./fleet-halt.ts";
import type { TaskSteps } from "./task-steps.ts";

/** A start takes a second or two; one that waits its turn among others is not waited for: the message is kept all the same. */
const DELIVERY_MS = 60_000;
const RESTARTED =
  "Your session was restarted. Look at git status and git log in your worktree, then go on with the task and finish it.";

interface ConversationParts {
  readonly store: Store;
  readonly steps: TaskSteps;
  readonly dispatcher: Dispatcher;
}

/**
 * Sends the task of an ended session out again at once, in the same conversation, with `message` as the first thing it is told.
 * Refused (`cap-full`) when no profile takes it now: then the message is kept, and told when one does.
 */
export function respawn(
  { store, steps, dispatcher }: ConversationParts,
  session: SessionRecord,
  message: string | null,
): SessionRecord {
  refuseWhileHalted(store);
  const task = requireItsTask(session, steps);
  if (task.status === "cancelled")
    throw new SwitchyardError(
      "wrong-state",
      `${task.id} is cancelled, so ${session.id} has nothing to go on with.`,
      `Send it out again: switchyard task retry ${task.id}`,
    );
  if (task.status === "ready") {
    const handback = joinHandback(task.handback, message) ?? RESTARTED;
    store.write("person", (record) => {
      // A person's start waits out no rest after earlier failures, and clears them.
      store.tasks.update(task.id, { handback, failures: 0 });
      record("task.edited", task.id, { fields: ["handback"] });
    });
  } else if (isRetryable(task.status)) {
    const handback = joinHandback(task.handback, message) ?? RESTARTED;
    steps.apply(task.id, { kind: "retry-asked" }, "person", { handback });
  } else
    throw new SwitchyardError(
      "wrong-state",
      `${task.id} is ${task.status}, so ${session.id} has nothing to go on with.`,
    );
  return dispatcher.startNow(task.id);
}

/** Continues an ended session's conversation with a message. Resolves to the session that took it, and whether its hook said so. */
export async function tellEnded(
  parts: ConversationParts & { readonly clock: Clock; readonly signal: AbortSignal },
  ended: SessionRecord,
  message: string,
): Promise<{ readonly session: SessionId; readonly isDelivered: boolean }> {
  const { id } = respawn(parts, ended, message);
  const waiting = new AbortController();
  const state = () => parts.store.sessions.find(id)?.state ?? "ended";
  const decided = new Promise<void>((resolve) => {
    const stop = parts.store.onCommit(() => {
      if (state() !== "starting") resolve();
    });
    waiting.signal.addEventListener("abort", stop);
  });
  const leaving = AbortSignal.any([waiting.signal, parts.signal]);
  const timeUp = parts.clock.wait(DELIVERY_MS, leaving).catch(() => undefined);
  await Promise.race([decided, timeUp]);
  waiting.abort(new Error("delivery is decided"));
  // It stays `starting` until its first message was accepted; `unknown` says that nothing was heard of it.
  const now = state();
  return { session: id, isDelivered: isLive(now) && now !== "starting" && now !== "unknown" };
}

function requireItsTask(session: SessionRecord, steps: TaskSteps): TaskRecord {
  if (!session.task)
    throw new SwitchyardError(
      "wrong-state",
      `${session.id} was no worker's session.`,
      "Sign in again with: switchyard profile login NAME",
    );
  const task = steps.require(session.task);
  if (task.session === session.id) return task;
  throw new SwitchyardError(
    "wrong-state",
    `${task.id} has gone on in ${task.session ?? "another session"}.`,
    task.session === null ? null : `See: switchyard session show ${task.session}`,
  );
}
