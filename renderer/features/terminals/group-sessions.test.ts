import { expect, test } from "vitest";
import { PlanId, TaskId } from "../../../shared/model/ids.ts";
import type { Grouping } from "../../../shared/model/layouts.ts";
import type { Session } from "../../../shared/model/session.ts";
import { groupSessions } from "./group-sessions.ts";

// Grouping looks at nothing else.
const session = (id: string, state: string, more: object = {}) =>
  ({ id, state, pinned: false, task: null, ...more }) as unknown as Session;

function check(
  sessions: readonly Session[],
  groups: Readonly<Record<string, readonly string[]>>,
  grouping: Grouping = "state",
) {
  const inReview = new Set([TaskId.parse("t-9")]);
  const planOf = (task: string) =>
    task === "t-9" ? { id: PlanId.parse("p-1"), title: "Tidy up" } : null;
  const found = groupSessions(grouping, sessions, { inReview, planOf }).map(
    ({ title, sessions: members }) => [title, members.map(({ id }) => id)] as const,
  );
  expect(found).toEqual(Object.entries(groups));
}

test("puts each session into the first group that holds it, in one order", () => {
  check(
    [
      session("s-1", "working"),
      session("s-2", "needs-input"),
      session("s-3", "ended", { task: "t-9" }),
      session("s-4", "limited"),
      session("s-5", "failed"),
      session("s-6", "ended"),
      session("s-7", "needs-input", { pinned: true }),
      session("s-8", "starting"),
    ],
    {
      Pinned: ["s-7"],
      "Ready for review": ["s-3"],
      "Needs input": ["s-2"],
      Working: ["s-1"],
      Waiting: ["s-4", "s-8"],
      Failed: ["s-5"],
      Completed: ["s-6"],
    },
  );
});

test("pins no pane that has ended", () => {
  check([session("s-1", "ended", { pinned: true })], { Completed: ["s-1"] });
});

test("groups by plan, profile and project as they are met", () => {
  const sessions = [
    session("s-1", "working", { task: "t-1", profile: "max-2", project: "shop" }),
    session("s-2", "idle", { task: "t-9", profile: "max-1", project: "shop" }),
    session("s-3", "idle", { profile: "max-2", project: "api" }),
  ];
  check(sessions, { "No plan": ["s-1", "s-3"], "Tidy up": ["s-2"] }, "plan");
  check(sessions, { "max-2": ["s-1", "s-3"], "max-1": ["s-2"] }, "profile");
  check(sessions, { shop: ["s-1", "s-2"], api: ["s-3"] }, "project");
});
