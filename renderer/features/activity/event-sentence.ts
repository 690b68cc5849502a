import type { Event } from "../../../shared/model/event.ts";
import { SPECIAL } from "./special-sentences.ts";

/** The names of things, for sentences; null where a thing is not known any more. */
export interface Names {
  taskTitle(id: string): string | null;
  sessionName(id: string): string | null;
  entryTask(id: string): string | null;
}

export type EventNoun = "task" | "session" | "queue" | "profile" | "plan" | "project" | "other";

const NOUNS: readonly EventNoun[] = ["task", "session", "queue", "profile", "plan", "project"];

export function nounOf(event: Pick<Event, "kind">): EventNoun {
  const noun = event.kind.split(".")[0];
  return NOUNS.find((each) => each === noun) ?? "other";
}

/** What happened, as a sentence for a person. A kind that is not known here still reads. */
export function eventSentence(event: Event, names: Names): string {
  const what = event.kind.slice(event.kind.indexOf(".") + 1);
  const state =
    textOf(event.data, "status") ?? textOf(event.data, "state") ?? textOf(event.data, "to");
  const reason = textOf(event.data, "reason");
  const who = subjectOf(event, names);
  const ending = reason ? `: ${reason}` : "";
  const special = SPECIAL[event.kind];
  if (special) {
    const nameSession = (id: string) => `Session ${names.sessionName(id) ?? id}`;
    return special({ event, who, nameSession });
  }
  const known = KNOWN[event.kind];
  if (known) return `${who} ${known}${ending}.`;
  if (state && isStateChange(what)) return `${who} ${stateWords(nounOf(event), state)}${ending}.`;
  return `${who}: ${words(what)}${state ? ` (${words(state)})` : ""}${ending}.`;
}

const KNOWN: Readonly<Record<string, string>> = {
  "task.created": "was created",
  "task.edited": "was edited",
  "task.done": "was reported done",
  "task.progress": "reported progress",
  "task.checks": "ran its checks",
  "task.worktree": "got its worktree",
  "task.checkpoint-partial": "has files that its checkpoints leave out",
  "task.checkpoint-failed": "could not be checkpointed",
  "worktree.removed": "had its worktree removed; it can be put back",
  "worktree.restored": "has its worktree back",
  "worktree.kept": "keeps its worktree",
  "worktree.let-go": "has a removed worktree that can no longer be put back",
  "project.changes-left-out": "has changes that no worktree has",
  "project.changes-settled": "had its uncommitted changes settled",
  "disk.low": "is nearly full",
  "disk.roomy": "has room again",
  "logs.pruned": "had old logs deleted",
  "asks.pruned": "had old asks deleted",
  "task.reminded": "had its worker reminded to report",
  "task.checks-failed": "failed its checks",
  "session.waits": "waits to start",
  "session.survivors": "left programs behind that do not end",
  "session.handoff": "was asked to hand over",
  "session.sign-in": "was opened to sign in",
  "session.claimed": "was given its task and a slot",
  "session.spawned": "has its program running",
  "session.started": "started",
  "session.edited": "was changed",
  "session.interrupted": "was interrupted",
  "session.pinned": "was pinned",
  "queue.queued": "entered the merge queue",
  "queue.entered": "entered the merge queue",
  "queue.approved": "was approved",
  "queue.landed": "landed",
  "queue.flaky": "has a check that failed and then passed",
  "queue.run-lost": "was under check while the machine slept; the run is done again",
  "queue.settled": "had conflicts that were settled without a worker",
  "queue.resolver": "has a conflict that a resolver works on",
  "queue.resolved": "has its conflict resolved",
  "queue.resolution-refused": "has a resolution that was not taken",
  "queue.resolution-left": "left the queue with what you made for its conflict still there",
  "queue.revert": "is taken back by a revert",
  "queue.rebuilt": "has its landings known again, from the target's history",
  "queue.undone": "has its landing undone",
  "queue.moved": "was moved in the queue",
  "queue.pushing": "is being pushed",
  "queue.pushed": "was pushed",
  "queue.push-failed": "could not be pushed",
  "queue.paused": "has its merge queue paused",
  "queue.resumed": "has its merge queue running again",
  "queue.hotfix": "was made a hot fix and goes first",
  "queue.hotfix-ended": "is a hot fix no longer",
  "queue.frozen": "has its landings frozen",
  "queue.thawed": "lands again after a freeze",
  "queue.parallel": "runs its checks another number at a time",
  "profile.created": "was added",
  "profile.added": "was added",
  "profile.imported": "was imported",
  "profile.removed": "was removed",
  "plan.created": "was created",
  "project.created": "was added",
  "project.added": "was added",
  "project.moved": "follows its repository to another place",
  "task.worktree-moved": "has its worktree at another place",
  "project.removed": "was removed",
  "project.changed": "has new settings",
};

function isStateChange(what: string): boolean {
  return ["status", "state", "changed"].includes(what);
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  "task.ready": "is ready to go out",
  "task.running": "is being worked on",
  "task.waiting": "waits for another task",
  "task.parked": "is parked",
  "task.needs-input": "needs you",
  "task.queued": "is in the merge queue",
  "task.landed": "has landed",
  "task.failed": "failed",
  "task.cancelled": "was cancelled",
  "session.starting": "is starting",
  "session.working": "is working",
  "session.needs-input": "needs input",
  "session.idle": "is idle",
  "session.limited": "hit a usage limit",
  "session.interrupted": "was interrupted",
  "session.stopped": "was stopped",
  "session.ended": "ended",
  "session.failed": "failed",
  "session.unknown": "is in an unknown state",
  "queue.queued": "waits in the merge queue",
  "queue.preparing": "is being merged on top of the target",
  "queue.checking": "is being checked",
  "queue.awaiting-approval": "waits for your approval",
  "queue.proposed": "passed and is proposed as a pull request",
  "queue.pull-opened": "has its pull request",
  "queue.pull-failed": "could not be proposed",
  "queue.landing": "is landing",
  "queue.landed": "landed",
  "queue.returned": "was returned to its worker",
  "queue.held": "is held",
  "queue.removed": "was removed from the queue",
  "profile.ready": "is ready",
  "profile.signed-out": "is signed out",
  "profile.resting": "rests until its limit resets",
  "profile.incident": "has a problem",
  "profile.disabled": "is disabled",
};

function stateWords(noun: EventNoun, state: string): string {
  return STATE_WORDS[`${noun}.${state}`] ?? `is now ${words(state)}`;
}

function subjectOf(event: Event, names: Names): string {
  const { subject } = event;
  const task = subject.startsWith("q-") ? names.entryTask(subject) : subject;
  const title = task ? names.taskTitle(task) : null;
  if (title) return `“${title}”`;
  const session = names.sessionName(subject);
  if (session) return `Session ${session}`;
  const noun = nounOf(event);
  return noun === "other" ? subject : `${noun[0]?.toUpperCase()}${noun.slice(1)} ${subject}`;
}

function textOf(data: Event["data"], name: string): string | null {
  const value = data[name];
  return typeof value === "string" && value !== "" ? value.replace(/\.$/, "") : null;
}

function words(text: string): string {
  return text.replace(/[-_.]/g, " ");
}
