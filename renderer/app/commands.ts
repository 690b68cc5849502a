import { isLive } from "../../shared/model/session.ts";
import { call } from "../client/connection.ts";
import { openProfileDialog, signIn } from "../features/profiles/profiles-view-store.ts";
import { openProjectDialog } from "../features/projects/projects-view-store.ts";
import { askForReturn, useQueueView } from "../features/queue/queue-view-store.ts";
import { openTaskDialog } from "../features/tasks/tasks-view-store.ts";
import {
  COLUMN_CHOICES,
  dismissPanes,
  replyTo,
  searchPane,
  setColumns,
  toggleMaximised,
  toggleSessionList,
  useGridView,
} from "../features/terminals/grid-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { useTerminalSettings, zoomTerminals } from "../terminal/terminal-settings.ts";
import { formatCount } from "../ui/format-amount.ts";
import { act } from "../ui/use-action.ts";
import { currentProjectNow, goToEntry, goToNextInNeed, goToPane, goToTask } from "./go-to.ts";
import { setTheme } from "./theme.ts";
import { chooseProject, showOverlay, showView, VIEWS, viewTitles } from "./view-store.ts";

export interface Command {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** As in `Mod+Shift+P`; Mod is Cmd on macOS and Ctrl elsewhere. */
  readonly keys?: string;
  readonly run: () => void;
}

/** Everything that can be done here and now; those with keys work from anywhere. */
export function commandsNow(): readonly Command[] {
  return [
    ...goCommands(),
    ...paneCommands(),
    ...taskCommands(),
    ...queueCommands(),
    ...profileCommands(),
    ...windowCommands(),
  ];
}

const make = (
  group: string,
  id: string,
  title: string,
  run: () => void,
  keys?: string,
): Command => ({
  group,
  id,
  title,
  run,
  ...(keys === undefined ? {} : { keys }),
});

function goCommands(): readonly Command[] {
  return [
    ...VIEWS.map((view, index) =>
      make(
        "Go",
        `view-${view}`,
        `Show ${viewTitles[view].toLowerCase()}`,
        () => showView(view),
        `Alt+${index + 1}`,
      ),
    ),
    make("Go", "next-in-need", "Next pane that needs you", goToNextInNeed, "Mod+Shift+."),
    make("Go", "keys", "Show keyboard shortcuts", () => showOverlay("keys"), "?"),
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
  const layout = COLUMN_CHOICES.map((columns) =>
    make(
      "Terminals",
      `columns-${columns}`,
      columns === "auto"
        ? "Arrange panes automatically"
        : `Arrange panes in ${formatCount(columns, "column")}`,
      () => setColumns(columns),
    ),
  );
  const always = [
    ...layout,
    make(
      "Terminals",
      "session-list",
      "Show or hide the session list",
      toggleSessionList,
      "Mod+Shift+L",
    ),
    make("Terminals", "zoom-in", "Larger letters in terminals", () => zoomTerminals(1), "Mod++"),
    make("Terminals", "zoom-out", "Smaller letters in terminals", () => zoomTerminals(-1), "Mod+-"),
    make("Terminals", "zoom-reset", "Usual letters in terminals", () => zoomTerminals(0), "Mod+0"),
  ];
  if (!session) return always;
  const of = `${session.name}`;
  const id = session.id;
  return [
    make(
      "Terminals",
      "maximise",
      `Maximise ${of}, or back`,
      () => toggleMaximised(id),
      "Mod+Shift+M",
    ),
    make("Terminals", "search", `Search in ${of}`, () => searchPane(id), "Mod+Shift+F"),
    ...(isLive(session.state)
      ? [
          make("Terminals", "reply", `Reply to ${of}`, () => replyTo(id), "Mod+Shift+R"),
          make("Terminals", "interrupt", `Interrupt ${of}`, () =>
            act(() => call("session.interrupt", { session: id })),
          ),
        ]
      : [
          make("Terminals", "respawn", `Continue the conversation of ${of}`, () =>
            act(() => call("session.respawn", { session: id })),
          ),
          make("Terminals", "dismiss", `Dismiss ${of}`, () => dismissPanes([id])),
        ]),
    ...always,
  ];
}

function taskCommands(): readonly Command[] {
  if (!currentProjectNow()) return [];
  return [
    make(
      "Tasks",
      "new-task",
      "New task",
      () => openTaskDialog({ kind: "new-task" }),
      "Mod+Shift+N",
    ),
    make("Tasks", "new-plan", "New plan", () => openTaskDialog({ kind: "new-plan" })),
    make("Tasks", "import", "Import a list of tasks", () => openTaskDialog({ kind: "import" })),
  ];
}

function queueCommands(): readonly Command[] {
  const project = currentProjectNow();
  if (!project) return [];
  const { selected } = useQueueView.getState();
  const entry = useMirror.getState().entries.find((each) => each.id === selected);
  const input = { project: project.name };
  return [
    project.queue.state === "running"
      ? make("Queue", "pause-queue", "Pause the merge queue", () =>
          act(() => call("queue.pause", input)),
        )
      : make("Queue", "resume-queue", "Resume the merge queue", () =>
          act(() => call("queue.resume", input)),
        ),
    ...(entry?.state === "awaiting-approval"
      ? [
          make("Queue", "approve", `Approve ${entry.id}`, () =>
            act(() => call("queue.approve", { entry: entry.id })),
          ),
          make("Queue", "return", `Return ${entry.id} with a note`, () => askForReturn(entry.id)),
        ]
      : []),
  ];
}

function profileCommands(): readonly Command[] {
  return [
    make("Profiles", "add-profile", "Add a profile", () => openProfileDialog("add")),
    make("Profiles", "import-profiles", "Import profiles", () => openProfileDialog("import")),
    ...useMirror
      .getState()
      .profiles.map(({ name }) =>
        make("Profiles", `sign-in-${name}`, `Sign in to ${name}`, () => signIn(name)),
      ),
  ];
}

function windowCommands(): readonly Command[] {
  const { isForScreenReader } = useTerminalSettings.getState();
  return [
    make("Window", "palette", "Command palette", () => showOverlay("palette"), "Mod+Shift+P"),
    make("Window", "add-project", "Add a project", () => openProjectDialog("add")),
    make("Window", "project-settings", "Project settings", () => openProjectDialog("settings")),
    make("Window", "theme-system", "Theme: as the system", () => setTheme("system")),
    make("Window", "theme-light", "Theme: light", () => setTheme("light")),
    make("Window", "theme-dark", "Theme: dark", () => setTheme("dark")),
    make(
      "Window",
      "screen-reader",
      isForScreenReader ? "Terminals for screen readers: off" : "Terminals for screen readers: on",
      () => useTerminalSettings.setState({ isForScreenReader: !isForScreenReader }),
    ),
  ];
}

/** Things to jump to by name. */
export function jumpsNow(): readonly Command[] {
  const { sessions, tasks, entries } = useMirror.getState();
  const titleOf = (id: string | null) => tasks.find((task) => task.id === id)?.title ?? "";
  return [
    ...sessions
      .filter((session) => session.kind === "worker" && isLive(session.state))
      .map((session) =>
        make("Terminals by name", session.id, `${session.name} ${titleOf(session.task)}`, () =>
          goToPane(session.id),
        ),
      ),
    ...tasks.map((task) =>
      make("Tasks by name", task.id, `${task.id} ${task.title}`, () => goToTask(task.id)),
    ),
    ...entries.map((entry) =>
      make("Queue by name", entry.id, `${entry.id} ${titleOf(entry.task)}`, () =>
        goToEntry(entry.id),
      ),
    ),
  ];
}
