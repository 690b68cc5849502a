import { create } from "zustand";
import type { ProjectName } from "../../shared/model/ids.ts";

export const VIEWS = ["terminals", "tasks", "queue", "profiles", "activity", "inbox"] as const;
export type View = (typeof VIEWS)[number];

export const viewTitles: Readonly<Record<View, string>> = {
  terminals: "Terminals",
  tasks: "Tasks",
  queue: "Queue",
  profiles: "Profiles",
  activity: "Activity",
  inbox: "Inbox",
};

interface Route {
  readonly view: View;
  /** The project a person chose; the first one there is until then. */
  readonly chosenProject: ProjectName | null;
  readonly overlay:
    | "palette"
    | "keys"
    | "doctor"
    | "notifications"
    | "search"
    | "terminal-look"
    | null;
  /** The first-run page was put aside before its steps were done. */
  readonly isFirstRunOver: boolean;
}

const PROJECT_KEY = "switchyard.project";

/** Where this window is. */
export const useRoute = create<Route>(() => ({
  view: "terminals",
  // A name that is no project any more is passed over by currentProject().
  chosenProject: localStorage.getItem(PROJECT_KEY) as ProjectName | null,
  overlay: null,
  isFirstRunOver: false,
}));

export function showView(view: View): void {
  useRoute.setState({ view });
}

export function chooseProject(chosenProject: ProjectName): void {
  localStorage.setItem(PROJECT_KEY, chosenProject);
  useRoute.setState({ chosenProject });
}

export function showOverlay(overlay: Route["overlay"]): void {
  useRoute.setState({ overlay });
}

export function endFirstRun(): void {
  useRoute.setState({ isFirstRunOver: true });
}
