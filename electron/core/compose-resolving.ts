import { isLive } from "../../shared/model/session.ts";
import type { Clock } from "./base/clock.ts";
import type { MergeQueueParts } from "./merge-queue/queue-runner.ts";
import type { Store } from "./store/store.ts";
import { withoutHandedOver } from "./supervisor/handoff-notes.ts";
import { lastConversation } from "./supervisor/plan-recovery.ts";
import type { SettingsFiles } from "./supervisor/settings-files.ts";
import type { TaskSteps } from "./supervisor/task-steps.ts";
import type { Sessions } from "./worker/sessions.ts";

/** What those who resolve conflicts need of tasks and sessions. */
export function composeResolving({
  store,
  clock,
  steps,
  settings,
  sessions,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly steps: TaskSteps;
  readonly settings: SettingsFiles;
  readonly sessions: Sessions;
}): MergeQueueParts["resolving"] {
  return {
    isOn: (project) => (settings.of(project).queue?.resolver ?? "on") === "on",
    hasWorker: (task) => lastConversation(withoutHandedOver(store, task)) !== undefined,
    cancel: async (id, handback) => {
      const { session } = steps.require(id);
      const effects = steps.apply(id, { kind: "cancel-asked" }, "queue", { handback });
      const holder = session === null ? undefined : store.sessions.find(session);
      const isToEnd = effects.some(({ kind }) => kind === "end-session");
      if (isToEnd && holder && isLive(holder.state)) {
        await sessions.end(holder.id, "stopped", "queue");
      }
    },
    requeue: ({ id }) => {
      steps.apply(id, { kind: "resolved" }, "person", { handback: null });
      return steps.require(id).status === "queued";
    },
    land: (task, commit) => {
      const landed = { commit, at: clock.now().toISOString() };
      steps.apply(task, { kind: "landed" }, "queue", { landed });
    },
  };
}
