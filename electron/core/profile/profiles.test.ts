import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { Account, ProbeAnswer, Profile } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { UsageWindow } from "../../../shared/model/usage-window.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import { runProcess } from "../process/run-process.ts";
import { openStore } from "../store/open-store.ts";
import { sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { Profiles, type ProfilesParts } from "./profiles.ts";

const name = (text: string) => ProfileName.parse(text);
const MAX = name("max-1");
const WINDOW = { kind: "window", name: null, resetsAt: null } as const;
const signal = new AbortController().signal;
const account: Account = {
  method: "claude.ai",
  email: "a@b.c",
  organisation: null,
  subscription: "max",
};

let home: string;
let store: Store;
let clock: FakeClock;
let answer: ProbeAnswer | Error;
let signOutFailure: string | null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-profiles-"));
  clock = fakeClock();
  const folder = dataFolder(join(home, "data"));
  prepareDataFolder(folder);
  store = openStore({ folder, clock, mode: "write" });
  answer = { kind: "signed-in", account };
  signOutFailure = null;
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

function open(patch: Partial<ProfilesParts> = {}): Profiles {
  return new Profiles({
    store,
    folderOf: (profile) => join(home, "data", "profiles", profile),
    home,
    dataHome: join(home, "data"),
    clock,
    log: silentLog,
    random: () => 0.5,
    probe: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
    inspectProgram: async () => ({ name: "program", result: "good", detail: "2.1.329", fix: null }),
    requireBrowser: () => undefined,
    copyParts: async () => ({ copied: [], leftOut: [] }),
    launchLogin: async () => {
      throw new Error("no terminal here");
    },
    signOut: async () => signOutFailure,
    ...patch,
  });
}

const kinds = () => store.events.newest(100).map((event) => event.kind);
const stateOf = (profile = MAX) => store.profiles.find(profile)?.state;

function measure(usedPercent: number, resetsInMinutes: number): UsageWindow {
  const now = clock.now();
  return {
    usedPercent,
    resetsAt: new Date(now.getTime() + resetsInMinutes * 60_000).toISOString(),
    measuredAt: now.toISOString(),
    source: "statusline",
  };
}

test("a new profile gets a folder of its own, the cap of its plan, and is asked who it is", async () => {
  const added = await open().add(MAX, { plan: "max" }, signal);
  expect(added).toMatchObject({
    name: "max-1",
    dir: join(home, "data", "profiles", "max-1"),
    cap: 10,
    state: "ready",
    account,
    checkedAt: clock.now().toISOString(),
  });
  expect(kinds()).toEqual(["profile.added", "profile.state"]);
});

test("a program that is missing is a state of the profile, with the way out", async () => {
  answer = new SwitchyardError("executable-missing", "There is no claude.", "Install it.");
  expect(await open().add(MAX, { plan: "max" }, signal)).toMatchObject({
    state: "incident",
    reason: "its sign-in could not be checked: There is no claude. Install it.",
  });
});

test("a program that is none is told when the profile is added, and is not asked who is signed in", async () => {
  const profiles = open({
    inspectProgram: async () => ({
      name: "program",
      result: "bad",
      detail: "/bin/true tells no version.",
      fix: "Name another.",
    }),
  });
  expect(await profiles.add(MAX, { plan: "max", executable: "/bin/true" }, signal)).toMatchObject({
    state: "incident",
    reason: expect.stringContaining("/bin/true tells no version. Name another."),
    account: null,
  });
  await expect(profiles.add(MAX, { plan: "max" }, signal)).rejects.toMatchObject({
    hint: expect.stringContaining("switchyard profile set max-1 --executable"),
  });
});

test("names, folders and variables that cannot be are refused, and leave nothing behind", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max", dir: join(home, "one") }, signal);
  const refused = (added: string, settings: object) =>
    expect(profiles.add(name(added), { plan: "max", ...settings }, signal)).rejects;
  await refused("max-1", {}).toMatchObject({ code: "name-taken" });
  await refused("b", { dir: join(home, "one") }).toThrow(/already belongs to the profile max-1/);
  await refused("MAX-1", {}).toThrow(/already a profile max-1/);
  for (const dir of ["/", home, join(home, "data"), join(home, "data/run")])
    await refused("b", { dir }).toThrow(/belongs to something else/);
  writeFileSync(join(home, "file"), "");
  await refused("b", { dir: join(home, "file/below") }).toThrow(/a file on the way to it/);
  await refused("b", { dir: "relative" }).toThrow(/not an absolute path/);
  await refused("b", { env: { CLAUDE_CONFIG_DIR: "/x" } }).toThrow(/set by Switchyard itself/);
  await profiles.add(name("default"), { plan: "pro", dir: "~/.claude" }, signal);
  await refused("b", { dir: join(home, ".claude") }).toThrow(
    /already belongs to the profile default/,
  );
  expect(store.profiles.list().map((profile) => profile.name)).toEqual(["max-1", "default"]);
});

test("profiles that exist are taken over where they are, with the plan of their login", async () => {
  mkdirSync(join(home, ".claude"));
  mkdirSync(join(home, ".claude-work"));
  const profiles = open();
  expect(await profiles.import({}, signal)).toMatchObject([
    { name: "default", dir: null, plan: "max", cap: 10 },
    { name: "work", dir: join(home, ".claude-work"), plan: "max" },
  ]);
  expect(profiles.find()).toEqual([]);
  mkdirSync(join(home, "elsewhere"));
  const named = await profiles.import({ dirs: ["~/elsewhere"], plan: "pro" }, signal);
  expect(named).toMatchObject([{ name: "elsewhere", plan: "pro", cap: 5 }]);
});

test("nothing is taken over when one of the folders that were named is none", async () => {
  mkdirSync(join(home, "good"));
  writeFileSync(join(home, "file"), "");
  const profiles = open();
  for (const [wrong, message] of [
    ["nope", `There is no folder ${join(home, "nope")}.`],
    ["file", `${join(home, "file")} is a file, not a folder.`],
    ["file/below", `There is no folder ${join(home, "file", "below")}.`],
  ] as const) {
    const dirs = [join(home, "good"), join(home, wrong)];
    await expect(profiles.import({ dirs }, signal)).rejects.toMatchObject({
      code: "not-found",
      message,
    });
  }
  expect(store.profiles.list()).toEqual([]);
});

test("folders that are called alike get names of their own, and one that is named twice is one", async () => {
  const dirs = ["a", "b"].map((parent) => join(home, parent, "work"));
  for (const dir of dirs) mkdirSync(dir, { recursive: true });
  const imported = await open().import({ dirs: [...dirs, `${dirs[0]}/`] }, signal);
  expect(imported.map(({ name, dir }) => [name, dir])).toEqual([
    ["work", dirs[0]],
    ["work-2", dirs[1]],
  ]);
});

test("settings change what they name; secrets stay out of the events", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "pro" }, signal);
  expect(profiles.set(MAX, { plan: "max" })).toMatchObject({ plan: "max", cap: 10 });
  expect(profiles.set(MAX, { cap: 3 })).toMatchObject({ cap: 3 });
  expect(profiles.set(MAX, { plan: "pro" })).toMatchObject({ cap: 3 });
  expect(profiles.set(MAX, { isDisabled: true })).toMatchObject({ state: "disabled" });
  expect(profiles.set(MAX, { env: { KEY: "s3cret" } }).envNames).toEqual(["KEY"]);
  expect(profiles.set(MAX, { env: { OTHER: "x" } }).envNames).toEqual(["KEY", "OTHER"]);
  expect(store.profiles.envOf(MAX)).toEqual({ KEY: "s3cret", OTHER: "x" });
  expect(profiles.set(MAX, { env: { OTHER: "" } }).envNames).toEqual(["KEY"]);
  expect(JSON.stringify(store.events.newest(100))).not.toContain("s3cret");
});

test("a check says what it found, each with its fix", async () => {
  const profiles = open();
  const dir = join(home, "loose");
  mkdirSync(dir, { mode: 0o755 });
  await profiles.add(MAX, { plan: "max", dir }, signal);
  await profiles.add(name("twin"), { plan: "max" }, signal);
  const found = await profiles.check(MAX, signal);
  expect(found.findings).toMatchObject([
    { name: "folder", result: "warning", fix: `chmod 700 ${dir}` },
    { name: "program", result: "good" },
    { name: "sign-in", result: "good", detail: "a@b.c, max, by claude.ai" },
    {
      name: "account",
      result: "warning",
      detail: expect.stringContaining("twin is signed in as a@b.c too"),
    },
  ]);
  answer = { kind: "foreign", method: "api_key", variable: "ANTHROPIC_API_KEY" };
  const foreign = await profiles.check(MAX, signal);
  expect(foreign.profile.state).toBe("incident");
  expect(foreign.findings[2]).toMatchObject({
    result: "bad",
    detail: expect.stringContaining("ANTHROPIC_API_KEY outranks the subscription"),
  });
});

test("a truncated .claude.json is told with the place of its copies", async () => {
  const profiles = open();
  const dir = join(home, "truncated");
  answer = { kind: "broken", why: `Configuration error in ${dir}/.claude.json: JSON Parse error` };
  await profiles.add(MAX, { plan: "max", dir }, signal);
  const { profile, findings } = await profiles.check(MAX, signal);
  expect(profile.reason).toContain(`Configuration error in ${dir}/.claude.json`);
  expect(findings.at(-1)).toMatchObject({
    result: "bad",
    fix: `Mend the file by hand, or restore one of the copies that Claude Code keeps in ${dir}/backups.`,
  });
});

test("a colour and a browser are kept, changed and taken away; a browser that cannot be is refused", async () => {
  const profiles = open({
    requireBrowser: (command) => {
      if (command === "nope") throw new SwitchyardError("executable-missing", "No browser nope.");
    },
  });
  const added = await profiles.add(
    MAX,
    { plan: "max", colour: "teal", browser: "firefox -P work" },
    signal,
  );
  expect(added).toMatchObject({ colour: "teal", browser: "firefox -P work" });
  expect(() => profiles.set(MAX, { browser: "nope" })).toThrow("No browser nope.");
  await expect(
    profiles.add(name("b"), { plan: "max", browser: "nope" }, signal),
  ).rejects.toMatchObject({ code: "executable-missing" });
  expect(profiles.set(MAX, { cap: 3 })).toMatchObject({
    colour: "teal",
    browser: "firefox -P work",
  });
  expect(profiles.set(MAX, { colour: null, browser: "" })).toMatchObject({
    colour: null,
    browser: null,
  });
  expect(store.profiles.list()).toHaveLength(1);
});

test("a wrapper script is taken over as the profile that it starts", async () => {
  const dir = join(home, "a profile");
  mkdirSync(dir);
  const script = join(home, "claude-work");
  writeFileSync(script, `#!/bin/sh\nexport CLAUDE_CONFIG_DIR='${dir}'\nexec /opt/claude "$@"\n`);
  expect(await open().import({ dirs: [script], plan: "max" }, signal)).toMatchObject([
    { name: "work", dir, executable: "/opt/claude" },
  ]);
});

test("nothing is shared with itself or from a profile that is not there, and what was shared is on record", async () => {
  const profiles = open({
    copyParts: async () => ({ copied: ["skills/review"], leftOut: [] }),
  });
  await profiles.add(MAX, { plan: "max" }, signal);
  await profiles.add(name("two"), { plan: "max" }, signal);
  await expect(profiles.share(MAX, MAX, ["skills"])).rejects.toThrow(
    /cannot take over from itself/,
  );
  await expect(profiles.share(MAX, name("gone"), ["skills"])).rejects.toThrow(
    "There is no profile gone.",
  );
  expect(await profiles.share(name("two"), MAX, ["skills"])).toEqual({
    copied: ["skills/review"],
    leftOut: [],
  });
  expect(store.events.newest(1)).toMatchObject([
    { kind: "profile.shared", subject: "two", data: { from: "max-1", copied: ["skills/review"] } },
  ]);
});

test("two profiles with one token are named, without the token", async () => {
  const profiles = open();
  answer = { kind: "signed-in", account: { ...account, method: "oauth_token", email: null } };
  const env = { CLAUDE_CODE_OAUTH_TOKEN: "made-up" };
  await profiles.add(MAX, { plan: "max", env }, signal);
  await profiles.add(name("twin"), { plan: "max", env }, signal);
  await profiles.add(name("other"), { plan: "max", env: { CLAUDE_CODE_OAUTH_TOKEN: "x" } }, signal);
  const { findings } = await profiles.check(MAX, signal);
  expect(findings.filter((finding) => finding.name === "account")).toMatchObject([
    { detail: "twin has the same CLAUDE_CODE_OAUTH_TOKEN: both draw on one set of limits." },
  ]);
  expect(JSON.stringify(findings)).not.toContain("made-up");
});

test("a check without a program asks nobody", async () => {
  const profiles = open({
    inspectProgram: async () => ({
      name: "program",
      result: "bad",
      detail: "none",
      fix: "install",
    }),
  });
  await profiles.add(MAX, { plan: "max" }, signal);
  const { profile, findings } = await profiles.check(MAX, signal);
  expect(profile).toMatchObject({ state: "incident" });
  expect(findings.map((finding) => finding.name)).toEqual(["folder", "program"]);
});

test("ten sessions that lose one login are one incident, until somebody signs in", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  const before = kinds().length;
  for (let session = 0; session < 10; session++)
    profiles.noteAuthFailure(MAX, "OAuth token revoked");
  expect(kinds().length).toBe(before + 1);
  expect((await profiles.recheck(MAX, signal)).state).toBe("signed-out");
  await profiles.afterLogin(MAX, signal);
  expect(stateOf()).toBe("ready");
});

test("who signs in to a profile begins with windows of their own, and rests for nobody else's limit", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  const used = { fiveHour: measure(100, 90), sevenDay: measure(100, 5000) };
  const windows = () => store.profiles.find(MAX)?.windows;
  store.gauges.setWindows(MAX, used);
  profiles.limits.noteLimit(MAX, "You've hit your weekly limit", WINDOW, 0);
  await profiles.afterLogin(MAX, signal);
  expect(store.profiles.find(MAX)).toMatchObject({ state: "resting", windows: used });
  answer = { kind: "signed-in", account: { ...account, email: "d@e.f" } };
  await profiles.afterLogin(MAX, signal);
  expect(stateOf()).toBe("ready");
  expect(windows()).toEqual({ fiveHour: null, sevenDay: null });

  store.gauges.setWindows(MAX, used);
  answer = { kind: "signed-out" };
  await profiles.logout(MAX, signal);
  expect(windows()).toEqual(used);
  answer = { kind: "signed-in", account };
  await profiles.afterLogin(MAX, signal);
  expect(windows()).toEqual({ fiveHour: null, sevenDay: null });
});

test("an answer that comes after that to a later question changes nothing", async () => {
  const early = Promise.withResolvers<ProbeAnswer>();
  let isEarly = false;
  const profiles = open({
    probe: async () => (isEarly ? early.promise : { kind: "signed-in", account }),
  });
  await profiles.add(MAX, { plan: "max" }, signal);
  isEarly = true;
  const asking = profiles.recheck(MAX, signal);
  isEarly = false;
  await profiles.afterLogin(MAX, signal);
  early.resolve({ kind: "signed-out" });
  expect((await asking).state).toBe("ready");
});

test("a profile rests until its window begins anew, and a little longer", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  store.gauges.setWindows(MAX, { fiveHour: measure(100, 90), sevenDay: measure(40, 5000) });
  profiles.limits.noteLimit(MAX, "You've hit your 5-hour limit", WINDOW, 0);
  expect(store.profiles.find(MAX)).toMatchObject({
    state: "resting",
    reason: "You've hit your 5-hour limit",
    restsUntil: "2026-11-21T10:31:00.000Z",
  });
  await clock.advance(90 * 60_000);
  expect(stateOf()).toBe("resting");
  await clock.advance(65_000);
  expect(stateOf()).toBe("ready");
  profiles.limits[Symbol.dispose]();
  expect(clock.pending()).toBe(0);
});

async function restFor90Minutes() {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  store.gauges.setWindows(MAX, { fiveHour: measure(100, 90), sevenDay: measure(40, 5000) });
  profiles.limits.noteLimit(MAX, "You've hit your 5-hour limit", WINDOW, 0);
  return profiles.limits;
}

test.each([
  ["two hours ahead", 2 * 3_600_000],
  ["two hours back", -2 * 3_600_000],
  ["back to 1970", -Date.parse("2026-11-21T09:00:00.000Z")],
])("a rest lasts as long when the clock is set %s", async (_, byMs) => {
  using _limits = await restFor90Minutes();
  await clock.advance(30 * 60_000);
  clock.jump(byMs);
  await clock.advance(60 * 60_000);
  expect(stateOf()).toBe("resting");
  await clock.advance(65_000);
  expect(stateOf()).toBe("ready");
});

test("rests are told in universal time, whatever the zone and its summer time", async () => {
  const zone = process.env.TZ;
  try {
    for (const each of ["America/New_York", "Asia/Kolkata", "UTC"]) {
      process.env.TZ = each;
      using _limits = await restFor90Minutes();
      expect(store.profiles.find(MAX)?.restsUntil).toBe("2026-11-21T10:31:00.000Z");
      store.write("test", () => store.profiles.remove(MAX));
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("a limit that comes before its measurement rests a minute, and learns its end then", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  profiles.limits.noteLimit(MAX, "limit", WINDOW, 0);
  expect(store.profiles.find(MAX)?.restsUntil).toBe("2026-11-21T09:01:07.500Z");
  store.gauges.setWindows(MAX, { fiveHour: measure(100, 90), sevenDay: null });
  profiles.limits.noteWindows(MAX);
  const until = store.profiles.find(MAX)?.restsUntil;
  expect(until).toBe("2026-11-21T10:31:00.000Z");
  const events = kinds().length;
  profiles.limits.noteWindows(MAX);
  profiles.limits.noteLimit(MAX, "limit", WINDOW, 0);
  expect(store.profiles.find(MAX)?.restsUntil).toBe(until);
  expect(kinds().length).toBe(events);
});

test("a throttle rests for seconds, longer each time in a row, and begins anew once a call was answered", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  const restS = async () => {
    const fromMs = clock.now().getTime();
    profiles.limits.noteLimit(MAX, "not your usage limit", { kind: "throttled" }, 0);
    // A second session that is told the same is no second refusal.
    profiles.limits.noteLimit(MAX, "not your usage limit", { kind: "throttled" }, 0);
    const ms = Date.parse(store.profiles.find(MAX)?.restsUntil ?? "") - fromMs;
    await clock.advance(ms + 5_000);
    expect(stateOf()).toBe("ready");
    return ms / 1000;
  };
  expect([await restS(), await restS(), await restS()]).toEqual([11.25, 22.5, 45]);
  profiles.limits.noteAnswered(MAX);
  expect(await restS()).toBe(11.25);
  profiles.limits[Symbol.dispose]();
});

test("words of a limit below a fresh measurement rest a profile for seconds, until it is measured as used up", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  store.gauges.setWindows(MAX, { fiveHour: measure(21, 90), sevenDay: null });
  const resetsAt = "2026-11-21T10:31:00.000Z";
  const refusal = { kind: "window", name: "fiveHour", resetsAt } as const;
  profiles.limits.noteLimit(MAX, "You've hit your 5-hour limit", refusal, 0);
  expect(store.profiles.find(MAX)?.restsUntil).toBe("2026-11-21T09:00:11.250Z");
  await clock.advance(15_000);
  expect(stateOf()).toBe("ready");
  profiles.limits.noteLimit(MAX, "You've hit your 5-hour limit", refusal, 0);
  expect(store.profiles.find(MAX)?.restsUntil).toBe("2026-11-21T09:00:37.500Z");
  store.gauges.setWindows(MAX, { fiveHour: measure(100, 90), sevenDay: null });
  profiles.limits.noteWindows(MAX);
  expect(Date.parse(store.profiles.find(MAX)?.restsUntil ?? "")).toBeGreaterThanOrEqual(
    Date.parse("2026-11-21T10:30:00.000Z"),
  );
  profiles.limits[Symbol.dispose]();
});

test("a spend limit is waited for by nobody: it is an incident until a person asks for a check", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  profiles.limits.noteLimit(MAX, "You've hit your monthly spend limit.", { kind: "spend" }, 0);
  expect(store.profiles.find(MAX)).toMatchObject({
    state: "incident",
    reason: "waiting does not help: You've hit your monthly spend limit.",
    restsUntil: null,
  });
  await clock.advance(24 * 3_600_000);
  expect((await profiles.recheck(MAX, signal)).state).toBe("incident");
  expect((await profiles.check(MAX, signal)).profile.state).toBe("ready");
  profiles.limits[Symbol.dispose]();
});

test("a laptop that slept through a rest wakes to a ready profile", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max" }, signal);
  profiles.limits.noteLimit(MAX, "limit", WINDOW, 0);
  clock.sleep(8 * 3_600_000);
  await clock.advance(5_000);
  expect(stateOf()).toBe("ready");
  profiles.limits[Symbol.dispose]();
});

test("too many sessions at once teach a cap, which grows back when all goes well", async () => {
  const profiles = open();
  profiles.limits.run();
  await profiles.add(MAX, { plan: "max", cap: 3 }, signal);
  startSession();
  startSession();
  const crowded = { kind: "crowded" } as const;
  profiles.limits.noteLimit(MAX, "API Error: Too many concurrent sessions", crowded, 1);
  expect(store.profiles.find(MAX)).toMatchObject({ learnedCap: 1, state: "ready" });
  await clock.advance(31 * 60_000);
  expect(store.profiles.find(MAX)?.learnedCap).toBe(2);
  await clock.advance(31 * 60_000);
  expect(store.profiles.find(MAX)?.learnedCap).toBeNull();
  profiles.limits[Symbol.dispose]();
});

test("a profile whose only session is one too many rests: somebody else uses its login", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max", cap: 3 }, signal);
  startSession();
  profiles.limits.noteLimit(MAX, "Too many concurrent sessions", { kind: "crowded" }, 0);
  expect(store.profiles.find(MAX)).toMatchObject({ learnedCap: 1, state: "resting" });
});

test("nobody is signed out of a profile or removed with it while its sessions run", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  startSession();
  await expect(profiles.logout(MAX, signal)).rejects.toMatchObject({ code: "wrong-state" });
  expect(() => profiles.remove(MAX)).toThrow(/1 running session/);
});

test("signing out is asked about afterwards, not believed", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  answer = { kind: "signed-out" };
  expect((await profiles.logout(MAX, signal)).state).toBe("signed-out");
  signOutFailure = "disk full";
  await expect(profiles.logout(MAX, signal)).rejects.toThrow(/disk full/);
});

test("nothing starts on a profile that is being signed out, and one that stays signed in is ready again", async () => {
  const meanwhile: unknown[] = [];
  const profiles = open({
    signOut: async () => {
      meanwhile.push(stateOf());
      throw new Error("it did not answer within 30 s");
    },
  });
  await profiles.add(MAX, { plan: "max" }, signal);
  await expect(profiles.logout(MAX, signal)).rejects.toThrow(/did not answer/);
  expect(meanwhile).toEqual(["signed-out"]);
  expect(stateOf()).toBe("ready");
});

test("a removed profile leaves its folder", async () => {
  const profiles = open();
  const dir = join(home, "kept");
  mkdirSync(dir);
  await profiles.add(MAX, { plan: "max", dir }, signal);
  expect(profiles.remove(MAX)).toEqual({ keptFolder: dir });
  expect(store.profiles.find(MAX)).toBeUndefined();
  expect(statSync(dir).isDirectory()).toBe(true);
  expect(store.events.newest(1)).toMatchObject([{ data: { keptFolder: dir } }]);
});

test("a wrapper runs the same program in the same folder, and never replaces another script", async () => {
  const profiles = open();
  const bin = join(home, "bin");
  mkdirSync(bin);
  await profiles.add(MAX, { plan: "max", dir: join(home, "it's"), env: { KEY: "s3cret" } }, signal);
  const { file } = profiles.writeWrapper(MAX, "~/bin");
  expect(file).toBe(join(bin, "claude-max-1"));
  expect(statSync(file).mode & 0o777).toBe(0o755);
  const script = readFileSync(file, "utf8");
  expect(script).toContain(`export CLAUDE_CONFIG_DIR='${home}/it'\\''s'`);
  expect(script).toContain("unset ANTHROPIC_API_KEY");
  expect(script).not.toContain("s3cret");
  expect(profiles.writeWrapper(MAX, file)).toEqual({ file });
  writeFileSync(join(bin, "mine"), "#!/bin/sh\n");
  expect(() => profiles.writeWrapper(MAX, join(bin, "mine"))).toThrow(/not written by Switchyard/);
});

test("a wrapper's program meets nothing of the shell that outranks its login, and keeps what is its own", async () => {
  const profiles = open();
  const own = { CLAUDE_CODE_OAUTH_TOKEN: "x" };
  await profiles.add(MAX, { plan: "max", executable: "/usr/bin/env", env: own }, signal);
  await profiles.add(name("plain"), { plan: "pro", executable: "/usr/bin/env" }, signal);
  const shell = {
    ANTHROPIC_API_KEY: "key",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
    CLAUDE_CODE_OAUTH_TOKEN: "token",
    CLAUDE_CODE_USE_BEDROCK: "1",
    EDITOR: "vi",
  };
  const left = async (profile: ProfileName) => {
    const { file } = profiles.writeWrapper(profile, `~/bin/claude-${profile}`);
    const place = { cwd: home, env: { PATH: "/usr/bin:/bin", ...shell }, signal };
    const { stdout } = await runProcess(file, [], { ...place, timeoutMs: 10_000 });
    const names = stdout.split("\n").map((line) => line.split("=")[0] ?? "");
    return Object.keys(shell).filter((each) => names.includes(each));
  };
  expect(await left(MAX)).toEqual(["CLAUDE_CODE_OAUTH_TOKEN", "EDITOR"]);
  expect(await left(name("plain"))).toEqual(["EDITOR"]);
});

test("a wrapper's folder is made when it is missing, and one that cannot be is told", async () => {
  const profiles = open();
  await profiles.add(MAX, { plan: "max" }, signal);
  const script = "claude-max-1";
  for (const out of ["~/bin", "~/tools/", "~/deep/er/"])
    expect(profiles.writeWrapper(MAX, out)).toEqual({
      file: join(home, out.slice(2), script),
    });
  expect(profiles.writeWrapper(MAX, "~/new/cw")).toEqual({ file: join(home, "new", "cw") });
  for (const out of ["~/new/cw/below", "~/new/cw/"])
    expect(() => profiles.writeWrapper(MAX, out)).toThrow(/cannot be written \((ENOTDIR|EEXIST)\)/);
});

test("an unknown profile is an error that names it", () => {
  expect(() => open().require(name("gone"))).toThrow("There is no profile gone.");
});

function startSession(): Profile["live"] {
  store.write("test", () => {
    store.sessions.insert(sampleSession({ profile: MAX, project: null, task: null }));
  });
  return store.profiles.find(MAX)?.live ?? 0;
}

test("conversations stay where they are until that is changed, and nothing is put into the person's own folder", async () => {
  const profiles = open();
  expect((await profiles.add(MAX, { plan: "max" }, signal)).moves).toBe("none");
  expect(profiles.set(MAX, { moves: "both" }).moves).toBe("both");
  expect(profiles.set(MAX, { cap: 3 }).moves).toBe("both");
  const own = { plan: "max", dir: "~/.claude" } as const;
  await expect(profiles.add(name("own"), { ...own, moves: "both" }, signal)).rejects.toThrow(
    "own is your own ~/.claude, which no conversation is put into.",
  );
  expect((await profiles.add(name("own"), { ...own, moves: "out" }, signal)).moves).toBe("out");
  expect(() => profiles.set(name("own"), { moves: "in" })).toThrow("your own ~/.claude");
  expect(profiles.require(name("own")).moves).toBe("out");
});
