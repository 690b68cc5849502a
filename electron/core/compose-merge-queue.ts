import { pullRequestRemoteOf } from "../../shared/model/settings.ts";
import type { CheckEnvironment } from "./compose-check-environment.ts";
import type { Locks } from "./compose-locks.ts";
import { composeResolving } from "./compose-resolving.ts";
import type { CoreParts } from "./core-parts.ts";
import { setUpCheck } from "./merge-queue/check-runner.ts";
import { MergeQueue, type MergeQueueParts } from "./merge-queue/queue-runner.ts";
import { isReturnedByPerson } from "./merge-queue/returned-by-person.ts";
import { runCommand } from "./process/run-command.ts";
import { createRunGh } from "./process/run-gh.ts";
import type { Sessions } from "./worker/sessions.ts";

/** The merge queue with what it is told by settings, and what its outcomes do to tasks. */
export function composeMergeQueue(
  parts: CoreParts & {
    readonly sessions: Sessions;
    readonly building: Locks;
    readonly environment: CheckEnvironment;
  },
): MergeQueue {
  const { store, folder, clock, log, steps, settings, sessions, building, environment } = parts;
  return new MergeQueue({
    store,
    folder,
    clock,
    log,
    runCommand: building.runQueueCheck,
    runTool: (command, options) => runCommand(command, { ...options, env: environment.of(null) }),
    ...outcomesFor(parts),
    resolving: composeResolving({ store, clock, steps, settings, sessions }),
    checksOf: (task) => store.tasks.find(task)?.acceptance ?? [],
    proposesTo: (project) => pullRequestRemoteOf(settings.of(project)),
    runGh: createRunGh(process.env),
    batchOf: (project) => settings.of(project).queue?.batch ?? "auto",
    sectionsOf: (project) => settings.of(project).queue?.["parallel-checks"] ?? "auto",
    readMachine: building.readMachine,
    // A worker can land a change of the repository's file: it can say more freezes than the person's and not fewer.
    freezesOf: (project) =>
      [settings.of(project), settings.ofPerson()].flatMap(({ queue }) => queue?.freeze ?? []),
    testsOf: (project, command) =>
      settings.of(project).checks?.find(({ run }) => run === command) ?? {},
    surroundingsOf: (project) => {
      const { tools = [], caches = null, ...queue } = settings.of(project).queue ?? {};
      const { setup = "off", "setup-from": setUpFrom = null, order = "given" } = queue;
      const declared = environment.declaredBy(project);
      const env = environment.of(project);
      return { tools, declared, env, caches, setUp: setUpCheck(setup), setUpFrom, order };
    },
  });
}

/** What follows for a task from what became of its entry. */
function outcomesFor({
  store,
  clock,
  steps,
}: CoreParts): Pick<MergeQueueParts, "onReturned" | "onLanded" | "onDeclined" | "onUndone"> {
  return {
    onReturned: (entry, handback) => {
      const earlier = store.entries
        .list({ task: entry.task })
        .filter(({ id, state }) => id !== entry.id && state === "returned");
      const times = earlier.filter((each) => !isReturnedByPerson(each)).length + 1;
      steps.apply(
        entry.task,
        {
          kind: "returned",
          reason: entry.reason ?? "returned by the merge queue",
          times: isReturnedByPerson(entry) ? 0 : times,
        },
        "queue",
        { handback },
      );
    },
    onLanded: (entry, commit) => {
      steps.apply(entry.task, { kind: "landed" }, "queue", {
        landed: { commit, at: clock.now().toISOString() },
      });
    },
    onDeclined: (entry, handback) => {
      const reason = entry.reason ?? "its pull request was closed";
      steps.apply(entry.task, { kind: "declined", reason }, "queue", { handback });
    },
    onUndone: (entry, handback) => {
      steps.apply(entry.task, { kind: "landing-undone" }, "person", { landed: null, handback });
    },
  };
}
