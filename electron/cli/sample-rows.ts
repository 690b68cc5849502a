import { Project } from "../../shared/model/project.ts";
import { QueueEntry } from "../../shared/model/queue-entry.ts";
import { Session } from "../../shared/model/session.ts";
import { Task } from "../../shared/model/task.ts";

const at = "2026-11-21T09:00:00.000Z";
const oid = "a".repeat(40);

// Rows as the core sends them, for tests of what the command line makes of them.

export const sampleProject = Project.parse({
  name: "app",
  path: "/work/app",
  target: "main",
  checks: [],
  withoutChecks: false,
  land: "merge",
  approve: "auto",
  strategy: "least-loaded",
  maxWorkers: 6,
  queue: { state: "running", reason: null },
});

export function sampleTask(patch: Partial<Task> = {}): Task {
  const task = Task.parse({
    id: "t-7",
    project: "app",
    plan: "p-1",
    title: "Sort the list",
    body: "",
    status: "running",
    reason: null,
    since: at,
    priority: 2,
    after: ["t-3"],
    labels: [],
    paths: [],
    pinnedProfile: null,
    model: null,
    permissionMode: null,
    acceptance: [],
    branch: "switchyard/t-7-sort",
    worktree: "/data/worktrees/app/t-7",
    session: "s-19",
    profile: "max-1",
    attempts: 1,
    handoffs: 0,
    commits: 2,
    checks: [
      { name: "unit", command: "npm test", exitCode: 0, durationMs: 1, reason: null, tail: "" },
    ],
    progress: null,
    summary: null,
    landed: null,
    createdAt: at,
  });
  return { ...task, ...patch };
}

export const sampleSession = Session.parse({
  id: "s-19",
  kind: "worker",
  name: "sort",
  pinned: false,
  labels: [],
  recovery: null,
  concern: null,
  movedFrom: null,
  permissionMode: null,
  task: "t-7",
  project: "app",
  profile: "max-1",
  provider: "claude",
  providerSession: "6f9619ff-8b86-4011-b42d-00c04fc964ff",
  state: "working",
  reason: null,
  since: at,
  evidence: [{ signal: "hook:UserPromptSubmit", at, detail: null }],
  placement: { strategy: "least-loaded", reason: "fewest sessions" },
  context: { tokens: 51_000, window: 200_000 },
  costUsd: 0.41,
  pid: 4242,
  exit: null,
  link: null,
  codeLink: null,
  startedAt: at,
  endedAt: null,
});

export const sampleEntry = QueueEntry.parse({
  id: "q-4",
  project: "app",
  task: "t-7",
  branch: "switchyard/t-7-sort",
  position: 1,
  state: "checking",
  reason: null,
  files: [],
  head: oid,
  base: oid,
  candidate: oid,
  checks: [],
  batch: null,
  conflictsWith: ["q-5"],
  approvedAt: null,
  hotfixAt: null,
  summary: null,
  since: at,
  enqueuedAt: at,
});
