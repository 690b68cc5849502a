import { expect, test } from "vitest";
import { SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { InboxKind } from "../../../shared/model/inbox.ts";
import { actsForItem, isAtRest, noteTitle } from "./item-acts.ts";

const task = TaskId.parse("t-1");
const session = SessionId.parse("s-1");
const item = (kind: InboxKind, id = "a-1") => ({ id, kind, task, session });

function check(told: ReturnType<typeof item>, acts: readonly string[]) {
  expect(actsForItem(told)).toEqual(acts);
}

test("types nothing into a pane that shows a dialog, and lands nothing unseen", () => {
  check(item("dialog", "s-1"), []);
  check(item("review", "q-1"), []);
});

test("remembers only what passes as a command", () => {
  check(item("permission"), ["allow", "remember", "deny"]);
  check(item("gate"), ["allow", "remember", "deny"]);
  check(item("plan"), ["allow", "deny"]);
  check(item("question"), ["deny"]);
});

test("interrupts a session that runs, and lets a task that was paused go out again", () => {
  check(item("watchdog", "s-1"), ["reply", "interrupt", "stop"]);
  check(item("watchdog", "t-1"), ["retry", "reply"]);
  expect(isAtRest(item("watchdog", "s-1"))).toBe(false);
  expect(noteTitle(item("watchdog", "t-1"), "reply")).toBe("Retry with a note");
  expect(noteTitle(item("watchdog", "s-1"), "reply")).toBe("Reply");
});

test("offers no message where nobody could read it", () => {
  expect(actsForItem({ id: "s-1", kind: "blocked", task: null, session: null })).toEqual([]);
});
