import { create } from "zustand";
import type { BranchChange } from "../../../shared/model/branch-change.ts";
import type { TaskId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";

/** Terminals are opened first: what is asked here runs git. */
const FIRST_AFTER_MS = 1_000;

interface Known {
  /** What the branch was at, as far as this window knew. */
  readonly at: string;
  readonly change: BranchChange | null;
}

/** What is committed on the branches of tasks, as last asked. */
export const useBranchChanges = create<Readonly<Partial<Record<TaskId, Known>>>>(() => ({}));

const wanted = new Map<TaskId, string>();
let isAsking = false;

/** Asks for it when the branch is not at what was asked for last; one after the other, because each costs a few git processes. */
export function wantBranchChange(task: TaskId, at: string): void {
  if (useBranchChanges.getState()[task]?.at === at) return;
  wanted.set(task, at);
  if (isAsking) return;
  isAsking = true;
  setTimeout(
    () =>
      void askAll().finally(() => {
        isAsking = false;
      }),
    FIRST_AFTER_MS,
  );
}

async function askAll(): Promise<void> {
  for (let next = wanted.entries().next(); !next.done; next = wanted.entries().next()) {
    const [task, at] = next.value;
    wanted.delete(task);
    // Of no importance: without an answer the header goes without, and the next commit asks again.
    const change = await call("task.change", { task }).catch(() => null);
    useBranchChanges.setState({ [task]: { at, change } });
  }
}
