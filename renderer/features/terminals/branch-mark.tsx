import { GitBranch } from "lucide-react";
import { useEffect } from "react";
import type { Task } from "../../../shared/model/task.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { useBranchChanges, wantBranchChange } from "./branch-changes.ts";

/** The commits of a task's branch and the lines they change; in a narrow pane the commits alone, then nothing. */
export function BranchMark({ task: { id, branch, project, commits } }: { readonly task: Task }) {
  // The forecast hears of each commit; before its first look the number at the last report has to do.
  const at = useMirror(({ forecasts }) => {
    const forecast = forecasts.find((each) => each.project === project);
    return forecast?.branches.find((each) => each.task === id)?.head ?? String(commits);
  });
  const change = useBranchChanges((changes) => changes[id]?.change ?? null);
  useEffect(() => {
    if (branch !== null) wantBranchChange(id, at);
  }, [id, branch, at]);
  if (!change || change.commits === 0) return null;
  const { added, removed, files } = change;
  const told = `${change.branch}: ${formatCount(change.commits, "commit")}, ${formatCount(files, "file")}, ${added} lines added, ${removed} removed`;
  return (
    <span title={told} className="@max-[30rem]:hidden inline-flex items-center gap-1.5">
      <span className="sr-only">{told}</span>
      <span aria-hidden="true" className="inline-flex items-center gap-0.5">
        <GitBranch size={11} />
        {change.commits}
      </span>
      <span aria-hidden="true" className="@max-[43rem]:hidden">
        <span className="text-good">+{added}</span> <span className="text-bad">−{removed}</span>
      </span>
    </span>
  );
}
