import { expect, test } from "vitest";
import { runAgainst } from "../fake-surroundings.ts";
import { sampleEntry, sampleProject } from "../sample-rows.ts";

const url = "http://127.0.0.1:4242/#code";

const status = {
  core: null,
  profiles: [],
  projects: [],
  sessions: {},
  fleet: { isHalted: false, reason: null, since: "2026-11-21T09:00:00.000Z" },
  health: { isRecovering: false, hostSilence: null },
  locks: [],
  settingsProblems: [
    "/data/config.yaml:2: there is no key agent.",
    "/work/app/.switchyard/config.yaml:1: …",
  ],
};

test("status tells what is wrong with settings, and what holds until then", async () => {
  const handlers = { "app.status": () => status as never };
  const { out } = await runAgainst({ handlers }, "status");
  expect(out).toContain("/data/config.yaml:2: there is no key agent.\n");
  expect(out).toContain("last good settings");
  const right = { "app.status": () => ({ ...status, settingsProblems: [] }) as never };
  expect((await runAgainst({ handlers: right }, "status")).out).not.toContain("settings");
});

test("project show tells what is wrong with its own settings", async () => {
  const handlers = { "app.status": () => status as never, "project.show": () => sampleProject };
  const { out } = await runAgainst({ handlers }, "project", "show");
  expect(out).toContain("/work/app/.switchyard/config.yaml:1");
  expect(out).not.toContain("/data/config.yaml");
});

test("link prints a fresh link to the window, and nothing else", async () => {
  const handlers = { "app.link": () => ({ url }) };
  expect((await runAgainst({ handlers }, "link")).out).toBe(`${url}\n`);
  expect((await runAgainst({ handlers }, "--quiet", "--json", "link")).json()).toEqual({ url });
});

test("link says so where the app serves none, and where none runs", async () => {
  const handlers = { "app.link": () => ({ url: null }) };
  const desktop = await runAgainst({ handlers }, "link");
  expect([desktop.exitCode, desktop.out]).toEqual([3, ""]);
  expect(desktop.err).toContain("serves no link");
  expect((await runAgainst({ isRunning: false }, "link")).exitCode).toBe(4);
});

test("a long reason does not break the table of a list, and show has all of it", async () => {
  const entry = { ...sampleEntry, reason: "the check says much ".repeat(20) };
  const handlers = {
    "project.show": () => sampleProject,
    "queue.list": () => [sampleEntry, entry],
    "queue.show": () => entry,
  };
  const list = await runAgainst({ handlers, isScreen: true }, "queue", "list");
  expect(list.out).toMatch(/much the check… +t-7/);
  expect((await runAgainst({ handlers }, "queue", "list")).out).toContain(entry.reason.trim());
  expect((await runAgainst({ handlers }, "queue", "show", "q-4")).out).toContain(entry.reason);
});
