import { chmod, lstat, unlink } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Wire } from "../../../shared/contract/wire.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";

/** A frame on the socket: its length as u32, one byte that tells text from bytes, then the frame itself. */
const HEADER_BYTES = 5;
const TEXT = 0;
const BINARY = 1;
/** All rows of 10,000 tasks with bodies of some KB. */
const FRAME_MAX_BYTES = 64 * 1024 * 1024;
/** A peer that leaves this much unread is taken for dead: everything above it has flow control of its own. */
const UNSENT_MAX_BYTES = 128 * 1024 * 1024;
/** What `sun_path` holds on macOS; Linux has four bytes more. */
const SOCKET_PATH_MAX_BYTES = 103;

/**
 * Serves a unix socket that only this user can reach. A socket file that nobody answers on is replaced.
 * Throws `data-folder-busy` when another process answers there. Disposal closes every connection too.
 */
export async function listenOnSocket(
  path: string,
  onWire: (wire: Wire) => void,
): Promise<AsyncDisposable> {
  refuseLongPath(path);
  await removeDeadSocket(path);
  const wires = new Set<SocketWire>();
  const server = createServer((socket) => {
    const wire = new SocketWire(socket);
    wires.add(wire);
    wire.onClose(() => wires.delete(wire));
    onWire(wire);
  });
  await listen(server, path);
  await chmod(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const wire of wires) wire.close();
      await closed;
    },
  };
}

/** Throws `needs-app` when nobody answers at `path`. */
export async function connectSocket(path: string, signal?: AbortSignal): Promise<Wire> {
  signal?.throwIfAborted();
  refuseLongPath(path);
  const socket = createConnection(path);
  const connecting = Promise.withResolvers<void>();
  const leave = () => connecting.reject(signal?.reason);
  try {
    socket.once("connect", connecting.resolve);
    socket.once("error", connecting.reject);
    signal?.addEventListener("abort", leave);
    await connecting.promise;
  } catch (cause) {
    socket.destroy();
    signal?.throwIfAborted();
    throw new SwitchyardError(
      "needs-app",
      `Nobody answers at ${path}.`,
      "Start Switchyard, then try again.",
      cause,
    );
  } finally {
    signal?.removeEventListener("abort", leave);
  }
  return new SocketWire(socket);
}

class SocketWire implements Wire {
  readonly #socket: Socket;
  readonly #closeListeners: (() => void)[] = [];
  readonly #early: (string | Uint8Array)[] = [];
  #frameListener: ((frame: string | Uint8Array) => void) | null = null;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** Length of header and frame that must be there before the next frame can be cut out. */
  #wantedBytes = HEADER_BYTES;
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    // The close that follows every error is what the listeners hear.
    socket.on("error", () => {});
    socket.on("close", () => this.#ended());
  }

  send(frame: string | Uint8Array): void {
    if (this.#isClosed) return;
    const body = typeof frame === "string" ? Buffer.from(frame) : frame;
    if (body.length > FRAME_MAX_BYTES) {
      throw new Error(`A frame of ${body.length} bytes is longer than a socket carries.`);
    }
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(body.length);
    header.writeUInt8(typeof frame === "string" ? TEXT : BINARY, 4);
    this.#socket.cork();
    this.#socket.write(header);
    this.#socket.write(body);
    this.#socket.uncork();
    if (this.#socket.writableLength > UNSENT_MAX_BYTES) this.#socket.destroy();
  }

  onFrame(listener: (frame: string | Uint8Array) => void): void {
    this.#frameListener = listener;
    for (const frame of this.#early.splice(0)) listener(frame);
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#closeListeners.push(listener);
  }

  /** What was sent before still goes out. */
  close(): void {
    if (this.#isClosed) return;
    this.#socket.end(() => this.#socket.destroy());
    this.#ended();
  }

  #ended(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#closeListeners.splice(0)) listener();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes < this.#wantedBytes) return;

    let rest = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    this.#wantedBytes = HEADER_BYTES;
    while (rest.length >= HEADER_BYTES && !this.#isClosed) {
      const length = rest.readUInt32BE(0);
      if (length > FRAME_MAX_BYTES) {
        this.close();
        return;
      }
      const end = HEADER_BYTES + length;
      if (rest.length < end) {
        this.#wantedBytes = end;
        break;
      }
      this.#deliver(rest.readUInt8(4), rest.subarray(HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
    this.#received = rest.length > 0 ? [rest] : [];
    this.#receivedBytes = rest.length;
  }

  #deliver(kind: number, body: Buffer): void {
    const frame = kind === TEXT ? body.toString("utf8") : body;
    if (this.#frameListener) this.#frameListener(frame);
    else this.#early.push(frame);
  }
}

function refuseLongPath(path: string): void {
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX_BYTES) return;
  throw new SwitchyardError(
    "data-folder-unusable",
    `The path ${path} is too long for a socket (at most ${SOCKET_PATH_MAX_BYTES} bytes).`,
    "Choose a data folder with a shorter path.",
  );
}

async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found) return;
  if (!found.isSocket()) {
    throw new SwitchyardError("data-folder-unusable", `${path} is in the way and is no socket.`);
  }
  const answering = await connectSocket(path).catch(() => null);
  if (answering) {
    answering.close();
    throw new SwitchyardError(
      "data-folder-busy",
      `Another process already serves ${dirname(path)}.`,
      "Use that one, or end it first.",
    );
  }
  await unlink(path);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
