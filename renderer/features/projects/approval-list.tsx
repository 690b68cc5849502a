import { useEffect, useState } from "react";
import type { Approval } from "../../../shared/model/ask.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { Age } from "../../ui/age.tsx";
import { ConfirmButton } from "../../ui/button.tsx";
import { exactText } from "../../ui/plain-text.ts";
import { toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

/** What passes in this project without being asked again, each exactly as it was once asked. */
export function ApprovalList({ project }: { readonly project: ProjectName }) {
  const [approvals, setApprovals] = useState<readonly Approval[] | null>(null);
  const { run, isBusy } = useAction();
  useEffect(() => {
    call("approval.list", { project }).then(setApprovals, toastError);
  }, [project]);
  if (!approvals) return <p className="text-muted">Looking…</p>;
  if (approvals.length === 0) {
    return (
      <p className="text-muted">
        Nothing was allowed for good. “Allow and remember” in the inbox puts a command here.
      </p>
    );
  }
  return (
    <ul aria-label="Approvals" className="flex flex-col divide-y divide-line">
      {approvals.map(({ id, task, tool, input, at, until }) => (
        <li key={id} className="flex items-start gap-3 py-2">
          <div className="min-w-0 flex-1">
            <code className="block whitespace-pre-wrap break-all font-mono text-xs">
              {exactText(input)}
            </code>
            <span className="text-faint text-xs">
              {tool}
              {task !== null && `, for ${task}`}, allowed <Age since={at} /> ago
              {until !== null && `, ${describeEnd(until)}`}
            </span>
          </div>
          <ConfirmButton
            isSmall
            disabled={isBusy}
            confirmText="Ask again?"
            onConfirm={() =>
              run(async () => {
                await call("approval.remove", { approval: id });
                setApprovals(approvals.filter((each) => each.id !== id));
              })
            }
          >
            Remove
          </ConfirmButton>
        </li>
      ))}
    </ul>
  );
}

function describeEnd(until: string): string {
  const end = new Date(until);
  return end.getTime() > Date.now()
    ? `ends ${end.toLocaleString()}`
    : `ended ${end.toLocaleString()}; no start follows it any more`;
}
