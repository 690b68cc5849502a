import type { FlakyTest } from "../../../shared/model/flaky-test.ts";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { ConfirmButton } from "../../ui/button.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { type Look, StateMark } from "../../ui/state-mark.tsx";
import { useAction } from "../../ui/use-action.ts";

const quarantined: Look = { word: "Quarantined", tone: "warn", shape: "triangle" };
const watched: Look = { word: "Watched", tone: "quiet", shape: "question" };

/** One test, how often it flipped, the task to mend it, and the way back. */
export function FlakyRow({
  project,
  flaky,
  onOpenTask,
}: {
  readonly project: ProjectName;
  readonly flaky: FlakyTest;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const { run, isBusy } = useAction();
  const { test, command, flips, until, task } = flaky;
  return (
    <li className="flex min-h-9 items-center gap-3 border-line/60 border-t px-3 py-1 text-xs">
      <span className="w-28 shrink-0">
        <StateMark look={until === null ? watched : quarantined} />
      </span>
      <span className="min-w-0 flex-1">
        <span title={test} className="block truncate font-mono">
          {test}
        </span>
        <span title={command} className="block truncate text-faint">
          {command}
        </span>
      </span>
      <span className="w-24 shrink-0 text-right text-muted tabular-nums">
        {formatCount(flips, "flip", "flips")}
      </span>
      <span className="w-32 shrink-0 text-muted">
        {until !== null && `until ${new Date(until).toLocaleDateString()}`}
      </span>
      <span className="w-16 shrink-0">
        {task !== null && (
          <button
            type="button"
            onClick={() => onOpenTask(task)}
            aria-label={`Open ${task}, which is to mend it`}
            className="font-mono hover:underline"
          >
            {task}
          </button>
        )}
      </span>
      <span className="w-28 shrink-0 text-right">
        {until !== null && (
          <ConfirmButton
            isSmall
            disabled={isBusy}
            confirmText="Let it block again?"
            onConfirm={() =>
              run(async () => void (await call("queue.release-test", { project, test })))
            }
          >
            Release
          </ConfirmButton>
        )}
      </span>
    </li>
  );
}
