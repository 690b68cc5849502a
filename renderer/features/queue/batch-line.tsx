import { Layers } from "lucide-react";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";

/** Which entries are under check together, and where the search for the one that fails stands. */
export function BatchLine({ open }: { readonly open: readonly QueueEntry[] }) {
  const batch = open.find((entry) => entry.batch !== null)?.batch;
  if (!batch || batch.entries.length < 2) return null;
  const { entries, testing } = batch;
  const isWhole = testing === entries.length;
  const part = testing === 1 ? "the first" : `the first ${testing}`;
  return (
    <p
      role="status"
      aria-label="Batch under check"
      className="flex min-w-0 items-center gap-2 border-line border-b bg-sunken px-3 py-1.5 text-muted text-xs"
    >
      <Layers size={13} aria-hidden className="shrink-0 text-accent" />
      <span className="shrink-0">
        {isWhole
          ? `${entries.length} branches are tested together:`
          : `One of ${entries.length} fails; testing ${part}:`}
      </span>
      <span className="truncate font-mono" title={entries.join(", ")}>
        {entries.slice(0, testing).join(" ")}
        {!isWhole && <span className="text-faint"> {entries.slice(testing).join(" ")}</span>}
      </span>
    </p>
  );
}
