import type { AskAnswer } from "../../../shared/model/ask.ts";
import type { InboxItem, InboxKind } from "../../../shared/model/inbox.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { sendMessage } from "../../client/send-message.ts";
import type { Note } from "./inbox-view-store.ts";

export type ItemAct = "allow" | "remember" | "deny" | "reply" | "retry" | "interrupt" | "stop";

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
  review: [],
};

type Told = Pick<InboxItem, "id" | "kind" | "task" | "session">;

/** No session is at it: it goes on when its task does. */
export function isAtRest({ id, kind, task }: Told): boolean {
  return task !== null && (kind === "stuck" || (kind === "watchdog" && id === task));
}

/** What can be done about an item where it stands. The core has the last word; this only keeps idle buttons away. */
export function actsForItem(item: Told): readonly ItemAct[] {
  if (isAtRest(item)) return acts.stuck;
  return acts[item.kind].filter((act) => {
    if (act === "retry") return item.task !== null;
    if (act === "reply") return item.session !== null || item.task !== null;
    return true;
  });
}

/** What a note under the card is called and does, which differs by what is asked. */
export function noteTitle(item: Told, act: Note["act"]): string {
  if (act === "deny") {
    if (item.kind === "plan") return "Send back with a note";
    return item.kind === "question" ? "Decline" : "Deny";
  }
  return isAtRest(item) ? "Retry with a note" : "Reply";
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
  if (item.task && (isAtRest(item) || !item.session)) {
    return call("task.retry", { task: item.task, note: text });
  }
  if (item.session) return sendMessage(item.session, text);
  return Promise.reject(new SwitchyardError("wrong-state", "Nobody is there to read this."));
}
