import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@playwright/test";
import { runGit } from "../../demo/run-git.ts";
import { dataFolder } from "../../electron/core/base/data-folder.ts";
import { runCli } from "../app-access.ts";
import { type AppHome, createAppHome } from "../app-home.ts";
import { type FaultApp, openFaultApp, until, untilLanded } from "./fault-app.ts";
import { makeImageDisk, mountImageDisk, whyNoImageDisk } from "./tools/disks.ts";
import { listProcessesOf, signal } from "./tools/processes.ts";
import { injectError, whyNoInjection } from "./tools/system-calls.ts";

const ROUNDS = 2;

test("F13, P6, P8: after a power cut everything that was acknowledged is there, and the target is whole", async () => {
  const whyNot = whyNoImageDisk();
  test.skip(whyNot !== null, whyNot ?? "");
  test.setTimeout(240_000);
  const work = mkdtempSync(path.join(os.tmpdir(), "sy-power-"));
  try {
    for (let round = 1; round <= ROUNDS; round += 1) await cutPower(work, round);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

async function cutPower(work: string, round: number): Promise<void> {
  using disk = makeImageDisk(path.join(work, `disk-${round}`));
  const copy = path.join(work, `after-${round}`);
  const acknowledged: string[] = [];
  let landed: string | undefined;
  {
    await using app = await openFaultApp({ below: disk.folder });
    // The repository is the person's: that its beginnings are on the disk is not what this is about.
    execFileSync("sync", ["-f", disk.folder]);
    await app.addProfile("one");
    const first = await app.addTask("landed", "one");
    landed = (await untilLanded(app, first)).landed?.commit;
    for (let n = 0; n < 5 * round; n += 1) acknowledged.push(await addNote(app, n));
    // What the disk holds at this very moment: nothing is synced for it, and nothing is written while it is copied.
    const all = listProcessesOf(app.home).map((line) => Number(line.split(" ")[0]));
    for (const pid of all) signal(pid, "SIGSTOP");
    cpSync(disk.image, copy);
    for (const pid of all) signal(pid, "SIGCONT");
  }
  using after = mountImageDisk(copy);
  await using home = await reopenHome(after.folder);
  const answer = await runCli(home, ["task", "list"]);
  expect(answer.stderr).toBe("");
  const there = answer.json.map((task: { title: string }) => task.title);
  expect(there).toEqual(expect.arrayContaining(acknowledged));
  const repository = path.join(home.workFolder, "ledger");
  // Every object that the target reaches can be read; what no branch reaches is nobody's loss.
  runGit(repository, "rev-list", "--objects", "main");
  runGit(repository, "archive", "--output=/dev/null", "--format=tar", "main");
  expect(runGit(repository, "rev-parse", "main").trim()).toBe(landed);
}

/** The home that an earlier life left below `folder`, for commands alone. */
async function reopenHome(folder: string): Promise<AppHome> {
  const made = await createAppHome({}, folder);
  const own = path.basename(path.dirname(made.folder));
  const old = readdirSync(folder).find((name) => name.startsWith("sy-") && name !== own) ?? "";
  const home = path.join(folder, old);
  return {
    ...made,
    folder: path.join(home, "data"),
    workFolder: path.join(home, "work"),
    env: { ...made.env, SWITCHYARD_HOME: path.join(home, "data") },
  };
}

test("F24: a disk that cannot sync loses nothing that was acknowledged, and says what is wrong", async () => {
  const whyNot = whyNoInjection();
  test.skip(whyNot !== null, whyNot ?? "");
  await using app = await openFaultApp();
  const acknowledged = [await addNote(app, 1)];
  {
    await using _broken = await injectError(app.core.pid, "fsync,fdatasync", "EIO");
    const outcome = await app.driver.call("task.create", { project: "ledger", title: "note 2" });
    expect(outcome.kind).not.toBe("answered");
  }
  await app.replaceCore();
  acknowledged.push(await addNote(app, 3));
  const titles = (await app.driver.read("task.list", {})).map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(acknowledged));
});

test("F29, P8: a journal that was deleted is noticed, and nothing is written over what is left", async () => {
  await using app = await openFaultApp();
  await addNote(app, 1);
  const { db, storeMark } = dataFolder(app.home.folder);
  const last = (await app.driver.read("app.events", { since: 0 })).at(-1)?.seq;
  await until("the mark is written", async () => {
    const mark: { lastSeq: number } = JSON.parse(readFileSync(storeMark, "utf8"));
    return mark.lastSeq === last;
  });
  app.core.kill();
  await app.core.ended;
  await app.driver.disconnect();
  const saved = readFileSync(`${db}-wal`);
  rmSync(`${db}-wal`);
  const refused = await runCli(app.home, ["task", "list"]);
  expect(refused.exitCode).not.toBe(0);
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "store-damaged" } });
  rmSync(`${db}-shm`, { force: true });
  writeFileSync(`${db}-wal`, saved);
  await app.replaceCore();
  expect((await app.driver.read("task.list", {})).map(({ title }) => title)).toEqual(["note 1"]);
});

test("F31: while another program holds the store a change is refused with the reason, and goes through afterwards", async () => {
  await using app = await openFaultApp();
  const other = new DatabaseSync(dataFolder(app.home.folder).db);
  try {
    other.exec("BEGIN IMMEDIATE");
    const outcome = await app.driver.call("task.create", { project: "ledger", title: "held up" });
    expect(outcome.kind).toBe("refused");
    other.exec("ROLLBACK");
    const titles = (await app.driver.read("task.list", {})).map(({ title }) => title);
    expect(titles).not.toContain("held up");
    await addNote(app, 1);
  } finally {
    other.close();
  }
});

async function addNote(app: FaultApp, n: number): Promise<string> {
  const title = `note ${n}`;
  await app.driver.read("task.create", { project: "ledger", title, pinnedProfile: null });
  return title;
}
