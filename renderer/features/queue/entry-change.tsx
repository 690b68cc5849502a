import { useEffect, useState } from "react";
import { type ChangeSummary, describeChange } from "../../../shared/model/change-summary.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { type ErrorShape, toErrorShape } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";

type Loaded = { readonly change: ChangeSummary } | { readonly error: ErrorShape } | null;

/** What the entry's commits say and change, as git tells. */
export function EntryChange({ entry }: { readonly entry: QueueEntry }) {
  const [loaded, setLoaded] = useState<Loaded>(null);
  const { id, head, base } = entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other commits are another change.
  useEffect(() => {
    let isStale = false;
    const show = (next: Loaded) => {
      if (!isStale) setLoaded(next);
    };
    call("queue.change", { entry: id }).then(
      (change) => show({ change }),
      (error) => show({ error: toErrorShape(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [id, head, base]);
  if (loaded === null) return <p className="text-muted">Reading its commits…</p>;
  if ("error" in loaded) return <p className="text-bad">{loaded.error.message}</p>;
  const { change } = loaded;
  const more = change.commitCount - change.commits.length;
  return (
    <>
      <p className="whitespace-pre-line break-words">{change.commits.join("\n")}</p>
      {more > 0 && <p className="text-muted">and {more} more</p>}
      <p className="mt-1.5 text-muted">{describeChange(change)}.</p>
      {change.tests.length > 0 && (
        <p className="mt-1 break-words text-muted text-xs">
          Tests touched: <span className="font-mono">{change.tests.join(", ")}</span>
        </p>
      )}
    </>
  );
}
