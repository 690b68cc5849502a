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
