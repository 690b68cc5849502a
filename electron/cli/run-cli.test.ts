import { describe, expect, test } from "vitest";
import type { Project } from "../../shared/model/project.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleEntry, sampleProject, sampleSession, sampleTask } from "./sample-rows.ts";

const notFound = () => {
  throw new SwitchyardError("not-found", "There is no project /work/app/src.");
};

describe("words", () => {
  test.each([
    [[], "A command is missing."],
    [["task"], "A command is missing."],
    [["tusk"], "unknown command 'tusk'"],
    [["task", "show"], "issing required argument 'task'"],
    [["task", "create", "x", "--priority", "high"], "whole number"],
    [["task", "create", "x", "--frobnicate"], "unknown option '--frobnicate'"],
    [["project", "add", ".", "--land", "cherry"], "Allowed choices are merge, squash, rebase"],
    [["profile", "add", "max-1"], "required option '--plan"],
    [["wait"], "--plan PLAN or --task TASK"],
    [["queue", "move", "q-1", "first"], "whole number"],
    [["queue", "move", "q-1", "0"], "1 is the next to land"],
    [["queue", "return", "q-1"], "--note TEXT"],
    [["queue", "return", "q-1", "--comment", "a.ts"], "FILE:LINE:TEXT"],
    [["queue", "return", "q-1", "--comment", "a.ts:0:why"], "lines count from 1"],
    [["queue", "return", "q-1", "--comment", "a.ts:3: "], "FILE:LINE:TEXT"],
  ])("%j is wrong: exit 2 and a sentence", async (args, sentence) => {
    const outcome = await runAgainst({}, ...args);
    expect([outcome.exitCode, outcome.out]).toEqual([2, ""]);
    expect(outcome.err.toLowerCase()).toContain(sentence.toLowerCase());
  });

  test("usage is shown beside the sentence", async () => {
    expect((await runAgainst({}, "task", "show")).err).toContain("Usage: switchyard task show");
  });

  test("with --json the same is one document", async () => {
    const { exitCode, err } = await runAgainst({}, "--json", "task", "show");
    expect(exitCode).toBe(2);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: "usage",
        message: expect.stringContaining("argument"),
        hint: expect.any(String),
      },
    });
  });

  test("--help is an answer, for every command", async () => {
    const top = await runAgainst({}, "--help");
    expect(top.exitCode).toBe(0);
    for (const name of [
      "serve",
      "project",
      "profile",
      "plan",
      "task",
      "session",
      "queue",
      "wait",
    ]) {
      expect(top.out).toContain(`\n  ${name} `);
      const own = await runAgainst({}, name, "--help");
      expect([own.exitCode, own.out]).toEqual([
        0,
        expect.stringContaining(`Usage: switchyard ${name}`),
      ]);
    }
  });
});

test("a project added without checks, and not by choice, is told to say what must pass", async () => {
  const added = (more: Partial<Project>) => ({
    "project.add": () => ({ ...sampleProject, ...more }),
  });
  const bare = await runAgainst({ handlers: added({ checks: [] }) }, "project", "add", ".");
  expect(bare.out).toContain("Nothing can land yet");
  expect(bare.out).toContain("switchyard project set app --no-checks");
  const unit = { name: "unit", run: "npm test", timeoutMs: 60_000 };
  const chosen = added({ checks: [], withoutChecks: true });
  for (const handlers of [added({ checks: [unit] }), chosen])
    expect((await runAgainst({ handlers }, "project", "add", ".")).out).not.toContain("yet");
});

describe("a task", () => {
  test("is created with everything that was said of it", async () => {
    const asked: unknown[] = [];
    const handlers = {
      "task.create": (input: unknown) => {
        asked.push(input);
        return sampleTask();
      },
    };
    const files = { "/work/app/src/body.md": "Do it.\n" };
    const words = ["--after", "t-1", "--after", "t-2", "--path", "src/**", "--check", "npm test"];
    const more = [
      "--body-file",
      "body.md",
      "--priority",
      "1",
      "--profile",
      "max-1",
      "--label",
      "ui",
    ];
    const outcome = await runAgainst(
      { handlers, files },
      "task",
      "create",
      "Sort",
      ...words,
      ...more,
    );
    expect([outcome.exitCode, outcome.err]).toEqual([0, ""]);
    expect(asked).toEqual([
      {
        project: "/work/app/src",
        title: "Sort",
        body: "Do it.\n",
        priority: 1,
        after: ["t-1", "t-2"],
        labels: ["ui"],
        paths: ["src/**"],
        pinnedProfile: "max-1",
        acceptance: [{ name: "npm test", run: "npm test", timeoutMs: 1_800_000 }],
      },
    ]);
  });

  test("has the keys that scripts rely on", async () => {
    const handlers = { "task.show": () => sampleTask() };
    const { json } = await runAgainst({ handlers }, "task", "show", "t-7", "--json");
    expect(json()).toMatchObject({
      id: "t-7",
      title: "Sort the list",
      plan: "p-1",
      status: "running",
      reason: null,
      priority: 2,
      after: ["t-3"],
      branch: "switchyard/t-7-sort",
      worktree: "/data/worktrees/app/t-7",
      session: "s-19",
      profile: "max-1",
      attempts: 1,
      commits: 2,
      checks: [{ command: "npm test", exitCode: 0 }],
      landed: null,
    });
  });

  test("list shows the project around the folder, or everything where there is none", async () => {
    const asked: unknown[] = [];
    const list = (input: unknown) => {
      asked.push(input);
      return [sampleTask()];
    };
    await runAgainst(
      { handlers: { "task.list": list, "project.show": () => sampleProject } },
      "task",
      "list",
    );
    await runAgainst({ handlers: { "task.list": list, "project.show": notFound } }, "task", "list");
    expect(asked).toEqual([{ project: "app" }, {}]);
  });

  test("a title cannot write control sequences to the person's terminal", async () => {
    const title = "\x1b]0;owned\x07\x1b[31mred\u202e";
    const handlers = { "task.list": () => [sampleTask({ title })], "project.show": notFound };
    const { out } = await runAgainst({ handlers }, "task", "list");
    expect(out).toContain("red");
    expect(["\x07", "\x1b", "\u202e"].filter((control) => out.includes(control))).toEqual([]);
  });
});

test("comments go with the note as one return, with colons in their text", async () => {
  let sent: unknown;
  const handlers = {
    "queue.return": (input: unknown) => {
      sent = input;
      return sampleEntry;
    },
  };
  const words = ["--note", "Nearly.", "--comment", "a.ts:3:Say why: twice", "--comment", "b:7:c:9"];
  const { exitCode } = await runAgainst({ handlers }, "queue", "return", "q-4", ...words);
  const on = (file: string, line: number, text: string) => ({
    ...{ file, line, text },
    ...{ side: "after", quote: null },
  });
  expect([exitCode, sent]).toEqual([
    0,
    {
      entry: "q-4",
      note: "Nearly.",
      comments: [on("a.ts", 3, "Say why: twice"), on("b", 7, "c:9")],
    },
  ]);
});

test("a push that is not made ends with 1, says why and the way out", async () => {
  const at = "2026-11-21T09:00:00.000Z";
  const told = { kind: "rejected" as const, text: "Somebody else pushed.", hint: "Bring it in." };
  const problem = { ...told, commit: "1".repeat(40), since: at, tries: 1, nextAt: null };
  const push = { remote: "origin", target: "main", pushed: null, underWay: null, problem };
  const answered = (state: typeof push | null) => ({
    "queue.push": () => ({ ...sampleProject, queue: { ...sampleProject.queue, push: state } }),
    "queue.list": () => [],
  });
  const failed = await runAgainst({ handlers: answered(push) }, "queue", "push");
  expect([failed.exitCode, failed.out]).toEqual([
    1,
    "Not pushed to origin: Somebody else pushed.\nBring it in.\n",
  ]);
  const none = await runAgainst({ handlers: answered(null) }, "queue", "push");
  expect([none.exitCode, none.out]).toEqual([0, "Nothing has landed that could be pushed.\n"]);
});

describe("a session and a queue entry", () => {
  test("have the keys that scripts rely on", async () => {
    const handlers = { "session.show": () => sampleSession, "queue.show": () => sampleEntry };
    const session = await runAgainst({ handlers }, "session", "show", "s-19", "--json");
    expect(session.json()).toMatchObject({
      id: "s-19",
      name: "sort",
      task: "t-7",
      profile: "max-1",
      provider: "claude",
      providerSession: "6f9619ff-8b86-4011-b42d-00c04fc964ff",
      state: "working",
      since: expect.stringMatching(/Z$/),
      evidence: [{ signal: "hook:UserPromptSubmit", at: expect.stringMatching(/Z$/) }],
      context: { tokens: 51_000, window: 200_000 },
      costUsd: 0.41,
      pid: 4242,
    });
    const entry = await runAgainst({ handlers }, "queue", "show", "q-4", "--json");
    expect(entry.json()).toMatchObject({
      id: "q-4",
      task: "t-7",
      branch: "switchyard/t-7-sort",
      position: 1,
      state: "checking",
      reason: null,
      base: "a".repeat(40),
      candidate: "a".repeat(40),
      checks: [],
      conflictsWith: ["q-5"],
    });
  });

  test.each([
    ["session", "stop", "s-1"],
    ["session", "send", "s-1", "hi"],
    ["session", "attach", "s-1"],
    ["session", "stop", "--all"],
    ["session", "restart", "s-1"],
    ["session", "label", "s-1", "ui"],
    ["halt"],
    ["resume"],
    ["queue", "approve", "q-1"],
    ["queue", "pause"],
    ["profile", "login", "max-1"],
    ["stop"],
  ])("%s %s needs the running app: exit 4", async (...args) => {
    const { exitCode, needs } = await runAgainst({ isRunning: false }, ...args);
    expect([exitCode, needs]).toEqual([4, ["app"]]);
  });

  test("a log is plain text, or raw bytes when asked", async () => {
    const bytes = Buffer.from("\x1b[32mgreen\x1b[0m\r\n");
    const log = ({ from }: { from: number }) => ({
      base64: bytes.subarray(from).toString("base64"),
      end: bytes.length,
    });
    const handlers = { "session.log": log };
    expect((await runAgainst({ handlers }, "session", "log", "s-1")).out).toBe("green\n");
    expect((await runAgainst({ handlers }, "session", "log", "s-1", "--raw")).out).toBe(
      String(bytes),
    );
  });

  test("attaching needs a terminal", async () => {
    const outcome = await runAgainst({}, "session", "attach", "s-1");
    expect([outcome.exitCode, outcome.err]).toEqual([
      3,
      expect.stringContaining("session log s-1"),
    ]);
  });
});

describe("sessions", () => {
  const working = { ...sampleSession, id: "s-1", labels: ["ui", "slow"], task: "t-1" };
  const stopped = { ...sampleSession, id: "s-2", state: "stopped", task: "t-2" };
  const failed = { ...sampleSession, id: "s-3", state: "failed", labels: ["ui"], task: "t-3" };
  const handedIn = { ...sampleSession, id: "s-4", state: "ended", task: "t-4" };
  const list = {
    "project.show": notFound,
    "session.list": () => [working, stopped, failed, handedIn] as never,
    "task.list": () => [
      sampleTask({ id: "t-1" as never, session: "s-1" as never }),
      sampleTask({ id: "t-2" as never, session: "s-2" as never, status: "needs-input" }),
      sampleTask({ id: "t-3" as never, session: "s-3" as never, status: "failed" }),
      sampleTask({ id: "t-4" as never, session: "s-4" as never, status: "queued" }),
    ],
  };
  const idsOf = (json: unknown) => (json as { id: string }[]).map(({ id }) => id);

  test.each([
    [[], ["s-1", "s-2", "s-3", "s-4"]],
    [
      ["--label", "ui"],
      ["s-1", "s-3"],
    ],
    [["--label", "ui", "--label", "slow"], ["s-1"]],
    [
      ["--state", "stopped", "--state", "failed"],
      ["s-2", "s-3"],
    ],
    [["--state", "failed", "--label", "slow"], []],
  ])("list %j shows %j", async (words, ids) => {
    const { json } = await runAgainst({ handlers: list }, "--json", "session", "list", ...words);
    expect(idsOf(json())).toEqual(ids);
  });

  test("a state that there is not is refused with those that there are", async () => {
    const outcome = await runAgainst({ handlers: list }, "session", "list", "--state", "busy");
    expect([outcome.exitCode, outcome.err]).toEqual([2, expect.stringContaining("needs-input")]);
  });

  test("stop --all stops those that live", async () => {
    const handlers = { ...list, "session.stop": () => working as never };
    const { json } = await runAgainst({ handlers }, "--json", "session", "stop", "--all");
    expect(idsOf(json())).toEqual(["s-1"]);
  });

  test("respawn --all goes on with all that is unfinished, and says what waits for a place", async () => {
    const asked: unknown[] = [];
    const handlers = {
      ...list,
      "session.respawn": ({ session }: { session: string }) => {
        asked.push(session);
        if (session === "s-2") throw new SwitchyardError("cap-full", "No profile takes t-2 now.");
        return { ...working, id: "s-9" } as never;
      },
    };
    const { exitCode, out } = await runAgainst({ handlers }, "session", "respawn", "--all");
    expect([exitCode, asked]).toEqual([0, ["s-2", "s-3"]]);
    expect(out).toContain("s-9");
    expect(out).toContain("No profile takes t-2 now.");
  });

  test("a message to an ended session says where its conversation goes on", async () => {
    const handlers = { "session.send": () => ({ session: "s-9" as never, isDelivered: true }) };
    const { out } = await runAgainst({ handlers }, "session", "send", "s-2", "go on");
    expect(out).toBe("Delivered. Its conversation goes on in s-9.\n");
  });

  test("halt carries its reason, and says the way back", async () => {
    const asked: unknown[] = [];
    const handlers = {
      "fleet.halt": (input: unknown) => {
        asked.push(input);
        return { isHalted: true, reason: "lunch", since: "2026-11-21T09:00:00.000Z" } as never;
      },
    };
    const { out } = await runAgainst({ handlers }, "halt", "--reason", "lunch");
    expect(asked).toEqual([{ reason: "lunch" }]);
    expect(out).toContain("switchyard resume");
  });

  test.each([
    [{ wasHalted: false, atRest: 2 }, "Nothing was halted.\n"],
    [{ wasHalted: true, atRest: 0 }, "Work goes out again.\n"],
    [{ wasHalted: true, atRest: 1 }, "1 session that waited for you goes on at your next message"],
    [{ wasHalted: true, atRest: 2 }, "2 sessions that waited for you go on at your next message"],
  ])("resume says what it let go on: %j", async (resumed, said) => {
    const fleet = { isHalted: false, reason: null, since: "2026-11-21T09:00:00.000Z" };
    const handlers = { "fleet.resume": () => ({ ...fleet, ...resumed }) as never };
    expect((await runAgainst({ handlers }, "resume")).out).toContain(said);
  });
});

describe("what was refused", () => {
  const handlers = {
    "plan.create": () => {
      throw new SwitchyardError("name-taken", "That plan exists.", "Choose another title.");
    },
  };

  test("is told with the way out, and keeps its exit code", async () => {
    const outcome = await runAgainst({ handlers }, "plan", "create", "x");
    expect([outcome.exitCode, outcome.out]).toEqual([3, ""]);
    expect(outcome.err).toBe("That plan exists.\nChoose another title.\n");
  });

  test("is one document with --json", async () => {
    const { err } = await runAgainst({ handlers }, "plan", "create", "x", "--json");
    expect(JSON.parse(err)).toEqual({
      error: { code: "name-taken", message: "That plan exists.", hint: "Choose another title." },
    });
  });
});

test("--quiet leaves out what only confirms, and keeps answers", async () => {
  const why = { task: sampleTask(), reasons: [], clashes: [] };
  const show = { "task.show": () => sampleTask(), "task.why": () => why };
  const handlers = { "task.cancel": () => sampleTask(), "queue.list": () => [], ...show };
  expect((await runAgainst({ handlers }, "--quiet", "task", "cancel", "t-7")).out).toBe("");
  expect((await runAgainst({ handlers }, "--quiet", "task", "show", "t-7")).out).toContain("Sort");
});

test("a worker's own project is meant inside its session", async () => {
  const asked: unknown[] = [];
  const handlers = {
    "plan.create": (input: unknown) => {
      asked.push(input);
      throw new SwitchyardError("failed", "enough");
    },
  };
  await runAgainst({ handlers, env: { SWITCHYARD_PROJECT: "app" } }, "plan", "create", "x");
  await runAgainst({ handlers }, "plan", "create", "x", "--project", "other");
  await runAgainst({ handlers }, "plan", "create", "x", "--project", "../lib");
  expect(asked).toMatchObject([
    { project: "app" },
    { project: "other" },
    { project: "/work/app/lib" },
  ]);
});

test("serve is handed what was asked for", async () => {
  const words = ["serve", "--port", "8080", "--no-open", "--json", "--home", "/data"];
  expect((await runAgainst({}, ...words)).served).toEqual([
    { home: "/data", port: 8080, isOpening: false, isDetached: false, isJson: true },
  ]);
});
