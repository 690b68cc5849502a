import { useEffect, useState } from "react";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import type { ErrorShape } from "../../../shared/model/switchyard-error.ts";
import { toErrorShape } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { DiffView } from "./diff-view.tsx";
import { actsFor } from "./entry-acts.ts";
import { askForReturn } from "./queue-view-store.ts";
import { useSubjectOf } from "./use-subject-of.ts";

type Loaded =
  | { readonly kind: "loading" }
  | { readonly kind: "shown"; readonly patch: string; readonly isCut: boolean }
  | { readonly kind: "failed"; readonly error: ErrorShape };

export function EntryDiff({ entry }: { readonly entry: QueueEntry }) {
  const subject = useSubjectOf(entry);
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });
  const { id, head, base } = entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other commits are another diff.
  useEffect(() => {
    let isStale = false;
    call("queue.diff", { entry: id }).then(
      ({ patch, isCut }) => {
        if (!isStale) setLoaded({ kind: "shown", patch, isCut });
      },
      (error) => {
        if (!isStale) setLoaded({ kind: "failed", error: toErrorShape(error) });
      },
    );
    return () => {
      isStale = true;
    };
  }, [id, head, base]);
  if (loaded.kind === "loading") return <p className="p-4 text-muted">Reading the diff…</p>;
  if (loaded.kind === "failed") return <p className="p-4 text-bad">{loaded.error.message}</p>;
  return (
    <DiffView
      key={loaded.patch}
      patch={loaded.patch}
      isCut={loaded.isCut}
      subject={subject}
      canComment={actsFor(entry, 1).includes("return")}
      onReturn={() => askForReturn(id)}
    />
  );
}
