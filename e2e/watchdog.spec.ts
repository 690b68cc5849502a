import { writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { expect, test } from "./fixtures.ts";

/** Two looks of the watchdog and some. */
const LOOKS_MS = 75_000;
const FAILS: ScriptStep = { bash: "git rev-parse --verify no-such-thing" };

test("a worker that repeats a failing command is told of; over its budget its task is parked, and a retry lands it", async ({
  app,
}) => {
  test.setTimeout(4 * LOOKS_MS);
  const model = createScriptedModel({
    scenario: {
      rules: [
        {
          prompt: "Do it another way",
          steps: [
            { write: { path: "a.txt", content: "a\n" } },
            { bash: "git add a.txt && git commit -q -m 'Another way'" },
            { mcp: { server: "switchyard", tool: "task_done", input: { summary: "Done." } } },
          ],
        },
        {
          prompt: "You are working on task",
          steps: [
            { usage: { cache_creation_input_tokens: 1_000 } },
            ...[FAILS, FAILS, FAILS, FAILS, FAILS, FAILS],
            { slow: 300 },
          ],
        },
      ],
    },
  });
  await model.listen(0);
  try {
    const { client } = app;
    const settings = path.join(app.home, "config.yaml");
    const repository = path.join(app.workFolder, "straying");
    runGit(app.workFolder, "init", "-q", "-b", "main", repository);
    const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
    runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
    await client.call("profile.add", {
      name: "max-1",
      plan: "max",
      cap: 1,
      executable: findClaude().executable,
      env: {
        ANTHROPIC_BASE_URL: model.url,
        CLAUDE_CODE_OAUTH_TOKEN: "switchyard-watchdog-token",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
    });
    await client.call("project.add", { path: repository, name: "straying", withoutChecks: true });
    const { id } = await client.call("task.create", { project: "straying", title: "Stray" });
    const sessions = async () =>
      (await client.call("session.list", {})).filter((session) => session.task === id);
    const status = async () => (await client.call("task.show", { task: id })).status;

    await expect
      .poll(async () => (await sessions())[0]?.concern, { timeout: LOOKS_MS })
      .toMatchObject({ kind: "repeats", step: "told" });
    expect(await status()).toBe("running");

    writeFileSync(settings, "guards: { budget-tokens-per-task: 1000 }\n");
    await expect.poll(status, { timeout: LOOKS_MS }).toBe("parked");
    const why = await app.cli("task", "why", id);
    expect(why.json.reasons[0].text).toMatch(/^Budget: the task has used/);
    expect(why.json.reasons[0].text).toContain(`switchyard task retry ${id}`);
    expect((await sessions())[0]?.state).toBe("stopped");

    writeFileSync(settings, "guards: { budget-tokens-per-task: off }\n");
    await app.cli("task", "retry", id, "--note", "Do it another way.");
    await expect.poll(status, { timeout: LOOKS_MS }).toBe("landed");
    const [first, second] = await sessions();
    expect(second?.providerSession, "it went on in its conversation").toBe(first?.providerSession);
  } finally {
    await model.close();
  }
});
