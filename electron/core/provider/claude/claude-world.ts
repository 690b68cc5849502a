// The real Claude Code in a terminal, against the scripted model and a small host: for tests of what this room believes of it.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "node-pty";
import type { UnaskedMode } from "../../../../shared/model/permission-mode.ts";
import { systemClock } from "../../base/clock.ts";
import { startTicks } from "../../base/process-identity.ts";
import { startOwnedProcess } from "../../process/owned-process.ts";
import { runProcess } from "../../process/run-process.ts";
import type { EvidenceEvent, Gauge } from "../evidence.ts";
import { ClaudeLevels } from "./claude-levels.ts";
import { planClaudeEnvironment } from "./plan-claude-environment.ts";
import { type ClaudeLaunchInput, planClaudeLaunch } from "./plan-claude-launch.ts";
import { prepareClaudeProfile } from "./prepare-claude-profile.ts";
import { readClaudeSignal } from "./read-claude-signal.ts";
import {
  type SessionFiles,
  type SessionGate,
  type SessionLocksFile,
  type SessionSandbox,
  writeSessionFiles,
} from "./write-session-files.ts";

const TOKEN = "t0ken-of-the-real-sessions";
const PATH = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const program = process.platform === "win32" ? "claude.exe" : "claude";
const modelProgram = join(checkout, "demo/scripted-model/main.ts");
const shim = fileURLToPath(new URL("./signal-shim.ts", import.meta.url));

/** Where the real program is when it is installed. */
export const realClaude = join(
  checkout,
  `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/${program}`,
);
export const isRealClaudeMissing = !existsSync(realClaude);

/** A question that the program holds open. */
export interface HeldAsk {
  readonly body: Readonly<Record<string, unknown>>;
  isDropped: boolean;
  answer(body: string): void;
}

export interface ClaudeRun extends AsyncDisposable {
  readonly pty: IPty;
  readonly levels: readonly Extract<EvidenceEvent, { kind: "status-level" }>[];
  printed(): string;
  end(): Promise<void>;
}

/** One temporary repository with a worktree, one scripted model, one host; sessions are run in it one after another. */
export class ClaudeWorld implements AsyncDisposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard asks ")));
  readonly worktree = join(this.folder, "worktrees", "t-1");
  /** What reached the host since the last launch. */
  evidence: EvidenceEvent[] = [];
  gauges: Gauge[] = [];
  asks: HeldAsk[] = [];
  /** The addresses below the session's own that were asked for at least once, ever. */
  readonly reached = new Set<string>();
  readonly #home = join(this.folder, "home");
  readonly #repository = join(this.folder, "repo");
  readonly #ending = new AbortController();
  readonly #cleanUp: (() => unknown)[] = [];
  readonly #waiting = new Set<() => void>();
  #files: SessionFiles | null = null;
  #modelUrl = "";
  #port = 0;

  static async open(): Promise<ClaudeWorld> {
    const world = new ClaudeWorld();
    mkdirSync(world.#home);
    await world.#makeRepository();
    await world.#startModel();
    world.#port = await world.#serveHost();
    world.setGate(null);
    return world;
  }

  /** Sessions launched from now on have this gate; gives the settings they read. */
  setGate(
    gate: SessionGate | null,
    nodeFile = process.execPath,
    acceptedMode: UnaskedMode | null = null,
    isSandboxed = false,
    locks: SessionLocksFile | null = null,
  ): string {
    const node = { file: nodeFile, env: {} };
    const folder = join(this.folder, "session");
    this.#files = writeSessionFiles({
      folder,
      port: this.#port,
      token: TOKEN,
      node,
      shim,
      gate,
      acceptedMode,
      locks,
      sandbox: isSandboxed ? this.#sandbox() : null,
    });
    return this.#files.settingsFile;
  }

  #sandbox(): SessionSandbox {
    const sharedGitDir = join(this.#repository, ".git");
    const gitDir = join(sharedGitDir, "worktrees", basename(this.worktree));
    return { sharedGitDir, gitDir, worktree: this.worktree, target: "main" };
  }

  url() {
    return this.#modelUrl;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    for (const work of this.#cleanUp.toReversed()) await work();
    rmSync(this.folder, { recursive: true, maxRetries: 5 });
  }

  /** Resolves once `look` finds something; it looks whenever anything arrives. */
  until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const tryNow = () => {
        const found = look();
        if (found === undefined) return;
        this.#waiting.delete(tryNow);
        resolve(found);
      };
      this.#waiting.add(tryNow);
      tryNow();
    });
  }

  heard<K extends EvidenceEvent["kind"]>(kind: K): Promise<Extract<EvidenceEvent, { kind: K }>> {
    const isOfKind = (event: EvidenceEvent): event is Extract<EvidenceEvent, { kind: K }> =>
      event.kind === kind;
    return this.until(() => this.evidence.find(isOfKind));
  }

  /** Starts a session whose model plays these steps. */
  async launch(
    steps: readonly object[],
    more: Partial<ClaudeLaunchInput> = {},
    own: Readonly<Record<string, string>> = {},
  ): Promise<ClaudeRun> {
    if (!this.#files) throw new Error("the world is not open yet");
    const dir = join(this.folder, "profile");
    const trusted = { dir, home: this.#home, checkout: this.#repository };
    await prepareClaudeProfile(trusted, systemClock, this.#ending.signal);
    const { args, env } = planClaudeLaunch({
      dir,
      env: {
        ANTHROPIC_BASE_URL: this.#modelUrl,
        CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-scripted-one",
        ...own,
      },
      name: "W1",
      conversation: randomUUID(),
      isResumed: false,
      model: null,
      permissionMode: "acceptEdits",
      allow: ["Bash(git *)"],
      appendSystemPrompt: null,
      settingsFile: this.#files.settingsFile,
      mcpFile: this.#files.mcpFile,
      firstMessage: script(steps),
      ...more,
    });
    return this.#run(dir, args, env);
  }

  #run(dir: string, args: readonly string[], own: Readonly<Record<string, string>>): ClaudeRun {
    this.evidence = [];
    this.gauges = [];
    this.asks = [];
    let printed = "";
    // Root may bypass permissions only where this says that nothing can be harmed: the tests' own folders.
    const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" };
    const env = {
      PATH,
      HOME: this.#home,
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      ...quiet,
      ...planClaudeEnvironment({ dir, env: {} }),
      ...own,
    };
    const pty = spawn(realClaude, [...args], { cwd: this.worktree, cols: 120, rows: 40, env });
    pty.onData((text) => {
      printed += text;
      this.#arrived();
    });
    const levels: Extract<EvidenceEvent, { kind: "status-level" }>[] = [];
    const target = { dir, pid: pty.pid, startTicks: startTicks(pty.pid) };
    const onLevel = (level: EvidenceEvent) => {
      if (level.kind === "status-level") levels.push(level);
      this.#arrived();
    };
    const watching = new AbortController();
    new ClaudeLevels(systemClock, this.#home).watch(target, onLevel, watching.signal);
    const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
    let isOver = false;
    const end = async () => {
      if (!isOver) pty.kill("SIGTERM");
      isOver = true;
      await exited;
      watching.abort();
    };
    return { pty, levels, printed: () => printed, end, [Symbol.asyncDispose]: end };
  }

  #arrived(): void {
    for (const look of [...this.#waiting]) look();
  }

  async #makeRepository(): Promise<void> {
    mkdirSync(this.#repository);
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    const git = (...args: string[]) =>
      runProcess("git", args, {
        cwd: this.#repository,
        env: { PATH, HOME: this.#home },
        timeoutMs: 20_000,
        signal: this.#ending.signal,
      });
    await git("init", "--quiet", "--initial-branch=main");
    await git(...identity, "commit", "--quiet", "--allow-empty", "-m", "start");
    await git("worktree", "add", "--quiet", "-b", "work", this.worktree);
  }

  async #startModel(): Promise<void> {
    const model = startOwnedProcess(process.execPath, [modelProgram], {
      cwd: this.folder,
      env: { PATH },
      stdio: ["ignore", "pipe", "inherit"],
      timeoutMs: 1_800_000,
      signal: new AbortController().signal,
    });
    this.#cleanUp.push(() => {
      model.stop("abort");
      return model.ended;
    });
    const [line] = await new Promise<string[]>((resolve) =>
      model.child.stdout?.once("data", (chunk: Buffer) => resolve([chunk.toString()])),
    );
    this.#modelUrl = JSON.parse(line ?? "").listening;
  }

  /** What the terminal host does for a session, as little of it as these tests need. */
  async #serveHost(): Promise<number> {
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const kind = request.url?.replace(`/s/${TOKEN}/`, "");
      response.setHeader("content-type", "application/json");
      this.reached.add(kind ?? "");
      if (kind === "mcp") return response.writeHead(405).end();
      const body = JSON.parse(text);
      if (kind === "ask" || kind === "gate") this.#hold(body, response);
      else response.end("{}");
      if (kind === "hook" || kind === "ask" || kind === "status-line") {
        const told = kind === "ask" ? "hook" : kind;
        const reading = readClaudeSignal({ at: new Date().toISOString(), kind: told, body });
        this.evidence.push(...reading.evidence);
        if (reading.gauge) this.gauges.push(reading.gauge);
      }
      this.#arrived();
    });
    server.timeout = 0;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#cleanUp.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    // A listening TCP server has an address with a port.
    return (server.address() as AddressInfo).port;
  }

  #hold(body: HeldAsk["body"], response: ServerResponse): void {
    const held: HeldAsk = { body, isDropped: false, answer: (text) => void response.end(text) };
    response.on("close", () => {
      held.isDropped = !response.writableEnded;
      this.#arrived();
    });
    this.asks.push(held);
  }
}

/** What makes the scripted model play these steps. */
export function script(steps: readonly object[]): string {
  return `[[script: ${JSON.stringify(steps)}]]`;
}
