import { writeFileSync } from "node:fs";
import path from "node:path";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import { createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { bash, call, nextOfKind, PATIENCE, prepareWork } from "./with-worker.ts";

/** Work that meets no other task's. */
const finish = (file: string) => [
  { write: { path: file, content: "done\n" } },
  bash(`git add ${file} && git commit -q -m Done`),
  call("task_done", { summary: "It is done." }),
];

test("when working hours end a turn goes on to its end; then its task is parked, what is essential runs, and all goes on when they begin", {
  tag: "@web",
}, async () => {
  test.setTimeout(240_000);
  await using home = await createAppHome({});
  const asked = path.join(home.workFolder, "asked");
  const model = createScriptedModel({
    scenario: {
      rules: [
        {
          prompt: "Talks first",
          steps: [bash(`touch '${asked}'`), { say: "I have thought about it." }],
        },
        { prompt: "Working hours had ended", steps: finish("talks.txt") },
        { prompt: "To mend", steps: finish("mends.txt") },
        { prompt: "At night", steps: finish("night.txt") },
      ],
    },
  });
  await model.listen(0);
  await using core = await startCore(home);
  try {
    // Each minute the line says so anew, whenever this runs.
    const allow = (workers: string) =>
      writeFileSync(
        path.join(home.folder, "config.yaml"),
        `dispatch:\n  time-zone: Europe/Berlin\n  essential: [mend]\n  hours: [{ at: "* * * * *", workers: ${workers} }]\n`,
      );
    allow("all");
    await prepareWork(home, model.url, { token: "switchyard-hours-token", cap: 4 });
    const create = async (title: string, ...words: readonly string[]): Promise<string> =>
      (await command(home, "task", "create", title, "--project", "app", ...words)).id;
    const show = (task: string) => command(home, "task", "show", task);
    const statusOf = async (task: string) => (await show(task)).status;
    const sessionOf = async (task: string) =>
      command(home, "session", "show", (await show(task)).session);

    const talks = await create("Talks first");
    const ask = await nextOfKind(home, "permission");
    allow("0");
    const atNight = await create("At night");
    const why = async () => (await command(home, "task", "why", atNight)).reasons;
    expect(await why()).toEqual([
      { kind: "hours", text: "Working hours allow no worker.", subject: null },
    ]);
    const mends = await create("To mend", "--label", "mend");
    await expect.poll(() => statusOf(mends), PATIENCE).toBe("landed");
    expect(await statusOf(atNight)).toBe("ready");

    const before = await sessionOf(talks);
    expect(before.state).toBe("needs-input");
    await command(home, "inbox", "allow", ask.id);
    await expect.poll(() => statusOf(talks), PATIENCE).toBe("parked");
    expect(await show(talks)).toMatchObject({
      reason: "hours: no worker runs, by dispatch.hours",
      session: before.id,
    });
    expect((await sessionOf(talks)).state).toBe("stopped");

    allow("all");
    await expect.poll(() => statusOf(atNight), PATIENCE).toBe("landed");
    await expect.poll(() => statusOf(talks), PATIENCE).toBe("landed");
    const after = await sessionOf(talks);
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
