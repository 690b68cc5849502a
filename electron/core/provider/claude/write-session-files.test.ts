import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProcess } from "../../process/run-process.ts";
import { type SessionFiles, writeSessionFiles } from "./write-session-files.ts";

const TOKEN = "t0ken-that-is-a-secret-of-this-session";
const SHIM = fileURLToPath(new URL("./signal-shim.ts", import.meta.url));

let folder: string;
let server: Server;
let received: { path: string; body: string }[];
/** Set to let requests hang. */
let isSilent: boolean;
let files: SessionFiles;

beforeEach(async () => {
  // A space and a quote in the path: both are in some people's home folders.
  folder = mkdtempSync(join(tmpdir(), "it's a session "));
  received = [];
  isSilent = false;
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ path: request.url ?? "", body });
    if (!isSilent) response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const node = { file: process.execPath, env: { SOME_SWITCH: "it's on" } };
  files = writeSessionFiles({ folder, port, token: TOKEN, node, shim: SHIM });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const run = (file: string, args: readonly string[], input = "") =>
  runProcess(file, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    input,
  });

function readSettings() {
  return JSON.parse(readFileSync(files.settingsFile, "utf8"));
}

test("everything that holds the token is this user's alone", () => {
  for (const name of readdirSync(folder)) {
    expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
  }
  expect(statSync(files.openLinkFile).mode & 0o777).toBe(0o700);
});

test("no command holds the token, where others could read it in a list of processes", () => {
  const { statusLine, hooks } = readSettings();
  expect(statusLine.command).not.toContain(TOKEN);
  expect(hooks.SessionStart[0].hooks[0].command).not.toContain(TOKEN);
  expect(readFileSync(files.openLinkFile, "utf8")).not.toContain(TOKEN);
});

test("automatic modes are switched off for everybody who sits at the terminal", () => {
  expect(readSettings()).toMatchObject({
    autoCompactEnabled: false,
    disableAutoMode: "disable",
    permissions: { disableBypassPermissionsMode: "disable" },
  });
});

test("a sandbox refuses what it cannot confine, and lets commits reach what all worktrees share", () => {
  expect(readSettings().sandbox).toBeUndefined();
  const node = { file: process.execPath, env: {} };
  const sharedGitDir = join(folder, "repo");
  const gitDir = join(sharedGitDir, "worktrees/t-1");
  const worktree = join(folder, "t-1");
  mkdirSync(join(sharedGitDir, "refs/heads"), { recursive: true });
  mkdirSync(gitDir, { recursive: true });
  mkdirSync(worktree);
  const there = ["repo/HEAD", "repo/refs/heads/main", "t-1/.git"];
  const links = ["repo/worktrees/t-1/commondir", "repo/worktrees/t-1/gitdir"];
  for (const name of [...there, ...links]) writeFileSync(join(folder, name), "");
  const sandbox = { sharedGitDir, gitDir, worktree, target: "main" };
  files = writeSessionFiles({ folder, port: 1, token: TOKEN, node, shim: SHIM, sandbox });
  expect(readSettings().sandbox).toEqual({
    enabled: true,
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    network: { allowedDomains: ["127.0.0.1:1"] },
    filesystem: {
      allowWrite: [sharedGitDir],
      // Of the others only what is there: an empty `commondir` in its place would break the repository.
      denyWrite: [
        "repo/hooks",
        "repo/config",
        "repo/config.worktree",
        "repo/HEAD",
        "repo/refs/heads/main",
        ...links,
        "t-1/.git",
      ].map((name) => join(folder, name)),
    },
  });
});

test("the hook command hands its input over and says nothing", async () => {
  const { command } = readSettings().hooks.SessionStart[0].hooks[0];
  const ended = await run("/bin/sh", ["-c", command], '{"hook_event_name":"SessionStart"}');
  expect(ended.stdout + ended.stderr).toBe("");
  expect(received).toEqual([
    { path: `/s/${TOKEN}/hook`, body: '{"hook_event_name":"SessionStart"}' },
  ]);
});

test("the status line is empty, and handed over", async () => {
  const ended = await run("/bin/sh", ["-c", readSettings().statusLine.command], '{"cost":{}}');
  expect(ended.stdout).toBe("\n");
  expect(received).toEqual([{ path: `/s/${TOKEN}/status-line`, body: '{"cost":{}}' }]);
});

test("a link to open is handed over as one argument, whatever it holds", async () => {
  const link = "https://claude.com/cai/oauth/authorize?code=true&state=a'b$(c)";
  await run(files.openLinkFile, [link]);
  expect(received).toEqual([
    { path: `/s/${TOKEN}/open-link`, body: JSON.stringify({ url: link }) },
  ]);
});

test("a host that is gone or hangs fails no session and does not hold it up", async () => {
  isSilent = true;
  const hanging = await run("/bin/sh", ["-c", readSettings().statusLine.command], "{}");
  expect(hanging).toMatchObject({ exitCode: 0, stdout: "\n" });
  rmSync(join(folder, "address"));
  const gone = await run("/bin/sh", ["-c", readSettings().statusLine.command], "{}");
  expect(gone).toMatchObject({ exitCode: 0, stdout: "\n" });
});

test("a session with a gate has its calls looked at by a hook that fails closed; one without has none", () => {
  expect(readSettings().hooks.PreToolUse).toHaveLength(1);
  const rules = {
    worktree: folder,
    branch: null,
    home: folder,
    temp: [],
    protected: [],
    patterns: [],
    except: [],
  };
  const node = { file: process.execPath, env: {} };
  const gate = { shim: "/shim.cjs", rules };
  files = writeSessionFiles({ folder, port: 1, token: TOKEN, node, shim: SHIM, gate });
  const [, gated] = readSettings().hooks.PreToolUse;
  expect(gated.hooks).toMatchObject([
    { type: "command", command: expect.stringMatching(/ \|\| exit 2$/), onFailure: "block" },
  ]);
  expect(gated.hooks[0].command).not.toContain(TOKEN);
  const isLookedAt = (tool: string) => new RegExp(gated.matcher).test(tool);
  expect(["Bash", "Write", "mcp__db__query"].filter(isLookedAt)).toHaveLength(3);
  expect(["Read", "BashOutput", "mcp__switchyard__task_done"].filter(isLookedAt)).toEqual([]);
});

test("a mode in which nothing is asked is in reach only of a session that was accepted to run in it", () => {
  const node = { file: process.execPath, env: {} };
  const plain = { folder, port: 1, token: TOKEN, node, shim: SHIM };
  files = writeSessionFiles({ ...plain, acceptedMode: "bypassPermissions" });
  expect(readSettings()).toMatchObject({ disableAutoMode: "disable" });
  expect(readSettings().permissions).toBeUndefined();
  files = writeSessionFiles({ ...plain, acceptedMode: "auto" });
  expect(readSettings().disableAutoMode).toBeUndefined();
  expect(readSettings().permissions).toEqual({ disableBypassPermissionsMode: "disable" });
});
