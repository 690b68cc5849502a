import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { runCli } from "../app-access.ts";
import { createAppHome } from "../app-home.ts";
import { openFaultApp, until, untilLanded } from "./fault-app.ts";
import { fillDisk, mountTmpfs, whyNoTmpfs } from "./tools/disks.ts";

test("F17: a profile whose disk is full is named as such, and its task goes out when there is room", async () => {
  const whyNot = whyNoTmpfs();
  test.skip(whyNot !== null, whyNot ?? "");
  using disk = mountTmpfs("size=1m");
  await using app = await openFaultApp();
  const dir = path.join(disk.folder, "profile");
  mkdirSync(dir, { mode: 0o700 });
  await app.addProfile("one", { dir });
  let task: Awaited<ReturnType<typeof app.addTask>> | undefined;
  await fillDisk(disk, async () => {
    const id = await app.addTask("a", "one");
    task = id;
    const said = await until("it says that the disk is full", async () => {
      const sessions = await app.sessionsOf(id);
      const profile = await app.driver.read("profile.show", { name: "one" });
      const text = JSON.stringify([sessions.map(({ reason }) => reason), profile.state]);
      return /full|space/i.test(text) && text;
    });
    expect(said).toMatch(/disk|space/i);
    expect((await app.sessionsOf(id)).length, "no loop of starts").toBeLessThanOrEqual(3);
  });
  if (!task) throw new Error("no task was created");
  await app.driver.read("profile.check", { name: "one" });
  if (["needs-input", "failed"].includes((await app.task(task)).status))
    await app.driver.read("task.retry", { task });
  await untilLanded(app, task);
});

test("F18: where no file can be made any more the message is about files, and nothing is half done", async () => {
  const whyNot = whyNoTmpfs();
  test.skip(whyNot !== null, whyNot ?? "");
  using disk = mountTmpfs("size=32m,nr_inodes=12");
  await using home = await createAppHome({}, disk.folder);
  const answer = await runCli(home, ["project", "list"]);
  expect(answer.exitCode).toBe(1);
  expect(JSON.parse(answer.stderr)).toMatchObject({
    error: { code: "disk-full", message: expect.stringContaining("inodes") },
  });
});
