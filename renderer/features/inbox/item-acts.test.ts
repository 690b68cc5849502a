import { expect, test } from "vitest";
import { EntryId, SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { InboxKind } from "../../../shared/model/inbox.ts";
import { actsForItem, isAtRest, isNoteReady, noteTitle, pushTitle } from "./item-acts.ts";

const task = TaskId.parse("t-1");
const session = SessionId.parse("s-1");
const entry = EntryId.parse("q-1");
const item = (kind: InboxKind, id = "a-1") => ({ id, kind, task, session, entry: null });

function check(told: Parameters<typeof actsForItem>[0], acts: readonly string[]) {
  expect(actsForItem(told)).toEqual(acts);
}

test("types nothing into a pane that shows a dialog", () => {
  check(item("dialog", "s-1"), []);
});

test("lands or returns finished work, lets a held landing try again, and a queue that stands still go on", () => {
  check({ ...item("review", "q-1"), session: null, entry }, ["approve", "return"]);
  const held = { ...item("stuck", "q-1"), session: null, entry };
  check(held, ["release", "return"]);
  expect(isAtRest(held)).toBe(false);
  expect(noteTitle(held, "return")).toBe("Return with a note");
  check({ id: "queue:app", kind: "stuck", task: null, session: null, entry }, ["resume"]);
  check({ id: "push:app", kind: "stuck", task: null, session: null, entry: null }, ["push"]);
  check({ ...item("stuck", "push:q-1"), session: null, entry }, ["push", "return"]);
  expect([pushTitle({ entry: null }), pushTitle({ entry })]).toEqual(["Push again", "Try again"]);
});

test("only a no goes without a word", () => {
  expect(isNoteReady("deny", "")).toBe(true);
  expect([isNoteReady("return", " "), isNoteReady("reply", "")]).toEqual([false, false]);
  expect(isNoteReady("return", "Mend the test.")).toBe(true);
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
  expect(actsForItem({ ...item("blocked", "s-1"), task: null, session: null })).toEqual([]);
});
