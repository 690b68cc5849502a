import { expect, test } from "vitest";
import { type AppContract, appContract } from "../shared/contract/app-contract.ts";
import type { Changed } from "../shared/contract/rows.ts";
import { createClient, type Handlers, type Peer, serveWire } from "../shared/contract/rpc.ts";
import { createWirePair } from "../shared/contract/wire.ts";
import { PlanId, ProfileName, ProjectName, TaskId } from "../shared/model/ids.ts";
import type { Task, TaskStatus } from "../shared/model/task.ts";
import { followPlan } from "./follow-plan.ts";

test("ends when every task of the plan has landed", async () => {
  const { end, lines, change } = follow("ready", "ready");
  change(task(1, "running"), task(2, "landed"));
  change(task(1, "landed"));
  expect(await end).toEqual({ kind: "landed", commits: [OID, OID], returned: 0 });
  expect(lines).toEqual([
    "t-1 Task 1: running on max-1",
    "t-2 Task 2: landed",
    "t-1 Task 1: landed",
  ]);
});

test("ends at once when all had landed before it looked", async () => {
  expect(await follow("landed").end).toMatchObject({ kind: "landed" });
});

test("fails with the reason when a task cannot go on", async () => {
  const { end, change } = follow("running", "running");
  change({ ...task(2, "failed"), reason: "three attempts ended early" });
  expect(await end).toEqual({
    kind: "failed",
    reasons: ["t-2 Task 2: failed (three attempts ended early)"],
  });
});

test("gives up when it is told to, and when the app goes away", async () => {
  const told = follow("running");
  told.leaving.abort(new Error("out of time"));
  await expect(told.end).rejects.toThrow("out of time");

  const lost = follow("running");
  lost.close();
  await expect(lost.end).rejects.toThrow(/went away|closed/);
});

const PLAN = PlanId.parse("p-1");
const NOW = "2026-01-01T00:00:00.000Z";
const OID = "a".repeat(40);

/** Follows a plan with a task in each of these states, in an app that is nothing but its answers. */
function follow(...statuses: readonly TaskStatus[]) {
  const tasks = statuses.map((status, index) => task(index + 1, status));
  const none = {
    projects: [],
    profiles: [],
    plans: [],
    sessions: [],
    entries: [],
    asks: [],
    fleet: [],
  };
  const [near, far] = createWirePair();
  const handlers: Partial<Handlers<AppContract>> = {
    "app.watch": () => ({ seq: 0, rows: { ...none, tasks }, recent: [] }),
  };
  // Following asks for nothing else.
  const peer: Peer<AppContract> = serveWire(appContract, far, handlers as Handlers<AppContract>);
  const leaving = new AbortController();
  const lines: string[] = [];
  const end = followPlan({
    client: createClient(appContract, near),
    plan: PLAN,
    tasks,
    onProgress: (line) => lines.push(line),
    signal: leaving.signal,
  });
  const change = (...changed: readonly Task[]) => {
    const removed: Changed["removed"] = { projects: [], profiles: [] };
    peer.emit("changed", { seq: 1, events: [], rows: { tasks: [...changed] }, removed });
  };
  return { end, lines, change, leaving, close: () => far.close() };
}

function task(number: number, status: TaskStatus): Task {
  return {
    id: TaskId.parse(`t-${number}`),
    project: ProjectName.parse("timetable"),
    plan: PLAN,
    title: `Task ${number}`,
    body: "",
    status,
    reason: null,
    since: NOW,
    priority: 3,
    after: [],
    labels: [],
    paths: [],
    pinnedProfile: null,
    model: null,
    permissionMode: null,
    acceptance: [],
    branch: null,
    worktree: null,
    session: null,
    profile: ProfileName.parse("max-1"),
    attempts: 1,
    handoffs: 0,
    commits: 0,
    checks: [],
    progress: null,
    summary: null,
    landed: status === "landed" ? { commit: OID, at: NOW } : null,
    createdAt: NOW,
  };
}
