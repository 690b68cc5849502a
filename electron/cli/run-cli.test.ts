import { describe, expect, test } from "vitest";
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
  const handlers = { "task.cancel": () => sampleTask(), "task.show": () => sampleTask() };
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
