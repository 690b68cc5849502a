import { expect, test } from "vitest";
import { emptyMirror, type MirrorRows } from "../../shared/contract/mirror-rows.ts";
import { Ask } from "../../shared/model/ask.ts";
import { Profile } from "../../shared/model/profile.ts";
import type { UsageWindow } from "../../shared/model/usage-window.ts";
import { nextTrayTurnMs, TOOLTIP_MAX, wordTray } from "./word-tray.ts";

/** At ten in the morning, wherever this runs: the words are in the person's own time. */
const nowMs = new Date(2026, 10, 21, 10).getTime();
const MINUTE_MS = 60_000;
const at = (minutes: number) => new Date(nowMs + minutes * MINUTE_MS).toISOString();
const clock = (minutes: number) =>
  new Date(nowMs + minutes * MINUTE_MS).toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
  });
const usage = (usedPercent: number, more: Partial<UsageWindow> = {}): UsageWindow => ({
  usedPercent,
  resetsAt: at(125),
  measuredAt: at(-3),
  source: "statusline",
  ...more,
});
const profile = (name: string, more: Partial<Profile> = {}): Profile => ({
  ...Profile.parse({
    name,
    provider: "claude",
    plan: "max",
    dir: null,
    cap: 10,
    learnedCap: null,
    executable: null,
    colour: null,
    browser: null,
    envNames: [],
    state: "ready",
    reason: null,
    restsUntil: null,
    account: null,
    checkedAt: null,
    live: 3,
    moves: "none",
    windows: { fiveHour: null, sevenDay: null },
    order: 1,
  }),
  ...more,
});
const ask = Ask.parse({
  id: "a-1",
  kind: "permission",
  session: "s-1",
  task: null,
  project: null,
  profile: "max-1",
  tool: "Bash",
  summary: "npm install",
  detail: "npm install",
  why: null,
  questions: [],
  state: "open",
  note: null,
  openedAt: at(-1),
  closedAt: null,
});
const rows = (more: Partial<MirrorRows>): MirrorRows => ({ ...emptyMirror, ...more });
const labels = (of: MirrorRows | null) =>
  wordTray(of, nowMs).items.map((item) => (item.kind === "line" ? "—" : item.label.trim()));

test("each profile has its slots and its windows with their ends, told as moments that stay true", () => {
  const burn = { percentPerHour: 58, overMinutes: 30, runsOutAt: at(57) };
  const max = profile("max-1", { windows: { fiveHour: usage(41.6, { burn }), sevenDay: null } });
  expect(labels(rows({ profiles: [max] }))).toEqual([
    "Nothing waits for you",
    "—",
    "max-1: 3 of 10 sessions",
    `Five hours: 42 %, used up at ${clock(57)}, resets at ${clock(125)}`,
    "Week: not known yet",
    "—",
    "Stop all…",
  ]);
});

test("several profiles have a total, in the order in which they are filled", () => {
  const first = profile("b", { windows: { fiveHour: usage(40), sevenDay: null } });
  const second = profile("a", { order: 2, learnedCap: 4 });
  const told = labels(rows({ profiles: [second, first] }));
  expect(told.slice(2, 6)).toEqual([
    "All: 6 of 14 sessions",
    "Five hours: 40 % on average, 1 of 2 known",
    "Week: not known yet",
    "—",
  ]);
  expect(told.filter((label) => label.endsWith("sessions"))).toEqual([
    "All: 6 of 14 sessions",
    "b: 3 of 10 sessions",
    "a: 3 of 4 (learned) sessions",
  ]);
});

test("a profile that is signed out has its sign-in below its name", () => {
  const out = profile("max-1", { state: "signed-out", live: 0 });
  const { items } = wordTray(rows({ profiles: [out] }), nowMs);
  expect(items).toContainEqual({
    kind: "entry",
    label: "max-1: 0 of 10 sessions, signed out",
    place: { kind: "profile", name: "max-1" },
  });
  expect(items).toContainEqual({
    kind: "entry",
    label: "    Sign in to max-1…",
    place: { kind: "sign-in", name: "max-1" },
  });
});

test("what needs the person is first, counted in the title, and the shape of the icon", () => {
  const words = wordTray(rows({ profiles: [profile("max-1")], asks: [ask] }), nowMs);
  expect(words).toMatchObject({ shape: "triangle", title: "1 · 3/10" });
  expect(words.items[0]).toEqual({
    kind: "entry",
    label: "1 needs you",
    place: { kind: "inbox" },
  });
  expect(words.tooltip).toBe("1 needs you\n3 of 10 sessions\nmax-1 3 of 10");
});

test("while everything is stopped the tray says so and leads to where it goes on", () => {
  const fleet = [{ isHalted: true, reason: null, since: at(-1) }];
  const words = wordTray(rows({ fleet }), nowMs);
  expect(words.shape).toBe("square");
  expect(labels(rows({ fleet }))).toEqual([
    "Everything is stopped",
    "Nothing waits for you",
    "—",
    "No profiles yet",
    "—",
    "Resume…",
  ]);
  expect(wordTray(rows({ fleet, asks: [ask] }), nowMs).shape).toBe("triangle");
});

test("without a core there is nothing to say but that", () => {
  expect(labels(null)).toEqual(["No connection to Switchyard"]);
});

test("a tooltip ends with a whole line before Windows would cut it", () => {
  const profiles = Array.from({ length: 9 }, (_, n) =>
    profile(`a-long-profile-name-${n}`, {
      order: n,
      windows: { fiveHour: usage(40), sevenDay: usage(9) },
    }),
  );
  const { tooltip } = wordTray(rows({ profiles }), nowMs);
  expect(tooltip.length).toBeLessThanOrEqual(TOOLTIP_MAX);
  expect(tooltip.split("\n").slice(-2)).toEqual([
    "a-long-profile-name-0 3 of 10, 5h 40 %, wk 9 %",
    "…",
  ]);
});

test("the words turn by themselves only when a window ends, its rate is too old, or a day does", () => {
  const turn = (fiveHour: UsageWindow | null) =>
    nextTrayTurnMs([profile("p", { windows: { fiveHour, sevenDay: null } })], nowMs);
  const burn = { percentPerHour: 58, overMinutes: 30, runsOutAt: at(20) };
  expect(turn(null)).toBeNull();
  expect(turn(usage(40, { resetsAt: at(-5) }))).toBeNull();
  expect(turn(usage(40, { resetsAt: at(30) }))).toBe(nowMs + 30 * MINUTE_MS);
  expect(turn(usage(40, { burn }))).toBe(nowMs + 20 * MINUTE_MS);
  expect(turn(usage(40))).toBe(nowMs + 57 * MINUTE_MS + 1);
  const midnight = new Date(2026, 10, 22).getTime();
  const sevenDay = usage(40, { measuredAt: at(-90), resetsAt: at(20 * 60) });
  const week = profile("p", { windows: { fiveHour: null, sevenDay } });
  expect(nextTrayTurnMs([week], nowMs)).toBe(midnight);
});
