import { Bell, Command, Monitor, Moon, OctagonX, Settings2, Sun, TrainTrack } from "lucide-react";
import { inboxOf } from "../../shared/contract/inbox-of.ts";
import type { Project } from "../../shared/model/project.ts";
import { isOver } from "../../shared/model/task.ts";
import { wordInNeed } from "../../shared/model/word-capacity.ts";
import { useConnection } from "../client/connection.ts";
import { askForHalt } from "../features/fleet/fleet-view-store.ts";
import { openProjectDialog } from "../features/projects/projects-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { liveSessions, openEntries, tasksOf } from "../mirror/selectors.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { keyParts } from "../ui/key-hint.tsx";
import { type Look, ShapeMark, StateMark } from "../ui/state-mark.tsx";
import { nextTheme, setTheme, useTheme } from "./theme.ts";
import {
  chooseProject,
  showOverlay,
  showView,
  useRoute,
  VIEWS,
  type View,
  viewTitles,
} from "./view-store.ts";

export function TopBar({
  project,
  isFirstRun,
}: {
  readonly project: Project | null;
  readonly isFirstRun: boolean;
}) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b bg-surface px-3">
      <span className="flex items-center gap-2 font-semibold text-base">
        <TrainTrack size={17} className="text-accent" aria-hidden="true" />
        <span className="max-[1100px]:sr-only">Switchyard</span>
      </span>
      <ProjectSwitch project={project} />
      <Tabs project={project} isFirstRun={isFirstRun} />
      <div className="ml-auto flex shrink-0 items-center gap-2 max-[1060px]:gap-0.5">
        <InNeed />
        <StopAll />
        <ConnectionMark />
        <IconButton
          label={`Command palette (${keyParts("Mod+Shift+P").join("+")})`}
          onClick={() => showOverlay("palette")}
        >
          <Command size={15} />
        </IconButton>
        <IconButton label="Notifications" onClick={() => showOverlay("notifications")}>
          <Bell size={15} />
        </IconButton>
        <ThemeSwitch />
      </div>
    </header>
  );
}

const ADD = "+";

function ProjectSwitch({ project }: { readonly project: Project | null }) {
  const projects = useMirror((mirror) => mirror.projects);
  if (!project) return null;
  return (
    <div className="flex shrink-0 items-center gap-0.5">
      <select
        aria-label="Project"
        title={project.path}
        value={project.name}
        onChange={(event) => {
          if (event.target.value === ADD) openProjectDialog("add");
          else {
            const chosen = projects.find(({ name }) => name === event.target.value);
            if (chosen) chooseProject(chosen.name);
          }
        }}
        className="h-7.5 max-w-44 max-[1060px]:max-w-24 rounded-md border border-line-strong/70 bg-raised px-2 font-medium text-sm"
      >
        {projects.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        <option value={ADD}>Add a project…</option>
      </select>
      <IconButton label="Project settings" onClick={() => openProjectDialog("settings")}>
        <Settings2 size={15} />
      </IconButton>
    </div>
  );
}

function Tabs({
  project,
  isFirstRun,
}: {
  readonly project: Project | null;
  readonly isFirstRun: boolean;
}) {
  const view = useRoute((route) => route.view);
  const counts = useCounts(project);
  return (
    <nav
      aria-label="Views"
      className="flex h-full min-w-0 items-stretch gap-0.5 overflow-x-auto [scrollbar-width:none]"
    >
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          aria-current={view === each ? "page" : undefined}
          title={`${viewTitles[each]} (Alt+${VIEWS.indexOf(each) + 1})`}
          onClick={() => showView(each)}
          className={classNames(
            "relative flex items-center gap-1.5 px-2.5 text-sm -outline-offset-3 max-[1060px]:px-2",
            view === each ? "font-semibold text-ink" : "text-muted hover:text-ink",
            view === each &&
              "after:absolute after:inset-x-1.5 after:bottom-0 after:h-0.5 after:bg-accent",
          )}
        >
          {each === "terminals" && isFirstRun ? "Start" : viewTitles[each]}
          {counts[each] > 0 && (
            <span className="max-[1060px]:hidden rounded-full bg-hover px-1.5 text-2xs text-muted tabular-nums">
              {counts[each]}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

function useCounts(project: Project | null): Readonly<Record<View, number>> {
  const { sessions, tasks, entries, profiles } = useMirror();
  const inbox = useMirror(inboxOf).length;
  const everywhere = { profiles: profiles.length, activity: 0, inbox };
  if (!project) return { terminals: 0, tasks: 0, queue: 0, ...everywhere };
  const mine = sessions.filter((session) => session.project === project.name);
  return {
    terminals: liveSessions(mine).length,
    tasks: tasksOf(tasks, project.name).filter((task) => !isOver(task.status)).length,
    queue: openEntries(entries, project.name).length,
    ...everywhere,
  };
}

function InNeed() {
  const count = useMirror(inboxOf).length;
  if (count === 0) return null;
  return (
    <button
      type="button"
      title={`Open the inbox; ${keyParts("Mod+Shift+.").join("+")} goes to the next thing that waits`}
      onClick={() => showView("inbox")}
      className="flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md border border-warn/45 bg-warn/10 px-2.5 font-medium text-warn text-xs hover:bg-warn/18"
    >
      <ShapeMark shape="triangle" />
      {wordInNeed(count)}
    </button>
  );
}

function StopAll() {
  const isHalted = useMirror((mirror) => mirror.fleet[0]?.isHalted ?? false);
  return (
    <Button
      isSmall
      kind="ghost"
      title="Stop every session of every project; asks first"
      disabled={isHalted}
      icon={<OctagonX size={14} />}
      className="h-7 hover:text-bad"
      onClick={() => askForHalt(true)}
    >
      <span className="max-[1100px]:sr-only">Stop all</span>
    </Button>
  );
}

const connectionLooks: Readonly<Record<"connecting" | "open" | "lost", Look>> = {
  connecting: { word: "Connecting", tone: "quiet", shape: "dashed" },
  open: { word: "Connected", tone: "good", shape: "disc" },
  lost: { word: "Disconnected", tone: "bad", shape: "cross" },
};

function ConnectionMark() {
  const kind = useConnection((connection) => connection.kind);
  return (
    <span role="status" aria-label="Connection" className="flex px-1">
      <StateMark look={connectionLooks[kind]} />
    </span>
  );
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeSwitch() {
  const theme = useTheme((state) => state.theme);
  const Icon = themeIcons[theme];
  return (
    <IconButton label={`Theme: ${theme}. Change it`} onClick={() => setTheme(nextTheme(theme))}>
      <Icon size={15} />
    </IconButton>
  );
}
