import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appContract } from "../../../shared/contract/app-contract.ts";
import { HOST_PROTOCOL } from "../../../shared/contract/host-contract.ts";
import { createClient, serveWire } from "../../../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../../shared/contract/terminal-frame.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import type { HostSilence } from "../../../shared/model/core-health.ts";
import { SessionId } from "../../../shared/model/ids.ts";
import type { PersonKey } from "../../../shared/model/person-key.ts";
import { systemClock } from "../base/clock.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { ownIdentity } from "../base/process-identity.ts";
import { listenOnSocket } from "../base/socket-wire.ts";
import { HostLink, type HostLinkListeners } from "./host-link.ts";
import { relayTerminal } from "./relay-terminal.ts";
import { WatchedSessions } from "./watched-sessions.ts";

let home: string;
let folder: DataFolder;
let links: HostLink[];
let isHostEnded: boolean;
beforeEach(() => {
  isHostEnded = false;
  home = mkdtempSync(join(tmpdir(), "link-"));
  folder = dataFolder(home);
  links = [];
});
afterEach(async () => {
  for (const link of links) await link[Symbol.asyncDispose]();
  // The host that this test started, by the pid it wrote down; one of them ends it itself.
  if (!isHostEnded) process.kill(hostPid(), "SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

const hostPid = (): number => JSON.parse(readFileSync(folder.hostFile, "utf8")).pid;

async function openLink(
  listeners: Partial<HostLinkListeners> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<HostLink> {
  const entry = join(import.meta.dirname, "../../terminal-host/main.ts");
  const link = await HostLink.open(
    {
      clock: systemClock,
      folder,
      hostEntry: { file: process.execPath, args: [entry], env },
      startProcess: async (file, args, options) => {
        spawn(file, [...args], { detached: true, env: options.env, stdio: "ignore" }).unref();
      },
    },
    {
      onConnected: () => {},
      onLost: () => {},
      onSilence: () => {},
      onGivenUp: (error) => {
        throw error;
      },
      onExited: () => {},
      onSignal: () => {},
      onRequest: () => {},
      onDropped: () => {},
      ...listeners,
    },
    new AbortController().signal,
  );
  links.push(link);
  return link;
}

function order(session: SessionId, script: string) {
  return {
    session,
    file: "/bin/sh",
    args: ["-c", script],
    env: { PATH: process.env.PATH ?? "", SWITCHYARD_SESSION: session, SWITCHYARD_HOME: home },
    cwd: home,
    cols: 80,
    rows: 24,
    folder: folder.sessionDir(session),
    token: "t".repeat(40),
  };
}
const session = SessionId.parse("s-1");

test("starts a host where there is none, and finds it again", async () => {
  const first = await openLink();
  await first.client.call("spawn", order(session, "cat"));
  await first[Symbol.asyncDispose]();
  const second = await openLink({
    onConnected: ({ sessions }) => expect(sessions.map((row) => row.session)).toEqual([session]),
  });
  expect(second.port).toBeGreaterThan(0);
  await second.client.call("stop", { session, graceMs: 1000 });
});

test("says so when the host died, starts another, and tells that the sessions are gone", async () => {
  const lost = Promise.withResolvers<void>();
  const again = Promise.withResolvers<{ isSameHost: boolean; sessions: readonly unknown[] }>();
  let connects = 0;
  const link = await openLink({
    onLost: () => lost.resolve(),
    onConnected: (host) => {
      connects++;
      if (connects > 1) again.resolve(host);
    },
  });
  await link.client.call("spawn", order(session, "cat"));
  process.kill(hostPid(), "SIGKILL");
  await lost.promise;
  expect(await again.promise).toMatchObject({ isSameHost: false, sessions: [] });
  expect(await link.client.call("list", {})).toEqual([]);
});

test("a host that was ended on purpose is not taken for lost, and no other is started", async () => {
  let losses = 0;
  const link = await openLink({ onLost: () => void losses++ });
  const gone = new Promise<void>((resolve) => link.client.onClose(resolve));
  await link.client.call("spawn", order(session, "cat"));
  await expect(link.endHost()).rejects.toThrow("still runs sessions");
  await link.client.call("stop", { session, graceMs: 1000 });
  await link.endHost();
  await gone;
  isHostEnded = true;
  expect(losses).toBe(0);
});

test("the variable that makes Electron's binary a Node never reaches a session", async () => {
  const exited = Promise.withResolvers<void>();
  const link = await openLink(
    { onExited: () => exited.resolve() },
    { ELECTRON_RUN_AS_NODE: "1", NODE_NO_WARNINGS: "1" },
  );
  await link.client.call("spawn", order(session, "env"));
  await exited.promise;
  const { base64 } = await link.client.call("read", { session, from: 0, maxBytes: 10_000 });
  const printed = Buffer.from(base64, "base64").toString();
  expect(printed).toContain(`SWITCHYARD_SESSION=${session}`);
  expect(printed).not.toMatch(/ELECTRON_RUN_AS_NODE|NODE_NO_WARNINGS/);
});

const onLinux = test.skipIf(process.platform !== "linux");
onLinux.each([
  ["that runs", ownIdentity(), process.pid],
  ["whose pid another process has now", { ...ownIdentity(), startTicks: "1" }, null],
  ["of an earlier boot", { ...ownIdentity(), bootId: "another" }, null],
])(
  "a silent host is named by its process only where it is the one %s",
  async (_, identity, pid) => {
    isHostEnded = true;
    prepareDataFolder(folder);
    writeFileSync(folder.hostFile, JSON.stringify(identity));
    // Takes the connection and says nothing.
    await using _silent = await listenOnSocket(folder.hostSocket(HOST_PROTOCOL), () => {});
    const clock = fakeClock();
    const silences: (HostSilence | null)[] = [];
    const leaving = new AbortController();
    const opening = HostLink.open(
      {
        clock,
        folder,
        hostEntry: { file: "", args: [], env: {} },
        startProcess: async () => {
          throw new Error("there is one");
        },
      },
      {
        onConnected: () => {},
        onLost: () => {},
        onSilence: (silence) => void silences.push(silence),
        onGivenUp: () => {},
        onExited: () => {},
        onSignal: () => {},
        onRequest: () => {},
        onDropped: () => {},
      },
      leaving.signal,
    );
    await clock.advance(10_000);
    expect(silences).toEqual([{ since: "2026-11-21T09:00:00.000Z", pid }]);
    leaving.abort(new Error("the test is over"));
    await expect(opening).rejects.toThrow("the test is over");
  },
);

test("a window's keys reach the program and its output comes back, until the window goes", async () => {
  const link = await openLink();
  await link.client.call("spawn", order(session, "read line; echo got $line; cat"));
  const gone = new AbortController();
  const watched = new WatchedSessions();
  const keys: PersonKey[] = [];
  /** Who waits for the end of the host. */
  const waiting = new Set<() => void>();
  const host = {
    ...link.client,
    onClose(listener: () => void) {
      waiting.add(listener);
      return () => void waiting.delete(listener);
    },
  };
  const [windowEnd, coreEnd] = createWirePair();
  const { "terminal.attach": attach } = appContract.calls;
  const contract = { calls: { "terminal.attach": attach }, events: {} };
  serveWire(contract, coreEnd, {
    "terminal.attach": async ({ isFocused }, peer) => {
      const windowStream = peer.openStream();
      const windowGone = gone.signal;
      const onKey = (key: PersonKey) => void keys.push(key);
      await relayTerminal({ host, session, windowStream, isFocused, windowGone, watched, onKey });
      return { stream: windowStream.id };
    },
  });

  const window = createClient(contract, windowEnd);
  const { stream } = await window.call("terminal.attach", { session, isFocused: true });
  const seen = Promise.withResolvers<void>();
  let text = "";
  window.onStream(stream, (bytes) => {
    const frame = unpackTerminalFrame(bytes);
    if (!frame || frame.kind === "input") return;
    text += Buffer.from(frame.bytes).toString();
    window.ack(stream, frame.offset + (frame.kind === "output" ? frame.bytes.length : 0));
    if (text.includes("got hello")) seen.resolve();
  });
  for (const typed of ["hello", "\r"])
    window.sendStream(stream, packTerminalFrame({ kind: "input", bytes: Buffer.from(typed) }));
  await seen.promise;
  expect(keys).toEqual(["Enter"]);
  expect(watched.isWatched(session)).toBe(true);
  expect(waiting.size).toBe(1);

  gone.abort();
  expect(waiting.size).toBe(0);
  expect(watched.isWatched(session)).toBe(false);
  const before = text;
  await link.client.call("write", { session, base64: Buffer.from("more\r").toString("base64") });
  await link.client.call("stop", { session, graceMs: 1000 });
  expect(text).toBe(before);
});
