import { expect, test } from "vitest";
import { ProfileName, SessionId, TaskId } from "../../shared/model/ids.ts";
import {
  type Aftermath,
  type AftermathSession,
  checkHistory,
  type Finding,
} from "./check-history.ts";
import type { HistoryLine } from "./history.ts";

const created = (op: number, id: string, title = "A task"): readonly HistoryLine[] => [
  { kind: "asked", op, call: "task.create", input: { project: "p", title } },
  { kind: "answered", op, output: { id } },
];
const asked = (op: number, call: "task.edit" | "task.cancel" | "task.retry", input: object) =>
  ({ kind: "asked", op, call, input }) as const;
const answered = (op: number) => ({ kind: "answered", op, output: {} }) as const;
const unsure = (op: number) => ({ kind: "unsure", op, text: "the core is gone" }) as const;
const landing = (task: string, tree = "good") => ({
  commit: `of-${task}`,
  tree,
  hasStood: true,
  tasks: [task],
});

test("finds nothing in a run in which all was in order", () => {
  check({
    history: created(1, "t-1"),
    after: { tasks: [task("t-1", "landed")], commits: [landing("t-1")], tested: ["good"] },
    finds: [],
  });
});

test("finds a task that was acknowledged and is gone", () => {
  check({ history: created(1, "t-1"), after: { tasks: [] }, finds: ["missing", "missing"] });
});

test("finds an edit that was acknowledged and is not there", () => {
  const edit = [...created(1, "t-1"), asked(2, "task.edit", { task: "t-1", title: "New" })];
  check({
    history: [...edit, answered(2)],
    after: { tasks: [task("t-1", "ready")] },
    finds: ["missing"],
  });
  check({ history: [...edit, unsure(2)], after: { tasks: [task("t-1", "ready")] }, finds: [] });
});

test("finds a cancelled task that is not, unless a retry may have come through", () => {
  const cancel = [...created(1, "t-1"), asked(2, "task.cancel", { task: "t-1" }), answered(2)];
  check({ history: cancel, after: { tasks: [task("t-1", "ready")] }, finds: ["missing"] });
  const retry = [asked(3, "task.retry", { task: "t-1" }), unsure(3)];
  check({ history: [...cancel, ...retry], after: { tasks: [task("t-1", "ready")] }, finds: [] });
});

test("finds a task that landed twice", () => {
  const commits = [landing("t-1"), { ...landing("t-1"), commit: "again" }];
  check({
    after: { tasks: [task("t-1", "landed")], commits, tested: ["good"] },
    finds: ["double"],
  });
});

test("finds a task that is said to have landed and has not, and one that has and is not said to", () => {
  check({ after: { tasks: [task("t-1", "landed")] }, finds: ["missing"] });
  check({
    after: { tasks: [task("t-1", "queued")], commits: [landing("t-1")], tested: ["good"] },
    finds: ["missing"],
  });
});

test("finds a target that stood at a tree which no check has passed on", () => {
  check({
    after: { tasks: [task("t-1", "landed")], commits: [landing("t-1", "other")], tested: ["good"] },
    finds: ["untested"],
  });
});

test("a commit that came with others of its batch was no place where the target stood; the newest always is one", () => {
  const tasks = [task("t-1", "landed"), task("t-2", "landed")];
  const [tip, stood] = [landing("t-2"), landing("t-1", "other")];
  const came = { ...stood, hasStood: false };
  const of = (commits: Aftermath["targets"][number]["commits"]) => ({
    tasks,
    commits,
    tested: ["good"],
  });
  check({ after: of([tip, came]), finds: [] });
  check({ after: of([tip, stood]), finds: ["untested"] });
  check({ after: of([came, tip]), finds: ["untested"] });
});

test("finds a gap in the events", () => {
  check({ after: { events: [started(1, "s-1"), started(3, "s-1")] }, finds: ["gap"] });
});

test("finds more sessions at once than a cap allows", () => {
  const sessions = ["s-1", "s-2", "s-3"].map((id) => session(id));
  const two = [started(1, "s-1"), started(2, "s-2")];
  check({ after: { sessions, events: two }, finds: [] });
  check({ after: { sessions, events: [...two, started(3, "s-3")] }, finds: ["cap"] });
  const inTurn = [...two, state(3, "s-1", "ended"), started(4, "s-3")];
  check({ after: { sessions, events: inTurn }, finds: [] });
});

test("finds two sessions that lived on one conversation", () => {
  const sessions = [session("s-1", "one"), session("s-2", "one")];
  const events = [started(1, "s-1"), started(2, "s-2")];
  check({ after: { sessions, events }, finds: ["two-writers"] });
});

test("finds a conversation that could go on and was begun anew", () => {
  const broken = { ...session("s-1", "one"), state: "failed" as const, ...spoken };
  const resumed = { ...session("s-2", "one"), recovery: rung("resumed") };
  const anew = { ...session("s-2", "two"), recovery: rung("re-dispatched") };
  check({ after: { sessions: [broken, resumed] }, finds: [] });
  check({ after: { sessions: [broken, anew] }, finds: ["ladder"] });
  check({ after: { sessions: [broken, session("s-2", "one")] }, finds: ["ladder"] });
});

test("finds a pane that lost bytes, and a process that is left", () => {
  check({
    after: { panes: [{ session: "s-1", trouble: "line 7 is missing" }] },
    finds: ["pane"],
  });
  check({ after: { leftRunning: ["12 sleep"] }, finds: ["left-running"] });
});

const AT = "2026-01-01T00:00:00.000Z";
const spoken = { evidence: [{ signal: "hook:UserPromptSubmit", at: AT, detail: null }] };
const rung = (name: "resumed" | "re-dispatched") => ({ rung: name, reason: "a test", at: AT });

function task(
  id: string,
  status: Aftermath["tasks"][number]["status"],
): Aftermath["tasks"][number] {
  return {
    id: TaskId.parse(id),
    title: "A task",
    priority: 3,
    status,
    landed: status === "landed" ? { commit: `of-${id}` } : null,
  };
}

function session(id: string, providerSession = id): AftermathSession {
  return {
    id: SessionId.parse(id),
    kind: "worker",
    task: TaskId.parse("t-1"),
    profile: ProfileName.parse("max-1"),
    providerSession,
    state: "ended",
    reason: null,
    recovery: null,
    name: id,
    pinned: false,
    labels: [],
    evidence: [],
  };
}

const started = (seq: number, subject: string) => ({
  seq,
  kind: "session.claimed",
  subject,
  data: {},
});
const state = (seq: number, subject: string, to: string) => ({
  seq,
  kind: "session.state",
  subject,
  data: { to },
});

interface Story {
  readonly history?: readonly HistoryLine[];
  readonly after: Partial<Omit<Aftermath, "targets" | "testedTrees">> & {
    readonly commits?: Aftermath["targets"][number]["commits"];
    readonly tested?: readonly string[];
  };
  readonly finds: readonly Finding["kind"][];
}

function check({
  history = [],
  after: { commits = [], tested = [], ...rest },
  finds,
}: Story): void {
  const findings = checkHistory(history, {
    events: [],
    tasks: [],
    plans: [],
    projects: [],
    sessions: [],
    isHalted: false,
    caps: { "max-1": 2 },
    panes: [],
    leftRunning: [],
    ...rest,
    targets: [{ project: "p", commits }],
    testedTrees: new Set(tested),
  });
  expect(findings.map((finding) => finding.kind)).toEqual(finds);
}
