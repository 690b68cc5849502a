import { useEffect, useState } from "react";
import type { Finding } from "../../../shared/model/finding.ts";
import { call, useConnection } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { FindingList } from "../../ui/finding-list.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

/** What the doctor finds on this machine, and what to do about it. */
export function MachineCheck() {
  const [findings, setFindings] = useState<readonly Finding[] | null>(null);
  const { run, isBusy } = useAction();
  // The first page of a window is drawn a moment before its connection counts as open.
  const isConnected = useConnection(({ kind }) => kind === "open");
  useEffect(() => {
    if (isConnected) call("app.doctor", {}).then(setFindings, toastError);
  }, [isConnected]);
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted">{findings ? summarise(findings) : "Looking…"}</p>
        <Button
          isSmall
          disabled={isBusy}
          onClick={() => run(async () => setFindings(await call("app.doctor", {})))}
        >
          {isBusy ? "Looking…" : "Look again"}
        </Button>
      </div>
      {findings && <FindingList findings={findings} />}
    </>
  );
}

function summarise(findings: readonly Finding[]): string {
  const bad = findings.filter(({ result }) => result === "bad").length;
  const warnings = findings.filter(({ result }) => result === "warning").length;
  if (bad > 0) return `${bad} of ${findings.length} things are in the way of work.`;
  if (warnings > 0) return `Work can go on; ${warnings} of ${findings.length} want a look.`;
  return `All ${findings.length} things looked at are in order.`;
}
