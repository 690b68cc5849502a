import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { prepareClaudeProfile } from "./prepare-claude-profile.ts";

let home: string;
let dir: string;
const signal = new AbortController().signal;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-profile-"));
  dir = join(home, "profiles", "max-1");
});
afterEach(() => rmSync(home, { recursive: true }));

const prepare = (checkout = "/repos/app", folder: string | null = dir) =>
  prepareClaudeProfile({ dir: folder, home, checkout }, systemClock, signal);

function readConfig(folder = dir) {
  return JSON.parse(readFileSync(join(folder, ".claude.json"), "utf8"));
}

function writeConfig(content: string) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, ".claude.json"), content, { mode: 0o600 });
}

test("a new profile is this user's alone and knows the project", async () => {
  expect(await prepare()).toEqual({ kind: "ready", isChanged: true });
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir, ".claude.json")).mode & 0o777).toBe(0o600);
  expect(readConfig()).toEqual({
    hasCompletedOnboarding: true,
    projects: { "/repos/app": { hasTrustDialogAccepted: true } },
  });
  expect(existsSync(join(dir, "settings.json"))).toBe(false);
  expect(existsSync(join(dir, ".claude.json.lock"))).toBe(false);
});

test("what is there stays", async () => {
  writeConfig(
    '{"numStartups":7,"projects":{"/repos/app":{"lastCost":1},"/other":{"a":[1]}},"x":null}',
  );
  await prepare();
  expect(readConfig()).toEqual({
    numStartups: 7,
    projects: {
      "/repos/app": { lastCost: 1, hasTrustDialogAccepted: true },
      "/other": { a: [1] },
    },
    x: null,
    hasCompletedOnboarding: true,
  });
});

test("nothing is written when nothing is missing", async () => {
  await prepare();
  utimesSync(join(dir, ".claude.json"), 1, 1);
  expect(await prepare()).toEqual({ kind: "ready", isChanged: false });
  expect(await prepare("/repos/app/packages/deep")).toEqual({ kind: "ready", isChanged: false });
  expect(statSync(join(dir, ".claude.json")).mtimeMs).toBe(1000);
});

test.each(["{ broken", "", "[]", '"text"'])(
  "a file that holds %j is left as it is",
  async (content) => {
    writeConfig(content);
    await expect(prepare()).rejects.toMatchObject({
      code: "settings-invalid",
      message: expect.stringContaining(".claude.json was left as it is"),
      hint: expect.stringContaining("backups"),
    });
    expect(readFileSync(join(dir, ".claude.json"), "utf8")).toBe(content);
  },
);

test("projects asked for at once are all there afterwards", async () => {
  const checkouts = Array.from({ length: 8 }, (_, number) => `/repos/${number}`);
  await Promise.all(checkouts.map((checkout) => prepare(checkout)));
  expect(Object.keys(readConfig().projects)).toEqual(checkouts);
});

test("a program that holds the lock is waited for", async () => {
  writeConfig("{}");
  const lock = join(dir, ".claude.json.lock");
  mkdirSync(lock);
  const clock = {
    ...fakeClock(new Date().toISOString()),
    wait: async () => rmSync(lock, { recursive: true }),
  };
  const input = { dir, home, checkout: "/repos/app" };
  expect(await prepareClaudeProfile(input, clock, signal)).toEqual({
    kind: "ready",
    isChanged: true,
  });
});

test("a lock that a program left behind is broken", async () => {
  writeConfig("{}");
  const lock = join(dir, ".claude.json.lock");
  mkdirSync(lock);
  utimesSync(lock, 1, 1);
  expect(await prepare()).toEqual({ kind: "ready", isChanged: true });
  expect(existsSync(lock)).toBe(false);
});

test("a lock that is held on and on is an error with a way out", async () => {
  writeConfig("{}");
  mkdirSync(join(dir, ".claude.json.lock"));
  const clock = fakeClock(new Date().toISOString());
  const input = { dir, home, checkout: "/repos/app" };
  const stuck = prepareClaudeProfile(
    input,
    { ...clock, wait: (ms) => clock.advance(ms), now: () => new Date(0) },
    signal,
  );
  await expect(stuck).rejects.toMatchObject({
    code: "failed",
    hint: expect.stringContaining("remove"),
  });
});

test("a file that is a link stays one", async () => {
  writeConfig('{"kept":true}');
  const real = join(home, "real.json");
  renameSync(join(dir, ".claude.json"), real);
  symlinkSync(real, join(dir, ".claude.json"));
  await prepare();
  expect(lstatSync(join(dir, ".claude.json")).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(real, "utf8"))).toMatchObject({
    kept: true,
    hasCompletedOnboarding: true,
  });
});

test("the default profile is never written; a person is told what to do", async () => {
  expect(await prepare("/repos/app", null)).toMatchObject({
    kind: "needs-person",
    fix: expect.stringContaining("Run claude once in /repos/app"),
  });
  expect(existsSync(join(home, ".claude.json"))).toBe(false);
  const trusted = {
    hasCompletedOnboarding: true,
    projects: { "/repos": { hasTrustDialogAccepted: true } },
  };
  writeFileSync(join(home, ".claude.json"), JSON.stringify(trusted));
  expect(await prepare("/repos/app", null)).toEqual({ kind: "ready", isChanged: false });
});
