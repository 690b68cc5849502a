import { create } from "zustand";
import type { TaskId } from "../../../shared/model/ids.ts";

export type TaskDialog =
  | { readonly kind: "new-task" }
  | { readonly kind: "edit-task"; readonly task: TaskId }
  | { readonly kind: "new-plan" }
  | { readonly kind: "import" };

interface TasksView {
  readonly selected: TaskId | null;
  readonly grouping: "plan" | "state";
  readonly filter: string;
  readonly dialog: TaskDialog | null;
}

/** What this window shows of the tasks. */
export const useTasksView = create<TasksView>(() => ({
  selected: null,
  grouping: "plan",
  filter: "",
  dialog: null,
}));

export function selectTask(selected: TaskId | null): void {
  useTasksView.setState({ selected });
}

export function openTaskDialog(dialog: TaskDialog | null): void {
  useTasksView.setState({ dialog });
}
