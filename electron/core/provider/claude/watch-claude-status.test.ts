import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { startTicks } from "../../base/process-identity.ts";
import type { EvidenceEvent } from "../evidence.ts";
import { ClaudeLevels } from "./claude-levels.ts";
import { type ClaudeStatus, readClaudeStatus } from "./read-claude-status.ts";
import { watchClaudeStatus } from "./watch-claude-status.ts";

let dir: string;
let ending: AbortController;
let seen: ClaudeStatus[];
const own = process.pid;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "switchyard-status-"));
  ending = new AbortController();
  seen = [];
});
afterEach(() => {
  ending.abort();
  rmSync(dir, { recursive: true });
});

function write(name: string, content: string | object) {
  mkdirSync(join(dir, "sessions"), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(dir, "sessions", name), text);
}

const status = (patch: object) => ({
  pid: own,
  sessionId: "c1",
  procStart: startTicks(own) ?? undefined,
  status: "idle",
  statusUpdatedAt: Date.now(),
  ...patch,
});

/** Resolves with the first status that `isIt`. */
function next(isIt: (status: ClaudeStatus) => boolean, clock = systemClock): Promise<ClaudeStatus> {
  return new Promise((resolve) => {
    const onStatus = (status: ClaudeStatus) => {
      seen.push(status);
      if (isIt(status)) resolve(status);
    };
    watchClaudeStatus({ dir, clock, onStatus }, ending.signal);
  });
}

test("what is there when the watch begins is told", async () => {
  write(`${own}.json`, status({ status: "waiting", waitingFor: "permission prompt" }));
  expect(await next(() => true)).toMatchObject({
    pid: own,
    conversation: "c1",
    level: "waiting",
    waitingFor: "permission prompt",
  });
});

test("a folder that comes later is found, and changes are told", async () => {
  const busy = next((status) => status.level === "busy");
  write(`${own}.json`, status({}));
  write(`${own}.json`, status({ status: "busy" }));
  await busy;
});

test("each change is told once, however often the folder is looked at", async () => {
  const clock = fakeClock(new Date().toISOString());
  write(`${own}.json`, status({}));
  void next(() => false, clock);
  await clock.advance(5_000);
  expect(seen).toHaveLength(1);
  write(`${own}.json`, status({ status: "shell" }));
  await clock.advance(1_250);
  expect(seen.map(({ level }) => level)).toEqual(["idle", "shell"]);
});

test("half a file, a file without a status, a dead process and a key file say nothing", async () => {
  write(`${own}.json`, '{"pid":');
  write("1.json", status({ pid: 2 ** 22 + 7 }));
  write(`${own}.abc.key`, status({ status: "busy" }));
  write("2.json", status({ status: undefined }));
  write("3.json", status({ procStart: "1" }));
  const clock = fakeClock(new Date().toISOString());
  void next(() => true, clock);
  await clock.advance(3_000);
  expect(seen).toEqual([]);
});

test("a status nobody knows is unknown; its time is when it changed, in whatever unit", () => {
  const now = new Date("2026-11-21T09:00:00.000Z");
  const read = (patch: object) => readClaudeStatus(JSON.stringify(status(patch)), now);
  expect(read({ status: "dreaming" })?.level).toBe("unknown");
  const at = now.getTime() - 5_000;
  expect(read({ statusUpdatedAt: at })?.at).toBe("2026-11-21T08:59:55.000Z");
  expect(read({ statusUpdatedAt: at / 1000 })?.at).toBe("2026-11-21T08:59:55.000Z");
  expect(read({ statusUpdatedAt: at * 10 })?.at).toBe(now.toISOString());
});

test("a session hears of its own process alone, and of how it stands now first", async () => {
  write(`${own}.json`, status({ status: "busy" }));
  write(`${process.ppid}.json`, status({ pid: process.ppid, procStart: undefined }));
  const levels = new ClaudeLevels(systemClock, "/nobody");
  const heard: EvidenceEvent[] = [];
  const listen = (pid: number, ticks: string | null) => {
    levels.watch({ dir, pid, startTicks: ticks }, (level) => heard.push(level), ending.signal);
  };
  listen(own, startTicks(own));
  listen(own, "1");
  listen(own, null);
  expect(heard).toMatchObject([
    { kind: "status-level", signal: "level:busy", level: "busy", waitingFor: null },
    { level: "busy" },
  ]);
});
