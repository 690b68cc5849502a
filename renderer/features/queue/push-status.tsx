import { CloudAlert, CloudCheck, CloudUpload } from "lucide-react";
import type { Project } from "../../../shared/model/project.ts";
import { isPushed, needsPerson, type PushState } from "../../../shared/model/push-state.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useAction } from "../../ui/use-action.ts";

/** Whether what landed is on the remote, and if not why, with the way on. */
export function PushStatus({ project }: { readonly project: Project }) {
  const { run, isBusy } = useAction();
  const { push } = project.queue;
  if (!push) return null;
  const { remote, problem, underWay, pushed } = push;
  if (problem) {
    const isBad = needsPerson(problem);
    return (
      <span className="flex min-w-0 items-center gap-2">
        <span
          title={`${problem.text}\n${problem.hint}`}
          className={classNames(
            "flex min-w-0 items-center gap-1.5",
            isBad ? "text-bad" : "text-warn",
          )}
        >
          <CloudAlert size={14} className="shrink-0" aria-hidden />
          <span className="truncate">Not pushed: {problem.text}</span>
        </span>
        <Button
          isSmall
          disabled={isBusy || underWay !== null}
          onClick={() => run(() => call("queue.push", { project: project.name }))}
        >
          Push again
        </Button>
      </span>
    );
  }
  if (underWay) {
    return (
      <span className="flex items-center gap-1.5 text-muted">
        <CloudUpload size={14} aria-hidden /> Pushing to {remote}…
      </span>
    );
  }
  return (
    pushed && (
      <span className="flex items-center gap-1.5 text-muted">
        <CloudCheck size={14} aria-hidden />
        <Pushed remote={remote} at={pushed.at} />
      </span>
    )
  );
}

function Pushed({ remote, at }: { readonly remote: string; readonly at: string }) {
  return (
    <span>
      pushed to {remote} <Age since={at} /> ago
    </span>
  );
}

/** Of one entry that has landed. */
export function EntryPush({
  entry,
  push,
}: {
  readonly entry: QueueEntry;
  readonly push: PushState;
}) {
  // Events that this window does not hold any more are of long ago: then only that it is there is told.
  const at = useMirror(
    (mirror) =>
      mirror.events.find(
        (event) =>
          event.kind === "queue.pushed" &&
          event.subject === entry.project &&
          event.at >= entry.since,
      )?.at,
  );
  if (!isPushed(push, entry.since)) return "not yet";
  return at ? <Pushed remote={push.remote} at={at} /> : "yes";
}
