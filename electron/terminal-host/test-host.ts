import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Terminal } from "@xterm/headless";
import {
  HOST_PROTOCOL,
  type HostContract,
  type HostExit,
  hostContract,
} from "../../shared/contract/host-contract.ts";
import { type Client, createClient, type Input } from "../../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { SessionId } from "../../shared/model/ids.ts";
import { dataFolder } from "../core/base/data-folder.ts";
import { connectSocket } from "../core/base/socket-wire.ts";
import { newScreen } from "./new-screen.ts";

const DEADLINE_MS = 20_000;

/** Waits for what the outside world gives no event for. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const endMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > endMs) throw new Error(`never became true: ${look}`);
    await delay(10);
  }
}

/** A real terminal host in a process of its own, on a temporary data folder. */
export class TestHost implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), "host-"));
  readonly folder = dataFolder(this.home);
  readonly process: ChildProcess;
  #lastSession = 0;

  constructor(args: readonly string[] = []) {
    this.process = startHost(this.home, args);
  }

  async connect(): Promise<Client<HostContract>> {
    const path = this.folder.hostSocket(HOST_PROTOCOL);
    const wire = await until(() => connectSocket(path).catch(() => null));
    return createClient(hostContract, wire);
  }

  /** What to spawn for a shell script. */
  order(script: string, more: Partial<Omit<Input<HostContract, "spawn">, "session">> = {}) {
    const session = SessionId.parse(`s-${++this.#lastSession}`);
    return {
      session,
      file: "/bin/sh",
      args: ["-c", script],
      env: {
        PATH: process.env.PATH ?? "",
        SWITCHYARD_SESSION: session,
        SWITCHYARD_HOME: this.home,
      },
      cwd: this.home,
      cols: 80,
      rows: 24,
      folder: join(this.home, "sessions", session),
      token: `token-of-${session}-${"x".repeat(32)}`,
      ...more,
    };
  }

  log(session: string): Buffer {
    return readFileSync(join(this.home, "sessions", session, "output.log"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function startHost(home: string, args: readonly string[] = []): ChildProcess {
  const main = join(import.meta.dirname, "main.ts");
  return spawn(process.execPath, [main, "--home", home, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Resolves with the exit of a session; ask before the program can end. */
export function exitOf(client: Client<HostContract>, session: string): Promise<HostExit> {
  return new Promise((resolve) => {
    const stop = client.on("exited", (event) => {
      if (event.session !== session) return;
      stop();
      resolve(event.exit);
    });
  });
}

/** What a window does with its stream: paints in a real xterm, checks that no byte is missing, acknowledges. */
export class TestWindow {
  readonly screen: Terminal;
  readonly snapshots: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  /** Bytes got as output, not as part of a snapshot. */
  rawBytes = 0;
  /** Log offset that is painted. */
  painted = -1;
  isAcknowledging = true;
  readonly #client: Client<HostContract>;
  readonly #stream: number;
  #next = -1;

  private constructor(client: Client<HostContract>, stream: number) {
    this.#client = client;
    this.#stream = stream;
    this.screen = newScreen({ cols: 80, rows: 24 });
    client.onStream(stream, (bytes) => this.#take(bytes));
  }

  static async open(
    client: Client<HostContract>,
    session: SessionId,
    options: { readonly isFocused?: boolean; readonly isAcknowledging?: boolean } = {},
  ): Promise<TestWindow> {
    const { stream } = await client.call("attach", {
      session,
      isFocused: options.isFocused ?? false,
    });
    const window = new TestWindow(client, stream);
    window.isAcknowledging = options.isAcknowledging ?? true;
    return window;
  }

  type(text: string): void {
    const frame = packTerminalFrame({ kind: "input", bytes: Buffer.from(text) });
    this.#client.sendStream(this.#stream, frame);
  }

  acknowledge(): void {
    this.isAcknowledging = true;
    this.#client.ack(this.#stream, this.painted);
  }

  /** Empty while something is being painted. */
  lines(): string[] {
    return this.painted === this.#next ? linesOf(this.screen) : [];
  }

  #take(packed: Uint8Array): void {
    const frame = unpackTerminalFrame(packed);
    if (!frame || frame.kind === "input") throw new Error("a window got no frame for windows");
    if (frame.kind === "snapshot") {
      this.snapshots.push(frame);
      this.screen.reset();
      this.screen.resize(frame.cols, frame.rows);
      this.#next = frame.offset;
    } else {
      if (frame.offset !== this.#next) {
        throw new Error(`bytes at ${frame.offset} came where ${this.#next} was due`);
      }
      this.#next += frame.bytes.length;
      this.rawBytes += frame.bytes.length;
    }
    const painted = this.#next;
    this.screen.write(frame.bytes, () => {
      this.painted = painted;
      if (this.isAcknowledging) this.#client.ack(this.#stream, painted);
    });
  }
}

export function linesOf(screen: Terminal): string[] {
  const buffer = screen.buffer.active;
  return Array.from(
    { length: screen.rows },
    (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? "",
  );
}

/** What a terminal shows that was there from the first byte. */
export async function linesAfter(bytes: Uint8Array): Promise<string[]> {
  const screen = newScreen({ cols: 80, rows: 24 });
  for (let at = 0; at < bytes.length; at += 1_000_000) {
    const piece = bytes.subarray(at, at + 1_000_000);
    await new Promise<void>((resolve) => screen.write(piece, resolve));
  }
  return linesOf(screen);
}

/** Whether a process with this pid lives and is no zombie. */
export function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "latin1"));
}
