import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RequestPurpose, type Signal, SignalKind } from "../../shared/contract/host-contract.ts";
import type { HeldRequest, HeldRequests, RequestAnswer } from "./held-requests.ts";

const BODY_MAX_BYTES = 8 * 1024 * 1024;
/** Keeps a client that waits for a long tool call from taking the silence for a lost connection. */
const PING_MS = 15_000;

interface IntakeParts {
  readonly requests: HeldRequests;
  /** Sessions with the secret part of their address. */
  readonly sessions: () => Iterable<{
    readonly token: string;
    readonly session: HeldRequest["session"];
  }>;
  /** Must have journaled the signal when it returns. */
  readonly onSignal: (session: HeldRequest["session"], kind: Signal["kind"], body: unknown) => void;
  readonly onRequest: (request: HeldRequest) => void;
  readonly onDropped: (request: HeldRequest) => void;
}

/**
 * Where the programs of sessions reach the host: `POST /s/<token>/{hook,status-line,open-link,mcp,ask,gate}` on loopback.
 * The first three are answered at once, the others by the core.
 */
export class Intake implements AsyncDisposable {
  readonly #parts: IntakeParts;
  readonly #server: Server;
  #port = 0;

  private constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    // A tool call may wait for hours.
    this.#server.timeout = 0;
  }

  static async listen(parts: IntakeParts): Promise<Intake> {
    const intake = new Intake(parts);
    await new Promise<void>((resolve, reject) => {
      intake.#server.once("error", reject);
      intake.#server.listen(0, "127.0.0.1", resolve);
    });
    // A server that listens on a port has an address of this kind.
    intake.#port = (intake.#server.address() as AddressInfo).port;
    return intake;
  }

  get port(): number {
    return this.#port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Another name for this address is a page in a browser that was led here.
    if (request.headers.host !== `127.0.0.1:${this.#port}`) {
      end(response, 403);
      return;
    }
    const [, place, token, purpose] = (request.url ?? "").split("?", 1)[0]?.split("/") ?? [];
    const session = place === "s" && token ? this.#findSession(token) : null;
    if (!session) {
      end(response, 404);
      return;
    }
    const signal = SignalKind.safeParse(purpose);
    const held = RequestPurpose.safeParse(purpose);
    if (!signal.success && !held.success) {
      end(response, 404);
      return;
    }
    if (purpose === "mcp" && request.method === "DELETE") {
      end(response, 200);
      return;
    }
    if (request.method !== "POST") {
      end(response, 405, { allow: "POST" });
      return;
    }

    const body = await readBody(request);
    if (body === null) {
      end(response, 413, { connection: "close" });
      return;
    }
    if (held.success) {
      // Journaled first: that it asked is evidence of the session's state, whatever becomes of the answer.
      if (held.data !== "mcp") this.#parts.onSignal(session, "hook", parseJson(body));
      this.#hold(session, held.data, body, request, response);
      return;
    }
    if (signal.success) this.#parts.onSignal(session, signal.data, parseJson(body));
    response.setHeader("content-type", "application/json");
    response.end("{}");
  }

  #findSession(token: string): HeldRequest["session"] | null {
    const asked = digest(token);
    let found: HeldRequest["session"] | null = null;
    // All are compared, each in constant time: the time taken tells nothing about a token.
    for (const one of this.#parts.sessions()) {
      if (timingSafeEqual(digest(one.token), asked)) found = one.session;
    }
    return found;
  }

  #hold(
    session: HeldRequest["session"],
    purpose: RequestPurpose,
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    // A hook reads its answer as one document, whatever it says it accepts.
    const isStream =
      purpose === "mcp" && (request.headers.accept ?? "").includes("text/event-stream");
    const ping = setInterval(() => {
      // A notification is answered by its status alone, which a stream would have to give away now.
      if (!isStream || !hasId(body)) return;
      if (!response.headersSent) startStream(response);
      response.write(": ping\n\n");
    }, PING_MS);
    const held = this.#parts.requests.hold(session, purpose, body, (answer) => {
      clearInterval(ping);
      answerHeld(response, answer, isStream);
    });
    response.on("close", () => {
      clearInterval(ping);
      if (this.#parts.requests.drop(held)) this.#parts.onDropped(held);
    });
    this.#parts.onRequest(held);
  }
}

function answerHeld(response: ServerResponse, answer: RequestAnswer, isStream: boolean): void {
  if (!response.headersSent && (!isStream || answer.status !== 200 || answer.body === "")) {
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(answer.body);
    return;
  }
  if (!response.headersSent) startStream(response);
  // A line break would end the field; JSON has none but between its parts.
  response.end(answer.body === "" ? "" : `data: ${answer.body.replaceAll(/[\r\n]+/g, " ")}\n\n`);
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

/** Null when it is longer than the limit. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  // A request without an encoding gives Buffers.
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** What is no JSON is kept as the text it is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function hasId(body: string): boolean {
  const message = parseJson(body);
  return typeof message === "object" && message !== null && "id" in message;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
