import { expect, test } from "vitest";
import { Event } from "../../../shared/model/event.ts";
import { eventSentence } from "./event-sentence.ts";

const names = {
  taskTitle: (id: string) => (id === "t-7" ? "Fix the login" : null),
  sessionName: (id: string) => (id === "s-2" ? "fix-the-login" : null),
  entryTask: (id: string) => (id === "q-4" ? "t-7" : null),
};

function check(kind: string, subject: string, data: Record<string, unknown>, sentence: string) {
  const at = "2026-11-21T09:00:00.000Z";
  const event = Event.parse({ seq: 1, at, kind, subject, data, cause: "person" });
  expect(eventSentence(event, names)).toBe(sentence);
}

test("says what became of a task, by its title, and why", () => {
  check(
    "task.status",
    "t-7",
    { status: "parked", reason: "Rate limit." },
    "“Fix the login” is parked: Rate limit.",
  );
});

test("names a queue entry by its task", () => {
  check("queue.landed", "q-4", {}, "“Fix the login” landed.");
  check("queue.state", "q-4", { state: "returned" }, "“Fix the login” was returned to its worker.");
});

test("names a session by its name", () => {
  check("session.state", "s-2", { state: "needs-input" }, "Session fix-the-login needs input.");
});

test("names by its id what is not known any more", () => {
  check("task.created", "t-99", {}, "Task t-99 was created.");
});

test("makes a readable sentence of a kind that it does not know", () => {
  check("profile.cap-learned", "max-1", {}, "Profile max-1: cap learned.");
  check("weather.changed", "sky", { state: "half-clear" }, "sky is now half clear.");
});

test("says who asked what and what became of it, but not what the command holds", () => {
  const ask = { session: "s-2", kind: "permission", tool: "Bash" };
  check("ask.opened", "a-1", ask, "Session fix-the-login asks for a permission (Bash).");
  const answered = { session: "s-2", state: "in-pane" };
  check(
    "ask.answered",
    "a-1",
    answered,
    "Session fix-the-login has its answer: given in its terminal.",
  );
});

test("says how a session came back, what it is suspected of, and that all stand still", () => {
  const recovery = { rung: "resumed", reason: "Its program was killed." };
  check(
    "session.recovery",
    "s-2",
    recovery,
    "Session fix-the-login goes on in its conversation: Its program was killed.",
  );
  check("session.concern", "s-2", { concern: null }, "Session fix-the-login is on its way again.");
  check(
    "session.concern",
    "s-2",
    { concern: { text: "It prints nothing." } },
    "Session fix-the-login seems astray: It prints nothing.",
  );
  check("fleet.halted", "fleet", { reason: "Noon" }, "Everything was stopped: Noon.");
  check("core.woke", "core", { sleptMs: 7_200_000 }, "The machine woke up after 2h 00m of sleep.");
});
