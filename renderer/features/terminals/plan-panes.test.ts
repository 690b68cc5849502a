import { expect, test } from "vitest";
import { type ProjectName, ProjectName as ProjectNameShape } from "../../../shared/model/ids.ts";
import { Session } from "../../../shared/model/session.ts";
import { planPanes } from "./plan-panes.ts";

const shop: ProjectName = ProjectNameShape.parse("shop");
const AT = "2026-11-21T09:00:00.000Z";

const session = (id: string, more: object = {}) =>
  Session.parse({
    id,
    kind: "worker",
    name: id,
    pinned: false,
    labels: [],
    recovery: null,
    concern: null,
    movedFrom: null,
    permissionMode: null,
    task: null,
    project: "shop",
    profile: "max-1",
    provider: "claude",
    providerSession: "0b7f5a52-6d9c-4f7e-9a5e-0d6b3c1f2a10",
    state: "working",
    reason: null,
    since: AT,
    evidence: [],
    placement: { strategy: "fill", reason: "" },
    context: null,
    costUsd: null,
    pid: null,
    exit: null,
    link: null,
    codeLink: null,
    startedAt: AT,
    endedAt: null,
    ...more,
  });
const ended = (id: string, minute: number, more: object = {}) =>
  session(id, { state: "ended", endedAt: `2026-11-21T09:${minute}:00.000Z`, ...more });

function check(
  sessions: readonly Session[],
  panes: readonly string[],
  dismissed: readonly string[] = [],
) {
  const gone = sessions.map(({ id }) => id).filter((id) => dismissed.includes(id));
  expect(planPanes(sessions, shop, gone).map(({ id }) => id)).toEqual(panes);
}

test("shows pinned panes first and ended ones last, the newest of these first", () => {
  check(
    [ended("s-1", 10), session("s-2"), ended("s-3", 20), session("s-4", { pinned: true })],
    ["s-4", "s-2", "s-3", "s-1"],
  );
});

test("shows no sign-in, no other project and nothing that was dismissed", () => {
  check(
    [session("s-1", { kind: "sign-in" }), session("s-2", { project: "other" }), ended("s-3", 10)],
    [],
    ["s-3"],
  );
});

test("shows a task once, in its newest session", () => {
  const later = { task: "t-1", startedAt: "2026-11-21T10:00:00.000Z" };
  check([ended("s-1", 10, { task: "t-1" }), session("s-2", later)], ["s-2"]);
});

test("shows the sessions of all projects where they are asked for", () => {
  const all = planPanes([session("s-1"), session("s-2", { project: "other" })], "any", []);
  expect(all.map(({ id }) => id)).toEqual(["s-1", "s-2"]);
});
