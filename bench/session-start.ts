import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { spawn } from "node-pty";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { writeMarker } from "../demo/scripted-model/read-marker.ts";
import { cliProgram } from "../e2e/app-access.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { buildEnvironment } from "../electron/core/process/session-environment.ts";
import { planClaudeLaunch } from "../electron/core/provider/claude/plan-claude-launch.ts";
import { writeSessionFiles } from "../electron/core/provider/claude/write-session-files.ts";
import { Signal } from "../shared/contract/host-contract.ts";
import { unpackTerminalFrame } from "../shared/contract/terminal-frame.ts";
import { isLive } from "../shared/model/session.ts";
import { listenForHooks } from "./hook-listener.ts";
import { type Bench, figure } from "./measure.ts";
import { type BenchApp, openApp } from "./open-app.ts";

const RUNS = 7;
const RUN_LIMIT_MS = 60_000;
const MESSAGE = `Say that you are there.\n\n${writeMarker([{ say: "I am here." }])}`;
const PROFILE = "max-1";
const PROJECT = "timetable";

/** Milliseconds from where the clock was started. */
interface Start {
  readonly process: number;
  readonly firstByte: number;
  readonly firstHook: number;
}

/** How long a ready task waits for the first byte and the first hook of Claude Code, beside the same program started bare. */
export const sessionStart: Bench = {
  name: "session-start",
  async run({ note, signal }) {
    await using app = await openApp();
    await using demo = await prepareDemo({ folder: app.home.workFolder });
    const profile = demo.profiles.find((each) => each.name === PROFILE);
    if (!profile) throw new Error(`the demo has no profile ${PROFILE}`);
    const { executable, env } = profile;
    await app.client.call("profile.add", { name: PROFILE, plan: "max", executable, env });
    await app.client.call("profile.check", { name: PROFILE });
    const place = { path: demo.project.path, name: PROJECT, target: demo.project.target };
    await app.client.call("project.add", { ...place, withoutChecks: true, approve: "auto" });

    const inApp: Start[] = [];
    const bare: Start[] = [];
    // The first of each only warms up.
    for (let run = 0; run <= RUNS; run++) {
      note(`run ${run} of ${RUNS}`);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(RUN_LIMIT_MS)]);
      const one = await startByTask(app, limit);
      const other = await startBare(app, { executable, env, cwd: place.path }, limit);
      if (run > 0) {
        inApp.push(one);
        bare.push(other);
      }
    }
    const what = demo.claude.isReal ? "Claude Code" : "the stand-in";
    return [
      figure(
        "task ready to its process started",
        "ms",
        inApp.map((each) => each.process),
      ),
      figure(
        `task ready to the first byte of ${what}`,
        "ms",
        inApp.map((each) => each.firstByte),
        { what: "bare spawn", runs: bare.map((each) => each.firstByte) },
      ),
      figure(
        `task ready to the first hook of ${what}`,
        "ms",
        inApp.map((each) => each.firstHook),
        { what: "bare spawn", runs: bare.map((each) => each.firstHook) },
      ),
    ];
  },
};

async function startByTask({ client, view, home }: BenchApp, signal: AbortSignal): Promise<Start> {
  const task = await client.call("task.create", {
    project: PROJECT,
    title: "Start",
    body: MESSAGE,
  });
  // Without a plan and with nothing to wait for it is ready as it is made.
  const readyAt = Date.parse(task.createdAt);
  const session = await view.startOf(task.id, signal);
  const processAt = Date.now();
  const { stream } = await client.call("terminal.attach", { session: session.id, isFocused: true });
  const firstByteAt = await new Promise<number>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    const stop = client.onStream(stream, (bytes) => {
      if (!holdsOutput(bytes)) return;
      stop();
      resolve(Date.now());
    });
  });
  await client.call("terminal.detach", { stream });

  await view.until(
    () => view.sessions.get(session.id)?.evidence.find((each) => each.signal.startsWith("hook:")),
    signal,
  );
  const journal = path.join(dataFolder(home.folder).sessionDir(session.id), "signals.jsonl");
  const signals = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  const hook = signals.map((line) => Signal.parse(JSON.parse(line))).find(isHook);
  if (!hook) throw new Error(`${session.id} has evidence of a hook that is not in its journal`);

  await client.call("task.cancel", { task: task.id });
  await view.until(() => {
    const now = view.sessions.get(session.id);
    return now && !isLive(now.state) ? now : null;
  }, signal);
  return {
    process: processAt - readyAt,
    firstByte: firstByteAt - readyAt,
    firstHook: Date.parse(hook.at) - readyAt,
  };
}

function isHook({ kind }: Signal): boolean {
  return kind === "hook";
}

/** The first frame is a copy of a screen that may still be empty: its offset tells. */
function holdsOutput(frame: Uint8Array): boolean {
  const unpacked = unpackTerminalFrame(frame);
  return unpacked?.kind === "output" || (unpacked?.kind === "snapshot" && unpacked.offset > 0);
}

interface BareOrder {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The same program with the same arguments, variables, hooks and tool server, straight from node-pty. */
async function startBare(app: BenchApp, order: BareOrder, signal: AbortSignal): Promise<Start> {
  await using listener = await listenForHooks();
  const { dir } = await app.client.call("profile.show", { name: PROFILE });
  const files = writeSessionFiles({
    folder: path.join(app.home.workFolder, `bare-${randomUUID()}`),
    port: listener.port,
    token: listener.token,
    node: { file: process.execPath, env: {} },
    shim: path.join(path.dirname(cliProgram), "signal-shim.cjs"),
  });
  const launch = planClaudeLaunch({
    dir,
    env: order.env,
    conversation: randomUUID(),
    isResumed: false,
    name: "t-0 Start",
    model: null,
    permissionMode: "acceptEdits",
    allow: [],
    settingsFile: files.settingsFile,
    mcpFile: files.mcpFile,
    firstMessage: MESSAGE,
    appendSystemPrompt: null,
  });
  const env = buildEnvironment({ person: app.home.env, additions: launch.env });
  const size = { cols: 120, rows: 32 };
  const startedAt = Date.now();
  const terminal = spawn(order.executable, [...launch.args], { cwd: order.cwd, env, ...size });
  const processAt = Date.now();
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  try {
    const firstByteAt = new Promise<number>((resolve) =>
      terminal.onData(() => resolve(Date.now())),
    );
    const firstHookAt = listener.firstHookAt;
    const gaveUp = once(signal, "abort").then(() => Promise.reject(signal.reason));
    const [byteAt, hookAt] = await Promise.race([
      Promise.all([firstByteAt, firstHookAt]),
      gaveUp,
      ended.then(() => Promise.reject(new Error("the bare program ended before its first hook"))),
    ]);
    return {
      process: processAt - startedAt,
      firstByte: byteAt - startedAt,
      firstHook: hookAt - startedAt,
    };
  } finally {
    killGroup(terminal.pid);
    await ended;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
