import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOST_PROTOCOL, type HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { isAlive } from "../core/base/process-identity.ts";
import { SessionCgroup } from "./session-cgroup.ts";
import {
  exitOf,
  isRunning,
  linesAfter,
  startHost,
  TestHost,
  TestWindow,
  until,
} from "./test-host.ts";

let host: TestHost;
let client: Client<HostContract>;
beforeAll(async () => {
  host = new TestHost();
  client = await host.connect();
  await client.call("hello", {});
});
afterAll(async () => {
  client.close();
  await host[Symbol.asyncDispose]();
});

const numberLines = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index + 1}\r\n`).join("");

/** Runs a script to its end and gives back its exit and everything it printed. */
async function run(script: string, more = {}) {
  const order = host.order(script, more);
  const exited = exitOf(client, order.session);
  await client.call("spawn", order);
  return { exit: await exited, output: host.log(order.session), session: order.session };
}

test("keeps every byte of a program that prints 4 KB and ends at once", async () => {
  const script = `head -c 4096 /dev/zero | tr '\\0' x; printf END; exit 7`;
  for (let round = 0; round < 5; round++) {
    const { exit, output } = await run(script);
    expect(exit).toMatchObject({ code: 7, signal: null });
    expect(output.toString()).toBe(`${"x".repeat(4096)}END`);
  }
});

test("keeps invalid UTF-8 as it was printed", async () => {
  const { output } = await run(`printf '\\377\\376a\\200\\303(\\342\\202'`);
  expect([...output]).toEqual([255, 254, 97, 128, 195, 40, 226, 130]);
});

test("says which signal ended a program", async () => {
  const { exit } = await run("kill -KILL $$");
  expect(exit).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("gives a program exactly its environment, but never makes it a Node", async () => {
  const order = host.order("env | sort");
  const env = { ...order.env, ONLY: "this one", TERM: "xterm-256color", ELECTRON_RUN_AS_NODE: "1" };
  const { output, session } = await run("env | sort", { env });
  const names = output
    .toString()
    .split("\r\n")
    .map((line) => line.split("=")[0])
    .filter((name) => name && !["_", "OLDPWD", "SHLVL"].includes(name));
  expect(names).toEqual(["ONLY", "PATH", "PWD", "SWITCHYARD_HOME", "SWITCHYARD_SESSION", "TERM"]);
  await client.call("forget", { session });
});

test("refuses a folder that is not there", async () => {
  await expect(
    client.call("spawn", host.order("true", { cwd: "/nowhere/at/all" })),
  ).rejects.toMatchObject({ code: "not-found" });
});

test("refuses a program that is not there", async () => {
  await expect(
    client.call("spawn", host.order("true", { file: "no-such-program" })),
  ).rejects.toMatchObject({ code: "executable-missing" });
});

test("refuses a program that cannot be run", async () => {
  const file = join(host.home, "not-executable");
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o644);
  await expect(client.call("spawn", host.order("true", { file }))).rejects.toMatchObject({
    code: "executable-not-runnable",
  });
});

test("refuses a session that there is already", async () => {
  const order = host.order("cat");
  await client.call("spawn", order);
  await expect(client.call("spawn", order)).rejects.toMatchObject({ code: "name-taken" });
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("a window sees what is printed and types into it", async () => {
  const order = host.order("read line; echo got $line; cat");
  await client.call("spawn", order);
  const window = await TestWindow.open(client, order.session, { isFocused: true });
  window.type("hello\r");
  await until(() => window.lines().includes("got hello"));
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("a flood of 20 MB reaches the log whole, and a slow window ends with the right screen", async () => {
  const order = host.order("read go; seq 1 2500000; printf '\\033[31mthe end\\033[0m'; exec cat");
  const expected = `\r\n${numberLines(2_500_000)}\x1b[31mthe end\x1b[0m`;
  await client.call("spawn", order);
  const slow = await TestWindow.open(client, order.session, { isAcknowledging: false });
  const quick = await TestWindow.open(client, order.session, { isFocused: true });
  quick.type("\r");
  await until(() => quick.lines().includes("the end"));
  expect(slow.lines()).not.toContain("the end");
  expect(slow.rawBytes).toBeLessThanOrEqual(32 * 1024);
  slow.acknowledge();
  await until(() => slow.lines().includes("the end"));

  const log = await until(() => {
    const bytes = host.log(order.session);
    return bytes.length === expected.length ? bytes : null;
  });
  expect(log.toString() === expected).toBe(true);
  // The scrollback that a slow window missed is brought back once it keeps up.
  const isWhole = (window: TestWindow) => window.screen.buffer.active.length > 1000;
  await until(() => [slow, quick].every((window) => isWhole(window) && window.lines().length > 0));
  const right = await linesAfter(log);
  expect(slow.lines()).toEqual(right);
  expect(quick.lines()).toEqual(right);
  await client.call("stop", { session: order.session, graceMs: 1000 });
}, 60_000);

test("a window that dies does not touch its session", async () => {
  const order = host.order("while read line; do echo $line; done");
  await client.call("spawn", order);
  const script = `
    import { createClient } from "${join(import.meta.dirname, "../../shared/contract/rpc.ts")}";
    import { hostContract } from "${join(import.meta.dirname, "../../shared/contract/host-contract.ts")}";
    import { connectSocket } from "${join(import.meta.dirname, "../core/base/socket-wire.ts")}";
    const client = createClient(hostContract, await connectSocket("${host.folder.hostSocket(HOST_PROTOCOL)}"));
    await client.call("attach", { session: "${order.session}", isFocused: true });
    console.log("attached");
  `;
  const window = spawn(process.execPath, ["--input-type=module-typescript", "-e", script]);
  await once(window.stdout, "data");
  window.kill("SIGKILL");
  await once(window, "exit");

  const next = await host.connect();
  const again = await TestWindow.open(next, order.session);
  again.type("still here\r");
  await until(() => again.lines().filter((line) => line === "still here").length === 2);
  const { base64 } = await next.call("read", { session: order.session, from: 0, maxBytes: 1000 });
  expect(Buffer.from(base64, "base64").toString()).toBe("still here\r\nstill here\r\n");
  next.close();
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("everything printed while no core was connected is in the log", async () => {
  const first = await host.connect();
  const order = host.order("read go; seq 1 100000; cat");
  await first.call("spawn", order);
  await first.call("write", {
    session: order.session,
    base64: Buffer.from("\r").toString("base64"),
  });
  first.close();
  const next = await host.connect();
  const expected = `\r\n${numberLines(100_000)}`;
  let log = Buffer.alloc(0);
  await until(async () => {
    const { base64 } = await next.call("read", {
      session: order.session,
      from: log.length,
      maxBytes: 1 << 20,
    });
    log = Buffer.concat([log, Buffer.from(base64, "base64")]);
    return log.length === expected.length;
  });
  expect(log.toString() === expected).toBe(true);
  await next.call("stop", { session: order.session, graceMs: 1000 });
  next.close();
});

test("both windows get the new size", async () => {
  const order = host.order("cat");
  await client.call("spawn", order);
  const windows = await Promise.all([
    TestWindow.open(client, order.session),
    TestWindow.open(client, order.session),
  ]);
  await client.call("resize", { session: order.session, cols: 100, rows: 30 });
  await until(() => windows.every((window) => window.screen.cols === 100));
  windows[0]?.type("stty size\r");
  await client.call("stop", { session: order.session, graceMs: 1000 });
  const listed = (await client.call("list", {})).find((row) => row.session === order.session);
  expect(listed).toMatchObject({ cols: 100, rows: 30 });
});

test("the last lines can be read as text", async () => {
  const { session } = await run("seq 1 50; printf '\\033[1mbold\\033[0m'");
  const { lines } = await client.call("text", { session, lines: 3 });
  expect(lines).toEqual(["49", "50", "bold"]);
});

test("stopping ends grandchildren that left the process group", async () => {
  const order = host.order("setsid sh -c 'echo pid $$; trap \"\" TERM HUP; sleep 300' & wait");
  await client.call("spawn", order);
  const window = await TestWindow.open(client, order.session);
  const line = await until(() => window.lines().find((text) => text.startsWith("pid ")));
  const pid = Number(line.slice(4));
  expect(isRunning(pid)).toBe(true);
  await client.call("stop", { session: order.session, graceMs: 2000 });
  expect(isRunning(pid)).toBe(false);
});

/** Ignores all that asks it to end, carries no mark of its session, and says its pid. */
const HIDDEN = "env -i /bin/sh -c 'echo pid $$; trap \"\" TERM HUP; sleep 300'";

async function checkEnds(script: string) {
  const order = host.order(`read go; ${script}`);
  await client.call("spawn", order);
  const enter = Buffer.from("\n").toString("base64");
  await client.call("write", { session: order.session, base64: enter });
  const pid = Number(await until(() => /pid (\d+)/.exec(host.log(order.session).toString())?.[1]));
  const { survivors } = await client.call("stop", { session: order.session, graceMs: 100 });
  expect(survivors).toEqual([]);
  expect(isAlive({ pid, startTicks: null, bootId: null })).toBe(false);
}

test("stopping ends what left its session and wiped its environment", () =>
  checkEnds(`setsid ${HIDDEN} & read go`));

// Without a control group a stray that nobody saw before it cut every tie is not found.
test.skipIf(!canHoldGroups())("stopping ends what forked twice besides", () =>
  checkEnds(`(setsid ${HIDDEN} &) ; read go`),
);

test.skipIf(!canHoldGroups())(
  "a host ends what one that was killed before it has left",
  async () => {
    await using first = new TestHost();
    const order = first.order(`read go; (setsid ${HIDDEN} &) ; read go`);
    const before = await first.connect();
    await before.call("spawn", order);
    const enter = Buffer.from("\n").toString("base64");
    await before.call("write", { session: order.session, base64: enter });
    const log = () => first.log(order.session).toString();
    const pid = Number(await until(() => /pid (\d+)/.exec(log())?.[1]));
    const gone = once(first.process, "exit");
    first.process.kill("SIGKILL");
    await gone;
    expect(isAlive({ pid, startTicks: null, bootId: null })).toBe(true);
    const second = startHost(first.home);
    try {
      await until(() => !isAlive({ pid, startTicks: null, bootId: null }));
    } finally {
      const ended = once(second, "exit");
      second.kill("SIGKILL");
      await ended;
    }
  },
);

function canHoldGroups(): boolean {
  const child = spawn("sleep", ["10"]);
  const group = SessionCgroup.hold("/test", "s-1", child.pid ?? 0);
  child.once("exit", () => group?.dispose());
  child.kill("SIGKILL");
  return group !== null;
}

test("stopping kills a program that ignores SIGTERM", async () => {
  const order = host.order("trap '' TERM; echo ready; while :; do sleep 1; done");
  await client.call("spawn", order);
  const window = await TestWindow.open(client, order.session);
  await until(() => window.lines().includes("ready"));
  const exit = await client.call("stop", { session: order.session, graceMs: 100 });
  expect(exit.signal).toBe("SIGKILL");
});

test("stopping ends what a session that had already ended left running", async () => {
  const quiet = ">/dev/null 2>&1 </dev/null";
  const order = host.order(`setsid sh -c 'echo pid $$; exec sleep 300 ${quiet}' & read go`);
  const exited = exitOf(client, order.session);
  await client.call("spawn", order);
  const window = await TestWindow.open(client, order.session);
  const line = await until(() => window.lines().find((text) => text.startsWith("pid ")));
  window.type("\r");
  await exited;
  const pid = Number(line.slice(4));
  expect(isRunning(pid)).toBe(true);
  await client.call("stop", { session: order.session, graceMs: 0 });
  expect(isRunning(pid)).toBe(false);
});

test("an ended session stays in the list until it is forgotten", async () => {
  const { session } = await run("exit 3");
  const find = async () => (await client.call("list", {})).find((row) => row.session === session);
  expect((await find())?.exit?.code).toBe(3);
  await client.call("forget", { session });
  expect(await find()).toBeUndefined();
});

const post = (port: number, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });

test("a signal is numbered, journaled, told and answered", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  await client.call("spawn", order);
  const told: unknown[] = [];
  client.on("signal", (event) => {
    if (event.session === order.session) told.push(event.signal.body);
  });
  for (const purpose of ["hook", "status-line", "open-link"]) {
    const response = await post(port, `/s/${order.token}/${purpose}`, `{"n":"${purpose}"}`);
    expect([response.status, await response.text()]).toEqual([200, "{}"]);
  }
  const signals = await client.call("signals", { session: order.session, since: 1 });
  expect(signals.map(({ seq, kind }) => [seq, kind])).toEqual([
    [2, "status-line"],
    [3, "open-link"],
  ]);
  await until(() => told.length === 3);
  const journal = readFileSync(join(order.folder, "signals.jsonl"), "utf8").trim().split("\n");
  expect(journal.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("more signals than one answer carries come in several", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  const { session } = order;
  await client.call("spawn", order);
  const hook = `/s/${order.token}/hook`;
  const body = JSON.stringify({ tool_response: "x".repeat(3_000_000) });
  for (let count = 0; count < 7; count++) expect((await post(port, hook, body)).status).toBe(200);
  // As a line, each of these characters takes six.
  expect((await post(port, hook, "\u0000".repeat(6_000_000))).status).toBe(200);
  const seen: number[] = [];
  for (;;) {
    const signals = await client.call("signals", { session, since: seen.at(-1) ?? 0 });
    if (signals.length === 0) break;
    seen.push(...signals.map(({ seq }) => seq));
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await client.call("stop", { session, graceMs: 1000 });
});

test("the intake answers only to its own address, tokens and purposes", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  await client.call("spawn", order);
  const place = `/s/${order.token}`;
  expect((await post(port, `/s/${"y".repeat(40)}/hook`, "{}")).status).toBe(404);
  expect((await post(port, `${place}/elsewhere`, "{}")).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${port}${place}/mcp`)).status).toBe(405);
  expect((await fetch(`http://localhost:${port}${place}/hook`, { method: "POST" })).status).toBe(
    403,
  );
  const deleted = await fetch(`http://127.0.0.1:${port}${place}/mcp`, { method: "DELETE" });
  expect(deleted.status).toBe(200);
  const large = await post(port, `${place}/hook`, "x".repeat(9_000_000)).catch(() => null);
  expect(large?.status ?? 413).toBe(413);
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("a tool call waits for a core and is given to the next one when the first dies", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  await client.call("spawn", order);
  const first = await host.connect();
  const asked = new Promise<{ request: string; body: string }>((resolve) => {
    first.on("request", resolve);
  });
  await first.call("hello", {});
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call"}';
  const response = post(port, `/s/${order.token}/mcp`, call, {
    accept: "application/json, text/event-stream",
  });
  const before = await asked;
  first.close();

  const next = await host.connect();
  const again = new Promise<{ request: string; body: string }>((resolve) => {
    next.on("request", resolve);
  });
  await next.call("hello", {});
  expect(await again).toEqual(before);
  await next.call("answer", { request: before.request, status: 200, body: '{"done":\n true}' });
  const answered = await response;
  expect(answered.headers.get("content-type")).toBe("text/event-stream");
  const [field, ...rest] = (await answered.text()).split("\n");
  expect(rest).toEqual(["", ""]);
  expect(JSON.parse(field?.replace("data: ", "") ?? "")).toEqual({ done: true });
  next.close();
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("a tool call is answered in plain JSON, and a notification by its status alone", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  await client.call("spawn", order);
  const stop = client.on("request", ({ request, body }) => {
    const isNotification = !body.includes('"id"');
    const answer = isNotification ? { status: 202, body: "" } : { status: 200, body: '{"a":1}' };
    void client.call("answer", { request, ...answer });
  });
  const path = `/s/${order.token}/mcp`;
  const plain = await post(port, path, '{"id":1}', { accept: "application/json" });
  expect(await plain.json()).toEqual({ a: 1 });
  const noted = await post(port, path, '{"method":"x"}', { accept: "text/event-stream" });
  expect([noted.status, await noted.text()]).toEqual([202, ""]);
  stop();
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("a permission is journaled as a hook, told, and waits for its answer in plain JSON", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  const { session } = order;
  await client.call("spawn", order);
  const told: string[] = [];
  const stops = [
    client.on("signal", (event) => event.session === session && told.push("signal")),
    client.on("request", (event) => {
      if (event.session !== session) return;
      told.push(`${event.purpose} ${event.body}`);
      const answer = { request: event.request, status: 200, body: `{"for":"${event.purpose}"}` };
      void client.call("answer", answer);
    }),
  ];
  for (const purpose of ["ask", "gate"]) {
    const response = await post(port, `/s/${order.token}/${purpose}`, `{"n":"${purpose}"}`, {
      accept: "application/json, text/event-stream",
    });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ for: purpose });
  }
  expect(told).toEqual(["signal", 'ask {"n":"ask"}', "signal", 'gate {"n":"gate"}']);
  const signals = await client.call("signals", { session, since: 0 });
  expect(signals.map(({ kind, body }) => [kind, body])).toEqual([
    ["hook", { n: "ask" }],
    ["hook", { n: "gate" }],
  ]);
  for (const stop of stops) stop();
  await client.call("stop", { session, graceMs: 1000 });
});

test("a core is told when whoever asked hangs up, and an answer to it changes nothing", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  await client.call("spawn", order);
  const asked = new Promise<{ request: string }>((resolve) => client.on("request", resolve));
  const dropped = new Promise<{ request: string }>((resolve) => client.on("dropped", resolve));
  const leaving = new AbortController();
  const asking = fetch(`http://127.0.0.1:${port}/s/${order.token}/ask`, {
    method: "POST",
    body: "{}",
    signal: leaving.signal,
  });
  const { request } = await asked;
  expect(await client.call("held", {})).toEqual([request]);
  leaving.abort();
  await expect(asking).rejects.toThrow();
  expect(await dropped).toEqual({ request, session: order.session });
  expect(await client.call("held", {})).toEqual([]);
  expect(await client.call("answer", { request, status: 200, body: "{}" })).toEqual({
    isTaken: false,
  });
  await client.call("stop", { session: order.session, graceMs: 1000 });
});

test("programs reach the host from inside their terminal", async () => {
  const { port } = await client.call("hello", {});
  const order = host.order("cat");
  const code = `fetch("http://127.0.0.1:${port}/s/${order.token}/hook", { method: "POST", body: "{}" }).then(r => console.log(r.status))`;
  const { output } = await run("", { ...order, file: process.execPath, args: ["-e", code] });
  expect(output.toString()).toContain("200");
});

test("a count bomb holds nobody up", async () => {
  const { session } = await run(
    "i=0; while [ $i -lt 20 ]; do printf 'x\\033[99999999S\\033[99999999b'; i=$((i+1)); done; printf '\\033[2J\\033[Hafter'",
  );
  expect((await client.call("text", { session, lines: 1 })).lines).toEqual(["after"]);
});

test("a second host on the same folder says so and ends", async () => {
  const second = startHost(host.home);
  let said = "";
  second.stderr?.on("data", (part) => {
    said += part;
  });
  const [code] = await once(second, "close");
  expect(code).toBe(3);
  expect(said).toContain("Another process already serves");
});

test("its files are for this user alone", async () => {
  expect(statSync(host.folder.run).mode & 0o777).toBe(0o700);
  expect(statSync(host.folder.hostSocket(HOST_PROTOCOL)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(host.folder.hostFile, "utf8"))).toMatchObject({
    pid: host.process.pid,
    protocol: HOST_PROTOCOL,
  });
});

test("refuses to end while a session lives, and ends when it is asked and none does", async () => {
  await using own = new TestHost();
  const core = await own.connect();
  const order = own.order("cat");
  await core.call("spawn", order);
  await expect(core.call("shutdown", {})).rejects.toMatchObject({ code: "wrong-state" });
  await core.call("stop", { session: order.session, graceMs: 1000 });
  const ended = once(own.process, "exit");
  await core.call("shutdown", {});
  expect((await ended)[0]).toBe(0);
  expect(existsSync(own.folder.hostSocket(HOST_PROTOCOL))).toBe(false);
});

test("ends by itself when nobody has needed it for a while", async () => {
  await using own = new TestHost(["--idle-ms", "50"]);
  const [code] = await once(own.process, "exit");
  expect(code).toBe(0);
});

test("outlives the terminal it was started from", async () => {
  await using own = new TestHost();
  const core = await own.connect();
  own.process.kill("SIGHUP");
  expect((await core.call("hello", {})).pid).toBe(own.process.pid);
  core.close();
});
