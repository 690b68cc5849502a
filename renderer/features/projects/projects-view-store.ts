import { create } from "zustand";

interface ProjectsView {
  readonly dialog: "add" | "settings" | null;
}

/** What this window shows of the projects. */
export const useProjectsView = create<ProjectsView>(() => ({ dialog: null }));

export function openProjectDialog(dialog: ProjectsView["dialog"]): void {
  useProjectsView.setState({ dialog });
}
