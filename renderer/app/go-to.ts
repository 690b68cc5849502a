import { inboxOf } from "../../shared/contract/inbox-of.ts";
import type { EntryId, ProjectName, SessionId, TaskId } from "../../shared/model/ids.ts";
import type { InboxItem } from "../../shared/model/inbox.ts";
import type { Project } from "../../shared/model/project.ts";
import type { SearchHit } from "../../shared/model/transcript.ts";
import { selectItem } from "../features/inbox/inbox-view-store.ts";
import { isAtRest } from "../features/inbox/item-acts.ts";
import { wantUsage } from "../features/profiles/profiles-view-store.ts";
import { selectEntry, showTab } from "../features/queue/queue-view-store.ts";
import { readTranscript } from "../features/search/search-view-store.ts";
import { selectTask } from "../features/tasks/tasks-view-store.ts";
import { focusPane } from "../features/terminals/grid-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { coreOf } from "../terminal/find-row.ts";
import { revealLine } from "../terminal/reveal-line.ts";
import { chooseProject, showView, useRoute } from "./view-store.ts";

/** The chosen project, or the first one when none was chosen or it is gone. */
export function currentProject(
  projects: readonly Project[],
  chosen: ProjectName | null,
): Project | null {
  return projects.find((project) => project.name === chosen) ?? projects[0] ?? null;
}

export function goToPane(session: SessionId): void {
  const { sessions } = useMirror.getState();
  const project = sessions.find((each) => each.id === session)?.project;
  if (project) chooseProject(project);
  showView("terminals");
  focusPane(session);
}

/** To a line that a search found: in its pane where that shows it, else in what was said. */
export async function goToHit(session: SessionId, hit: SearchHit): Promise<void> {
  if (hit.where === "transcript") return readTranscript(session, hit.line);
  goToPane(session);
  if (!(await revealLine(session, coreOf(hit.text)))) readTranscript(session, null);
}

export function goToTask(task: TaskId): void {
  const { tasks } = useMirror.getState();
  const project = tasks.find((each) => each.id === task)?.project;
  if (project) chooseProject(project);
  showView("tasks");
  selectTask(task);
}

export function goToUsage(): void {
  showView("profiles");
  wantUsage(true);
}

export function goToEntry(entry: EntryId): void {
  const { entries } = useMirror.getState();
  const project = entries.find((each) => each.id === entry)?.project;
  if (project) chooseProject(project);
  showView("queue");
  selectEntry(entry);
}

/** To where an item of the inbox is answered: its card, the pane that shows a dialog, or the queue entry to review. */
export function goToItem(item: InboxItem): void {
  if (item.kind === "dialog" && item.session) goToPane(item.session);
  else if (item.kind === "review" && item.entry) goToEntry(item.entry);
  else {
    showView("inbox");
    selectItem(item.id);
  }
}

/** To the card of what a session asks. */
export function goToAsk(session: SessionId): void {
  const item = inboxOf(useMirror.getState()).find((each) => each.ask?.session === session);
  if (item) goToItem(item);
}

/** To what an item of the inbox is about. */
export function openItem(item: InboxItem): void {
  const { kind, task, session, entry, project } = item;
  const isAboutTask = kind === "blocked" || isAtRest(item);
  if (entry) {
    goToEntry(entry);
    if (kind === "review") showTab("diff");
  } else if (task && isAboutTask) goToTask(task);
  else if (session) goToPane(session);
  else if (task) goToTask(task);
  else if (project) {
    chooseProject(project);
    showView("queue");
  }
}

/** To what waits for the person longest, of whatever project; pressed again, to the one after it. */
export function goToNextInNeed(): void {
  const waiting = inboxOf(useMirror.getState());
  const from = waiting.findIndex((item) => item.id === lastVisited);
  const next = waiting[(from + 1) % waiting.length];
  if (!next) return;
  lastVisited = next.id;
  goToItem(next);
}

let lastVisited: string | null = null;

/** To what an event is about. */
export function goToSubject(subject: string): void {
  const { tasks, sessions, entries } = useMirror.getState();
  const task = tasks.find((each) => each.id === subject);
  const session = sessions.find((each) => each.id === subject);
  const entry = entries.find((each) => each.id === subject);
  if (task) goToTask(task.id);
  else if (session) goToPane(session.id);
  else if (entry) goToEntry(entry.id);
  else {
    const item = inboxOf(useMirror.getState()).find((each) => each.id === subject);
    if (item) goToItem(item);
  }
}

export function currentProjectNow(): Project | null {
  return currentProject(useMirror.getState().projects, useRoute.getState().chosenProject);
}
