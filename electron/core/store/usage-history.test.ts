import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { GaugeTables } from "./gauge-tables.ts";

const MAX = ProfileName.parse("max-1");
const ONE = SessionId.parse("s-1");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let folder: string;
let clock: FakeClock;
let tables: GaugeTables;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-history-"));
  clock = fakeClock();
  tables = new GaugeTables(join(folder, "telemetry.db"), clock, "write");
});
afterEach(() => {
  tables.close();
  rmSync(folder, { recursive: true, force: true });
});

function measure(usedPercent: number) {
  const at = clock.now().toISOString();
  const resetsAt = new Date(clock.now().getTime() + 5 * DAY_MS).toISOString().slice(0, 13);
  tables.history.addSample(MAX, "sevenDay", {
    at,
    usedPercent,
    resetsAt: `${resetsAt}:00:00.000Z`,
  });
}
const kept = (sinceMs = 0) =>
  tables.history.samplesOf(MAX, "sevenDay", sinceMs).map(({ usedPercent }) => usedPercent);

test("the last measurement of a minute stands for it, and the other window's are not among them", () => {
  measure(1);
  measure(2);
  clock.jump(MINUTE_MS);
  measure(3);
  expect(kept()).toEqual([2, 3]);
  expect(kept(clock.now().getTime())).toEqual([3]);
  expect(tables.history.samplesOf(MAX, "fiveHour", 0)).toEqual([]);
});

test("the first sample of a window is none of the window before, and none of before that time", async () => {
  const resetsAt = (minute: number) =>
    new Date(Date.UTC(2026, 10, 21, 14) + minute * MINUTE_MS).toISOString();
  const startMs = clock.now().getTime();
  const resets = [resetsAt(-300), resetsAt(0), resetsAt(0.5), resetsAt(0)];
  for (const [usedPercent, resetsAt] of resets.entries()) {
    const at = clock.now().toISOString();
    tables.history.addSample(MAX, "fiveHour", { at, usedPercent, resetsAt });
    await clock.advance(MINUTE_MS);
  }
  const first = (sinceMs: number, minute = 0) =>
    tables.history.firstSampleOf(MAX, "fiveHour", { sinceMs, resetsAt: resetsAt(minute) })
      ?.usedPercent;
  expect(first(0)).toBe(1);
  expect(first(startMs + MINUTE_MS)).toBe(1);
  expect(first(startMs + MINUTE_MS + 1)).toBe(2);
  expect(first(startMs + 4 * MINUTE_MS)).toBeUndefined();
  expect(first(0, -300)).toBe(0);
  expect(first(0, 300)).toBeUndefined();
});

test("what is older than two days is kept once in a quarter of an hour, and goes after five weeks", async () => {
  for (let minute = 0; minute < 30; minute++) {
    measure(minute);
    await clock.advance(MINUTE_MS);
  }
  await clock.advance(3 * DAY_MS);
  measure(99);
  // Nine o'clock and quarter past nine, each with what was measured last.
  expect(kept()).toEqual([14, 29, 99]);
  await clock.advance(36 * DAY_MS);
  measure(100);
  expect(kept()).toEqual([99, 100]);
  await clock.advance(3 * DAY_MS);
  measure(101);
  expect(kept()).toEqual([100, 101]);
});

test("tokens are told by session and time, once however often an answer is reported", () => {
  const report = (id: string, tokens: number) =>
    tables.setSession(ONE, { context: null, costUsd: null, answer: { id, tokens } }, () => null);
  report("a", 100);
  report("a", 100);
  report("a", 130);
  const later = clock.now().getTime() + 10 * MINUTE_MS;
  clock.jump(10 * MINUTE_MS);
  report("b", 50);
  expect(tables.history.tokensSince(0)).toEqual(new Map([[ONE, 180]]));
  expect(tables.history.tokensSince(later)).toEqual(new Map([[ONE, 50]]));
});

test("a day keeps the most sessions that lived at once", () => {
  tables.history.noteLive(MAX, 2);
  tables.history.noteLive(MAX, 5);
  tables.history.noteLive(MAX, 1);
  clock.jump(DAY_MS);
  tables.history.noteLive(MAX, 3);
  expect([...tables.history.livePeaks(MAX, 0).values()]).toEqual([5, 3]);
  expect([...tables.history.livePeaks(MAX, clock.now().getTime()).values()]).toEqual([3]);
});
