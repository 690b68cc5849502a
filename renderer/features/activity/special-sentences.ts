import type { Event } from "../../../shared/model/event.ts";
import { formatDuration } from "../../../shared/model/format-time.ts";

/** What a sentence is made of: the event's data, its subject by name, and any session by name. */
interface Parts {
  readonly event: Event;
  readonly who: string;
  readonly nameSession: (id: string) => string;
}

/** Events that say more than a subject and a verb, or that have no subject a person knows. */
export const SPECIAL: Readonly<Record<string, (parts: Parts) => string>> = {
  "ask.opened": ({ event: { data }, nameSession }) => {
    const session = nameSession(text(data.session));
    const tool = text(data.tool);
    switch (data.kind) {
      case "gate":
        return `${session} was stopped at the gate with a destructive command (${tool}).`;
      case "question":
        return `${session} has a question.`;
      case "plan":
        return `${session} shows its plan.`;
      default:
        return `${session} asks for a permission (${tool}).`;
    }
  },
  "ask.answered": ({ event: { data }, nameSession }) => {
    const session = nameSession(text(data.session));
    const answer = ANSWERS[text(data.state)];
    return answer ? `${session} has its answer: ${answer}.` : `${session} asks no more.`;
  },
  "approval.added": ({ event: { subject, data } }) =>
    `A command is allowed for good in ${subject}: ${text(data.summary)}.`,
  "approval.removed": () => "A command that was allowed for good is asked about again.",
  "session.recovery": ({ event: { data }, who }) =>
    `${who} ${RUNGS[text(data.rung)] ?? "was recovered"}: ${text(data.reason)}.`,
  "session.survivors": ({ event: { data }, who }) =>
    `${who} left processes that do not end: ${(data.pids as readonly number[]).join(", ")}.`, // The host's list.
  "session.concern": ({ event: { data }, who }) => {
    const concern = data.concern as { readonly text?: unknown } | null; // A watchdog's, or none any more.
    return concern ? `${who} seems astray: ${text(concern.text)}.` : `${who} is on its way again.`;
  },
  "session.moves": ({ event: { data }, who }) =>
    `${who} leaves its conversation to ${text(data.to)}: ${text(data.reason)}.`,
  "session.moved": ({ event: { data }, who }) =>
    `${who} goes on at ${text(data.to)} with a conversation of ${text(data.from)}.`,
  "session.move-undone": ({ event: { data }, who }) =>
    `${who} keeps its conversation${data.reason ? `: ${text(data.reason)}` : ""}.`,
  "session.message": ({ event: { data }, who }) => `${who} wrote: ${text(data.text)}`,
  "test.flipped": ({ event: { data } }) =>
    `The test ${text(data.test)} failed and then passed on the same tree.`,
  "test.quarantined": ({ event: { data } }) =>
    `The test ${text(data.test)} is quarantined: it runs, and keeps no work back. ${text(data.task)} is to mend it.`,
  "test.released": ({ event: { data } }) =>
    `The test ${text(data.test)} is quarantined no more: ${text(data.why)}.`,
  "test.excused": ({ event: { data }, who }) =>
    `The check ${text(data.check)} of ${who} failed by quarantined tests alone, and counts as passed.`,
  "test.forgotten": ({ event: { data }, who }) =>
    `The check ${text(data.check)} of ${who} may pass without tests once.`,
  "task.handed-off": ({ event: { data }, who }) =>
    `${who} goes on in a fresh session with handoff ${String(data.number)}.`,
  "fleet.halted": ({ event: { data } }) =>
    data.reason ? `Everything was stopped: ${text(data.reason)}.` : "Everything was stopped.",
  "fleet.resumed": () => "Work goes out again.",
  "core.woke": ({ event: { data } }) =>
    `The machine woke up after ${formatDuration(Number(data.sleptMs))} of sleep.`,
  "core.clock-set": ({ event: { data } }) => {
    const byMs = Number(data.byMs);
    return `The clock was set ${byMs < 0 ? "back" : "forward"} by ${formatDuration(Math.abs(byMs))}.`;
  },
  "host.given-up": ({ event: { data } }) => text(data.reason),
};

const ANSWERS: Readonly<Record<string, string>> = {
  allowed: "allowed",
  denied: "denied",
  answered: "answered",
  "in-pane": "given in its terminal",
};

const RUNGS: Readonly<Record<string, string>> = {
  reattached: "was found again",
  resumed: "goes on in its conversation",
  "re-dispatched": "was sent out again from its last commit",
  "needs-you": "needs you",
};

function text(value: unknown): string {
  return typeof value === "string" ? value.replace(/\.$/, "") : "";
}
