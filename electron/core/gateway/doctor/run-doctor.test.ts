import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { tryWorktree } from "../../git/try-worktree.ts";
import { type DoctorParts, runDoctor, TERMINAL_WORD } from "./run-doctor.ts";

const disk = statfsSync(tmpdir());
const healthy: DoctorParts = {
  machine: {
    platform: "darwin",
    nodeVersion: "24.21.0",
    home: "/home/ann",
    coreSocket: "/home/ann/core.sock",
    now: new Date("2026-11-21T12:00:00Z"),
    newestAt: null,
    readText: () => null,
    disk: {
      blockBytes: disk.bsize,
      blocks: 1e9,
      freeBlocks: 9e8,
      files: 0,
      freeFiles: 0,
      type: 0,
    },
    processes: null,
    tryWatch: () => null,
    findProgram: () => null,
  },
  git: {
    probe: async () => ({ version: "2.50.0", service: "full" }),
    hasIdentity: async () => true,
    tryWorktree: () => tryWorktree(new AbortController().signal),
  },
  hooks: {
    node: { file: "/bin/true", env: {} },
    shim: "shim",
    gateShim: "gate",
    env: {},
    signal: new AbortController().signal,
  },
  settings: {
    problems: [],
    keys: { problem: null, conflicts: [] },
    isGateOff: false,
    sandboxed: [],
    whyNoSandbox: null,
    unasked: [],
    unknownProfiles: [{ place: "your settings", names: [] }],
    refused: [{ project: "app", rules: [] }],
  },
  profiles: [],
  inspectClaude: async () => ({ name: "Claude Code", result: "good", detail: "", fix: null }),
  checkProfile: async () => [],
  hostSilence: null,
  tryTerminal: async () => TERMINAL_WORD,
  findOrphans: () => [],
  projects: [],
  findOddRepositories: async () => [],
  findProposing: async () => [],
  findLostWorktrees: async () => [],
};

/** What is wrong, but for the hooks, which have tests of their own. */
async function complaints(own: Partial<DoctorParts>) {
  const findings = await runDoctor({ ...healthy, ...own });
  return findings
    .filter(({ name, result }) => result !== "good" && name !== "Hooks" && name !== "Gate")
    .map(({ name, result }) => `${name}: ${result}`);
}

test("a terminal host that does not answer is told with since when and what to do, and asked nothing", async () => {
  const findings = await runDoctor({
    ...healthy,
    hostSilence: { since: "2026-11-21T11:59:00.000Z", pid: 4711 },
    tryTerminal: () => new Promise(() => {}),
  });
  const told = findings.find(({ name }) => name === "Terminal host");
  expect(told?.result).toBe("bad");
  expect(told?.detail).toContain("(process 4711) has not answered since 2026-11-21T11:59:00.000Z");
  expect(told?.fix).toContain("kill -9 4711");
});

test("a repository and a worktree that were moved are findings with the command that finds them again", async () => {
  const findings = await runDoctor({
    ...healthy,
    projects: [
      { name: "app", path: "/old/app", isThere: false },
      { name: "lib", path: "/lib", isThere: true },
    ],
    findLostWorktrees: async () => [
      { task: "t-1", was: "/wt/t-1", now: "/wt/t-1-moved" },
      { task: "t-2", was: "/wt/t-2", now: null },
    ],
  });
  const places = findings.filter(({ name }) => name === "Repositories and worktrees");
  expect(places.map(({ result, fix }) => [result, fix])).toEqual([
    ["bad", "If it was moved: switchyard project move app NEW-PATH"],
    ["warning", "switchyard worktree repair t-1"],
    ["warning", "If it was moved: switchyard worktree repair t-2 --at NEW-PATH"],
  ]);
});

test("without a profile nothing else is missing", async () => {
  expect(await complaints({})).toEqual(["Profiles: warning"]);
});

test("each thing that is wrong is a finding of its own", async () => {
  const { git } = healthy;
  const wrong = await complaints({
    git: {
      ...git,
      hasIdentity: async () => false,
      tryWorktree: async () => {
        throw new Error("no space left");
      },
    },
    tryTerminal: async () => {
      throw new Error("the module was compiled against another Node.js");
    },
    settings: {
      problems: ["config.yaml:3: worktrees.copy: write a list"],
      keys: {
        problem: "keys.yaml:2: keys.palette: it is not right",
        conflicts: [{ keys: "F8", wins: "palette", loses: ["reply"] }],
      },
      isGateOff: true,
      sandboxed: ["app"],
      whyNoSandbox: "Install it.",
      refused: [],
      unknownProfiles: [],
      unasked: [{ project: "app", mode: "auto", until: "2026-11-21T17:00:00.000Z", refusal: null }],
    },
    findOrphans: () => [4711],
  });
  expect(wrong).toEqual([
    "git: warning",
    "Worktrees: bad",
    "Terminal host: bad",
    "Settings: bad",
    "Gate of workers: warning",
    "Permissions of app: warning",
    "Sandbox: bad",
    "Keys: bad",
    "Keys: warning",
    "Left-over processes: warning",
    "Profiles: warning",
  ]);
});

test("rules of a repository that are not taken are named, with where they would be", async () => {
  const refused = [{ project: "app", rules: ["Bash", "WebFetch"] }];
  const findings = await runDoctor({
    ...healthy,
    settings: { ...healthy.settings, refused },
  });
  const told = findings.find(({ name }) => name === "Permissions of app");
  expect(told?.result).toBe("warning");
  expect(told?.detail).toContain("Bash, WebFetch");
  expect(told?.fix).toContain("agents.worker.allow");
});

test("profiles that pools or weights name and nobody has are told with where they stand", async () => {
  const unknownProfiles = [
    { place: "your settings", names: ["max-9"] },
    { place: "app", names: [] },
  ];
  const findings = await runDoctor({
    ...healthy,
    settings: { ...healthy.settings, unknownProfiles },
  });
  expect(findings.filter(({ name }) => name === "Placement")).toEqual([
    expect.objectContaining({ result: "warning", detail: expect.stringContaining("max-9") }),
  ]);
});

test("a git that is too old, or not there, is bad", async () => {
  const { git } = healthy;
  const old = { ...git, probe: async () => ({ version: "2.30.1", service: "none" as const }) };
  expect(await complaints({ git: old })).toContain("git: bad");
  const slow = { ...git, probe: async () => ({ version: "2.34.1", service: "limited" as const }) };
  expect(await complaints({ git: slow })).toContain("git: warning");
  const probe = async () => {
    throw new Error("git is not installed");
  };
  expect(await complaints({ git: { ...git, probe } })).toContain("git: bad");
});
