import { useEffect, useState } from "react";
import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Removal } from "../../../shared/model/removal.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { toastDone, toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

/** Worktrees that were taken away and can be put back. */
export function RemovalList({ project }: { readonly project: ProjectName }) {
  const [removals, setRemovals] = useState<readonly Removal[] | null>(null);
  const tasks = useMirror((mirror) => mirror.tasks);
  const { run, isBusy } = useAction();
  useEffect(() => {
    call("task.removals", { project }).then(setRemovals, toastError);
  }, [project]);
  if (!removals) return <p className="text-muted">Looking…</p>;
  const gone = removals.filter((removal) => removal.restoredAt === null);
  if (gone.length === 0) {
    return (
      <p className="text-muted">
        No worktree was removed in the last 30 days. One that is comes here and can be put back.
      </p>
    );
  }
  return (
    <ul aria-label="Removed worktrees" className="flex flex-col divide-y divide-line">
      {gone.map(({ id, task, branch, rescue, why, at }) => (
        <li key={id} className="flex items-start gap-3 py-2">
          <div className="min-w-0 flex-1">
            <p className="truncate">
              <span className="font-mono text-faint text-xs">{task}</span>{" "}
              {tasks.find((each) => each.id === task)?.title}
            </p>
            <p className="break-words text-muted text-xs">
              <span className="font-mono">{branch}</span>, removed <Age since={at} /> ago: {why}
              {rescue && "; what was not committed is kept"}
            </p>
          </div>
          <Button
            isSmall
            disabled={isBusy}
            onClick={() =>
              run(async () => {
                await call("task.restore-worktree", { task });
                setRemovals(removals.filter((each) => each.id !== id));
                toastDone(`The worktree of ${task} is back.`);
              })
            }
          >
            Restore
          </Button>
        </li>
      ))}
    </ul>
  );
}
