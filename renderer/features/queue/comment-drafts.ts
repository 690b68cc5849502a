import { z } from "zod";
import { create } from "zustand";
import { compareComments, LineComment } from "../../../shared/model/line-comment.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import type { Task } from "../../../shared/model/task.ts";

const Draft = LineComment.extend({
  id: z.string(),
  quote: z.string(),
  /** Its line is not in the diff that was last shown. */
  isOutdated: z.boolean(),
});
/** A comment that has not been sent yet. */
export type Draft = Readonly<z.infer<typeof Draft>>;

const Drafts = z.record(z.string(), z.array(Draft));
type Drafts = Readonly<Record<string, readonly Draft[]>>;

const KEY = "switchyard.comments";
/** What was written longest ago goes first: nobody sends comments on a branch that is long gone. */
const SUBJECTS_MAX = 50;
const none: readonly Draft[] = [];

/** Comments that were written in this window and not sent; kept with the window, so that they outlive a reload. */
const useDrafts = create<{ readonly drafts: Drafts }>(() => ({ drafts: readStored() }));

export function useDraftsOf(subject: string): readonly Draft[] {
  return useDrafts(({ drafts }) => drafts[subject] ?? none);
}

/** What comments are kept under: the task, because a newer commit of its branch is another entry. Its age tells it from another data folder's. */
export function subjectOf(
  { project, task: id }: Pick<QueueEntry, "project" | "task">,
  task: Pick<Task, "createdAt"> | undefined,
): string {
  return `${project}/${id}/${task?.createdAt ?? ""}`;
}

/** Keeps a new comment, or another text for one that is there. */
export function keepDraft(subject: string, draft: Draft): void {
  change(subject, (drafts) =>
    [...drafts.filter(({ id }) => id !== draft.id), draft].sort(compareComments),
  );
}

export function dropDrafts(subject: string, ids: readonly string[]): void {
  change(subject, (drafts) => drafts.filter(({ id }) => !ids.includes(id)));
}

/** What another diff says of all of them. */
export function replaceDrafts(subject: string, drafts: readonly Draft[]): void {
  change(subject, () => [...drafts].sort(compareComments));
}

/** Another window may have written meanwhile: what it stored is changed, not what this one last knew. */
function change(subject: string, work: (drafts: readonly Draft[]) => readonly Draft[]): void {
  const { [subject]: before = none, ...others } = readStored();
  const after = work(before);
  const kept = Object.entries(others).slice(-(SUBJECTS_MAX - 1));
  const drafts = Object.fromEntries(after.length > 0 ? [...kept, [subject, after]] : kept);
  useDrafts.setState({ drafts });
  localStorage.setItem(KEY, JSON.stringify(drafts));
}

globalThis.addEventListener?.("storage", (event) => {
  if (event.key === KEY) useDrafts.setState({ drafts: readStored() });
});

function readStored(): Drafts {
  try {
    return Drafts.parse(JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "{}"));
  } catch {
    // Written by another version.
    return {};
  }
}
