import { expect, test } from "vitest";
import type { Ask } from "./ask.ts";
import { AskId, EntryId, Instant, ProfileName, ProjectName, SessionId, TaskId } from "./ids.ts";
import { listInbox } from "./list-inbox.ts";
import { freshPull } from "./pull-request.ts";
import type { PushProblemKind } from "./push-state.ts";
import { HELD_BY_PERSON, type QueueEntry } from "./queue-entry.ts";
import { noChecksReason, PAUSED_BY_PERSON } from "./queue-pause.ts";
import type { Session } from "./session.ts";
import type { Task } from "./task.ts";

const minute = (count: number) =>
  Instant.parse(`2026-11-21T09:${String(count).padStart(2, "0")}:00.000Z`);
const session = SessionId.parse("s-1");
const task = TaskId.parse("t-1");

/** Of rows only the fields that the list reads are here. */
const aTask = (more: Partial<Task>) =>
  ({
    id: task,
    project: ProjectName.parse("app"),
    title: "Do it",
    status: "running",
    reason: null,
    since: minute(1),
    session,
    ...more,
  }) as Task;
const aSession = (more: Partial<Session>) =>
  ({
    id: session,
    kind: "worker",
    name: "Do it",
    task,
    project: ProjectName.parse("app"),
    state: "working",
    reason: null,
    since: minute(2),
    concern: null,
    movedFrom: null,
    ...more,
  }) as Session;
const anAsk = (more: Partial<Ask> = {}): Ask => ({
  id: AskId.parse("a-1"),
  kind: "permission",
  session,
  task,
  project: ProjectName.parse("app"),
  profile: ProfileName.parse("max-1"),
  tool: "Bash",
  summary: "make install",
  detail: "make install",
  why: null,
  questions: [],
  state: "open",
  note: null,
  openedAt: minute(3),
  closedAt: null,
  ...more,
});
const anEntry = (more: Partial<QueueEntry>) =>
  ({
    id: EntryId.parse("q-1"),
    task,
    project: ProjectName.parse("app"),
    branch: "switchyard/t-1-do-it",
    summary: null,
    state: "awaiting-approval",
    since: minute(4),
    ...more,
  }) as QueueEntry;

/** Each row is told as `kind id: text`. */
function check(rows: Partial<Parameters<typeof listInbox>[0]>, told: readonly string[]) {
  const items = listInbox({
    asks: [],
    tasks: [],
    sessions: [],
    entries: [],
    projects: [],
    ...rows,
  });
  expect(items.map(({ kind, id, text }) => `${kind} ${id}: ${text}`)).toEqual(told);
}

test("nothing waits while everything works", () => {
  check({ tasks: [aTask({})], sessions: [aSession({})], asks: [anAsk({ state: "allowed" })] }, []);
});

test("an ask stands for its session and its task", () => {
  const rows = {
    tasks: [aTask({ status: "needs-input", reason: "asks to use Bash" })],
    sessions: [aSession({ state: "needs-input", reason: "asks to use Bash" })],
  };
  check({ ...rows, asks: [anAsk()] }, ["permission a-1: make install"]);
  check(rows, ["dialog s-1: asks to use Bash"]);
});

test("a worker that said it cannot go on is blocked, one that stopped is stuck", () => {
  const needs = (reason: string) => ({ tasks: [aTask({ status: "needs-input", reason })] });
  check(needs("blocked: which database?"), ["blocked t-1: blocked: which database?"]);
  check(needs("its turn was cut short"), ["stuck t-1: its turn was cut short"]);
  check({ tasks: [aTask({ status: "failed", reason: "gave up" })] }, ["stuck t-1: gave up"]);
});

test("a suspicion waits for the person, and what was paused for it does too; other rests do not", () => {
  const concern = { kind: "silent", text: "prints nothing", step: "told", at: minute(5) } as const;
  check({ sessions: [aSession({ concern })] }, ["watchdog s-1: prints nothing"]);
  check({ sessions: [aSession({ concern, state: "ended" })] }, []);
  const parked = (reason: string) => ({ tasks: [aTask({ status: "parked", reason })] });
  check(parked("runaway: the same command 9 times"), [
    "watchdog t-1: runaway: the same command 9 times",
  ]);
  check(parked("budget: $5 are spent"), ["watchdog t-1: budget: $5 are spent"]);
  check(parked("rate-limit: until 12:00"), []);
});

test("finished work is reviewed, with the name of its task", () => {
  const tasks = [aTask({ status: "queued" })];
  const [item] = listInbox({
    asks: [],
    sessions: [],
    projects: [],
    tasks,
    entries: [anEntry({})],
  });
  expect(item).toMatchObject({ kind: "review", id: "q-1", title: "Do it", entry: "q-1" });
  check({ entries: [anEntry({ state: "checking" })] }, []);
});

test("a landing that something of the person's holds up waits for them, one that they held does not", () => {
  const held = (reason: string, files: string[]) => ({
    tasks: [aTask({ status: "queued" })],
    entries: [anEntry({ state: "held", reason, files })],
  });
  check(held("the checkout is in the way: it has changes", ["a.txt", "b.txt"]), [
    "stuck q-1: Its landing is held: the checkout is in the way: it has changes\na.txt\nb.txt",
  ]);
  check(held(HELD_BY_PERSON, []), []);
});

test("a pull request that cannot be opened waits for the person, one that is only away does not", () => {
  check({ entries: [stuck(1, "sign-in")] }, ["stuck push:q-1: Not proposed yet: No.\nDo it."]);
  check({ entries: [stuck(1, "away")] }, []);
});

test("one cause that keeps several pull requests of a project from being opened is one thing to do", () => {
  const other = stuck(3, "sign-in", { project: ProjectName.parse("lib") });
  const entries = [stuck(1, "sign-in"), stuck(2, "sign-in"), other, stuck(4, "refused")];
  check({ entries }, [
    "stuck push:q-1: No.\nDo it.\n2 entries wait for it: q-1, q-2",
    "stuck push:q-3: Not proposed yet: No.\nDo it.",
    "stuck push:q-4: Not proposed yet: No.\nDo it.",
  ]);
});

function stuck(id: number, kind: PushProblemKind, more: Partial<QueueEntry> = {}) {
  const problem = { kind, text: "No.", hint: "Do it.", since: minute(4), tries: 1, nextAt: null };
  const pullRequest = { ...freshPull({ remote: "origin", target: "main" }, null), problem };
  const plain = { state: "proposed" as const, reason: null, pullRequest };
  return anEntry({ id: EntryId.parse(`q-${id}`), ...plain, ...more });
}

test("the oldest comes first", () => {
  check(
    {
      asks: [anAsk()],
      entries: [anEntry({ task: TaskId.parse("t-2"), summary: "Done.", since: minute(2) })],
      tasks: [aTask({ id: TaskId.parse("t-3"), status: "failed", reason: "gave up" })],
    },
    ["stuck t-3: gave up", "review q-1: Done.", "permission a-1: make install"],
  );
});

test("a profile that is signed out is told once, however many of its tasks wait for it", () => {
  const parked = (id: string, profile: string) =>
    aTask({
      id: TaskId.parse(id),
      session: null,
      status: "parked",
      reason: "sign-in: cannot sign in: 401",
      profile: ProfileName.parse(profile),
    });
  const tasks = [parked("t-1", "max-1"), parked("t-2", "max-1"), parked("t-3", "pro-1")];
  const items = listInbox({ asks: [], tasks, sessions: [], entries: [], projects: [] });
  expect(items.map(({ id, kind }) => `${id} ${kind}`)).toEqual(["t-1 stuck", "t-3 stuck"]);
});

test("a queue that paused itself waits for the person while it has entries", () => {
  const name = ProjectName.parse("app");
  const paused = (reason: string | null) => [
    { name, queue: { state: "paused", reason } as const },
    { name: ProjectName.parse("lib"), queue: { state: "paused", reason: "main is red" } as const },
  ];
  const entries = [anEntry({ state: "queued" })];
  check({ projects: paused(noChecksReason(name)), entries }, [
    `stuck queue:app: ${noChecksReason(name)}`,
  ]);
  check({ projects: paused("main is red"), entries }, [
    "stuck queue:app: main is red; once that is mended: switchyard queue resume --project app",
  ]);
  check({ projects: paused(PAUSED_BY_PERSON), entries }, []);
  check({ projects: paused("main is red"), entries: [anEntry({ state: "landed" })] }, []);
});

test("a push that needs the person waits for them, one that is tried again by itself does not", () => {
  const name = ProjectName.parse("app");
  const at = "2026-11-21T09:00:00.000Z";
  const stuck = (kind: "rejected" | "away") => {
    const told = { kind, text: "Somebody else pushed.", hint: "Bring it in." };
    const problem = { ...told, commit: "1".repeat(40), since: at, tries: 1, nextAt: null };
    const known = { remote: "origin", target: "main", pushed: null, underWay: null };
    const push = { ...known, problem };
    return [{ name, queue: { state: "running", reason: null, push } as const }];
  };
  check({ projects: stuck("rejected") }, ["stuck push:app: Somebody else pushed.\nBring it in."]);
  check({ projects: stuck("away") }, []);
});
