import { spawn, spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
import { cliProgram, runCli, runPlainCli } from "../app-access.ts";
import { createAppHome } from "../app-home.ts";
import { chaosScenario } from "../soak/chaos-plan.ts";
import { openFaultApp, PROJECT, until, untilLanded } from "./fault-app.ts";
import { listProcessesOf, signal } from "./tools/processes.ts";

test("F66, P14: a login that is refused stops its profile once, and the others go on", async () => {
  await using app = await openFaultApp();
  app.model.setScenario({
    ...chaosScenario,
    profiles: { "01-dead": { name: "dead", reject: { status: 401 } } },
  });
  await app.addProfile("dead");
  await app.addProfile("good");
  const refused = [await app.addTask("a", "dead"), await app.addTask("b", "dead")];
  const other = await app.addTask("c", "good");
  await untilLanded(app, other);
  const state = await until("the profile says so", async () => {
    const { state } = await app.driver.read("profile.show", { name: "dead" });
    return JSON.stringify(state).includes("sign") && state;
  });
  expect(JSON.stringify(state)).toMatch(/sign|login/i);
  for (const task of refused) {
    expect((await app.task(task)).status).not.toBe("failed");
    expect((await app.sessionsOf(task)).length).toBeLessThanOrEqual(1);
  }
});

test("F69, P14: without a network work waits and costs no try, and goes on when it is back", async () => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const port = Number(new URL(app.model.url).port);
  await app.model.close();
  const task = await app.addTask("a", "one");
  const waiting = await until("it waits", async () =>
    (await app.sessionsOf(task)).find(({ state }) => state === "limited"),
  );
  expect(waiting.reason).toMatch(/network|connect|reach/i);
  await app.model.listen(port);
  await untilLanded(app, task, 90_000);
  expect((await app.sessionsOf(task)).map(({ id }) => id)).toEqual([waiting.id]);
});

test("F70, P22: of fifty cores that start at once one runs, and the others say where", async () => {
  await using home = await createAppHome({});
  const starts = Array.from({ length: 50 }, () => serve(home.env, home.workFolder));
  const ends = await Promise.all(starts.map(({ outcome }) => outcome));
  const running = ends.filter((end) => end.kind === "runs");
  expect(running).toHaveLength(1);
  for (const end of ends)
    if (end.kind === "ended")
      expect(`${end.code} ${end.said}`).toMatch(/^[03] [\s\S]*(running Switchyard|http)/);
  expect((await runCli(home, ["task", "list"])).exitCode).toBe(0);
  expect((await runCli(home, ["stop"])).exitCode).toBe(0);
  await Promise.all(starts.map(({ closed }) => closed));
});

test("F42: a worktree and a repository that were moved are named, and found again by a command that shows first what it changes", async () => {
  await using app = await openFaultApp();
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 5);
  const session = await until("it is worked on", async () =>
    (await app.sessionsOf(task)).find(({ state }) => state === "working"),
  );
  await app.driver.read("session.stop", { session: session.id });
  const was = (await app.task(task)).worktree ?? "";
  const now = `${was}-elsewhere`;
  renameSync(was, now);
  const complaint = async () => {
    const findings = await app.driver.read("app.doctor", {});
    return findings.find(({ name }) => name === "Repositories and worktrees");
  };
  expect(await complaint()).toMatchObject({
    result: "warning",
    detail: expect.stringContaining(`is at ${now} now`),
    fix: `switchyard worktree repair ${task}`,
  });
  const repair = (...more: string[]) =>
    runPlainCli(app.home, ["worktree", "repair", task, ...more]);
  const preview = await repair();
  expect(preview.stdout).toContain(`It was at ${was}\nand is at    ${now}`);
  expect((await app.task(task)).worktree).toBe(was);
  expect((await repair("--yes")).exitCode).toBe(0);
  expect((await app.task(task)).worktree).toBe(now);

  const from = app.repository.path;
  const to = `${from} at home`;
  renameSync(from, to);
  expect(await complaint()).toMatchObject({ result: "bad", detail: expect.stringContaining(from) });
  const move = (...more: string[]) =>
    runPlainCli(app.home, ["project", "move", PROJECT, to, ...more]);
  const shown = await move();
  expect(shown.stdout).toContain("Nothing is changed yet");
  expect(shown.stdout).toContain(now);
  expect((await move("--yes")).exitCode).toBe(0);
  expect(await complaint()).toMatchObject({ result: "good" });
  await app.driver.read("task.retry", { task });
  const landed = await untilLanded(app, task, 90_000);
  expect(landed.worktree).toBe(now);
});

test("F64: a claude that is replaced while it runs ends no session, and the next start asks the new one for its version", async () => {
  test.skip(process.platform !== "linux", "an environment is read in /proc, which only Linux has");
  await using app = await openFaultApp();
  const place = (name: string) => path.join(app.home.workFolder, name);
  const asked = () => readdirSync(app.home.workFolder).filter((name) => name.endsWith(".asked"));
  const ran = () => readdirSync(app.home.workFolder).filter((name) => name.endsWith(".ran"));
  for (const name of ["old", "new"]) {
    const note = `case "$1" in --version) : > '${place(name)}.asked';; auth) ;; *) : > '${place(name)}.ran';; esac`;
    writeFileSync(place(name), `#!/bin/sh\n${note}\nexec '${STAND_IN}' "$@"\n`, { mode: 0o755 });
  }
  symlinkSync(place("old"), place("claude"));
  await app.addProfile("one", { executable: place("claude") });
  const first = await app.addTask("a", "one", 2);
  const session = await until("it is worked on", async () =>
    (await app.sessionsOf(first)).find(({ state, pid }) => state === "working" && pid !== null),
  );
  const environment = readFileSync(`/proc/${session.pid}/environ`, "utf8").split("\0");
  expect(environment).toContain("DISABLE_AUTOUPDATER=1");
  expect([asked(), ran()]).toEqual([["old.asked"], ["old.ran"]]);

  symlinkSync(place("new"), place("next"));
  renameSync(place("next"), place("claude"));
  const second = await app.addTask("b", "one");
  await untilLanded(app, second);
  expect([asked(), ran()]).toEqual([
    ["new.asked", "old.asked"],
    ["new.ran", "old.ran"],
  ]);
  await untilLanded(app, first);
  expect(await app.sessionsOf(first)).toMatchObject([{ id: session.id, pid: session.pid }]);
});

test("F71: with a home that cannot be written, no display and no keyring, work lands all the same", async () => {
  test.skip(!canUnshare(), "a mount namespace of its own needs Linux and root");
  const alone = `unset DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS
    mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME" && exec "$@"`;
  await using app = await openFaultApp({ under: ["unshare", "--mount", "sh", "-c", alone, "sh"] });
  const home = app.home.env.HOME ?? "";
  const mounts = readFileSync(`/proc/${app.core.pid}/mounts`, "utf8").split("\n");
  expect(mounts.find((line) => line.split(" ")[1] === home)).toMatch(/ ro[, ]/);
  await app.addProfile("one");
  const task = await app.addTask("a", "one");
  await untilLanded(app, task);
  expect(await app.sessionsOf(task)).toHaveLength(1);
  expect(readdirSync(home), "nothing of ours is in the home").toEqual([".gitconfig"]);
  const findings = await app.driver.read("app.doctor", {});
  expect(findings.filter(({ detail }) => /EROFS|read-only file system/i.test(detail))).toEqual([]);
});

test("F25, P21: a clock that jumps by two hours, there and back, breaks nothing off", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-clock-"));
  await using _removed = { [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }) };
  const clock = path.join(folder, "offset");
  writeFileSync(clock, "0");
  await using app = await openFaultApp({
    env: { SWITCHYARD_TEST_CLOCK: clock },
    nodeArgs: ["--require", path.join(import.meta.dirname, "tools/jump-clock.cjs")],
  });
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 1);
  await until("it is worked on", async () =>
    (await app.sessionsOf(task)).find(({ state }) => state === "working"),
  );
  writeFileSync(clock, String(2 * 3_600_000));
  await setTimeout(500);
  writeFileSync(clock, String(-2 * 3_600_000));
  await untilLanded(app, task);
  expect(await app.sessionsOf(task)).toHaveLength(1);
  const events = await app.driver.read("app.events", { since: 0 });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));
});

test("F26, P21: everything stands still for a while, as when a lid is closed, and goes on", async () => {
  test.skip(process.platform !== "linux", "processes are looked up in /proc, which only Linux has");
  await using app = await openFaultApp();
  await app.addProfile("one");
  const task = await app.addTask("a", "one", 1);
  await until("it is worked on", async () =>
    (await app.sessionsOf(task)).find(({ state }) => state === "working"),
  );
  const all = listProcessesOf(app.home).map((line) => Number(line.split(" ")[0]));
  for (const pid of all) signal(pid, "SIGSTOP");
  await setTimeout(6_000);
  for (const pid of all) signal(pid, "SIGCONT");
  await untilLanded(app, task);
  expect(await app.sessionsOf(task)).toHaveLength(1);
});

function canUnshare(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  return spawnSync("unshare", ["--mount", "true"], { stdio: "ignore" }).status === 0;
}

type Start =
  | { readonly kind: "runs" }
  | { readonly kind: "ended"; readonly code: number | null; readonly said: string };

function serve(env: Readonly<Record<string, string>>, cwd: string) {
  const child = spawn(process.execPath, [cliProgram, "serve", "--json", "--no-open"], {
    env: { ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const outcome = new Promise<Start>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes('"ready":true')) resolve({ kind: "runs" });
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("close", (code) => resolve({ kind: "ended", code, said }));
  });
  return { outcome, closed };
}
