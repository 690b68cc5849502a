import path from "node:path";
import type { Locks } from "./compose-locks.ts";
import type { CoreParts } from "./core-parts.ts";
import type { MergeQueue } from "./merge-queue/queue-runner.ts";
import type { TaskRecord } from "./store/store.ts";
import { TaskFinisher } from "./supervisor/finish-task.ts";
import { taskBranch } from "./task/task-slug.ts";
import { readWorkplace } from "./worker/workplace.ts";

/** What looks at work that its worker calls done, and puts it into the queue. */
export function composeFinisher(
  parts: CoreParts & {
    readonly queue: MergeQueue;
    readonly building: Locks;
    readonly worktreeOf: (task: TaskRecord) => string;
  },
): TaskFinisher {
  const { store, folder, steps, queue, building, worktreeOf, signal } = parts;
  return new TaskFinisher({
    store,
    steps,
    readWorktree: readWorkplace,
    runCheck: async (check, task, session, life) => {
      const logFile = path.join(folder.sessionDir(session), "checks.log");
      const worktree = worktreeOf(task);
      const project = store.projects.find(task.project);
      const judge = project && (await queue.tests.watch(project)(check, { worktree, logFile }));
      const ended = await building.runTaskCheck(
        check,
        { task, session },
        {
          cwd: worktree,
          timeoutMs: check.timeoutMs,
          logFile,
          signal: AbortSignal.any([life, signal]),
        },
      );
      const result = { name: check.name, command: check.run, ...ended };
      return judge ? await judge(result) : result;
    },
    inspect: (task, head, summary) => queue.conflicts.resolvers.inspect(task, head, summary),
    enqueue: (task, head, summary) => {
      const resolved = queue.conflicts.resolvers.take(task);
      if (resolved !== null) return resolved;
      const entry = queue.enqueue({
        project: task.project,
        task: task.id,
        branch: task.branch ?? taskBranch(task.id, task.title),
        head,
        summary,
        attempt: task.attempts,
        priority: task.priority,
      });
      return entry.id;
    },
  });
}
