import { Pencil, RotateCw, SquareTerminal, XCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import { waitsAsPull } from "../../../shared/model/describe-pull.ts";
import { noteOfCheck } from "../../../shared/model/describe-tests.ts";
import { formatElapsed } from "../../../shared/model/format-time.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { Task } from "../../../shared/model/task.ts";
import type { TaskWhy } from "../../../shared/model/task-why.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { checkLook, taskLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { NameChip } from "../../ui/name-chip.tsx";
import { OutputBlock } from "../../ui/output-block.tsx";
import { FactList, PanelSection, SidePanel } from "../../ui/side-panel.tsx";
import { ShapeMark, StateMark } from "../../ui/state-mark.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { HandoffList } from "./handoff-list.tsx";
import { actsForTask } from "./task-acts.ts";
import { TaskForecast } from "./task-forecast.tsx";
import { TaskWorktree } from "./task-worktree.tsx";
import { openTaskDialog } from "./tasks-view-store.ts";

export function TaskDetail({
  task,
  onClose,
  onOpenPane,
}: {
  readonly task: Task;
  readonly onClose: () => void;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const why = useWhy(task);
  return (
    <SidePanel
      label={`Task ${task.id}`}
      onClose={onClose}
      header={
        <>
          <div className="flex items-center gap-2.5">
            <span className="font-mono text-faint text-xs">{task.id}</span>
            <StateMark look={taskLook[task.status]} isBoxed />
            <span className="text-faint text-xs">
              for <Age since={task.since} />
            </span>
          </div>
          <h2 className="mt-1.5 break-words font-semibold text-lg">{task.title}</h2>
          {task.reason && <p className="mt-1 text-muted">{task.reason}</p>}
        </>
      }
      actions={<TaskActions task={task} onOpenPane={onOpenPane} />}
    >
      {why && why.reasons.length > 0 && (
        <PanelSection title="Why it is not running">
          <ul className="flex flex-col gap-1">
            {why.reasons.map((reason) => (
              <li key={reason.text} className="flex items-start gap-2 text-warn">
                <span className="mt-1">
                  <ShapeMark shape="half" />
                </span>
                <span className="text-ink">{reason.text}</span>
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
      <TaskForecast task={task} />
      {task.progress && (
        <PanelSection title="Progress">
          <p>
            {task.progress.percent !== null && `${task.progress.percent} % `}
            {task.progress.note}
          </p>
        </PanelSection>
      )}
      {task.summary && (
        <PanelSection title="What the worker says it did">
          <p className="whitespace-pre-wrap break-words">{task.summary}</p>
        </PanelSection>
      )}
      <HandoffList task={task} />
      <PanelSection title="What to do">
        <p className="whitespace-pre-wrap break-words">{task.body || "The title says it all."}</p>
      </PanelSection>
      {task.checks.length > 0 && <Checks results={task.checks} />}
      <TaskWorktree task={task} />
      <PanelSection title="Facts">
        <Facts task={task} />
      </PanelSection>
    </SidePanel>
  );
}

function TaskActions({
  task,
  onOpenPane,
}: {
  readonly task: Task;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const { run, isBusy } = useAction();
  const session = useMirror((mirror) => mirror.sessions.find((each) => each.id === task.session));
  const pull = useMirror(
    (mirror) =>
      mirror.entries.find((entry) => entry.task === task.id && waitsAsPull(entry))?.pullRequest
        ?.number,
  );
  const acts = actsForTask(task);
  return (
    <>
      {session && (
        <Button isSmall icon={<SquareTerminal size={13} />} onClick={() => onOpenPane(session.id)}>
          Open terminal
        </Button>
      )}
      {acts.includes("retry") && (
        <Button
          isSmall
          kind="primary"
          disabled={isBusy}
          icon={<RotateCw size={13} />}
          onClick={() => run(() => call("task.retry", { task: task.id }))}
        >
          Retry
        </Button>
      )}
      <Button
        isSmall
        icon={<Pencil size={13} />}
        onClick={() => openTaskDialog({ kind: "edit-task", task: task.id })}
      >
        Edit
      </Button>
      {acts.includes("cancel") && (
        <ConfirmButton
          isSmall
          disabled={isBusy}
          icon={<XCircle size={13} />}
          confirmText={pull ? `Cancel it? Pull request #${pull} stays open` : "Cancel this task?"}
          onConfirm={() => run(() => call("task.cancel", { task: task.id }))}
        >
          Cancel
        </ConfirmButton>
      )}
    </>
  );
}

function Checks({ results }: { readonly results: readonly CheckResult[] }) {
  return (
    <PanelSection title="Checks at its last report">
      <div className="flex flex-col gap-1.5">
        {results.map((result) => (
          <OutputBlock
            key={result.name}
            title={result.command}
            look={checkLook(result)}
            meta={formatElapsed(result.durationMs)}
            note={noteOfCheck(result)}
            text={result.tail}
            isOpen={!hasPassed(result)}
          />
        ))}
      </div>
    </PanelSection>
  );
}

function Facts({ task }: { readonly task: Task }) {
  const plan = useMirror((mirror) => mirror.plans.find((each) => each.id === task.plan));
  const hue = useProfileHue(task.profile);
  const code = (text: string) => <span className="break-all font-mono text-xs">{text}</span>;
  const facts: (readonly [string, React.ReactNode])[] = [
    ["Plan", plan?.title ?? "None"],
    ["Priority", `${task.priority} of 5`],
  ];
  if (task.after.length > 0) facts.push(["After", task.after.join(", ")]);
  if (task.profile)
    facts.push(["Profile", <NameChip key="profile" name={task.profile} hue={hue} />]);
  if (task.pinnedProfile) facts.push(["Pinned to", task.pinnedProfile]);
  if (task.model) facts.push(["Model", task.model]);
  if (task.paths.length > 0) facts.push(["Paths", code(task.paths.join("  "))]);
  if (task.branch) facts.push(["Branch", code(task.branch)]);
  facts.push(["Attempts", task.attempts], ["Commits", task.commits]);
  for (const check of task.acceptance) facts.push([`Check ${check.name}`, code(check.run)]);
  if (task.landed) facts.push(["Landed", code(task.landed.commit.slice(0, 12))]);
  return <FactList facts={facts} />;
}

/** Asked again whenever the task changes; what another task or profile does shows with its next change. */
function useWhy(task: Task): TaskWhy | null {
  const [why, setWhy] = useState<TaskWhy | null>(null);
  useEffect(() => {
    let isStale = false;
    call("task.why", { task: task.id }).then(
      (answer) => {
        if (!isStale) setWhy(answer);
      },
      (error) => {
        if (!isStale) toastError(error);
      },
    );
    return () => {
      isStale = true;
    };
  }, [task]);
  return why;
}
