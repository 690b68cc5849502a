import { constants, readSync } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { type IPty, spawn } from "node-pty";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Parsed } from "../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { nameStartFailure } from "./name-start-failure.ts";

export type SpawnOrder = Parsed<HostContract, "spawn">;

/** How much is read at most of a terminal whose program has ended, while others still print to it. */
const LAST_BYTES_MAX = 1024 * 1024;

export interface Program {
  readonly pid: number;
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Nothing is read for `ms`, at most 50: a terminal paused for longer when its program ends loses its last bytes. */
  pause(ms: number): void;
}

interface Listeners {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Comes after the last bytes. */
  readonly onExit: (code: number, signal: number) => void;
}

/**
 * Starts a program in a pseudo-terminal, with exactly this environment. node-pty prints its failures into the terminal and exits
 * with 1, so a missing folder and a file that cannot run are refused before.
 */
export async function startProgram(order: SpawnOrder, listeners: Listeners): Promise<Program> {
  await refuseMissingFolder(order.cwd);
  const file = await findExecutable(order.file, order.env.PATH ?? "");
  // Set where this host itself runs on Electron's binary; a program that inherits it cannot start Electron.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = order.env;
  const terminal = openTerminal(file, order, env);
  // With `encoding: null` node-pty hands over Buffers, which its types do not say.
  const onBytes = listeners.onBytes as unknown as (bytes: string) => void;
  terminal.onData(onBytes);
  readToTheEnd(terminal, listeners.onBytes);
  terminal.onExit(({ exitCode, signal }) => listeners.onExit(exitCode, signal ?? 0));
  return {
    pid: terminal.pid,
    write: (bytes) => terminal.write(Buffer.from(bytes)),
    resize: (cols, rows) => terminal.resize(cols, rows),
    pause(ms) {
      terminal.pause();
      setTimeout(() => terminal.resume(), Math.min(ms, 50));
    },
  };
}

function openTerminal(file: string, order: SpawnOrder, env: SpawnOrder["env"]): IPty {
  try {
    return spawn(file, order.args, {
      name: env.TERM ?? "xterm-256color",
      cols: order.cols,
      rows: order.rows,
      cwd: order.cwd,
      env,
      encoding: null,
    });
  } catch (error) {
    throw nameStartFailure(error);
  }
}

/**
 * 200 ms after the program's end node-pty closes the terminal, read or not: on a busy machine, or while a child of the program
 * still holds it, the last output is lost. So what is left is read just before.
 */
function readToTheEnd(terminal: IPty, onBytes: (bytes: Uint8Array) => void): void {
  // node-pty 1.1.0 keeps the master side in these two on every Unix; the tests of the host lose bytes when that changes.
  const { _socket: socket, fd } = terminal as unknown as {
    readonly _socket: { destroy(): unknown };
    readonly fd: number;
  };
  const destroy = socket.destroy.bind(socket);
  let isRead = false;
  socket.destroy = () => {
    if (!isRead) for (const bytes of readLeftBytes(fd)) onBytes(bytes);
    isRead = true;
    return destroy();
  };
}

function* readLeftBytes(fd: number): Generator<Uint8Array> {
  for (let total = 0; total < LAST_BYTES_MAX; ) {
    const buffer = Buffer.alloc(65_536);
    try {
      const size = readSync(fd, buffer);
      if (size === 0) return;
      total += size;
      yield buffer.subarray(0, size);
    } catch {
      // EIO: everyone has let go of the terminal. EAGAIN: someone still holds it, but nothing is left now.
      return;
    }
  }
}

async function refuseMissingFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  throw new SwitchyardError(
    "not-found",
    `There is no folder ${folder} to start the program in.`,
    "If its worktree was removed, start the task again.",
  );
}

async function findExecutable(file: string, path: string): Promise<string> {
  const isName = !file.includes("/");
  const places = isName ? path.split(delimiter).map((folder) => join(folder, file)) : [file];
  let found: string | null = null;
  for (const place of places) {
    if (!isAbsolute(place) || !(await stat(place).catch(() => null))?.isFile()) continue;
    found ??= place;
    const isRunnable = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isRunnable) return place;
  }
  if (found === null) {
    throw new SwitchyardError(
      "executable-missing",
      isName ? `There is no program ${file} in PATH.` : `There is no program at ${file}.`,
      "Install it, or name its full path in the profile.",
    );
  }
  throw new SwitchyardError(
    "executable-not-runnable",
    `${found} cannot be run.`,
    `Make it executable: chmod +x ${found}`,
  );
}
