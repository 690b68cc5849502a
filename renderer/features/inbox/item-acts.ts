import type { AskAnswer } from "../../../shared/model/ask.ts";
import type { InboxItem, InboxKind } from "../../../shared/model/inbox.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { sendMessage } from "../../client/send-message.ts";
import type { Note } from "./inbox-view-store.ts";

export type ItemAct =
  | "allow"
  | "remember"
  | "deny"
  | "reply"
  | "retry"
  | "interrupt"
  | "stop"
  | "approve"
  | "return"
  | "release"
  | "resume"
  | "push";

const acts: Readonly<Record<InboxKind, readonly ItemAct[]>> = {
  permission: ["allow", "remember", "deny"],
  gate: ["allow", "remember", "deny"],
  question: ["deny"],
  plan: ["allow", "deny"],
  // Only its pane can answer it, and a message would be typed into it.
  dialog: [],
  blocked: ["reply", "retry"],
  stuck: ["retry", "reply"],
  watchdog: ["reply", "interrupt", "stop"],
  review: ["approve", "return"],
};

type Told = Pick<InboxItem, "id" | "kind" | "task" | "session" | "entry">;

/** No session is at it: it goes on when its task does. */
export function isAtRest({ id, kind, task, entry }: Told): boolean {
  if (task === null || entry !== null) return false;
  return kind === "stuck" || (kind === "watchdog" && id === task);
}

/** What can be done about an item where it stands. The core has the last word; this only keeps idle buttons away. */
export function actsForItem(item: Told): readonly ItemAct[] {
  if (isAtRest(item)) return acts.stuck;
  if (item.id.startsWith("push:")) return item.entry === null ? ["push"] : ["push", "return"];
  // The queue as a whole stands still, or one landing waits for the person to make room for it.
  if (item.entry !== null && item.kind === "stuck")
    return item.id === item.entry ? ["release", "return"] : ["resume"];
  return acts[item.kind].filter((act) => {
    if (act === "retry") return item.task !== null;
    if (act === "reply") return item.session !== null || item.task !== null;
    return true;
  });
}

/** What another try is called: of what has landed, or of one entry's pull request. */
export function pushTitle({ entry }: Pick<Told, "entry">): string {
  return entry === null ? "Push again" : "Try again";
}

/** What a note under the card is called and does, which differs by what is asked. */
export function noteTitle(item: Told, act: Note["act"]): string {
  if (act === "deny") {
    if (item.kind === "plan") return "Send back with a note";
    return item.kind === "question" ? "Decline" : "Deny";
  }
  if (act === "return") return "Return with a note";
  return isAtRest(item) ? "Retry with a note" : "Reply";
}

/** What is asked for in the field of a note. */
export const noteLabels: Readonly<Record<Note["act"], string>> = {
  deny: "A note for the worker, if you like",
  reply: "A message to the worker",
  return: "What has to change before it can land",
};

/** Of notes, only the one with a no can be left out. */
export function isNoteReady(act: Note["act"], text: string): boolean {
  return act === "deny" || text.trim() !== "";
}

/** Rejects with the core's own sentence, e.g. when somebody else was first. */
export function answerItem(item: InboxItem, answer: AskAnswer): Promise<unknown> {
  if (item.ask) return call("ask.answer", { ask: item.ask.id, answer });
  return Promise.reject(new SwitchyardError("wrong-state", "Its terminal has to answer this."));
}

/** A worker that lives is told in its conversation; otherwise its task goes out again with the note first. */
export function sendNote(item: InboxItem, act: Note["act"], text: string): Promise<unknown> {
  if (act === "deny")
    return answerItem(item, { kind: "deny", ...(text === "" ? {} : { note: text }) });
  if (act === "return" && item.entry)
    return call("queue.return", { entry: item.entry, note: text });
  if (item.task && (isAtRest(item) || !item.session)) {
    return call("task.retry", { task: item.task, note: text });
  }
  if (item.session) return sendMessage(item.session, text);
  return Promise.reject(new SwitchyardError("wrong-state", "Nobody is there to read this."));
}
