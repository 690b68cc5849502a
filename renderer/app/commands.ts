import { inboxOf } from "../../shared/contract/inbox-of.ts";
import { isLive } from "../../shared/model/session.ts";
import { call } from "../client/connection.ts";
import { askForHalt } from "../features/fleet/fleet-view-store.ts";
import { openProfileDialog } from "../features/profiles/profiles-view-store.ts";
import { openProjectDialog } from "../features/projects/projects-view-store.ts";
import { isRevertible } from "../features/queue/entry-acts.ts";
import { askForTakeBack, useQueueView } from "../features/queue/queue-view-store.ts";
import { openTaskDialog, useTasksView } from "../features/tasks/tasks-view-store.ts";
import { useGridView } from "../features/terminals/grid-view-store.ts";
import { planPanes } from "../features/terminals/plan-panes.ts";
import { useMirror } from "../mirror/mirror.ts";
import { keysOf } from "../terminal/keymap.ts";
import { changeLook, useTerminalSettings, zoomTerminals } from "../terminal/terminal-settings.ts";
import { act } from "../ui/use-action.ts";
import { type Command, make } from "./command.ts";
import {
  currentProjectNow,
  goToEntry,
  goToNextInNeed,
  goToPane,
  goToTask,
  goToUsage,
} from "./go-to.ts";
import { gridCommands } from "./grid-commands.ts";
import { itemCommands } from "./inbox-commands.ts";
import {
  entryCommands,
  planCommands,
  profileCommands,
  sessionCommands,
  taskCommands,
} from "./subject-commands.ts";
import { setTheme } from "./theme.ts";
import { chooseProject, showOverlay, showView, VIEWS, viewTitles } from "./view-store.ts";

const VIEW_ACTIONS = ["view-1", "view-2", "view-3", "view-4", "view-5", "view-6"] as const;

/** Everything that can be done here and now; those with keys work from anywhere. */
export function commandsNow(): readonly Command[] {
  return [
    ...goCommands(),
    ...paneCommands(),
    ...taskListCommands(),
    ...queueCommands(),
    make("Profiles", "add-profile", "Add a profile", () => openProfileDialog("add")),
    make("Profiles", "import-profiles", "Import profiles", () => openProfileDialog("import")),
    ...fleetCommands(),
    ...windowCommands(),
  ];
}

function goCommands(): readonly Command[] {
  return [
    ...VIEWS.map((view, index) =>
      make(
        "Go",
        `view-${view}`,
        `Show ${viewTitles[view].toLowerCase()}`,
        () => showView(view),
        keysOf(VIEW_ACTIONS[index] ?? "view-1"),
      ),
    ),
    make("Go", "usage", "Show usage of the profiles", goToUsage),
    make(
      "Go",
      "next-in-need",
      "Next thing that waits for you",
      goToNextInNeed,
      keysOf("next-in-need"),
    ),
    make(
      "Go",
      "search",
      "Search every terminal and conversation",
      () => showOverlay("search"),
      keysOf("search-all"),
    ),
    make("Go", "keys", "Show keyboard shortcuts", () => showOverlay("keys"), keysOf("keys")),
    ...useMirror
      .getState()
      .projects.map(({ name }) =>
        make("Go", `project-${name}`, `Project ${name}`, () => chooseProject(name)),
      ),
  ];
}

function paneCommands(): readonly Command[] {
  const { focused } = useGridView.getState();
  const session = useMirror.getState().sessions.find((each) => each.id === focused);
  const zoom = (id: "zoom-in" | "zoom-out" | "zoom-reset", title: string, by: -1 | 0 | 1) =>
    make("Terminals", id, title, () => zoomTerminals(by), keysOf(id));
  return [
    ...(session ? sessionCommands(session, true) : []),
    ...gridCommands(),
    zoom("zoom-in", "Larger letters in terminals", 1),
    zoom("zoom-out", "Smaller letters in terminals", -1),
    zoom("zoom-reset", "Usual letters in terminals", 0),
  ];
}

function taskListCommands(): readonly Command[] {
  if (!currentProjectNow()) return [];
  const { selected } = useTasksView.getState();
  const task = useMirror.getState().tasks.find((each) => each.id === selected);
  return [
    make(
      "Tasks",
      "new-task",
      "New task",
      () => openTaskDialog({ kind: "new-task" }),
      keysOf("new-task"),
    ),
    make("Tasks", "new-plan", "New plan", () => openTaskDialog({ kind: "new-plan" })),
    make("Tasks", "import", "Import a list of tasks", () => openTaskDialog({ kind: "import" })),
    ...(task ? taskCommands(task) : []),
  ];
}

function queueCommands(): readonly Command[] {
  const project = currentProjectNow();
  if (!project) return [];
  const { selected } = useQueueView.getState();
  const { entries } = useMirror.getState();
  const entry = entries.find((each) => each.id === selected);
  const input = { project: project.name };
  const hasLanded = entries.some((each) => each.project === project.name && isRevertible(each));
  return [
    project.queue.state === "running"
      ? make("Queue", "pause-queue", "Pause the merge queue", () =>
          act(() => call("queue.pause", input)),
        )
      : make("Queue", "resume-queue", "Resume the merge queue", () =>
          act(() => call("queue.resume", input)),
        ),
    ...(project.queue.frozen?.by === "person"
      ? [
          make("Queue", "unfreeze-queue", "End the freeze of landings", () =>
            act(() => call("queue.unfreeze", input)),
          ),
        ]
      : [
          make("Queue", "freeze-queue", "Freeze landings", () =>
            act(() => call("queue.freeze", { ...input, until: null })),
          ),
        ]),
    ...(project.queue.push
      ? [
          make("Queue", "push-landed", `Push what landed to ${project.queue.push.remote}`, () =>
            act(() => call("queue.push", input)),
          ),
        ]
      : []),
    ...(hasLanded
      ? [
          make("Queue", "undo-landing", "Undo the last landing", () => {
            showView("queue");
            askForTakeBack({ kind: "undo", project: project.name });
          }),
        ]
      : []),
    ...(entry ? entryCommands(entry) : []),
  ];
}

function fleetCommands(): readonly Command[] {
  const [fleet] = useMirror.getState().fleet;
  return [
    fleet?.isHalted
      ? make("Fleet", "resume-fleet", "Resume: let work go out again", () =>
          act(() => call("fleet.resume", {})),
        )
      : make("Fleet", "halt-fleet", "Stop all sessions", () => askForHalt(true)),
  ];
}

function windowCommands(): readonly Command[] {
  const { isForScreenReader } = useTerminalSettings.getState().look;
  return [
    make("Window", "palette", "Command palette", () => showOverlay("palette"), keysOf("palette")),
    make("Window", "doctor", "Check this machine (doctor)", () => showOverlay("doctor")),
    make("Window", "notifications", "Notifications", () => showOverlay("notifications")),
    make("Window", "add-project", "Add a project", () => openProjectDialog("add")),
    make("Window", "project-settings", "Project settings", () => openProjectDialog("settings")),
    make("Window", "approvals", "Commands allowed for good", () => openProjectDialog("approvals")),
    make("Window", "removals", "Removed worktrees", () => openProjectDialog("removals")),
    make("Window", "terminal-look", "Look of terminals: colours, letters, bell", () =>
      showOverlay("terminal-look"),
    ),
    make("Window", "theme-system", "Theme: as the system", () => setTheme("system")),
    make("Window", "theme-light", "Theme: light", () => setTheme("light")),
    make("Window", "theme-dark", "Theme: dark", () => setTheme("dark")),
    make(
      "Window",
      "screen-reader",
      isForScreenReader ? "Terminals for screen readers: off" : "Terminals for screen readers: on",
      () => changeLook({ isForScreenReader: !isForScreenReader }),
    ),
  ];
}

/** Things to go to by name, and what can be done with each: for the palette, once something is typed. */
export function namedCommandsNow(): readonly Command[] {
  const { sessions, tasks, plans, entries, profiles } = useMirror.getState();
  const { dismissed } = useGridView.getState();
  const project = currentProjectNow();
  const titleOf = (id: string | null) => tasks.find((task) => task.id === id)?.title ?? "";
  const panes = planPanes(sessions, project?.name ?? null, dismissed);
  const live = sessions.filter((session) => session.kind === "worker" && isLive(session.state));
  return [
    ...live.map((session) =>
      make("Go", session.id, `Terminal ${session.name} ${titleOf(session.task)}`, () =>
        goToPane(session.id),
      ),
    ),
    ...tasks.map((task) =>
      make("Go", task.id, `Task ${task.id} ${task.title}`, () => goToTask(task.id)),
    ),
    ...entries.map((entry) =>
      make("Go", entry.id, `Queue entry ${entry.id} ${titleOf(entry.task)}`, () =>
        goToEntry(entry.id),
      ),
    ),
    ...inboxOf(useMirror.getState()).flatMap(itemCommands),
    ...panes.flatMap((session) => sessionCommands(session)),
    ...plans.flatMap(planCommands),
    ...tasks.flatMap(taskCommands),
    ...entries.flatMap(entryCommands),
    ...profiles.flatMap(profileCommands),
  ];
}
