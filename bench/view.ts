import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Changed } from "../shared/contract/rows.ts";
import type { Client } from "../shared/contract/rpc.ts";
import type { SessionId, TaskId } from "../shared/model/ids.ts";
import type { Session } from "../shared/model/session.ts";
import { isOver, type Task } from "../shared/model/task.ts";

/** The tasks and sessions as the core last told them. */
export interface View {
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly sessions: ReadonlyMap<SessionId, Session>;
  /** Looks now and after every change, until there is something. */
  until<T>(look: () => T | null | undefined, signal: AbortSignal): Promise<T>;
  /** The session that holds a task, once its program has started. Rejects when it cannot. */
  startOf(task: TaskId, signal: AbortSignal): Promise<Session>;
}

export async function openView(client: Client<AppContract>): Promise<View> {
  const tasks = new Map<TaskId, Task>();
  const sessions = new Map<SessionId, Session>();
  const lookers = new Set<() => void>();
  const takeIn = (rows: Changed["rows"]) => {
    for (const task of rows.tasks ?? []) tasks.set(task.id, task);
    for (const session of rows.sessions ?? []) sessions.set(session.id, session);
    for (const look of [...lookers]) look();
  };
  client.on("changed", ({ rows }) => takeIn(rows));
  takeIn((await client.call("app.watch", {})).rows);

  const view: View = {
    tasks,
    sessions,
    until: (look, signal) =>
      new Promise((resolve, reject) => {
        const stop = () => {
          lookers.delete(attempt);
          signal.removeEventListener("abort", giveUp);
        };
        const giveUp = () => {
          stop();
          reject(signal.reason);
        };
        const attempt = () => {
          try {
            const found = look();
            if (found === null || found === undefined) return;
            stop();
            resolve(found);
          } catch (error) {
            stop();
            reject(error);
          }
        };
        if (signal.aborted) return reject(signal.reason);
        lookers.add(attempt);
        signal.addEventListener("abort", giveUp);
        client.onClose(giveUp);
        attempt();
      }),
    startOf: (id, signal) =>
      view.until(() => {
        const task = tasks.get(id);
        if (task && (isOver(task.status) || task.status === "needs-input"))
          throw new Error(`${id} did not start: it is ${task.status} (${task.reason})`);
        const session = task?.session ? sessions.get(task.session) : undefined;
        return session?.pid ? session : null;
      }, signal),
  };
  return view;
}
