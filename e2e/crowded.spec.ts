import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import { createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { finish, PATIENCE, prepareWork } from "./with-worker.ts";

const TOKEN = "switchyard-crowded-token";

test("a session that the provider refuses as one too many lowers the cap at once, and its task goes on where a slot comes free", {
  tag: "@web",
}, async () => {
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  const model = createScriptedModel({
    scenario: {
      profiles: { [TOKEN.slice(-6)]: { name: "max-1", maxConcurrent: 2 } },
      rules: [
        { prompt: "Holds its call", steps: [{ hang: 3600 }] },
        { prompt: "One too many", steps: [...finish] },
      ],
    },
  });
  await model.listen(0);
  await using core = await startCore(home);
  try {
    // By itself it tries ten times before it says so, which takes minutes.
    const env = { CLAUDE_CODE_MAX_RETRIES: "1" };
    await prepareWork(home, model.url, { token: TOKEN, cap: 4, env });
    const create = async (title: string): Promise<string> =>
      (await command(home, "task", "create", title, "--project", "app")).id;
    const show = (task: string) => command(home, "task", "show", task);
    const statusOf = async (task: string) => (await show(task)).status;
    const showProfile = () => command(home, "profile", "show", "max-1");

    const first = await create("Holds its call, the first");
    const second = await create("Holds its call, the second");
    await expect.poll(() => model.state().live, PATIENCE).toBe(2);
    const third = await create("One too many");
    await expect.poll(async () => (await showProfile()).learnedCap, PATIENCE).toBe(2);
    await expect.poll(() => statusOf(third), PATIENCE).toBe("ready");
    expect(await showProfile()).toMatchObject({ cap: 4, state: "ready", live: 2 });
    const { session } = await show(third);
    const refused = await command(home, "session", "show", session);
    expect(refused).toMatchObject({
      state: "stopped",
      reason: "the provider refused one more session of its profile",
    });
    const why = (await command(home, "task", "why", third)).reasons;
    expect(why.map(({ text }: { text: string }) => text)).toEqual([
      "max-1 is full: 2 of 2 sessions (the provider refused more; its cap is 4)",
    ]);

    await command(home, "task", "cancel", first);
    await expect.poll(() => statusOf(third), PATIENCE).toBe("landed");
    const after = await command(home, "session", "show", (await show(third)).session);
    expect(after.providerSession).toBe(refused.providerSession);
    expect(await statusOf(second)).toBe("running");
    const refusals = model.calls.filter(({ role, status }) => role === "main" && status === 429);
    // The call and its one retry: after that nobody was one too many.
    expect(refusals).toHaveLength(2);
  } finally {
    await command(home, "stop").catch(() => {});
    await core[Symbol.asyncDispose]();
    await model.close();
  }
});
