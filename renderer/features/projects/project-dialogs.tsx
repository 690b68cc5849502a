import type { ReactNode } from "react";
import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { SegmentedChoice } from "../../ui/segmented-choice.tsx";
import { ApprovalList } from "./approval-list.tsx";
import { HoursWeekStrip } from "./hours-week-strip.tsx";
import { ProjectForm } from "./project-form.tsx";
import { openProjectDialog, type ProjectPage, useProjectsView } from "./projects-view-store.ts";
import { RemovalList } from "./removal-list.tsx";

export function ProjectDialogs({
  project,
  onAdded,
}: {
  readonly project: Project | null;
  readonly onAdded: (name: ProjectName) => void;
}) {
  const dialog = useProjectsView((view) => view.dialog);
  const close = () => openProjectDialog(null);
  if (dialog === "add") {
    const added = (name: ProjectName) => {
      close();
      onAdded(name);
    };
    return (
      <Dialog title="Add project" width="max-w-2xl" onClose={close}>
        <ProjectForm project={null} onDone={added} onCancel={close} />
      </Dialog>
    );
  }
  if (dialog === null || !project) return null;
  return (
    <Dialog title={`Settings of ${project.name}`} width="max-w-2xl" onClose={close}>
      <div className="mb-4 flex">
        <SegmentedChoice
          label="Part of the settings"
          choices={[
            ["settings", "Settings"],
            ["hours", "Working hours"],
            ["approvals", "Allowed for good"],
            ["removals", "Removed worktrees"],
          ]}
          value={dialog}
          onChoose={openProjectDialog}
        />
      </div>
      {show(dialog, project, close)}
    </Dialog>
  );
}

function show(page: ProjectPage, project: Project, close: () => void): ReactNode {
  switch (page) {
    case "settings":
      return <ProjectForm project={project} onDone={close} onCancel={close} />;
    case "hours":
      return <HoursWeekStrip project={project.name} />;
    case "approvals":
      return <ApprovalList project={project.name} />;
    case "removals":
      return <RemovalList project={project.name} />;
    default:
      return unreachable(page);
  }
}
