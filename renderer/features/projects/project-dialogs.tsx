import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ProjectForm } from "./project-form.tsx";
import { openProjectDialog, useProjectsView } from "./projects-view-store.ts";

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
  if (dialog !== "settings" || !project) return null;
  return (
    <Dialog title={`Settings of ${project.name}`} width="max-w-2xl" onClose={close}>
      <ProjectForm project={project} onDone={close} onCancel={close} />
    </Dialog>
  );
}
