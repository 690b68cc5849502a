import { create } from "zustand";

/** The parts of a project's settings. */
export type ProjectPage = "settings" | "hours" | "approvals" | "removals";

interface ProjectsView {
  readonly dialog: "add" | ProjectPage | null;
}

/** What this window shows of the projects. */
export const useProjectsView = create<ProjectsView>(() => ({ dialog: null }));

export function openProjectDialog(dialog: ProjectsView["dialog"]): void {
  useProjectsView.setState({ dialog });
}
