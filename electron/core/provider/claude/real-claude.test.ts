// The real Claude Code against the scripted model: what the rest of this room believes of it is asked here.
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "node-pty";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanTier } from "../../../../shared/model/profile.ts";
import { systemClock } from "../../base/clock.ts";
import { startTicks } from "../../base/process-identity.ts";
import { type OwnedProcess, startOwnedProcess } from "../../process/owned-process.ts";
import { runProcess } from "../../process/run-process.ts";
import type { EvidenceEvent, Gauge } from "../evidence.ts";
import { findLoginLink, planLogin, probeAccount, signOut } from "./claude-auth.ts";
import { ClaudeVersions } from "./claude-executable.ts";
import { ClaudeLevels } from "./claude-levels.ts";
import { planClaudeEnvironment } from "./plan-claude-environment.ts";
import { planClaudeLaunch } from "./plan-claude-launch.ts";
import { prepareClaudeProfile } from "./prepare-claude-profile.ts";
import { readClaudeSignal } from "./read-claude-signal.ts";
import { type SessionFiles, writeSessionFiles } from "./write-session-files.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const program = process.platform === "win32" ? "claude.exe" : "claude";
const claude = join(
  checkout,
  `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/${program}`,
);
const modelProgram = join(checkout, "demo/scripted-model/main.ts");
const missing = [claude, modelProgram].find((file) => !existsSync(file));
if (missing)
  console.warn(`The tests with the real Claude Code are skipped: there is no ${missing}.`);

const TOKEN = "t0ken-of-the-real-sessions";
const PATH = "/usr/local/bin:/usr/bin:/bin";

let folder: string;
let home: string;
let repository: string;
let worktree: string;
let modelUrl: string;
let ownToken: Readonly<Record<string, string>>;
let port: number;
let files: SessionFiles;
const ending = new AbortController();
const cleanUp: (() => unknown)[] = [];

/** What reached us since the last launch. Whoever waits for something looks at each arrival. */
let evidence: EvidenceEvent[] = [];
let gauges: Gauge[] = [];
let toolCalls: unknown[] = [];
const waiting = new Set<() => void>();

function until<T>(look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const tryNow = () => {
      const found = look();
      if (found === undefined) return;
      waiting.delete(tryNow);
      resolve(found);
    };
    waiting.add(tryNow);
    tryNow();
  });
}

function arrived() {
  for (const look of [...waiting]) look();
}

const heard = <K extends EvidenceEvent["kind"]>(kind: K) =>
  until(() =>
    evidence.find((event): event is Extract<EvidenceEvent, { kind: K }> => event.kind === kind),
  );

describe.skipIf(missing !== undefined)("the real Claude Code", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard real ")));
    home = join(folder, "home");
    mkdirSync(home);
    cleanUp.push(() => rmSync(folder, { recursive: true, maxRetries: 5 }));
    await makeRepository();
    modelUrl = await startModel();
    ownToken = {
      ANTHROPIC_BASE_URL: modelUrl,
      CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-scripted-one",
    };
    port = await serveHost();
    const node = { file: process.execPath, env: {} };
    const shim = fileURLToPath(new URL("./signal-shim.ts", import.meta.url));
    files = writeSessionFiles({ folder: join(folder, "session"), port, token: TOKEN, node, shim });
  });

  afterAll(async () => {
    ending.abort();
    for (const work of cleanUp.toReversed()) await work();
  });

  test("tells its version", async () => {
    const version = await new ClaudeVersions().of(
      claude,
      environment(join(folder, "none")),
      ending.signal,
    );
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("says who is signed in, and what would be billed instead", async () => {
    const dir = join(folder, "probed");
    const probe = (own: Readonly<Record<string, string>>, plan: PlanTier = "max") =>
      probeAccount({ executable: claude, env: environment(dir, own), plan }, ending.signal);
    expect(await probe({})).toEqual({ kind: "signed-out" });
    expect(await probe(ownToken)).toMatchObject({
      kind: "signed-in",
      account: { method: "oauth_token" },
    });
    const key = { ANTHROPIC_API_KEY: "sk-ant-api03-scripted" };
    expect(await probe(key)).toEqual({
      kind: "foreign",
      method: "api_key",
      variable: "ANTHROPIC_API_KEY",
    });
    expect(await probe(key, "api")).toMatchObject({ kind: "signed-in" });
    expect(await probe({ CLAUDE_CODE_USE_BEDROCK: "1" })).toMatchObject({
      kind: "foreign",
      variable: "CLAUDE_CODE_USE_BEDROCK",
    });
    expect(await probe({ ...ownToken, ANTHROPIC_AUTH_TOKEN: "of-a-gateway" })).toMatchObject({
      kind: "foreign",
      variable: "ANTHROPIC_AUTH_TOKEN",
    });
    const settings = join(dir, "settings.json");
    writeFileSync(settings, JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: "of-a-gateway" } }));
    expect(await probe({})).toMatchObject({
      kind: "foreign",
      variable: `ANTHROPIC_AUTH_TOKEN in ${settings}`,
    });
    rmSync(settings);
    const config = join(dir, ".claude.json");
    writeFileSync(config, '{"projects": {"/a"');
    expect(await probe({})).toMatchObject({
      kind: "broken",
      why: expect.stringContaining(`Configuration error in ${config}`),
    });
    expect(readFileSync(config, "utf8")).toBe('{"projects": {"/a"');
  });

  test("starts in a worktree with no question asked, signals all that happens, and goes on later", async () => {
    const dir = join(folder, "worker profile");
    const prepared = await prepareClaudeProfile(
      { dir, home, checkout: repository },
      systemClock,
      ending.signal,
    );
    expect(prepared).toEqual({ kind: "ready", isChanged: true });

    const conversation = randomUUID();
    const steps = [
      { bash: "git status" },
      { mcp: { server: "switchyard", tool: "task_done", input: { summary: "s" } } },
      { say: "done" },
    ];
    const message = `/not-a-command ${script(steps)}`;
    await using first = launch(dir, { conversation, isResumed: false, firstMessage: message });
    const levels = watchLevels(dir, first.pty.pid);

    await heard("session-ready");
    expect(await heard("prompt-accepted")).toMatchObject({
      prompt: ` ${message}`,
      isSynthetic: false,
    });
    expect(await heard("turn-ended")).toMatchObject({
      lastMessage: "done",
      hasBackgroundWork: false,
    });
    expect(evidence.filter(({ kind }) => kind === "tool-started")).toMatchObject([
      { tool: "Bash", summary: "git status" },
      { tool: "mcp__switchyard__task_done" },
    ]);
    expect(evidence.some(({ kind }) => kind === "permission-asked")).toBe(false);
    expect(toolCalls).toMatchObject([{ name: "task_done", arguments: { summary: "s" } }]);
    const gauge = await until(() => gauges.findLast(({ context }) => context !== null));
    expect(gauge.context?.tokens).toBeGreaterThan(0);
    await until(() => levels.find(({ signal }) => signal === "level:busy"));
    await until(() => (levels.at(-1)?.signal === "level:idle" ? true : undefined));
    expectNoSecretIn(first.pty.pid);
    await first.end();
    expect(await heard("session-ending")).toMatchObject({ reason: "other" });

    const again = `Go on. ${script([{ say: "went on" }])}`;
    await using second = launch(dir, { conversation, isResumed: true, firstMessage: again });
    expect(await heard("turn-ended")).toMatchObject({ lastMessage: "went on" });
    await second.end();
  });

  test("a spent limit is told as one, with the time when it ends", async () => {
    const dir = join(folder, "limited");
    await prepareClaudeProfile({ dir, home, checkout: repository }, systemClock, ending.signal);
    const firstMessage = script([{ error: 429, limit: "five_hour", resets_in: 5400, times: 9 }]);
    await using session = launch(dir, {
      conversation: randomUUID(),
      isResumed: false,
      firstMessage,
    });
    expect(await heard("turn-failed")).toMatchObject({ error: "rate-limit" });
    const fiveHour = await until(
      () => gauges.findLast(({ windows }) => windows?.fiveHour)?.windows?.fiveHour,
    );
    expect(fiveHour?.usedPercent).toBe(100);
    await session.end();
  });

  test("a permission is asked for without the way into automatic modes, and Esc is seen by the level alone", async () => {
    const dir = join(folder, "asking");
    await prepareClaudeProfile({ dir, home, checkout: repository }, systemClock, ending.signal);
    const firstMessage = script([{ bash: `touch '${folder}/elsewhere'` }, { say: "x" }]);
    await using session = launch(dir, {
      conversation: randomUUID(),
      isResumed: false,
      firstMessage,
    });
    const levels = watchLevels(dir, session.pty.pid);
    expect(await heard("permission-asked")).toMatchObject({ tool: "Bash" });
    await until(() => (levels.at(-1)?.signal === "level:waiting" ? true : undefined));
    await until(() => (/No/.test(session.printed()) ? true : undefined));
    expect(session.printed()).not.toMatch(/auto ?mode/i);
    session.pty.write("\u001b");
    await until(() => (levels.at(-1)?.signal === "level:idle" ? true : undefined));
    expect(evidence.some(({ kind }) => kind === "turn-ended" || kind === "turn-failed")).toBe(
      false,
    );
    await session.end();
  });

  test("trust is added while sessions of the profile run, and none of it is lost", async () => {
    const dir = join(folder, "shared");
    const prepare = (checkout: string) =>
      prepareClaudeProfile({ dir, home, checkout }, systemClock, ending.signal);
    await prepare(repository);
    await using session = launch(dir, {
      conversation: randomUUID(),
      isResumed: false,
      firstMessage: "Hello.",
    });
    const others = Array.from({ length: 10 }, (_, number) => `/repos/${number}`);
    for (const other of others) await prepare(other);
    await heard("turn-ended");
    await session.end();
    const { projects } = JSON.parse(readFileSync(join(dir, ".claude.json"), "utf8"));
    for (const other of [repository, ...others]) {
      expect(projects[other], other).toMatchObject({ hasTrustDialogAccepted: true });
    }
  });

  test("a sign-in hands its link over, prints the same for the hand, and signing out works", async () => {
    const dir = join(folder, "login");
    const login = planLogin("max", files.openLinkFile);
    await using session = open(dir, login.args, login.env);
    const { url } = await heard("link-offered");
    expect(new URL(url).searchParams.get("redirect_uri")).toMatch(
      /^http:\/\/localhost:\d+\/callback$/,
    );
    const printed = await until(() => findLoginLink(session.printed()) ?? undefined);
    expect(new URL(printed).searchParams.get("state")).toBe(new URL(url).searchParams.get("state"));
    await session.end();
    expect(
      await signOut({ executable: claude, env: environment(dir), plan: "max" }, ending.signal),
    ).toBeNull();
  });
});

/** What makes the scripted model play these steps. */
function script(steps: readonly object[]): string {
  return `[[script: ${JSON.stringify(steps)}]]`;
}

function environment(
  dir: string,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // Nothing of a test may look for anything outside of this machine.
  const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" };
  return {
    PATH,
    HOME: home,
    LANG: "C.UTF-8",
    ...quiet,
    ...planClaudeEnvironment({ dir, env: own }),
  };
}

function launch(
  dir: string,
  how: {
    readonly conversation: string;
    readonly isResumed: boolean;
    readonly firstMessage: string;
  },
) {
  const { args, env } = planClaudeLaunch({
    dir,
    env: ownToken,
    name: "W1",
    model: null,
    permissionMode: "acceptEdits",
    allow: ["Bash(git *)"],
    appendSystemPrompt: null,
    settingsFile: files.settingsFile,
    mcpFile: files.mcpFile,
    ...how,
  });
  return open(dir, args, env);
}

/** A terminal with the program in it; ended with it. */
function open(dir: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  evidence = [];
  gauges = [];
  toolCalls = [];
  let printed = "";
  const pty: IPty = spawn(claude, [...args], {
    cwd: worktree,
    cols: 120,
    rows: 40,
    env: { ...environment(dir), ...env },
  });
  pty.onData((text) => {
    printed += text;
    arrived();
  });
  const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  let isOver = false;
  const end = async () => {
    if (!isOver) pty.kill("SIGTERM");
    isOver = true;
    await exited;
  };
  return { pty, printed: () => printed, end, [Symbol.asyncDispose]: end };
}

function watchLevels(dir: string, pid: number): readonly EvidenceEvent[] {
  const levels: EvidenceEvent[] = [];
  const target = { dir, pid, startTicks: startTicks(pid) };
  const onLevel = (level: EvidenceEvent) => {
    levels.push(level);
    arrived();
  };
  new ClaudeLevels(systemClock, home).watch(target, onLevel, ending.signal);
  return levels;
}

/** What every user of the machine can read of a process. */
function expectNoSecretIn(pid: number) {
  if (process.platform !== "linux") return;
  for (const name of ["cmdline", "environ"]) {
    expect(readFileSync(`/proc/${pid}/${name}`, "utf8"), name).not.toContain(TOKEN);
  }
}

async function makeRepository() {
  repository = join(folder, "repo");
  worktree = join(folder, "worktrees", "t-1");
  mkdirSync(repository);
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  const git = (...args: string[]) =>
    runProcess("git", args, {
      cwd: repository,
      env: { PATH, HOME: home },
      timeoutMs: 20_000,
      signal: ending.signal,
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git(...identity, "commit", "--quiet", "--allow-empty", "-m", "start");
  await git("worktree", "add", "--quiet", "-b", "work", worktree);
}

async function startModel(): Promise<string> {
  const model: OwnedProcess = startOwnedProcess(process.execPath, [modelProgram], {
    cwd: folder,
    env: { PATH },
    stdio: ["ignore", "pipe", "inherit"],
    timeoutMs: 600_000,
    signal: new AbortController().signal,
  });
  cleanUp.push(() => {
    model.stop("abort");
    return model.ended;
  });
  const [line] = await new Promise<string[]>((resolve) =>
    model.child.stdout?.once("data", (chunk: Buffer) => resolve([chunk.toString()])),
  );
  return JSON.parse(line ?? "").listening;
}

/** What the terminal host does for a session, as little of it as these tests need. */
async function serveHost(): Promise<number> {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const kind = request.url?.replace(`/s/${TOKEN}/`, "");
    response.setHeader("content-type", "application/json");
    if (kind === "mcp") {
      if (request.method !== "POST") return response.writeHead(405).end();
      return answerTool(JSON.parse(text), (status, body) => response.writeHead(status).end(body));
    }
    // What is asked is held until somebody answers it, and here nobody does.
    if (kind !== "ask") response.end("{}");
    if (kind !== "hook" && kind !== "ask" && kind !== "status-line" && kind !== "open-link") return;
    const reading = readClaudeSignal({
      at: new Date().toISOString(),
      kind: kind === "ask" ? "hook" : kind,
      body: JSON.parse(text),
    });
    evidence.push(...reading.evidence);
    if (reading.gauge) gauges.push(reading.gauge);
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port;
}

interface ToolMessage {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string };
}

function answerTool(message: ToolMessage, answer: (status: number, body?: string) => void) {
  const { id, method, params } = message;
  if (id === undefined) return answer(202);
  if (method === "tools/call") toolCalls.push(params);
  const schema = { type: "object", properties: { summary: { type: "string" } } };
  const results: Record<string, object> = {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "switchyard", version: "0" },
    },
    "tools/list": {
      tools: [{ name: "task_done", description: "Ends the task.", inputSchema: schema }],
    },
    "tools/call": { content: [{ type: "text", text: "accepted" }] },
  };
  const result = results[method];
  const error = { code: -32601, message: "not known" };
  answer(200, JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error }) }));
}
