import { expect, test } from "vitest";
import { BuildLock, describeSlotWait, LockClaim, ordinal, ownerOf } from "./build-lock.ts";

const claim = (own: object) =>
  LockClaim.parse({
    rank: "command",
    command: "make",
    session: null,
    task: null,
    project: null,
    pid: null,
    since: "2026-11-21T09:00:00.000Z",
    ...own,
  });

test("a session that waits is told its place, and another one nothing", () => {
  const waiting = [claim({ session: "s-1" }), claim({ session: "s-2" }), claim({ session: "s-3" })];
  const locks = [BuildLock.parse({ name: "build", slots: 1, holders: [], waiting })];
  expect(describeSlotWait(locks, "s-2")).toBe("waits for a build slot, 2nd of 3");
  expect(describeSlotWait(locks, "s-9")).toBeNull();
  expect(describeSlotWait([{ ...(locks[0] as BuildLock), name: "db" }], "s-1")).toBe(
    "waits for a slot of db, 1st of 3",
  );
});

test("places are counted as people do", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal)).toEqual(
    "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th".split(" "),
  );
});

test("an owner is its task, else its session, else its process; a check is the queue's", () => {
  expect(ownerOf(claim({ task: "t-7", session: "s-1", pid: 4 }))).toBe("t-7");
  expect(ownerOf(claim({ session: "s-1", pid: 4 }))).toBe("s-1");
  expect(ownerOf(claim({ pid: 4 }))).toBe("process 4");
  expect(ownerOf(claim({ rank: "check", project: "app" }))).toBe("the merge queue");
});
