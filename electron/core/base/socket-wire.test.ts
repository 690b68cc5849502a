import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Wire } from "../../../shared/contract/wire.ts";
import { connectSocket, listenOnSocket } from "./socket-wire.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wire-"));
  path = join(folder, "test.sock");
});
afterEach(() => rm(folder, { recursive: true }));

const echo = (wire: Wire) => wire.onFrame((frame) => wire.send(frame));
const nextFrame = (wire: Wire) =>
  new Promise<string | Uint8Array>((resolve) => wire.onFrame(resolve));
const closed = (wire: Wire) => new Promise<void>((resolve) => wire.onClose(resolve));

async function checkEchoed(frame: string | Uint8Array) {
  await using _listening = await listenOnSocket(path, echo);
  const wire = await connectSocket(path);
  const answer = nextFrame(wire);
  wire.send(frame);
  const got = await answer;
  expect(typeof got).toBe(typeof frame);
  expect(Buffer.compare(Buffer.from(got), Buffer.from(frame))).toBe(0);
  wire.close();
}

test("carries text as text", () => checkEchoed("grüße ✳"));
test("carries bytes as bytes", () => checkEchoed(new Uint8Array([0, 255, 128, 27])));
test("carries an empty frame", () => checkEchoed(""));
test("carries a frame of many socket reads", () => checkEchoed(Buffer.alloc(9_000_000, 7)));

test("keeps the order of many small frames", async () => {
  await using _listening = await listenOnSocket(path, echo);
  const wire = await connectSocket(path);
  const sent = Array.from({ length: 5000 }, (_, index) => `frame ${index}`);
  const got: unknown[] = [];
  const all = new Promise<void>((resolve) =>
    wire.onFrame((frame) => {
      if (got.push(frame) === sent.length) resolve();
    }),
  );
  for (const frame of sent) wire.send(frame);
  await all;
  expect(got).toEqual(sent);
  wire.close();
});

test("refuses to send a frame above 64 MiB", async () => {
  await using _listening = await listenOnSocket(path, echo);
  const wire = await connectSocket(path);
  expect(() => wire.send(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(/longer than/);
  wire.close();
});

test("tells both sides when one closes", async () => {
  let served: Wire | undefined;
  await using _listening = await listenOnSocket(path, (wire) => {
    served = wire;
    echo(wire);
  });
  const wire = await connectSocket(path);
  const answer = nextFrame(wire);
  wire.send("hello");
  await answer;
  const gone = served && closed(served);
  wire.close();
  await gone;
  await closed(wire);
});

test("drops a peer that leaves more than 128 MiB unread", async () => {
  const dropped = Promise.withResolvers<void>();
  await using _listening = await listenOnSocket(path, (wire) => {
    wire.onClose(() => dropped.resolve());
    for (let sent = 0; sent < 8; sent++) wire.send(new Uint8Array(20_000_000));
  });
  const wire = await connectSocket(path);
  await dropped.promise;
  await closed(wire);
});

test("only its user can reach the socket", async () => {
  await using _listening = await listenOnSocket(path, echo);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("refuses a path where somebody answers", async () => {
  await using _listening = await listenOnSocket(path, echo);
  await expect(listenOnSocket(path, echo)).rejects.toMatchObject({ code: "data-folder-busy" });
});

test("replaces the socket file of a process that was killed", async () => {
  const leave = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", leave]);
  await checkEchoed("alive");
});

test("leaves a file that is no socket alone", async () => {
  await writeFile(path, "mine");
  await expect(listenOnSocket(path, echo)).rejects.toMatchObject({ code: "data-folder-unusable" });
});

test("says that nobody answers", async () => {
  await expect(connectSocket(path)).rejects.toMatchObject({ code: "needs-app" });
});

test("says that a path is too long for a socket", async () => {
  await expect(connectSocket(join(folder, "x".repeat(120)))).rejects.toMatchObject({
    code: "data-folder-unusable",
  });
});
