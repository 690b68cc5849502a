import type { ReactNode } from "react";
import type { ProjectName } from "../../../shared/model/ids.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { ShapeMark } from "../../ui/state-mark.tsx";
import { ProjectForm } from "./project-form.tsx";

/** The way from an empty data folder to the first task, in three steps that can be done in any order. */
export function FirstRun({
  profileActions,
  taskActions,
  machine,
  onProject,
}: {
  /** Adding and importing profiles. */
  readonly profileActions: ReactNode;
  /** The first task, offered once there is a project. */
  readonly taskActions: ReactNode;
  /** What the doctor finds here. */
  readonly machine: ReactNode;
  readonly onProject: (name: ProjectName) => void;
}) {
  const projects = useMirror((mirror) => mirror.projects);
  const profiles = useMirror((mirror) => mirror.profiles);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-3 px-6 py-10">
        <header className="mb-3">
          <h1 className="font-semibold text-xl">Welcome to Switchyard</h1>
          <p className="mt-1 max-w-xl text-base text-muted">
            It spreads Claude Code workers over your subscriptions, each in its own worktree and
            terminal, and lands their branches through a tested merge queue.
          </p>
        </header>
        <Step
          number={1}
          title="Add a project"
          isDone={projects.length > 0}
          done={projects.map((project) => project.name).join(", ")}
        >
          <ProjectForm project={null} onDone={onProject} />
        </Step>
        <Step
          number={2}
          title="Add your subscriptions"
          isDone={profiles.length > 0}
          done={formatCount(profiles.length, "profile")}
        >
          <p className="text-muted">
            A profile is one Claude subscription with a folder of its own. Import those that are on
            this machine, or make a new one and sign in.
          </p>
          <div className="mt-3 flex gap-2">{profileActions}</div>
        </Step>
        <Step number={3} title="Give out the first task" isDone={false} done="">
          {projects.length > 0 ? (
            <div className="flex gap-2">{taskActions}</div>
          ) : (
            <p className="text-muted">This comes after the project.</p>
          )}
        </Step>
        <section className="rounded-lg border border-line bg-surface px-5 py-4">
          <h2 className="mb-1 font-semibold text-base">This machine</h2>
          {machine}
        </section>
      </div>
    </div>
  );
}

function Step({
  number,
  title,
  isDone,
  done,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly done: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="rounded-lg border border-line bg-surface px-5 py-4">
      <h2 className="flex items-center gap-3 font-semibold text-base">
        <span
          className={classNames(
            "flex size-6 items-center justify-center rounded-full border text-xs",
            isDone ? "border-good/40 bg-good/12 text-good" : "border-line-strong text-muted",
          )}
        >
          {isDone ? <ShapeMark shape="check" /> : number}
        </span>
        {title}
        {isDone && <span className="font-normal text-muted text-sm">{done}</span>}
      </h2>
      {!isDone && <div className="mt-3 pl-9">{children}</div>}
    </section>
  );
}
