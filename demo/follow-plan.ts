import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Changed } from "../shared/contract/rows.ts";
import type { Client } from "../shared/contract/rpc.ts";
import type { EntryId, Oid, PlanId, TaskId } from "../shared/model/ids.ts";
import type { QueueEntry } from "../shared/model/queue-entry.ts";
import type { Task } from "../shared/model/task.ts";

interface Following {
  readonly client: Client<AppContract>;
  readonly plan: PlanId;
  readonly tasks: readonly Task[];
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

export type PlanEnd =
  | {
      readonly kind: "landed";
      /** What landed for each task. */
      readonly commits: readonly Oid[];
      /** How often the queue gave work back. */
      readonly returned: number;
    }
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** Waits until every task of the plan has landed, or one cannot go on without a person. */
export function followPlan(following: Following): Promise<PlanEnd> {
  const { client, plan, onProgress, signal } = following;
  const tasks = new Map<TaskId, Task>(following.tasks.map((task) => [task.id, task]));
  const entries = new Map<EntryId, QueueEntry>();

  const takeIn = (rows: Changed["rows"]) => {
    for (const task of rows.tasks ?? []) {
      if (task.plan !== plan) continue;
      const before = tasks.get(task.id);
      tasks.set(task.id, task);
      if (before?.status !== task.status || before.reason !== task.reason) {
        onProgress(tellTask(task));
      }
    }
    for (const entry of rows.entries ?? []) {
      const before = entries.get(entry.id);
      entries.set(entry.id, entry);
      if (before?.state !== entry.state && tasks.has(entry.task)) onProgress(tellEntry(entry));
    }
  };

  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      stopListening();
      signal.removeEventListener("abort", giveUp);
      settle();
    };
    const giveUp = () => finish(() => reject(signal.reason));
    const look = () => {
      const end = endOf([...tasks.values()], [...entries.values()]);
      if (end) finish(() => resolve(end));
    };
    const stopListening = client.on("changed", (changed: Changed) => {
      takeIn(changed.rows);
      look();
    });
    client.onClose(() => finish(() => reject(new Error("the app went away during the demo"))));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) return giveUp();
    client.call("app.watch", {}).then(
      (snapshot) => {
        takeIn(snapshot.rows);
        look();
      },
      (error) => finish(() => reject(error)),
    );
  });
}

function endOf(tasks: readonly Task[], entries: readonly QueueEntry[]): PlanEnd | null {
  const stuck = tasks.filter(({ status }) =>
    ["failed", "cancelled", "needs-input"].includes(status),
  );
  if (stuck.length > 0) return { kind: "failed", reasons: stuck.map(tellTask) };
  const commits = tasks.flatMap(({ landed }) => (landed ? [landed.commit] : []));
  if (commits.length < tasks.length) return null;
  const ids = new Set(tasks.map((task) => task.id));
  const returned = entries.filter(({ task, state }) => ids.has(task) && state === "returned");
  return { kind: "landed", commits, returned: returned.length };
}

function tellTask({ id, title, status, profile, reason }: Task): string {
  const where = status === "running" && profile ? ` on ${profile}` : "";
  return `${id} ${title}: ${status}${where}${reason ? ` (${reason})` : ""}`;
}

function tellEntry({ id, task, state, reason, files }: QueueEntry): string {
  const what = [reason, files.join(", ")].filter(Boolean).join("; ");
  return `${id} for ${task}: ${state}${what ? ` (${what})` : ""}`;
}
