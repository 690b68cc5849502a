import { type ReactNode, useDeferredValue } from "react";
import { unreachable } from "../../shared/model/unreachable.ts";
import { useConnection } from "../client/connection.ts";
import { ActivityView } from "../features/activity/activity-view.tsx";
import { DoctorDialog } from "../features/doctor/doctor-dialog.tsx";
import { MachineCheck } from "../features/doctor/machine-check.tsx";
import { HaltDialog } from "../features/fleet/halt-dialog.tsx";
import { HaltedBanner } from "../features/fleet/halted-banner.tsx";
import { InboxView } from "../features/inbox/inbox-view.tsx";
import { NotificationsDialog } from "../features/notifications/notifications-dialog.tsx";
import { ProfileDialogs } from "../features/profiles/profile-dialogs.tsx";
import { ProfilesView } from "../features/profiles/profiles-view.tsx";
import { openProfileDialog, signIn } from "../features/profiles/profiles-view-store.ts";
import { ChangesBanner } from "../features/projects/changes-banner.tsx";
import { FirstRun } from "../features/projects/first-run.tsx";
import { ProjectDialogs } from "../features/projects/project-dialogs.tsx";
import { QueueView } from "../features/queue/queue-view.tsx";
import { LinksDialog } from "../features/search/links-dialog.tsx";
import { SearchDialog } from "../features/search/search-dialog.tsx";
import { closeTranscript, showLinks, useSearchView } from "../features/search/search-view-store.ts";
import { TranscriptDialog } from "../features/search/transcript-dialog.tsx";
import { TaskDialogs } from "../features/tasks/task-dialogs.tsx";
import { TasksView } from "../features/tasks/tasks-view.tsx";
import { openTaskDialog } from "../features/tasks/tasks-view-store.ts";
import { LookDialog } from "../features/terminal-look/look-dialog.tsx";
import { TerminalsView } from "../features/terminals/terminals-view.tsx";
import { useMirror } from "../mirror/mirror.ts";
import { Button } from "../ui/button.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { CapacityStrip } from "./capacity-strip.tsx";
import { ConnectionBanner, NoConnectionPage } from "./connection-banner.tsx";
import {
  currentProject,
  goToAsk,
  goToHit,
  goToPane,
  goToSubject,
  goToTask,
  openItem,
} from "./go-to.ts";
import { HealthBanner } from "./health-banner.tsx";
import { KeySheet } from "./key-sheet.tsx";
import { Palette } from "./palette.tsx";
import { TopBar } from "./top-bar.tsx";
import {
  chooseProject,
  endFirstRun,
  showOverlay,
  showView,
  useRoute,
  type View,
} from "./view-store.ts";

export function App() {
  const isFilled = useMirror((mirror) => mirror.isFilled);
  const isLost = useConnection((connection) => connection.kind === "lost");
  if (!isFilled) return isLost ? <NoConnectionPage /> : <main aria-busy="true" />;
  return <Window />;
}

function Window() {
  const projects = useMirror((mirror) => mirror.projects);
  const hasProfiles = useMirror((mirror) => mirror.profiles.length > 0);
  const { view, chosenProject, overlay, isFirstRunOver } = useRoute();
  const project = currentProject(projects, chosenProject);
  const isFirstRun = !project || (!hasProfiles && !isFirstRunOver);
  // A view is drawn in slices: the button that was pressed answers first.
  const drawn = useDeferredValue(view);
  return (
    <div className="flex h-full flex-col">
      <TopBar project={project} isFirstRun={isFirstRun} />
      <CapacityStrip />
      <ConnectionBanner />
      <HealthBanner />
      <HaltedBanner />
      {project && (view === "terminals" || view === "tasks") && (
        <ChangesBanner project={project.name} />
      )}
      <main aria-busy={drawn !== view || undefined} className="min-h-0 flex-1">
        {isFirstRun && view !== "profiles" && view !== "activity" && view !== "inbox" ? (
          <FirstRun
            profileActions={<ProfileStart />}
            taskActions={<TaskStart onStart={endFirstRun} />}
            machine={<MachineCheck />}
            onProject={chooseProject}
          />
        ) : (
          <CurrentView view={drawn} />
        )}
      </main>
      {overlay === "palette" && <Palette />}
      {overlay === "keys" && <KeySheet />}
      {overlay === "doctor" && <DoctorDialog onClose={() => showOverlay(null)} />}
      {overlay === "notifications" && <NotificationsDialog onClose={() => showOverlay(null)} />}
      {overlay === "terminal-look" && <LookDialog onClose={() => showOverlay(null)} />}
      {overlay === "search" && <SearchEverything />}
      <OpenTranscript />
      {project && <TaskDialogs project={project.name} />}
      <HaltDialog />
      <ProfileDialogs />
      <ProjectDialogs project={project} onAdded={chooseProject} />
      <Toasts />
    </div>
  );
}

function SearchEverything() {
  const close = () => showOverlay(null);
  return (
    <SearchDialog
      onClose={close}
      onOpen={(session, hit) => {
        close();
        void goToHit(session, hit);
      }}
    />
  );
}

function OpenTranscript() {
  const { reading, linked } = useSearchView();
  if (linked) return <LinksDialog session={linked} onClose={() => showLinks(null)} />;
  return (
    reading && (
      <TranscriptDialog session={reading.session} line={reading.line} onClose={closeTranscript} />
    )
  );
}

function CurrentView({ view }: { readonly view: View }): ReactNode {
  const projects = useMirror((mirror) => mirror.projects);
  const project = currentProject(
    projects,
    useRoute((route) => route.chosenProject),
  );
  switch (view) {
    case "terminals":
      return (
        <TerminalsView
          project={project?.name ?? null}
          emptyActions={<TaskStart />}
          onOpenTask={goToTask}
          onAnswer={goToAsk}
        />
      );
    case "tasks":
      return (
        project && <TasksView key={project.name} project={project.name} onOpenPane={goToPane} />
      );
    case "queue":
      return (
        project && (
          <QueueView
            key={project.name}
            project={project.name}
            onOpenTask={goToTask}
            onOpenPane={goToPane}
          />
        )
      );
    case "profiles":
      return <ProfilesView />;
    case "activity":
      return <ActivityView onOpen={goToSubject} />;
    case "inbox":
      return <InboxView onOpen={openItem} onSignIn={signIn} />;
    default:
      return unreachable(view);
  }
}

function ProfileStart() {
  return (
    <>
      <Button kind="primary" onClick={() => openProfileDialog("import")}>
        Import profiles
      </Button>
      <Button onClick={() => openProfileDialog("add")}>Add profile</Button>
    </>
  );
}

function TaskStart({ onStart }: { readonly onStart?: () => void }) {
  const open = (kind: "new-task" | "import") => {
    onStart?.();
    showView("tasks");
    openTaskDialog({ kind });
  };
  return (
    <>
      <Button kind="primary" onClick={() => open("new-task")}>
        New task
      </Button>
      <Button onClick={() => open("import")}>Import a list</Button>
    </>
  );
}
