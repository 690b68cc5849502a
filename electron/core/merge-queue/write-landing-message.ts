import { type ChangeSummary, writeChange } from "../../../shared/model/change-summary.ts";
import type { EntryId, TaskId } from "../../../shared/model/ids.ts";

interface LandingMessage {
  readonly entry: EntryId;
  readonly task: TaskId;
  readonly attempt: number;
  readonly title: string;
  readonly summary: string | null;
  /** Whose entry it is: another data folder on the same repository has one of the same number. */
  readonly store: string;
  /** Where the commit stands for all of them. */
  readonly change: ChangeSummary | null;
}

/** The message of the commit that lands. */
export function landingMessage({ title, summary, change }: LandingMessage): string {
  const subject = title.replace(/\s+/g, " ").trim();
  const parts = [subject, summary?.trim() ?? "", change ? writeChange(change) : ""];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The line that says which entry a commit landed for. */
export const ENTRY_TRAILER = "Switchyard-Entry";

/** From these lines on the target's history it can be told what landed, even without the store. */
export function landingTrailers({
  entry,
  task,
  attempt,
  store,
}: LandingMessage): readonly string[] {
  return [
    `${ENTRY_TRAILER}: ${entry}`,
    `Switchyard-Task: ${task}`,
    `Switchyard-Attempt: ${attempt}`,
    `Switchyard-Store: ${store}`,
  ];
}
