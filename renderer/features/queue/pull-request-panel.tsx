import { ExternalLink, RefreshCw } from "lucide-react";
import { describePull } from "../../../shared/model/describe-pull.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { openLink } from "../../ui/open-link.ts";
import { PanelSection } from "../../ui/side-panel.tsx";
import { useAction } from "../../ui/use-action.ts";

/** How far the pull request of an entry is, with the way to it. */
export function PullRequestPanel({ entry }: { readonly entry: QueueEntry }) {
  const { run, isBusy } = useAction();
  const { pullRequest: pull, state, project } = entry;
  const told = describePull(entry);
  if (!pull || told === null) return null;
  const { url, number, problem } = pull;
  const isStuck = state === "proposed" && problem !== null;
  const [text, ...hints] = told.split("\n");
  return (
    <PanelSection title="Pull request">
      <p className={classNames("select-text break-words", isStuck && "text-warn")}>{text}</p>
      {hints.map((hint) => (
        <p key={hint} className="mt-1 select-text break-words text-muted text-xs">
          {hint}
        </p>
      ))}
      <div className="mt-2 flex flex-wrap gap-2">
        {url !== null && (
          <Button isSmall icon={<ExternalLink size={13} />} onClick={() => openLink(url)}>
            Open #{number} in the browser
          </Button>
        )}
        {state === "proposed" && (
          <Button
            isSmall
            disabled={isBusy}
            icon={<RefreshCw size={13} />}
            onClick={() => run(() => call("queue.push", { project }))}
          >
            {problem ? "Try again" : "Ask now"}
          </Button>
        )}
      </div>
    </PanelSection>
  );
}
