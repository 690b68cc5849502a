import { ExternalLink, RefreshCw } from "lucide-react";
import { describeLeftPull, describePull } from "../../../shared/model/pull-request.ts";
import { isOpen, type QueueEntry } from "../../../shared/model/queue-entry.ts";
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
  if (!pull) return null;
  const { url, number, problem } = pull;
  const isLeft = !isOpen(state) && state !== "landed";
  const told = (isLeft ? describeLeftPull(pull) : null) ?? describePull(pull);
  const [text, ...hints] = told.split("\n");
  return (
    <PanelSection title="Pull request">
      <p className={classNames("select-text break-words", problem && !isLeft && "text-warn")}>
        {text}
      </p>
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
