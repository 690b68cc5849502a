import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import type { RequestBody } from "../demo/scripted-model/model-request.ts";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { connectClient, runCli } from "./app-access.ts";
import { createAppHome } from "./app-home.ts";
import { expect, type RunningApp, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";

const ASK_AT = 20_000;
const LANDED_LIMIT_MS = 240_000;
/** The first conversation alone hears of the tangerine. */
const SECRET: ScriptStep = { bash: "echo tangerine" };

const commit = (file: string, message: string): ScriptStep => ({
  bash: `git add ${file} && git commit -q -m "${message}"`,
});
const call = (tool: string, input: Record<string, unknown>): ScriptStep => ({
  mcp: { server: "switchyard", tool, input },
});
/** By what was typed last; the first that matches plays. */
const rules = (first: readonly ScriptStep[]) => [
  {
    prompt: "Another session has already worked",
    steps: [
      { write: { path: "second.txt", content: "second\n" } },
      commit("second.txt", "The second half"),
      call("task_done", { summary: "Both halves are there." }),
    ],
  },
  {
    prompt: "Your context is filling up",
    steps: [
      { tokens: ASK_AT + 1_500 },
      commit("first.txt", "The first half"),
      call("handoff", {
        done: "The first half, in first.txt.",
        remaining: "The second half, in second.txt.",
        decisions: "One file a half.",
        files: ["first.txt"],
        check: "cat first.txt",
      }),
      { say: "Handed over." },
    ],
  },
  { prompt: "You are working on task", steps: [...first] },
];

/** What these tests need of an app; a core that is killed is followed by another one in the same place. */
type Place = Pick<RunningApp, "home" | "workFolder" | "client" | "cli">;

interface Heard {
  readonly session: string;
  readonly body: RequestBody;
}

async function withModel(
  app: Place,
  first: readonly ScriptStep[],
  work: (task: string, heard: readonly Heard[]) => Promise<void>,
): Promise<void> {
  const heard: Heard[] = [];
  const model = createScriptedModel({
    scenario: { rules: rules(first) },
    onRequest: (request) => heard.push(request),
  });
  await model.listen(0);
  try {
    const repository = path.join(app.workFolder, "halves");
    runGit(app.workFolder, "init", "-q", "-b", "main", repository);
    runGit(
      repository,
      "-c",
      "user.name=A",
      "-c",
      "user.email=a@example.test",
      "commit",
      "-q",
      "--allow-empty",
      "-m",
      "first",
    );
    writeFileSync(
      path.join(app.home, "config.yaml"),
      `agents:\n  worker: { handoff-at: ${ASK_AT} }\n`,
    );
    const { client } = app;
    await client.call("profile.add", {
      name: "max-1",
      plan: "max",
      cap: 1,
      executable: findClaude().executable,
      env: {
        ANTHROPIC_BASE_URL: model.url,
        CLAUDE_CODE_OAUTH_TOKEN: "switchyard-handoff-token",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
    });
    await client.call("project.add", { path: repository, name: "halves", withoutChecks: true });
    const { id } = await client.call("task.create", { project: "halves", title: "Two halves" });
    await work(id, heard);
  } finally {
    await model.close();
  }
}

/** Waits until the task has landed, then looks at its two conversations. */
async function checkLanded(app: Place, task: string, heard: readonly Heard[]) {
  const show = async () => (await app.cli("task", "show", task)).json;
  await expect.poll(async () => (await show()).status, { timeout: LANDED_LIMIT_MS }).toBe("landed");
  const sessions = (await app.client.call("session.list", {})).filter(
    (session) => session.task === task,
  );
  expect(sessions).toHaveLength(2);
  const [before, after] = sessions;
  if (!before || !after) throw new Error("there were two sessions");
  expect(after.providerSession).not.toBe(before.providerSession);
  expect(before.state).toBe("ended");
  expect(before.context?.handoffAt, "its pane marks where its project asks for it").toBe(ASK_AT);
  const opening = heard.find(
    ({ session, body }) => session === after.providerSession && body.tools.length > 0,
  );
  if (!opening) throw new Error("the second session called its model");
  const text = JSON.stringify(opening.body.messages);
  expect(text, "its first call holds none of the first one's history").not.toContain("tangerine");
  const log = runGit(path.join(app.workFolder, "halves"), "log", "--format=%s", "main");
  expect(log).toContain("The second half");
  const { json } = await app.cli("task", "handoffs", task);
  expect(json).toHaveLength(1);
  const [handoff] = json;
  const file = path.join(app.home, "sessions", before.id, "handoff-1.md");
  expect(readFileSync(file, "utf8")).toContain(handoff.note.remaining);
  return { handoff, opening: text };
}

test("a worker whose context fills up hands over, and a fresh conversation brings the task home", async ({
  app,
}) => {
  test.setTimeout(LANDED_LIMIT_MS + 60_000);
  const first: ScriptStep[] = [
    SECRET,
    { write: { path: "first.txt", content: "first\n" } },
    { tokens: ASK_AT + 1_000 },
    { bash: "echo now it is asked, at the next tool or after the turn" },
    { slow: 6 },
  ];
  await withModel(app, first, async (task, heard) => {
    const { handoff, opening } = await checkLanded(app, task, heard);
    expect(handoff).toMatchObject({ by: "worker", number: 1 });
    expect(opening).toContain("The second half, in second.txt.");
    const log = runGit(path.join(app.workFolder, "halves"), "log", "--format=%s", "main");
    expect(log).toContain("The first half");
  });
});

const goesOnAndOn: readonly ScriptStep[] = [
  SECRET,
  { write: { path: "first.txt", content: "first\n" } },
  commit("first.txt", "The first half"),
  { tokens: ASK_AT * 2 },
  { bash: "echo on and on" },
  { slow: 120 },
];

test("at the second threshold the supervisor writes the note of a worker that goes on and on", async ({
  app,
}) => {
  test.setTimeout(LANDED_LIMIT_MS + 60_000);
  await withModel(app, goesOnAndOn, async (task, heard) => {
    const { handoff, opening } = await checkLanded(app, task, heard);
    expect(handoff).toMatchObject({ by: "supervisor", number: 1 });
    expect(opening).toContain("The first half");
    expect(handoff.note.files).toEqual(["first.txt"]);
  });
});

test("a core that is killed in the middle of a handoff leaves one note and one session at a time", {
  tag: "@web",
}, async () => {
  test.setTimeout(LANDED_LIMIT_MS + 60_000);
  await using home = await createAppHome({});
  let core = await startCore(home);
  try {
    await using before = await connectClient(home.folder);
    const place: Place = {
      home: home.folder,
      workFolder: home.workFolder,
      client: before.client,
      cli: (...args) => runCli(home, args),
    };
    await withModel(place, goesOnAndOn, async (task, heard) => {
      const countNotes = async () => (await before.client.call("task.handoffs", { task })).length;
      await expect.poll(countNotes, { timeout: LANDED_LIMIT_MS, intervals: [20] }).toBe(1);
      core.kill();
      await core.ended;
      core = await startCore(home);
      await using after = await connectClient(home.folder);
      const { handoff } = await checkLanded({ ...place, client: after.client }, task, heard);
      expect(handoff).toMatchObject({ by: "supervisor", number: 1 });
    });
  } finally {
    await core[Symbol.asyncDispose]();
  }
});
