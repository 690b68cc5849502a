import { Snowflake } from "lucide-react";
import { describeFrozen } from "../../../shared/model/freeze.ts";
import type { Project } from "../../../shared/model/project.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { useAction } from "../../ui/use-action.ts";

/** While it lasts work is tested, and nothing lands but hot fixes. */
export function FreezeNotice({ project }: { readonly project: Project }) {
  const { run, isBusy } = useAction();
  const { frozen } = project.queue;
  if (!frozen) return null;
  return (
    <div
      role="status"
      className="mx-2 mb-2 flex items-center gap-2.5 rounded-lg border border-review/45 bg-surface px-3 py-2"
    >
      <Snowflake size={15} aria-hidden className="shrink-0 text-review" />
      <p className="min-w-0 flex-1 break-words">
        Frozen {describeFrozen(frozen, new Date())}.{" "}
        <span className="text-muted">Work is tested; nothing lands but hot fixes.</span>
      </p>
      {/* What the settings froze ends by itself, or in the settings. */}
      {frozen.by === "person" && (
        <Button
          isSmall
          disabled={isBusy}
          onClick={() => run(() => call("queue.unfreeze", { project: project.name }))}
        >
          End freeze
        </Button>
      )}
    </div>
  );
}

export function FreezeButton({ project }: { readonly project: Project }) {
  const { run, isBusy } = useAction();
  if (project.queue.frozen) return null;
  return (
    <Button
      disabled={isBusy}
      icon={<Snowflake size={13} />}
      onClick={() => run(() => call("queue.freeze", { project: project.name, until: null }))}
    >
      Freeze
    </Button>
  );
}
