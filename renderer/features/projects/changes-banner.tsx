import { FilePen } from "lucide-react";
import { useEffect, useState } from "react";
import type { ProjectName } from "../../../shared/model/ids.ts";
import { call, useConnection } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { keepChanges, lookAtChanges, useChangesView } from "./changes-view-store.ts";

type Choice = "commit" | "stash" | "carry" | "leave";

const done: Readonly<Record<Choice, string>> = {
  commit: "Committed.",
  stash: "Stashed; `git stash pop` brings it back.",
  carry: "New worktrees get these changes.",
  leave: "They stay where they are, and you are not asked about them again.",
};

const NAMED_FILES = 3;

/** Says that new worktrees would lack what the person has not committed, and offers what can be done about it. */
export function ChangesBanner({ project }: { readonly project: ProjectName }) {
  useLooking(project);
  const seen = useChangesView();
  const [isCommitting, setIsCommitting] = useState(false);
  const { run, isBusy } = useAction();
  const changes = seen.project === project ? seen.changes : null;
  if (!changes || changes.count === 0 || changes.settled !== null) return null;

  const settle = (choice: Choice, message?: string) =>
    run(async () => {
      const input = { project, choice, ...(message === undefined ? {} : { message }) };
      keepChanges(project, await call("project.settle-changes", input));
      setIsCommitting(false);
      toastDone(done[choice]);
    });
  const choose = (text: string, title: string, onClick: () => void) => (
    <Button isSmall title={title} disabled={isBusy} onClick={onClick}>
      {text}
    </Button>
  );
  return (
    <section
      aria-label="Uncommitted changes"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-warn/40 border-b bg-warn/10 px-4 py-2 text-sm"
    >
      <FilePen size={15} className="shrink-0 text-warn" aria-hidden="true" />
      <p className="min-w-64 flex-1 break-words" title={changes.files.join("\n")}>
        <b className="font-semibold text-warn">
          {formatCount(changes.count, "file")} of your checkout {changes.count === 1 ? "is" : "are"}{" "}
          not committed,
        </b>{" "}
        so no new worktree has {changes.count === 1 ? "it" : "them"}:{" "}
        <span className="font-mono text-xs">{listFiles(changes.files, changes.count)}</span>
      </p>
      <div className="flex gap-1.5">
        {choose("Commit…", "Commits them in your checkout", () => setIsCommitting(true))}
        {choose("Stash", "Puts them on git's stash", () => settle("stash"))}
        {choose("Carry over", "New worktrees get them as uncommitted changes", () =>
          settle("carry"),
        )}
        {choose("Leave", "New worktrees go without them", () => settle("leave"))}
      </div>
      {isCommitting && (
        <CommitDialog
          count={changes.count}
          isBusy={isBusy}
          onCommit={(message) => settle("commit", message)}
          onClose={() => setIsCommitting(false)}
        />
      )}
    </section>
  );
}

function listFiles(files: readonly string[], count: number): string {
  const named = files.slice(0, NAMED_FILES).join(", ");
  return count > NAMED_FILES ? `${named} and ${count - NAMED_FILES} more` : named;
}

/** Asked when the window is looked at again, and whenever work is about to go out: a new task, a plan that was activated. */
function useLooking(project: ProjectName): void {
  const isConnected = useConnection(({ kind }) => kind === "open");
  const tasks = useMirror((mirror) => countOf(mirror.tasks, project));
  const active = useMirror((mirror) =>
    countOf(
      mirror.plans.filter((plan) => plan.state === "active"),
      project,
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: more tasks and active plans are what it waits for.
  useEffect(() => {
    if (isConnected) lookAtChanges(project);
  }, [isConnected, project, tasks, active]);
  useEffect(() => {
    const leaving = new AbortController();
    addEventListener("focus", () => lookAtChanges(project), { signal: leaving.signal });
    return () => leaving.abort();
  }, [project]);
}

function countOf(rows: readonly { readonly project: ProjectName }[], project: ProjectName): number {
  return rows.filter((row) => row.project === project).length;
}

function CommitDialog({
  count,
  isBusy,
  onCommit,
  onClose,
}: {
  readonly count: number;
  readonly isBusy: boolean;
  readonly onCommit: (message: string) => void;
  readonly onClose: () => void;
}) {
  const [message, setMessage] = useState("");
  return (
    <Dialog
      title={`Commit ${formatCount(count, "file")}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="commit-form"
            disabled={isBusy || message.trim() === ""}
          >
            Commit
          </Button>
        </>
      }
    >
      <form
        id="commit-form"
        onSubmit={(event) => {
          event.preventDefault();
          onCommit(message.trim());
        }}
      >
        <TextField
          label="Message"
          required
          value={message}
          hint="All changed files of your checkout, on the branch it is on."
          onChange={(event) => setMessage(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
