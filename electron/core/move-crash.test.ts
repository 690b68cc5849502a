import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { ProfileName, ProjectName, type TaskId } from "../../shared/model/ids.ts";
import { systemClock } from "./base/clock.ts";
import { dataFolder } from "./base/data-folder.ts";
import { createTestRepository } from "./git/test-repository.ts";
import { comesUp, connectCore, endHostOf, killCore, startCoreChild } from "./killable-core.ts";
import { openStore } from "./store/open-store.ts";

/*
 * A core is killed after the first, the second … transaction since a conversation was let out of its profile, a new conversation each
 * time, once the other profile answers and once it does not. The core that follows brings the move to its end.
 */

const KILLS = 12;
const FIRST = ProfileName.parse("first");
const SECOND = ProfileName.parse("second");
const APP = ProjectName.parse("app");
const PATIENCE = { timeout: 60_000 };

/**
 * In the place of claude. The first profile's meets a limit; the second's answers when it finds the record of the conversation, or
 * refuses the login where the file `refuses` says so. Each writes down itself, and who else lives in its conversation.
 */
const worker = (node: string, world: string) => `#!${node}
const { appendFileSync, existsSync, mkdirSync, readFileSync } = require("node:fs");
const [, , ...args] = process.argv;
if (args[0] === "--version") { console.log("2.1.0 (a test)"); process.exit(0); }
if (args[0] === "auth") { console.log('{"loggedIn":true,"authMethod":"claude.ai"}'); process.exit(0); }
const after = (name) => args[args.indexOf(name) + 1];
const isResumed = args.includes("--resume");
const id = after(isResumed ? "--resume" : "--session-id");
const dir = process.env.CLAUDE_CONFIG_DIR;
const isFirst = dir.endsWith("first");
const seen = ${JSON.stringify(world)} + "/seen-" + id;
const lives = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const others = existsSync(seen) ? readFileSync(seen, "utf8").trim().split("\\n").map(Number) : [];
if (others.some(lives)) appendFileSync(${JSON.stringify(world)} + "/wrong", id + " lives twice\\n");
appendFileSync(seen, process.pid + "\\n");
const folder = dir + "/projects/" + process.cwd().replace(/[^A-Za-z0-9]/g, "-");
const transcript_path = folder + "/" + id + ".jsonl";
if (!isResumed) mkdirSync(folder, { recursive: true });
else if (!existsSync(transcript_path)) {
  appendFileSync(${JSON.stringify(world)} + "/wrong", id + " has no record at " + dir + "\\n");
  process.exit(1);
}
appendFileSync(transcript_path, '{"by":"' + (isFirst ? "first" : "second") + '"}\\n');
const { hooks } = JSON.parse(readFileSync(after("--settings"), "utf8"));
const tell = (hook_event_name, more) =>
  fetch(hooks.UserPromptSubmit[0].hooks[0].url, {
    method: "POST",
    body: JSON.stringify({ hook_event_name, transcript_path, ...more }),
  });
const reset = new Date(Date.now() + 3 * 3600000).getUTCHours();
const limit = "You've hit your 5-hour limit · resets " + (reset % 12 || 12) + (reset < 12 ? "am" : "pm") + " (UTC)";
const fail = (error, last_assistant_message) => tell("StopFailure", { error, last_assistant_message });
setInterval(() => {}, 60000);
tell("UserPromptSubmit", { prompt: "go" }).then(() =>
  isFirst ? fail("rate_limit", limit)
  : existsSync(${JSON.stringify(world)} + "/refuses") ? fail("authentication_failed", "401")
  : tell("Stop", { background_tasks: [{ status: "running" }] }));
`;

test.skipIf(process.platform !== "linux").each([
  ["the conversation goes on there, once", true],
  ["the conversation is back where it was, and nothing of it stays there", false],
])(
  "a core that is killed at each step of a move is followed by one that brings it to its end: %s",
  { timeout: 600_000 },
  async (_, isTaken) => {
    await using repository = await createTestRepository();
    const world = repository.folder;
    const home = join(world, "home");
    mkdirSync(home);
    const executable = join(world, "worker");
    writeFileSync(executable, worker(process.execPath, world));
    chmodSync(executable, 0o755);
    if (!isTaken) writeFileSync(join(world, "refuses"), "");
    const armed = join(home, "kill-at");

    let child = startCoreChild(home, 0);
    let kills = 0;
    try {
      expect(await comesUp(child)).toBe(true);
      let client = await connectCore(home);
      const add = { plan: "custom", cap: 1, executable } as const;
      await client.call("profile.add", { name: FIRST, ...add });
      await client.call("profile.add", { name: SECOND, ...add, moves: "in" });
      const path = repository.repo.root;
      const project = { path, name: APP, withoutChecks: true, maxWorkers: 3 } as const;
      await client.call("project.add", { ...project, strategy: "fill" });

      for (let killAt = 1; killAt <= KILLS; killAt++) {
        const { id: task } = await client.call("task.create", { project: APP, title: `${killAt}` });
        await untilTold(client, task, /^parked first rate-limit/);
        writeFileSync(armed, String(killAt));
        const hasEnded = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        await client.call("profile.set", { name: FIRST, moves: "out" }).catch(() => undefined);
        const done = isTaken ? /^running second/ : /^parked first .*did not take it/;
        await Promise.race([hasEnded, untilTold(client, task, done).catch(() => undefined)]);
        // It may have been over before that transaction came.
        if (child.signalCode !== null) kills += 1;
        rmSync(armed);
        await killCore(child);
        child = startCoreChild(home, 0);
        expect(await comesUp(child)).toBe(true);
        client = await connectCore(home);
        await untilTold(client, task, done);
        await checkSettled(client, home, task, isTaken);
        await client.call("task.cancel", { task });
        await expect.poll(async () => countLive(client), PATIENCE).toBe(0);
        await wakeProfiles(client);
      }
      expect(kills).toBeGreaterThan(9);
      expect(existsSync(join(world, "wrong")) && readFileSync(join(world, "wrong"), "utf8")).toBe(
        false,
      );
      await client.call("app.stop", { keepSessions: false });
    } finally {
      await killCore(child);
      await endHostOf(home);
    }
  },
);

/** Status, profile and reason of a task; of one that moved only once it has. */
async function tell(client: Client<AppContract>, task: TaskId): Promise<string> {
  const { status, profile, reason, session } = await client.call("task.show", { task });
  const held = session && (await client.call("session.show", { session }));
  if (held && held.movedFrom?.step === "trying") return "on its way";
  return `${status} ${profile} ${reason}`;
}

async function untilTold(client: Client<AppContract>, task: TaskId, what: RegExp): Promise<void> {
  await expect.poll(() => tell(client, task), PATIENCE).toMatch(what);
}

async function countLive(client: Client<AppContract>): Promise<number> {
  const profiles = await client.call("profile.list", {});
  return profiles.reduce((sum, { live }) => sum + live, 0);
}

/** One record of the conversation where it lives, none but the original elsewhere, and nothing left to do. */
async function checkSettled(
  client: Client<AppContract>,
  home: string,
  task: TaskId,
  isTaken: boolean,
): Promise<void> {
  const sessions = (await client.call("session.list", {})).filter((each) => each.task === task);
  const [conversation, ...others] = new Set(sessions.map((each) => each.providerSession));
  expect(others).toEqual([]);
  await expect.poll(() => openMoves(home), PATIENCE).toEqual([]);
  const steps = sessions.flatMap(({ movedFrom }) => movedFrom?.step ?? []);
  expect(steps.filter((step) => step === "moved")).toHaveLength(isTaken ? 1 : 0);
  expect(steps).not.toContain("trying");
  const records = (profile: ProfileName) =>
    readdirSync(join(dataFolder(home).profiles, profile), { recursive: true })
      .map(String)
      .filter((name) => name.includes(String(conversation)));
  expect(records(FIRST)).toHaveLength(1);
  expect(records(SECOND)).toHaveLength(isTaken ? 1 : 0);
}

function openMoves(home: string) {
  const store = openStore({ folder: dataFolder(home), clock: systemClock, mode: "read" });
  try {
    return store.intents.listOpen().filter(({ kind }) => kind === "move-conversation");
  } finally {
    store.close();
  }
}

/** As if limits were over and logins were given again. */
async function wakeProfiles(client: Client<AppContract>): Promise<void> {
  for (const [name, moves] of [
    [FIRST, "none"],
    [SECOND, "in"],
  ] as const) {
    await client.call("profile.set", { name, moves, isDisabled: true });
    await client.call("profile.set", { name, isDisabled: false });
    await client.call("profile.check", { name });
  }
}
