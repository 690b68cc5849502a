import { expect, test } from "vitest";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { findNotices, type Moment } from "./find-notices.ts";

const item = (id: string, kind: string, more: object = {}) =>
  ({
    id,
    kind,
    title: "Fix it",
    text: "rm -rf $SECRET",
    since: "2026-11-21T09:00:00.000Z",
    session: "s-1",
    ...more,
  }) as unknown as InboxItem;

// Only what is looked at.
const moment = (rows: object, inbox: readonly InboxItem[] = []) =>
  ({
    rows: { isFilled: true, tasks: [], profiles: [], entries: [], ...rows },
    inbox,
  }) as unknown as Moment;
const told = (before: Moment, after: Moment) =>
  findNotices(before, after).map(({ kind, title, text }) => `${kind}: ${title}: ${text}`);

test("tells what waits anew, without what the command holds", () => {
  const old = item("a-1", "permission");
  expect(told(moment({}, [old]), moment({}, [old, item("a-2", "gate")]))).toEqual([
    "needs-you: Fix it: A destructive command waits at the gate.",
  ]);
  const later = item("s-1", "dialog", { since: "2026-11-21T10:00:00.000Z" });
  expect(told(moment({}, [item("s-1", "dialog")]), moment({}, [later]))).toHaveLength(1);
});

test("tells of landed and stuck tasks, returned entries and profiles that rest or are signed out", () => {
  const before = moment({
    tasks: [{ id: "t-1", title: "One", status: "queued" }],
    entries: [{ id: "q-1", task: "t-2", state: "checking", since: "x" }],
    profiles: [{ name: "max-1", state: "ready" }],
  });
  const after = moment(
    {
      tasks: [
        { id: "t-1", title: "One", status: "landed" },
        { id: "t-2", title: "Two", status: "ready" },
      ],
      entries: [{ id: "q-1", task: "t-2", state: "returned", since: "y" }],
      profiles: [{ name: "max-1", state: "resting" }],
    },
    [item("t-3", "stuck")],
  );
  expect(told(before, after)).toEqual([
    "failed: Fix it: It stopped and does not go on by itself.",
    "finished: One: It has landed.",
    "returned: Two: The merge queue returned it to its worker.",
    "limit: max-1: Its usage limit is reached; it rests until the reset.",
  ]);
  expect(told(after, after)).toEqual([]);
});

test("the first rows of a window are no news, and neither are rows it never saw otherwise", () => {
  const first = { ...moment({}), rows: { ...moment({}).rows, isFilled: false } };
  const landed = moment({ tasks: [{ id: "t-1", title: "One", status: "landed" }] }, [
    item("a-1", "plan"),
  ]);
  expect(told(first, landed)).toEqual([]);
  expect(told(moment({}), { ...landed, inbox: [] })).toEqual([]);
});

test("cuts titles and takes control characters out of them", () => {
  const odd = item("a-1", "plan", { title: `a\u001b[31m${"b".repeat(200)}` });
  const [notice] = findNotices(moment({}), moment({}, [odd]));
  expect(notice?.title).toHaveLength(80);
  expect(notice?.title).toMatch(/^abbb.*…$/);
});
