import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { ProfileName, ProjectName, type TaskId } from "../../shared/model/ids.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import { systemClock } from "./base/clock.ts";
import { dataFolder } from "./base/data-folder.ts";
import { isAlive } from "./base/process-identity.ts";
import { createTestRepository } from "./git/test-repository.ts";
import { comesUp, connectCore, endHostOf, killCore, startCoreChild } from "./killable-core.ts";
import { findMarked } from "./process/sweep-marked.ts";
import { openStore } from "./store/open-store.ts";

/*
 * A core is killed after the first, the second … transaction that it commits when it comes back, again and again on the same data
 * folder: with a session that lives, one that was being stopped, and one whose program was started and never written down. A whole
 * core then takes it from there.
 */

const KILLS = 12;
/** In the place of claude: tells that its first message was taken, and waits. */
const worker = (node: string) => `#!/bin/sh
case "$1" in
  --version) echo "2.1.0 (a test)"; exit ;;
  auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;
esac
while [ $# -gt 0 ]; do [ "$1" = --settings ] && settings=$2; shift; done
"${node}" -e '
  const { hooks } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const body = JSON.stringify({ hook_event_name: "UserPromptSubmit", prompt: "go" });
  fetch(hooks.UserPromptSubmit[0].hooks[0].url, { method: "POST", body });
' "$settings"
exec sleep 600
`;

const list = async (client: Client<AppContract>) => await client.call("session.list", {});
const marked = (home: string, session: string) =>
  findMarked({ SWITCHYARD_HOME: home, SWITCHYARD_SESSION: session });

test.skipIf(process.platform !== "linux")(
  "a core that is killed at each step of its recovery is followed by one that sets everything right",
  { timeout: 240_000 },
  async () => {
    await using repository = await createTestRepository();
    const home = join(repository.folder, "home");
    mkdirSync(home);
    const executable = join(repository.folder, "worker");
    writeFileSync(executable, worker(process.execPath));
    chmodSync(executable, 0o755);

    // Three tasks at work, and a core that dies.
    let child = startCoreChild(home, 0);
    try {
      expect(await comesUp(child)).toBe(true);
      const first = await connectCore(home);
      const path = repository.repo.root;
      await first.call("profile.add", { name: MAX, plan: "custom", cap: 3, executable });
      await first.call("project.add", { path, name: APP, withoutChecks: true, maxWorkers: 3 });
      for (const title of ["lives", "is stopped"])
        await first.call("task.create", { project: APP, title });
      await expect
        .poll(async () => (await list(first)).filter(({ state }) => state === "working").length, {
          timeout: 60_000,
        })
        .toBe(2);
      const [lives, stopped] = await list(first);
      if (!lives || !stopped) throw new Error("nothing was started");
      await killCore(child);
      const unwritten = leaveInTheMiddle(home, path, stopped);

      let kills = 0;
      for (let killAt = 1; killAt <= KILLS; killAt++) {
        child = startCoreChild(home, killAt);
        if (!(await comesUp(child))) kills += 1;
        await killCore(child);
      }
      expect(kills).toBeGreaterThan(3);

      const orphan = startMarked(home, unwritten.session);
      child = startCoreChild(home, 0);
      expect(await comesUp(child)).toBe(true);
      expect(isAlive({ pid: orphan, startTicks: null, bootId: null })).toBe(false);
      const last = await connectCore(home);
      await expect
        .poll(async () => workingOn(await list(last), unwritten.task), { timeout: 60_000 })
        .toHaveLength(1);
      const sessions = await list(last);
      const find = (id: string) => sessions.find((session) => session.id === id);

      expect(find(lives.id)).toMatchObject({
        state: "working",
        pid: lives.pid,
        recovery: { rung: "reattached" },
      });
      expect(find(stopped.id)?.state).toBe("stopped");
      expect(marked(home, stopped.id)).toEqual([]);
      expect(find(unwritten.session)?.state).toBe("failed");
      expect(isAlive({ pid: unwritten.pid, startTicks: null, bootId: null })).toBe(false);
      const tasks = sessions.filter(({ state }) => isLive(state)).map(({ task }) => task);
      expect(new Set(tasks).size).toBe(tasks.length);

      await last.call("app.stop", { keepSessions: false });
      for (const { id } of sessions) expect(marked(home, id)).toEqual([]);
    } finally {
      await killCore(child);
      await endHostOf(home);
    }
    expect(openIntents(home)).toEqual([]);
  },
);

const MAX = ProfileName.parse("max-1");
const APP = ProjectName.parse("app");

function workingOn(sessions: readonly Session[], task: TaskId): readonly Session[] {
  return sessions.filter((session) => session.task === task && session.state === "working");
}

/** What a core leaves that died while it stopped one session, and between starting another's program and writing that down. */
function leaveInTheMiddle(home: string, cwd: string, stopping: Session) {
  const store = openStore({ folder: dataFolder(home), clock: systemClock, mode: "write" });
  try {
    const claimed = store.write("dispatcher", () => {
      store.intents.open("stop-session", stopping.id, { as: "stopped", why: null });
      const task = store.tasks.insert({
        project: APP,
        plan: null,
        title: "was never written down",
        body: "",
        status: "ready",
        reason: null,
        priority: 3,
        after: [],
        labels: [],
        paths: [],
        pinnedProfile: null,
        model: null,
        acceptance: [],
      });
      const session = store.sessions.insert({
        kind: "worker",
        name: task.title,
        pinned: false,
        task: task.id,
        project: APP,
        profile: MAX,
        provider: "claude",
        providerSession: randomUUID(),
        state: "starting",
        reason: null,
        placement: { strategy: "fill", reason: "it is the first" },
        token: randomBytes(32).toString("base64url"),
        cwd,
        cols: 80,
        rows: 24,
        isResumed: false,
      });
      const { id, profile } = session;
      store.tasks.update(task.id, { status: "running", session: id, profile, attempts: 1 });
      store.intents.open("start-session", id, { task: task.id });
      return { task: task.id, session: id };
    });
    return { ...claimed, pid: startMarked(home, claimed.session) };
  } finally {
    store.close();
  }
}

function startMarked(home: string, session: string): number {
  const env = { SWITCHYARD_SESSION: session, SWITCHYARD_HOME: home };
  const child = spawn("/bin/sleep", ["600"], { env, detached: true, stdio: "ignore" });
  child.unref();
  return child.pid ?? 0;
}

function openIntents(home: string) {
  const store = openStore({ folder: dataFolder(home), clock: systemClock, mode: "write" });
  try {
    return store.intents.listOpen();
  } finally {
    store.close();
  }
}
