import { execFileSync } from "node:child_process";
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
  expect(answer.json?.error?.code).toBe("disk-full");
  expect(answer.json?.error?.message).toMatch(/inode|files/i);
});

test("F19: a core that may open no more files refuses starts by that name, and goes on when it may", async () => {
  test.skip(process.platform !== "linux", "prlimit needs Linux");
  await using app = await openFaultApp();
  await app.addProfile("one");
  await app.driver.read("task.list", {});
  const limit = (soft: string) =>
    execFileSync("prlimit", ["--pid", String(app.core.pid), `--nofile=${soft}:`]);
  limit("24");
  const task = await app.addTask("a", "one");
  await until("it says why it does not start", async () => {
    const { reasons } = await app.driver.read("task.why", { task });
    const sessions = await app.sessionsOf(task);
    const text = JSON.stringify([reasons, sessions.map(({ reason }) => reason)]);
    return /EMFILE|files|descriptors/i.test(text);
  });
  limit("4096");
  if (["needs-input", "failed"].includes((await app.task(task)).status))
    await app.driver.read("task.retry", { task });
  await untilLanded(app, task);
});
