import { FolderMinus, FolderPlus } from "lucide-react";
import { useEffect, useState } from "react";
import type { Removal } from "../../../shared/model/removal.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Task } from "../../../shared/model/task.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { PanelSection } from "../../ui/side-panel.tsx";
import { toastDone, toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

/** Where the task's checkout is; one that was taken away can be put back from here. */
export function TaskWorktree({ task }: { readonly task: Task }) {
  const { id, project, worktree } = task;
  const [removal, setRemoval] = useState<Removal | null>(null);
  const isLived = useMirror((mirror) =>
    mirror.sessions.some((session) => session.task === id && isLive(session.state)),
  );
  const { run, isBusy } = useAction();
  // A worktree that is there, or a task that never had one, has no removal to undo.
  const canBeGone = worktree === null && task.branch !== null;
  useEffect(() => {
    setRemoval(null);
    if (!canBeGone) return;
    call("task.removals", { project }).then(
      (removals) =>
        setRemoval(removals.find((each) => each.task === id && each.restoredAt === null) ?? null),
      toastError,
    );
  }, [id, project, canBeGone]);

  if (removal) {
    return (
      <PanelSection title="Worktree">
        <div className="flex items-start gap-3">
          <p className="min-w-0 flex-1 break-words">
            Removed <Age since={removal.at} /> ago: {removal.why}.{" "}
            {removal.rescue && "What was not committed is kept with it."}
          </p>
          <Button
            isSmall
            disabled={isBusy}
            icon={<FolderPlus size={13} />}
            onClick={() =>
              run(async () => {
                await call("task.restore-worktree", { task: id });
                setRemoval(null);
                toastDone(`The worktree of ${id} is back.`);
              })
            }
          >
            Restore
          </Button>
        </div>
      </PanelSection>
    );
  }
  if (worktree === null) return null;
  return (
    <PanelSection title="Worktree">
      <div className="flex items-start gap-3">
        <span className="min-w-0 flex-1 break-all font-mono text-xs">{worktree}</span>
        {!isLived && (
          <ConfirmButton
            isSmall
            disabled={isBusy}
            icon={<FolderMinus size={13} />}
            title="All that is in it is kept in git for 30 days"
            confirmText="Remove the worktree?"
            onConfirm={() => run(() => call("task.remove-worktree", { task: id, isSure: true }))}
          >
            Remove
          </ConfirmButton>
        )}
      </div>
    </PanelSection>
  );
}
