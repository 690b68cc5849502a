import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
import { dataFolder } from "../../electron/core/base/data-folder.ts";
import { runPlainCli } from "../app-access.ts";
import { findMiscount, writeCountingWorker } from "../soak/counting-worker.ts";
import { comparePane, watchPane } from "../soak/watch-pane.ts";
import { type FaultApp, openFaultApp, until, untilLanded } from "./fault-app.ts";
import { hostPid, isThere, signal } from "./tools/processes.ts";

test.skip(process.platform !== "linux", "processes are looked up in /proc, which only Linux has");

test("F01, P1, P2: a pane shows every byte once over the death of the core", async () => {
  await using app = await openFaultApp();
  const executable = writeCountingWorker(app.home.workFolder);
  await app.addProfile("counting", { executable });
  const task = await app.addTask("count", "counting");
  const session = await working(app, task);
  const log = path.join(dataFolder(app.home.folder).sessionDir(session.id), "output.log");
  const before = await watchPane(await app.driver.client(), session.id, true);
  await until("it counts", async () => before.pieces.length > 3);
  await app.replaceCore();
  const after = await watchPane(await app.driver.client(), session.id, true);
  await until("it counts on", async () => after.pieces.length > 3);
  const [now] = await app.sessionsOf(task);
  expect(now?.pid).toBe(session.pid);
  expect(now?.recovery?.rung).toBe("reattached");
  await app.driver.read("session.stop", { session: session.id });
  const written = readFileSync(log);
  expect(findMiscount(written.toString("utf8"))).toBe(null);
  expect(comparePane(before, written, false)).toBe(null);
  expect(comparePane(after, written, false)).toBe(null);
});

test("F03, P2, P3: what died with the terminal host is resumed, each conversation once", async () => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const tasks = [await app.addTask("a", "one", 1), await app.addTask("b", "one", 1)];
  const lost = [];
  for (const task of tasks) lost.push(await working(app, task, isOfACall));
  const pid = hostPid(app.home);
  expect(pid !== null && signal(pid, "SIGKILL")).toBe(true);
  for (const [n, task] of tasks.entries()) {
    await untilLanded(app, task);
    const sessions = await app.sessionsOf(task);
    expect(sessions.map(({ providerSession }) => providerSession)).toEqual([
      lost[n]?.providerSession,
      lost[n]?.providerSession,
    ]);
    expect(sessions[1]?.recovery?.rung).toBe("resumed");
  }
});

test("F04, P23: a terminal host that stands still keeps the core answering, and goes on where it was", async ({
  page,
}) => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 1);
  const session = await working(app, task);
  const pid = hostPid(app.home) ?? 0;
  await page.goto((await app.driver.read("app.link", {})).url ?? "");
  const banner = page.getByRole("alert").filter({ hasText: "The terminal host does not answer" });
  const silence = async () => (await app.driver.read("app.status", {})).health.hostSilence;
  expect(await silence()).toBe(null);
  signal(pid, "SIGSTOP");
  try {
    const peek = app.driver.call("session.peek", { session: session.id, lines: 10 });
    const startedMs = performance.now();
    for (let asked = 0; asked < 10; asked += 1) {
      await app.driver.read("task.list", {});
      await setTimeout(500);
    }
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(await until("it is told", silence)).toMatchObject({ pid });
    await expect(banner).toContainText(`kill -9 ${pid}`);
    const status = await runPlainCli(app.home, ["status"]);
    expect(status.stdout).toContain(`The terminal host (process ${pid}) has not answered since`);
    expect(await peek).toMatchObject({ kind: "refused", code: "timeout" });
  } finally {
    signal(pid, "SIGCONT");
  }
  await expect(banner).toHaveCount(0);
  expect(await silence()).toBe(null);
  await untilLanded(app, task);
  const sessions = await app.sessionsOf(task);
  expect(sessions.map(({ id, pid: same }) => [id, same])).toEqual([[session.id, session.pid]]);
});

test("F08, P23: a core that comes back says that it still checks what runs, until it knows", async ({
  page,
}) => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 3);
  const session = await working(app, task);
  const pid = hostPid(app.home) ?? 0;
  const health = async () => (await app.driver.read("app.status", {})).health;
  expect(await health()).toEqual({ isRecovering: false, hostSilence: null });
  signal(pid, "SIGSTOP");
  let isBack = false;
  const back = app.replaceCore().then(() => {
    isBack = true;
  });
  try {
    await until("it is there and checks", async () => (await health()).isRecovering);
    expect(await app.sessionsOf(task)).toMatchObject([{ id: session.id, pid: session.pid }]);
    const status = await runPlainCli(app.home, ["status"]);
    expect(status.stdout).toContain("Checking what still runs");
    const url = await until("it has a window", async () => {
      const { url } = await app.driver.read("app.link", {});
      return url;
    });
    await page.goto(url);
    const checking = page.getByRole("status").filter({ hasText: "Checking what still runs" });
    await expect(checking).toBeVisible();
    await until("it is told what keeps it", async () => (await health()).hostSilence);
    await expect(page.getByRole("alert")).toContainText("does not answer");
    expect(isBack).toBe(false);
    signal(pid, "SIGCONT");
    await back;
    await expect(checking).toHaveCount(0);
    await expect(page.getByRole("alert")).toHaveCount(0);
  } finally {
    signal(pid, "SIGCONT");
    await back;
  }
  expect(await health()).toEqual({ isRecovering: false, hostSilence: null });
  const [now] = await app.sessionsOf(task);
  expect(now).toMatchObject({ id: session.id, pid: session.pid, recovery: { rung: "reattached" } });
});

test("F05, P3, P7: a claude killed in the middle of its turn is resumed, and its work lands once", async () => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 1);
  const session = await working(app, task, isOfACall);
  expect(session.pid !== null && signal(session.pid, "SIGKILL")).toBe(true);
  await untilLanded(app, task);
  const [killed, resumed, ...more] = await app.sessionsOf(task);
  expect(killed).toMatchObject({ state: "failed", exit: { signal: "SIGKILL" } });
  expect(resumed?.recovery?.rung).toBe("resumed");
  expect(resumed?.providerSession).toBe(session.providerSession);
  expect(more).toEqual([]);
});

test("F11, P18: ten seconds after a stop nothing of a session lives, whatever it had left behind", async () => {
  await using app = await openFaultApp();
  const seconds = 87_000 + (process.pid % 1000);
  await app.addProfile("one", { fault: `children:${seconds}` });
  const task = await app.addTask("a", "one", 20);
  const session = await working(app, task);
  await until("its children are there", async () => countSleeps(seconds) === 3);
  await app.driver.read("session.stop", { session: session.id });
  try {
    await until("they are gone", async () => countSleeps(seconds) === 0, 10_000);
  } finally {
    if (countSleeps(seconds) > 0) execFileSync("pkill", ["-KILL", "-fx", `sleep ${seconds}`]);
  }
});

test("F14, P4, P7: a core that dies as a worker begins leaves one worker, and no second", async () => {
  await using app = await openFaultApp();
  // The very first thing the worker does is to kill the core, which has not yet heard that it was started.
  const killer = path.join(app.home.workFolder, "killing-worker");
  const mark = path.join(app.home.workFolder, "killed");
  const { coreFile } = dataFolder(app.home.folder);
  const kill = `[ "$1" = --version ] || [ "$1" = auth ] || [ -e '${mark}' ] || {
  : > '${mark}'; kill -9 "$(grep -o '"pid":[ ]*[0-9]*' '${coreFile}' | grep -o '[0-9]*')"
}`;
  writeFileSync(killer, `#!/bin/sh\n${kill}\nexec '${STAND_IN}' "$@"\n`);
  chmodSync(killer, 0o755);
  await app.addProfile("one", { executable: killer });
  const task = await app.addTask("a", "one", 0.5);
  await app.core.ended;
  await app.replaceCore();
  await untilLanded(app, task);
  const sessions = await app.sessionsOf(task);
  expect(new Set(sessions.map(({ pid }) => pid)).size, "one process each").toBe(sessions.length);
  expect(sessions.filter(({ endedAt }) => endedAt === null)).toEqual([]);
  for (const { pid } of sessions) expect(pid !== null && isThere(pid)).toBe(false);
});

test("F38, P14: a conversation id that is said to be in use is left, and another one is begun", async () => {
  await using app = await openFaultApp();
  const worker = path.join(app.home.workFolder, "refusing-worker");
  const mark = path.join(app.home.workFolder, "refused");
  const once = `case " $* " in *" --session-id "*) [ -e '${mark}' ] || { : > '${mark}'; export STAND_IN_FAULT=id-in-use; };; esac`;
  writeFileSync(worker, `#!/bin/sh\n${once}\nexec '${STAND_IN}' "$@"\n`);
  chmodSync(worker, 0o755);
  await app.addProfile("one", { executable: worker });
  const task = await app.addTask("a", "one");
  await untilLanded(app, task);
  const [refused, next, ...more] = await app.sessionsOf(task);
  expect(refused?.reason).toContain("already in use");
  expect(next?.providerSession).not.toBe(refused?.providerSession);
  expect(more).toEqual([]);
});

/** Its first message was taken: only then is there a conversation to go on with. */
function working(
  app: FaultApp,
  task: Parameters<FaultApp["task"]>[0],
  isFarEnough: (evidence: { readonly signal: string }) => boolean = isOfATurn,
) {
  return until(`${task} is worked on`, async () =>
    (await app.sessionsOf(task)).find(
      ({ state, pid, evidence }) =>
        state === "working" && pid !== null && evidence.some(isFarEnough),
    ),
  );
}

function isOfATurn({ signal }: { readonly signal: string }): boolean {
  return signal.startsWith("hook:") && signal !== "hook:SessionStart";
}

/** The hook of a message comes before the conversation's record has it; once a tool is called there is something to resume. */
function isOfACall({ signal }: { readonly signal: string }): boolean {
  return signal === "hook:PreToolUse";
}

function countSleeps(seconds: number): number {
  try {
    return execFileSync("pgrep", ["-fx", `sleep ${seconds}`], { encoding: "utf8" })
      .trim()
      .split("\n").length;
  } catch {
    // pgrep finds none.
    return 0;
  }
}
