import { randomUUID } from "node:crypto";
import { ProfileName, ProjectName, type TaskId } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { NewEntry, NewSession, NewTask, Store } from "./store.ts";

/** For tests only: rows with everything filled in, of which a test says what matters to it. */

export function sampleProject(more: Partial<Project> = {}): Project {
  return {
    name: ProjectName.parse("app"),
    path: `/repos/${more.name ?? "app"}`,
    target: "main",
    checks: [{ name: "unit", run: "npm test", timeoutMs: 60_000 }],
    withoutChecks: false,
    land: "merge",
    approve: "auto",
    strategy: "least-loaded",
    maxWorkers: 6,
    queue: { state: "running", reason: null },
    ...more,
  };
}

type NewProfile = Parameters<Store["profiles"]["insert"]>[0];

export function sampleProfile(more: Partial<NewProfile> = {}): NewProfile {
  return {
    name: ProfileName.parse("max-1"),
    provider: "claude",
    plan: "max",
    dir: `/profiles/${more.name ?? "max-1"}`,
    cap: 2,
    learnedCap: null,
    executable: null,
    state: "ready",
    reason: null,
    restsUntil: null,
    account: null,
    checkedAt: null,
    ...more,
  };
}

export function sampleTask(more: Partial<NewTask> = {}): NewTask {
  return {
    project: ProjectName.parse("app"),
    plan: null,
    title: "Do it",
    body: "All of it.",
    status: "ready",
    reason: null,
    priority: 3,
    after: [],
    labels: [],
    paths: [],
    pinnedProfile: null,
    model: null,
    acceptance: [],
    ...more,
  };
}

export function sampleSession(more: Partial<NewSession> = {}): NewSession {
  return {
    kind: "worker",
    name: "Do it",
    pinned: false,
    task: null,
    project: ProjectName.parse("app"),
    profile: ProfileName.parse("max-1"),
    provider: "claude",
    providerSession: randomUUID(),
    state: "starting",
    reason: null,
    placement: { strategy: "fill", reason: "it has room" },
    token: randomUUID(),
    cwd: "/worktrees/app/t-1",
    cols: 120,
    rows: 40,
    isResumed: false,
    ...more,
  };
}

export function sampleEntry(task: TaskId, more: Partial<NewEntry> = {}): NewEntry {
  return {
    project: ProjectName.parse("app"),
    task,
    branch: `switchyard/${task}-do-it`,
    head: "a".repeat(40),
    summary: null,
    attempt: 1,
    priority: 3,
    ...more,
  };
}
