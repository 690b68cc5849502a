import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IPty, spawn } from "node-pty";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createScriptedModel,
  type ScriptedModel,
} from "../scripted-model/create-scripted-model.ts";
import { writeMarker } from "../scripted-model/read-marker.ts";
import type { ScriptStep } from "../scripted-model/step.ts";
import { STAND_IN } from "./find-claude.ts";

let folder: string;
let work: string;
let profile: string;
let model: ScriptedModel;
let app: Server;
let url: string;
/** Events of hooks and status lines, and calls of tools, in the order in which they came. */
let told: { readonly path: string; readonly [key: string]: unknown }[];
const running: IPty[] = [];

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stand-in-")));
  work = join(folder, "work");
  profile = join(folder, "profile");
  mkdirSync(work);
  model = createScriptedModel({ scenario: { unified: { five_hour: { utilization: 0.4 } } } });
  await model.listen(0);
  told = [];
  app = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    told.push({ ...body, path: request.url });
    answer(request.url ?? "", body, response);
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const address = app.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings()));
  const servers = { switchyard: { type: "http", url: `${url}/mcp` } };
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: servers }));
});
afterEach(async () => {
  for (const session of running.splice(0)) session.kill("SIGKILL");
  await model.close();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

test("plays a task: tools, hooks, status line, transcript, and leaves with 143 when told", async () => {
  const session = start(
    ["--session-id", ID],
    [
      { write: { path: "a.txt", content: "one\n" } },
      { edit: { path: "a.txt", old: "one", new: "two" } },
      { bash: "git --version && pwd" },
      { mcp: { server: "switchyard", tool: "task_done", input: { summary: "done" } } },
      { say: "All done." },
    ],
  );
  await expect.poll(() => events(), PATIENCE).toContain("Stop");
  expect(readFileSync(join(work, "a.txt"), "utf8")).toBe("two\n");
  await expect.poll(() => session.status(), PATIENCE).toBe("idle");
  const call = told.find((each) => each.method === "tools/call");
  expect(call?.params).toEqual({ name: "task_done", arguments: { summary: "done" } });
  expect(events().slice(0, 4)).toEqual([
    "SessionStart",
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolUse",
  ]);
  await expect
    .poll(() => told.findLast((each) => each.path === "/status"), PATIENCE)
    .toMatchObject({ session_id: ID, rate_limits: { five_hour: { used_percentage: 40 } } });

  session.pty.kill("SIGTERM");
  expect(await session.exitCode).toBe(143);
  expect(events().at(-1)).toBe("SessionEnd");
  expect(readdirSync(join(profile, "sessions"))).toEqual([]);
}, 20_000);

test("goes on with a conversation, and refuses one that is not there or there already", async () => {
  const first = start(["--session-id", ID], [{ say: "First." }]);
  await expect.poll(() => events(), PATIENCE).toContain("Stop");
  first.pty.write("\x1b[200~/exit\x1b[201~\r");
  expect(await first.exitCode).toBe(0);

  expect(await start(["--session-id", ID], []).exitCode).toBe(1);
  expect(await start(["--resume", "00000000-0000-4000-8000-000000000000"], []).exitCode).toBe(1);

  told.length = 0;
  const again = start(["--resume", ID], [{ say: "Second." }]);
  await expect.poll(() => events(), PATIENCE).toContain("Stop");
  expect(told.find((each) => each.hook_event_name === "SessionStart")?.source).toBe("resume");
  again.pty.write("\x1b[200~A typed message\x1b[201~\r");
  await expect
    .poll(() => told.filter((each) => each.prompt === "A typed message"), PATIENCE)
    .toHaveLength(1);
}, 30_000);

test("asks before it runs what is not allowed, and the one at the terminal may say yes", async () => {
  const session = start(["--session-id", ID], [{ bash: "touch asked" }, { say: "Done." }]);
  await expect.poll(() => session.status(), PATIENCE).toBe("waiting");
  await expect.poll(() => events(), PATIENCE).toContain("PermissionRequest");
  session.pty.write("1");
  await expect.poll(() => events(), PATIENCE).toContain("Stop");
  expect(existsSync(join(work, "asked"))).toBe(true);
}, 20_000);

test("ends an interrupted turn without a hook", async () => {
  const session = start(["--session-id", ID], [{ hang: true }]);
  await expect.poll(() => model.state().live, PATIENCE).toBe(1);
  session.pty.write("\x1b");
  await expect.poll(() => session.status(), PATIENCE).toBe("idle");
  expect(events()).not.toContain("Stop");
}, 20_000);

test("ended in the middle of a turn it does not become idle first", async () => {
  const session = start(["--session-id", ID], [{ hang: true }]);
  await expect.poll(() => model.state().live, PATIENCE).toBe(1);
  const said: unknown[] = [];
  const watch = setInterval(() => said.push(session.status()), 1);
  session.pty.kill("SIGHUP");
  await session.exitCode;
  clearInterval(watch);
  expect(said).not.toContain("idle");
}, 20_000);

test("reports spent usage as Claude Code does", async () => {
  start(["--session-id", ID], [{ error: 429, limit: "five_hour" }]);
  await expect
    .poll(() => told.find((each) => each.hook_event_name === "StopFailure"), PATIENCE)
    .toMatchObject({ error: "rate_limit" });
}, 20_000);

test("can end at once", async () => {
  expect(await start(["--session-id", ID], [], "exit-at-once:7").exitCode).toBe(7);
});

test("can say that its conversation is there already", async () => {
  const session = start(["--session-id", ID], [], "id-in-use");
  expect(await session.exitCode).toBe(1);
  expect(session.output()).toContain("is already in use");
});

test("can leave children behind that have left its session", async () => {
  const seconds = 86_000 + (process.pid % 1000);
  const session = start(["--session-id", ID], [{ hang: true }], `children:${seconds}`);
  const find = () => execFileSync("pgrep", ["-fx", `sleep ${seconds}`], { encoding: "utf8" });
  await expect.poll(() => countLines(find), PATIENCE).toBe(3);
  for (const pid of find().trim().split("\n")) process.kill(Number(pid), "SIGKILL");
  session.pty.kill("SIGKILL");
}, 20_000);

test("can crash after a tool call, without a hook and with its session file left behind", async () => {
  const steps = [{ bash: "true" }, { say: "never" }];
  await start(["--session-id", ID], steps, "crash-after:1").exitCode;
  expect(events()).toContain("PostToolUse");
  expect(events()).not.toContain("SessionEnd");
  expect(readdirSync(join(profile, "sessions"))).toHaveLength(1);
});

test("can flood its terminal", async () => {
  const session = start(["--session-id", ID], [], "flood:300000");
  await expect.poll(() => session.output().length, PATIENCE).toBeGreaterThan(300_000);
}, 20_000);

test("can work without telling its hooks", async () => {
  const session = start(["--session-id", ID], [{ say: "Quietly." }], "no-hooks");
  await expect.poll(() => session.output(), PATIENCE).toContain("Quietly.");
  session.pty.kill("SIGTERM");
  expect(await session.exitCode).toBe(143);
  expect(events()).toEqual([]);
}, 20_000);

test("can be deaf to SIGTERM", async () => {
  const session = start(["--session-id", ID], [{ say: "Here." }], "ignore-term");
  await expect.poll(() => events(), PATIENCE).toContain("Stop");
  session.pty.kill("SIGTERM");
  session.pty.write("\x1b[200~Still there?\x1b[201~\r");
  await expect
    .poll(() => told.filter((each) => each.prompt === "Still there?"), PATIENCE)
    .toHaveLength(1);
}, 20_000);

test("tells who is signed in, signs in with the right code only, and signs out", async () => {
  expect(await auth("status")).toMatchObject({
    code: 1,
    out: expect.stringContaining('"loggedIn": false'),
  });
  const opened = join(folder, "opened");
  const browser = join(folder, "browser");
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`, { mode: 0o700 });

  expect((await auth("login", "wrong\n", { BROWSER: browser })).code).toBe(1);
  await expect
    .poll(() => existsSync(opened) && readFileSync(opened, "utf8"), PATIENCE)
    .toContain("state=");
  const good = await auth("login", "good-code\n");
  expect(good).toMatchObject({ code: 0, out: expect.stringContaining("https://claude.com/") });
  const signedIn = await auth("status");
  expect(JSON.parse(signedIn.out)).toMatchObject({ loggedIn: true, authMethod: "claude.ai" });
  await auth("logout");
  expect((await auth("status")).code).toBe(1);
}, 30_000);

const ID = "11111111-1111-4111-8111-111111111111";
const PATIENCE = { timeout: 10_000 };

/** 0 when the program that finds them finds none. */
function countLines(find: () => string): number {
  try {
    return find().trim().split("\n").length;
  } catch {
    return 0;
  }
}

function events(): readonly unknown[] {
  return told.map((each) => each.hook_event_name).filter((name) => name !== undefined);
}

function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: folder, CLAUDE_CONFIG_DIR: profile, ...more };
}

function start(flags: readonly string[], steps: readonly ScriptStep[], fault = "") {
  const files = [
    "--settings",
    join(folder, "settings.json"),
    "--mcp-config",
    join(folder, "mcp.json"),
  ];
  const allowed = ["--strict-mcp-config", "--allowedTools", "mcp__switchyard__*", "Bash(git *)"];
  const prompt = ["--", `Do it. ${writeMarker(steps)}`];
  const mode = ["-n", "worker", "--permission-mode", "acceptEdits"];
  const pty = spawn(STAND_IN, [...flags, ...mode, ...files, ...allowed, ...prompt], {
    cwd: work,
    env: environment({
      ANTHROPIC_BASE_URL: model.url,
      CLAUDE_CODE_OAUTH_TOKEN: "made-up",
      STAND_IN_FAULT: fault,
    }),
  });
  running.push(pty);
  let output = "";
  pty.onData((piece) => {
    output += piece;
  });
  const exitCode = new Promise<number>((resolve) => pty.onExit((exit) => resolve(exit.exitCode)));
  const file = join(profile, "sessions", `${pty.pid}.json`);
  const status = () => existsSync(file) && JSON.parse(readFileSync(file, "utf8")).status;
  return { pty, exitCode, status, output: () => output };
}

function auth(action: string, input = "", more: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    const child = execFile(STAND_IN, ["auth", action], { env: environment(more) }, (error, out) =>
      resolve({ code: error ? Number(error.code) : 0, out }),
    );
    child.stdin?.end(input);
  });
}

function settings(): object {
  const http = [{ hooks: [{ type: "http", url: `${url}/hook`, timeout: 5 }] }];
  const post = (path: string) => {
    const script = `let t="";process.stdin.on("data",d=>t+=d).on("end",()=>fetch("${url}/${path}",{method:"POST",body:t}))`;
    return `${process.execPath} -e '${script}'`;
  };
  const names = ["UserPromptSubmit", "PreToolUse", "PostToolUse", "PermissionRequest", "Stop"];
  return {
    hooks: {
      SessionStart: [{ hooks: [{ type: "command", command: post("hook"), timeout: 5 }] }],
      ...Object.fromEntries([...names, "StopFailure", "SessionEnd"].map((name) => [name, http])),
    },
    statusLine: { type: "command", command: post("status") },
  };
}

/** Tool calls are answered as an event stream, everything else as JSON. */
function answer(
  path: string,
  message: { readonly id?: number; readonly method?: string },
  response: import("node:http").ServerResponse,
): void {
  const reply = (result: object) => JSON.stringify({ jsonrpc: "2.0", id: message.id, result });
  if (path !== "/mcp") response.end("{}");
  else if (message.id === undefined) response.writeHead(202).end();
  else if (message.method === "tools/list") response.end(reply({ tools: [{ name: "task_done" }] }));
  else if (message.method === "tools/call") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const result = { content: [{ type: "text", text: "Accepted." }] };
    response.end(`: ping\n\ndata: ${reply(result)}\n\n`);
  } else response.end(reply({}));
}
