import type { Ask } from "./ask.ts";
import { describeStuckPulls, groupStuckPulls } from "./describe-pull.ts";
import type { ProjectName } from "./ids.ts";
import type { InboxItem, InboxKind } from "./inbox.ts";
import { isBlocked } from "./is-blocked.ts";
import type { Project } from "./project.ts";
import { needsPerson, type PushProblem, type PushState } from "./push-state.ts";
import { isHeldForPerson, isOpen, type QueueEntry } from "./queue-entry.ts";
import { hasPausedItself } from "./queue-pause.ts";
import { isLive, type Session } from "./session.ts";
import type { Task } from "./task.ts";

interface InboxRows {
  readonly asks: readonly Ask[];
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  readonly entries: readonly QueueEntry[];
  readonly projects: readonly Pick<Project, "name" | "queue">[];
}

/** Everything that waits for the person, the oldest first; what can be told in two ways stands once. */
export function listInbox(rows: InboxRows): InboxItem[] {
  const asks = rows.asks.filter((ask) => ask.state === "open");
  const workers = rows.sessions.filter((session) => session.kind === "worker");
  const asking = new Set(asks.map((ask) => ask.session));
  const waiting = workers.filter(
    (session) => session.state === "needs-input" && !asking.has(session.id),
  );
  const told = new Set([...asks, ...waiting].map(({ task }) => task));
  const signIns = new Set<string>();
  const taskTitle = (id: string | null) => rows.tasks.find((task) => task.id === id)?.title ?? null;

  const items = [
    ...asks.map((ask) => ({
      ...placeOf(ask),
      id: ask.id,
      kind: ask.kind,
      title: taskTitle(ask.task) ?? ask.session,
      text: ask.summary,
      since: ask.openedAt,
      ask,
    })),
    ...waiting.map((session) => ofSession(session, "dialog", session.reason, session.since)),
    ...workers.flatMap((session) =>
      session.concern &&
      isLive(session.state) &&
      !asking.has(session.id) &&
      !waiting.includes(session)
        ? [ofSession(session, "watchdog", session.concern.text, session.concern.at)]
        : [],
    ),
    ...rows.tasks.flatMap((task) => {
      const kind = told.has(task.id) ? null : kindOf(task);
      if (kind === null || (isSignIn(task) && signIns.has(task.profile ?? ""))) return [];
      // One sign-in or payment lets all of a profile's tasks go on.
      if (isSignIn(task)) signIns.add(task.profile ?? "");
      return [ofTask(task, kind)];
    }),
    ...rows.entries.flatMap((entry) => {
      if (entry.state === "awaiting-approval")
        return [ofEntry(entry, "review", entry.summary ?? "Its checks have passed.")];
      return isHeldForPerson(entry) ? [ofEntry(entry, "stuck", textOfHeld(entry))] : [];
    }),
    ...groupStuckPulls(rows.entries.filter(isStuckOnRemote)).map(ofProposed),
    ...rows.projects.filter(hasPausedItself).flatMap(({ name, queue }) => {
      // Between its entries nobody waits for the queue.
      const [first] = rows.entries
        .filter((entry) => entry.project === name && isOpen(entry.state))
        .toSorted((a, b) => a.position - b.position);
      return first ? [ofQueue(first, queue.reason ?? "")] : [];
    }),
    ...rows.projects.flatMap(({ name, queue: { push } }) =>
      push?.problem && needsPerson(push.problem) ? [ofPush(name, push, push.problem)] : [],
    ),
  ];
  return items.sort((a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id));

  function ofEntry(entry: QueueEntry, kind: InboxKind, text: string) {
    const { id, project, task, since } = entry;
    const title = taskTitle(task) ?? entry.branch;
    return { id, kind, title, text, since, project, task, session: null, entry: id, ask: null };
  }

  /** Under the name of its push: what it needs is another try of that. */
  function ofProposed([entry, ...others]: readonly [QueueEntry, ...QueueEntry[]]) {
    const told = describeStuckPulls([entry, ...others]) ?? "";
    const ids = [entry, ...others].map(({ id }) => id);
    const all = others.length === 0 ? "" : `\n${ids.length} entries wait for it: ${ids.join(", ")}`;
    const since = entry.pullRequest?.problem?.since ?? entry.since;
    return { ...ofEntry(entry, "stuck", `${told}${all}`), id: `push:${entry.id}`, since };
  }

  function ofSession(session: Session, kind: InboxKind, text: string | null, since: string) {
    const title = taskTitle(session.task) ?? session.name;
    const { id } = session;
    return {
      ...placeOf(session),
      id,
      kind,
      title,
      text: text ?? "",
      since,
      session: id,
      ask: null,
    };
  }
}

function isStuckOnRemote({ state, pullRequest }: QueueEntry): boolean {
  return state === "proposed" && pullRequest?.problem != null && needsPerson(pullRequest.problem);
}

function placeOf({
  project,
  task,
  session,
}: Pick<InboxItem, "project" | "task"> & { readonly session?: Ask["session"] }) {
  return { project, task, session: session ?? null, entry: null };
}

function textOfHeld({ reason, files }: QueueEntry): string {
  const why = `Its landing is held: ${reason ?? "no reason was recorded"}`;
  return files.length === 0 ? why : `${why}\n${files.join("\n")}`;
}

/** Of the queue that an entry waits in; no id of another row has a colon. */
function ofQueue({ id, project, since }: QueueEntry, reason: string): InboxItem {
  const wayOn = reason.includes("switchyard ")
    ? ""
    : `; once that is mended: switchyard queue resume --project ${project}`;
  return {
    id: `queue:${project}`,
    kind: "stuck",
    title: `The merge queue of ${project} stands still`,
    text: `${reason}${wayOn}`,
    since,
    project,
    task: null,
    session: null,
    entry: id,
    ask: null,
  };
}

function ofPush(
  project: ProjectName,
  { remote, target }: PushState,
  problem: PushProblem,
): InboxItem {
  return {
    id: `push:${project}`,
    kind: "stuck",
    title: `What landed on ${target} of ${project} is not pushed to ${remote}`,
    text: `${problem.text}\n${problem.hint}`,
    since: problem.since,
    project,
    task: null,
    session: null,
    entry: null,
    ask: null,
  };
}

/** Null for a task that waits for nobody. */
function kindOf(task: Task): InboxKind | null {
  if (isBlocked(task)) return "blocked";
  if (task.status === "failed" || task.status === "needs-input" || isSignIn(task)) return "stuck";
  // Other rests end by themselves; what a watchdog paused goes on when a person says so.
  const isPaused = task.status === "parked" && /^(runaway|budget)\b/.test(task.reason ?? "");
  return isPaused ? "watchdog" : null;
}

/** It waits for a sign-in of its profile, or until somebody has paid for it. */
function isSignIn({ status, reason }: Task): boolean {
  return status === "parked" && /^(sign-in|spend): /.test(reason ?? "");
}

function ofTask(task: Task, kind: InboxKind): InboxItem {
  const { id, project, title, reason, since, session } = task;
  return {
    id,
    kind,
    title,
    text: reason ?? "",
    since,
    project,
    task: id,
    session,
    entry: null,
    ask: null,
  };
}
