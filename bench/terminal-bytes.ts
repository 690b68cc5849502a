import { once } from "node:events";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type IPty, spawn } from "node-pty";
import { WebSocket } from "ws";
import { writeWorker } from "../e2e/worker-programs.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { createWebSocketWire } from "../electron/web/websocket-wire.ts";
import { type AppContract, appContract } from "../shared/contract/app-contract.ts";
import { type Client, createClient } from "../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../shared/contract/terminal-frame.ts";
import { makeRepository } from "./make-repository.ts";
import { type Bench, type Figure, figure, wanted } from "./measure.ts";
import { type BenchApp, openApp } from "./open-app.ts";
import { writeBuildLog, writeRepaints } from "./terminal-content.ts";

const RUNS = 5;
const RUN_LIMIT_MS = 60_000;
const FLOOD_BYTES = 32 * 1024 * 1024;
const MB = 1_000_000;
const SIZE = { cols: 120, rows: 32 };
const LOOK_EVERY_MS = 2;

/** Floods the terminal with a file for each name it is told. In raw mode, as Claude Code runs: what it prints is what arrives. */
const BODY = `stty raw -echo
printf READY
while read -r name; do cat "$BENCH_CONTENT/$name"; printf FLOOD-END; done`;
const READY = "READY";
const END = "FLOOD-END";

/** Bytes a second from a program to the session's log and to a window, beside a plain read of the same program's terminal. */
export const terminalBytes: Bench = {
  name: "terminal-bytes",
  async run({ note, signal }) {
    await using app = await openApp();
    const content = path.join(app.home.workFolder, "content");
    mkdirSync(content);
    writeFileSync(path.join(content, "build-log"), writeBuildLog(FLOOD_BYTES));
    writeFileSync(path.join(content, "repaints"), writeRepaints(FLOOD_BYTES, SIZE));
    const program = writeWorker(app.home.workFolder, "flood", BODY);
    const env = { BENCH_CONTENT: content };
    await using session = await openSession(app, program, env, signal);

    const figures: Figure[] = [];
    for (const name of ["build-log", "repaints"]) {
      const raw: number[] = [];
      const flooded: Flood[] = [];
      for (let run = 0; run <= RUNS; run++) {
        note(`${name}, run ${run} of ${RUNS}`);
        const limit = AbortSignal.any([signal, AbortSignal.timeout(RUN_LIMIT_MS)]);
        const plain = await readRaw(program, name, { ...app.home.env, ...env }, limit);
        const flood = await session.flood(name, limit);
        if (run === 0) continue;
        raw.push(plain);
        flooded.push(flood);
      }
      const beside = { what: "plain node-pty read", runs: raw };
      const all = (key: keyof Flood) => flooded.map((each) => each[key]);
      figures.push(
        // What the mirror's own parse leaves.
        wanted(
          figure(`${name}: program to log`, "MB/s", all("log"), beside),
          "ratio",
          "at least",
          0.45,
        ),
        figure(`${name}: program to a right screen in the window`, "MB/s", all("window"), beside),
        figure(`${name}: sent over the window's wire`, "MB/s", all("wire"), beside),
        wanted(
          figure(`${name}: end of the log to the right screen`, "ms", all("lagMs")),
          "every run",
          "at most",
          300,
        ),
      );
    }
    return figures;
  },
};

interface Flood {
  /** MB of output a second until all of it was in output.log. */
  readonly log: number;
  /** MB of output a second until the window had the last of it, however much of it was sent. */
  readonly window: number;
  /** MB a second that crossed the wire meanwhile. */
  readonly wire: number;
  readonly lagMs: number;
}

interface FloodSession extends AsyncDisposable {
  flood(name: string, signal: AbortSignal): Promise<Flood>;
}

/** A live session of the flooding program, in a focused pane of a window that paints at once. */
async function openSession(
  app: BenchApp,
  program: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FloodSession> {
  const { client, view, home } = app;
  const name = "flood";
  await client.call("profile.add", { name, plan: "custom", cap: 1, executable: program, env });
  const repository = makeRepository(home.workFolder, "flooded");
  await client.call("project.add", { path: repository, name, withoutChecks: true });
  const task = await client.call("task.create", { project: name, title: "Flood" });
  const session = await view.startOf(task.id, signal);

  const window = await openWindow(await app.link());
  const { stream } = await window.call("terminal.attach", { session: session.id, isFocused: true });
  let onFrame = (_bytes: Uint8Array) => {};
  const seen = (text: string, limit: AbortSignal, onBytes = (_count: number) => {}) =>
    new Promise<void>((resolve, reject) => {
      limit.addEventListener("abort", () => reject(limit.reason), { once: true });
      onFrame = (bytes) => {
        onBytes(bytes.length);
        if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text)) resolve();
      };
    });
  const ready = seen(READY, signal);
  window.onStream(stream, (packed) => {
    const frame = unpackTerminalFrame(packed);
    if (!frame || frame.kind === "input") return;
    onFrame(frame.bytes);
    window.ack(stream, frame.offset + (frame.kind === "output" ? frame.bytes.length : 0));
  });
  await ready;

  const log = path.join(dataFolder(home.folder).sessionDir(session.id), "output.log");
  return {
    async flood(content, limit) {
      const expected = statSync(log).size + FLOOD_BYTES + END.length;
      let crossed = 0;
      const startedAt = performance.now();
      const keys = Buffer.from(`${content}\n`);
      window.sendStream(stream, packTerminalFrame({ kind: "input", bytes: keys }));
      const [loggedMs, seenMs] = await Promise.all([
        grownTo(log, expected, limit).then(() => performance.now() - startedAt),
        seen(END, limit, (count) => {
          crossed += count;
        }).then(() => performance.now() - startedAt),
      ]);
      const perSecond = (bytes: number, ms: number) => bytes / MB / (ms / 1000);
      // A window that fell behind is given its scrollback half a second after the end; that is not part of a flood.
      await delay(SETTLE_MS);
      return {
        log: perSecond(FLOOD_BYTES, loggedMs),
        window: perSecond(FLOOD_BYTES, seenMs),
        wire: perSecond(crossed, seenMs),
        lagMs: seenMs - loggedMs,
      };
    },
    async [Symbol.asyncDispose]() {
      window.close();
    },
  };
}

const SETTLE_MS = 800;

/** What a browser does with the link: the code for the token, the token for the wire. */
async function openWindow(link: string): Promise<Client<AppContract>> {
  const { origin, hash } = new URL(link);
  const code = new URLSearchParams(hash.slice(1)).get("code") ?? "";
  const headers = { origin };
  const answer = await fetch(`${origin}/login`, { method: "POST", body: code, headers });
  if (!answer.ok) throw new Error(`the window's link was refused with ${answer.status}`);
  const subprotocols = ["switchyard.v1", `token.${await answer.text()}`];
  const address = `${origin.replace(/^http/, "ws")}/wire`;
  const socket = new WebSocket(address, subprotocols, { origin });
  await once(socket, "open");
  return createClient(appContract, createWebSocketWire(socket));
}

/** The file system tells of no growth worth relying on, so the size is asked for. */
async function grownTo(file: string, size: number, signal: AbortSignal): Promise<void> {
  while (statSync(file).size < size) await delay(LOOK_EVERY_MS, null, { signal });
}

/** MB a second that node-pty alone hands over. */
async function readRaw(
  program: string,
  content: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  const terminal = spawn(program, [], { ...SIZE, env, encoding: null });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  try {
    await readUntil(terminal, READY, signal);
    const startedAt = performance.now();
    terminal.write(`${content}\n`);
    await readUntil(terminal, END, signal);
    return FLOOD_BYTES / MB / ((performance.now() - startedAt) / 1000);
  } finally {
    terminal.kill("SIGKILL");
    await ended;
  }
}

/** The text is printed in one write at the end, so its last byte ends a chunk. */
function readUntil(terminal: IPty, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    let tail = "";
    const reading = terminal.onData((data) => {
      // With `encoding: null` node-pty hands over Buffers, which its types do not say.
      const bytes = data as unknown as Buffer;
      tail = (tail + bytes.subarray(-text.length).toString("latin1")).slice(-text.length);
      if (tail !== text) return;
      reading.dispose();
      signal.removeEventListener("abort", giveUp);
      resolve();
    });
  });
}
