import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
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

/** Many for a session of this test, few for any machine; they multiply no further and end by themselves. */
const CROWD = 120;
const CROWD_MAX = 60;

test("F12: a worker that multiplies is stopped with the reason, and the others go on", async () => {
  test.skip(process.platform !== "linux", "processes are counted in /proc, which only Linux has");
  await using app = await openFaultApp();
  writeFileSync(path.join(app.home.folder, "config.yaml"), `guards:\n  processes: ${CROWD_MAX}\n`);
  const seconds = 91_000 + (process.pid % 1000);
  const worker = path.join(app.home.workFolder, "multiplying-worker");
  const mark = path.join(app.home.workFolder, "multiplied");
  const multiply = `n=0; while [ $n -lt ${CROWD} ]; do n=$((n+1)); setsid timeout 60 sleep ${seconds} & done`;
  const once = `case "$1" in --version|auth) ;; *) [ -e '${mark}' ] || { : > '${mark}'; ${multiply}; };; esac`;
  writeFileSync(worker, `#!/bin/sh\n${once}\nexec '${STAND_IN}' "$@"\n`, { mode: 0o755 });
  await app.addProfile("calm");
  await app.addProfile("wild", { executable: worker });
  const calm = await app.addTask("a", "calm", 2);
  await until("it is worked on", async () =>
    (await app.sessionsOf(calm)).find(({ state }) => state === "working"),
  );
  const wild = await app.addTask("b", "wild", 1);
  const stopped = await until("it is stopped", async () =>
    (await app.sessionsOf(wild)).find(({ state }) => state === "stopped"),
  );
  expect(stopped.reason).toMatch(
    /^runaway: \d+ processes of it ran at once, more than guards\.processes allows/,
  );
  await until("its crowd is gone", async () => countOf(seconds) === 0, 10_000);
  const parked = await until("its task waits for the person", async () => {
    const task = await app.task(wild);
    return task.status === "parked" && task;
  });
  expect(parked.reason).toContain(`switchyard task retry ${wild}`);
  await untilLanded(app, calm);
  expect(await app.sessionsOf(calm)).toHaveLength(1);
  await app.driver.read("task.retry", { task: wild });
  await untilLanded(app, wild);
});

function countOf(seconds: number): number {
  const list = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return list.filter((line) => line === `sleep ${seconds}`).length;
}
