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

/** How far what landed is pushed. */
export function PushStatus({ project }: { readonly project: Project }) {
  const { push } = project.queue;
  if (!push || push.problem) return null;
  const { remote, underWay, pushed } = push;
  const text = "flex shrink-0 items-center gap-1.5 whitespace-nowrap text-muted";
  if (underWay) {
    return (
      <span className={text}>
        <CloudUpload size={14} aria-hidden /> pushing to {remote}…
      </span>
    );
  }
  return (
    pushed && (
      <span className={text}>
        <CloudCheck size={14} aria-hidden />
        <Pushed remote={remote} at={pushed.at} />
      </span>
    )
  );
}

/** Why what landed is not on the remote, with the way out. */
export function PushTrouble({ project }: { readonly project: Project }) {
  const { run, isBusy } = useAction();
  const { push } = project.queue;
  if (!push?.problem) return null;
  const { problem, underWay } = push;
  return (
    <div
      role="status"
      className={classNames(
        "mx-2 mb-2 flex items-start gap-2.5 rounded-lg border bg-surface px-3 py-2",
        needsPerson(problem) ? "border-bad/45" : "border-warn/45",
      )}
    >
      <CloudAlert
        size={15}
        aria-hidden
        className={classNames("mt-0.5 shrink-0", needsPerson(problem) ? "text-bad" : "text-warn")}
      />
      <div className="min-w-0 flex-1">
        <p className="break-words">Not pushed: {problem.text}</p>
        <p className="select-text break-words text-muted text-xs">
          {problem.hint} Since <Age since={problem.since} />.
        </p>
      </div>
      <Button
        isSmall
        disabled={isBusy || underWay !== null}
        onClick={() => run(() => call("queue.push", { project: project.name }))}
      >
        Push again
      </Button>
    </div>
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
