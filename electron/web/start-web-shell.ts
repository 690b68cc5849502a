import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Wire } from "../../shared/contract/wire.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { readWindowAsset, windowHeaders } from "../core/gateway/window-assets.ts";
import { OneTimeCodes } from "./one-time-codes.ts";
import { isFromOwnPage, isSameSecret, readOfferedToken } from "./request-guard.ts";
import { createWebSocketWire } from "./websocket-wire.ts";

/** The largest frame a window may send: a pasted text or a task's body, many times over. */
const FRAME_MAX_BYTES = 1 << 20;
const CODE_MAX_BYTES = 64;
/** Windows at one time; each holds a mirror of everything. */
const WINDOWS_MAX = 64;
const SUBPROTOCOL = "switchyard.v1";

export interface WebShell extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** A fresh link that opens one window, once, within a minute. */
  makeLink(): string;
}

interface WebShellOptions {
  /** Takes over the wire of each window that has shown the token. */
  readonly connect: (wire: Wire) => void;
  readonly rendererDir: string;
  /** 0 for any free one. */
  readonly port: number;
}

/**
 * Serves the window on 127.0.0.1: static files for whoever asks in our name, the wire for who holds the token.
 * The token lives in the page's session storage; no cookie is set, because cookies of 127.0.0.1 go to every port.
 *
 * Throws `port-in-use`.
 */
export async function startWebShell(options: WebShellOptions): Promise<WebShell> {
  const token = randomBytes(32).toString("base64url");
  const codes = new OneTimeCodes();
  const server = createServer();
  const origin = `http://127.0.0.1:${await listen(server, options.port)}`;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    handleProtocols: () => SUBPROTOCOL,
  });

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => response.destroy(toError(error)));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const isWelcome =
      request.url === "/wire" &&
      isFromOwnPage(request, origin) &&
      isSameSecret(readOfferedToken(request), token) &&
      sockets.clients.size < WINDOWS_MAX;
    if (!isWelcome) return socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (ws) => options.connect(createWebSocketWire(ws)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFromOwnPage(request, origin))
      return refuse(response, 403, "This address is not for you.");
    const { pathname } = new URL(request.url ?? "/", origin);
    if (request.method === "POST" && pathname === "/login") return logIn(request, response);
    if (request.method !== "GET") return refuse(response, 405, "Only reading is possible here.");
    const asset = await readWindowAsset(options.rendererDir, pathname);
    response.writeHead(asset.status, asset.headers).end(asset.body);
  }

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const code = await readShortBody(request);
    if (code === null) return refuse(response, 413, "That is no code.");
    if (codes.redeem(code)) return void response.writeHead(200, windowHeaders).end(token);
    const wayOut = "Run `switchyard serve` again for a fresh one.";
    return refuse(
      response,
      403,
      `This link was used already, or is older than a minute. ${wayOut}`,
    );
  }

  return {
    origin,
    makeLink: () => `${origin}/#code=${codes.issue()}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    // Node's own errors of `listen` carry a code.
    const { code } = error as { code?: string };
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new SwitchyardError(
      "port-in-use",
      code === "EACCES"
        ? `This user may not serve on port ${port}.`
        : `Port ${port} is in use by another program.`,
      "Choose another with --port, or leave it out for any free one.",
      error,
    );
  }
  // A server that listens on an IP address has an address object, not a pipe's name.
  return (server.address() as { port: number }).port;
}

/** Null when it is longer than any code. */
async function readShortBody(request: IncomingMessage): Promise<string | null> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > CODE_MAX_BYTES) return null;
  }
  return body;
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response
    .writeHead(status, { ...windowHeaders, "content-type": "text/plain; charset=utf-8" })
    .end(sentence);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
