import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Wire } from "../../shared/contract/wire.ts";
import { startWebShell, type WebShell } from "./start-web-shell.ts";

describe("the web shell", () => {
  let folder = "";
  let shell: WebShell;
  const wires: Wire[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-web-"));
    writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>window</title>");
    shell = await startWebShell({
      rendererDir: folder,
      port: 0,
      connect(wire) {
        wires.push(wire);
        wire.onFrame((frame) => wire.send(frame));
      },
    });
  });
  afterAll(async () => {
    await shell[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends exactly these headers: fetch would set Host and Origin itself. */
  async function send(
    method: string,
    pathname: string,
    headers: Record<string, string> = {},
    body = "",
  ): Promise<{ status: number | undefined; headers: IncomingMessage["headers"]; text: string }> {
    const { hostname, port, host } = new URL(shell.origin);
    const call = httpRequest({
      hostname,
      port,
      method,
      path: pathname,
      headers: { host, ...headers },
    });
    call.end(body);
    const [response] = (await once(call, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, headers: response.headers, text };
  }

  async function logIn(): Promise<string> {
    const code = shell.makeLink().split("#code=")[1] ?? "";
    const answer = await send("POST", "/login", { origin: shell.origin }, code);
    expect(answer.status).toBe(200);
    return answer.text;
  }

  async function openWire(token: string, headers: Record<string, string> = {}) {
    const url = `${shell.origin.replace("http", "ws")}/wire`;
    const socket = new WebSocket(url, ["switchyard.v1", `token.${token}`], {
      headers: { origin: shell.origin, ...headers },
    });
    const outcome = await new Promise<string>((resolve) => {
      socket.once("open", () => resolve("open"));
      socket.once("error", (error) => resolve(error.message));
    });
    return { socket, outcome };
  }

  test("gives the window to who opens the link, with every header", async () => {
    const answer = await send("GET", "/");
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test.each([
    "evil.test",
    "localhost",
    "127.attacker.example",
    "127.0.0.1",
    "127.0.0.1.:1",
    "[::1]",
  ])("refuses the host %s", async (host) => {
    expect((await send("GET", "/", { host })).status).toBe(403);
  });

  test.each(["http://evil.test", "http://127.0.0.1:1", "null", "http://localhost"])(
    "refuses the origin %s everywhere",
    async (origin) => {
      expect((await send("GET", "/", { origin })).status).toBe(403);
      const code = shell.makeLink().split("#code=")[1] ?? "";
      expect((await send("POST", "/login", { origin }, code)).status).toBe(403);
      expect((await openWire(await logIn(), { origin })).outcome).toContain("403");
    },
  );

  test("refuses to swap a code without an origin", async () => {
    expect((await send("POST", "/login", {}, "code")).status).toBe(403);
  });

  test("swaps a code once", async () => {
    const code = shell.makeLink().split("#code=")[1] ?? "";
    const origin = { origin: shell.origin };
    expect((await send("POST", "/login", origin, code)).status).toBe(200);
    const second = await send("POST", "/login", origin, code);
    expect([second.status, second.text]).toEqual([403, expect.stringContaining("used already")]);
  });

  test("refuses a body that is no code", async () => {
    const answer = await send("POST", "/login", { origin: shell.origin }, "x".repeat(1000));
    expect(answer.status).toBe(413);
  });

  test("refuses a wire without the token", async () => {
    expect((await openWire("x".repeat(43))).outcome).toContain("403");
    expect((await openWire("short")).outcome).toContain("403");
  });

  test("carries text and bytes for who holds the token", async () => {
    const { socket, outcome } = await openWire(await logIn());
    expect(outcome).toBe("open");
    expect(socket.protocol).toBe("switchyard.v1");
    socket.send("words");
    expect(String((await once(socket, "message"))[0])).toBe("words");
    socket.send(new Uint8Array([1, 2, 255]));
    const [bytes, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
    expect([isBinary, [...bytes]]).toEqual([true, [1, 2, 255]]);
    socket.close();
  });

  test("drops a window that sends too large a frame", async () => {
    const { socket } = await openWire(await logIn());
    const closed = once(socket, "close");
    socket.send("x".repeat((1 << 20) + 1));
    expect((await closed)[0]).toBe(1009);
  });

  test("tells a wire that its window has gone", async () => {
    const { socket } = await openWire(await logIn());
    const wire = wires.at(-1);
    const closed = new Promise<void>((resolve) => wire?.onClose(resolve));
    socket.terminate();
    await closed;
  });

  test("says so when its port is taken", async () => {
    const port = Number(new URL(shell.origin).port);
    const second = startWebShell({ rendererDir: folder, port, connect: () => {} });
    await expect(second).rejects.toMatchObject({ code: "port-in-use" });
  });
});
