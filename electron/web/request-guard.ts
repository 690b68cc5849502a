import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const PROTOCOL_TOKEN = "token.";

/**
 * Whether a request comes from our own page, or from a person opening it.
 *
 * The exact Host stops a foreign name that was made to point at 127.0.0.1; the exact Origin stops other sites and other local
 * ports. Only loading a file may come without an Origin, because browsers send none when a link is opened.
 */
export function isFromOwnPage(request: IncomingMessage, origin: string): boolean {
  if (request.headers.host !== new URL(origin).host) return false;
  if (request.headers.origin === origin) return true;
  return request.headers.origin === undefined && isRead(request) && !isUpgrade(request);
}

/** The token that a window offers as a WebSocket subprotocol: the only place where a page can put one. */
export function readOfferedToken(request: IncomingMessage): string {
  const offered = request.headers["sec-websocket-protocol"]?.split(",") ?? [];
  const entry = offered.map((name) => name.trim()).find((name) => name.startsWith(PROTOCOL_TOKEN));
  return entry?.slice(PROTOCOL_TOKEN.length) ?? "";
}

/** Compares in a time that tells nothing about where two texts differ. */
export function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isRead(request: IncomingMessage): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

function isUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade !== undefined;
}
