import { writeFileSync } from "node:fs";
import path from "node:path";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import { writeMarker } from "../demo/scripted-model/read-marker.ts";
import { createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { call, finish, prepareWork, PATIENCE as USUAL } from "./with-worker.ts";

/** Four starts and two landings of the real program, after one another. */
const PATIENCE = { ...USUAL, timeout: 120_000 };

test("a worker that waits for an answer lets the next task have the only slot, and goes on with the answer", {
  tag: "@web",
}, async () => {
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  const model = createScriptedModel({
    scenario: {
      rules: [
        {
          prompt: "Which port",
          steps: [call("task_blocked", { reason: "Which port?" }), { say: "I wait." }],
        },
        { prompt: "Needs no port", steps: [...finish] },
      ],
    },
  });
  await model.listen(0);
  await using core = await startCore(home);
  try {
    const setPatience = (minutes: string) =>
      writeFileSync(
        path.join(home.folder, "config.yaml"),
        `guards: { slot-minutes: ${minutes} }\n`,
      );
    // Until the next task is there.
    setPatience("off");
    await prepareWork(home, model.url, { token: "switchyard-slots-token" });
    const create = async (title: string): Promise<string> =>
      (await command(home, "task", "create", title, "--project", "app")).id;
    const show = (task: string) => command(home, "task", "show", task);
    const statusOf = async (task: string) => {
      const { status, reason } = await show(task);
      return reason === null ? status : `${status}: ${reason}`;
    };
    const sessionOf = async (task: string) =>
      command(home, "session", "show", (await show(task)).session);

    const asks = await create("Which port");
    await expect.poll(() => statusOf(asks), PATIENCE).toBe("needs-input: blocked: Which port?");
    await expect.poll(async () => (await sessionOf(asks)).state, PATIENCE).toBe("idle");
    const before = await sessionOf(asks);
    const next = await create("Needs no port");
    const why = async (task: string) =>
      (await command(home, "task", "why", task)).reasons.map(({ text }: { text: string }) => text);
    await expect.poll(() => why(next), PATIENCE).toEqual([expect.stringContaining("is full")]);

    setPatience("0.01");
    await expect.poll(() => statusOf(next), PATIENCE).toBe("landed");
    expect(await statusOf(asks)).toBe("needs-input: blocked: Which port?");
    expect(await why(asks)).toContain(
      `Its session ${before.id} is stopped: it waits for you, and ${next} had work for its slot; it goes on at your next message.`,
    );
    await command(home, "session", "send", before.id, `Port 8080. ${writeMarker([...finish])}`);
    await expect.poll(() => statusOf(asks), PATIENCE).toBe("landed");
    const after = await sessionOf(asks);
    expect([after.id === before.id, after.providerSession]).toEqual([
      false,
      before.providerSession,
    ]);
  } finally {
    await command(home, "stop").catch(() => {});
    await core[Symbol.asyncDispose]();
    await model.close();
  }
});
