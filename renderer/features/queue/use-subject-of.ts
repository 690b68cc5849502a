import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { subjectOf } from "./comment-drafts.ts";

/** What comments on the diff of this entry are kept under. */
export function useSubjectOf(entry: Pick<QueueEntry, "project" | "task">): string {
  const task = useMirror((mirror) => mirror.tasks.find((each) => each.id === entry.task));
  return subjectOf(entry, task);
}
