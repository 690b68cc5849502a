import type { EntryId, TaskId } from "../../../shared/model/ids.ts";

interface LandingMessage {
  readonly entry: EntryId;
  readonly task: TaskId;
  readonly attempt: number;
  readonly title: string;
  readonly summary: string | null;
  /** Whose entry it is: another data folder on the same repository has one of the same number. */
  readonly store: string;
}

/** The message of the commit that lands. */
export function landingMessage({ title, summary }: LandingMessage): string {
  const subject = title.replace(/\s+/g, " ").trim();
  const body = summary?.trim() ?? "";
  return body === "" ? subject : `${subject}\n\n${body}`;
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
