import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { prepareDemo } from "../demo/prepare-demo.ts";
import { runGit } from "../demo/run-git.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { isAlive, startTicks } from "../electron/core/base/process-identity.ts";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../shared/contract/terminal-frame.ts";
import { isLive, type Session } from "../shared/model/session.ts";
import { cliProgram, connectClient } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { startShells } from "./shell-workers.ts";
import { TAKE_MESSAGE, writeWorker } from "./worker-programs.ts";

const WORKERS = 4;
/** What is promised is five seconds; a machine that runs other tests too gets as much again. */
const HALT_LIMIT_MS = 10_000;

for (const way of ["command", "signal"] as const) {
  test(`P24: by a ${way}, everything stops while a window hangs and workers ignore SIGTERM; then it goes on`, {
    tag: "@web",
  }, async () => {
    test.setTimeout(120_000);
    await using home = await createAppHome({});
    let core = await startCore(home);
    try {
      await startStubborn(home);
      await using hung = await hangAWindow(home);
      const before = await listLive(home);
      const left = before.flatMap(({ id }) => processesOf(home, id));
      expect(left.length).toBeGreaterThanOrEqual(2 * WORKERS);

      const startedMs = performance.now();
      if (way === "command") await command(home, "halt", "--reason", "the test says so");
      else process.kill(readCorePid(home), "SIGUSR2");
      await expect
        .poll(async () => (await listLive(home)).length, {
          timeout: HALT_LIMIT_MS,
          intervals: [50],
        })
        .toBe(0);
      const tookMs = Math.round(performance.now() - startedMs);
      test.info().annotations.push({ type: "halted after", description: `${tookMs} ms` });
      expect(tookMs).toBeLessThan(HALT_LIMIT_MS);
      expect(left.filter(isAlive), "descendants that live on").toEqual([]);
      expect(hung.isThere()).toBe(true);

      // Of the tasks none needs a person, and none starts; a core that was killed meanwhile changes nothing of that.
      core.kill();
      await core.ended;
      core = await startCore(home);
      const tasks = await command(home, "task", "list", "--project", "stubborn");
      expect(new Set(tasks.map(({ status }: { status: string }) => status))).toEqual(
        new Set(["ready"]),
      );
      const why = await command(home, "task", "why", tasks[0].id);
      expect(JSON.stringify(why.reasons)).toContain("switchyard resume");
      expect(await listLive(home)).toEqual([]);

      await command(home, "resume");
      await untilWorking(home, WORKERS);
      const conversations = (sessions: readonly Session[]) =>
        sessions.map(({ providerSession }) => providerSession).toSorted();
      expect(conversations(await listLive(home))).toEqual(conversations(before));
      await command(home, "session", "stop", "--all");
    } finally {
      await core[Symbol.asyncDispose]();
    }
  });
}

test("P24: a core that was killed right after the word goes on with the halt when it comes back", {
  tag: "@web",
}, async () => {
  test.setTimeout(120_000);
  await using home = await createAppHome({});
  const first = await startCore(home);
  await startStubborn(home);
  const left = (await listLive(home)).flatMap(({ id }) => processesOf(home, id));
  await using caller = await connectClient(home.folder);
  const isSaid = new Promise<void>((resolve) =>
    caller.client.on("changed", ({ rows }) => {
      if (rows.fleet?.[0]?.isHalted) resolve();
    }),
  );
  await caller.client.call("app.watch", {});
  const halting = caller.client.call("fleet.halt", { reason: "in haste" }).catch(() => "cut short");
  await isSaid;
  first.kill();
  await first.ended;
  expect(await halting).toBe("cut short");
  expect(left.filter(isAlive).length).toBe(left.length);

  await using _next = await startCore(home);
  await expect.poll(async () => (await listLive(home)).length, { timeout: HALT_LIMIT_MS }).toBe(0);
  expect(left.filter(isAlive), "descendants that live on").toEqual([]);
  expect((await command(home, "status")).fleet).toMatchObject({
    isHalted: true,
    reason: "in haste",
  });
});

test("two that look at one session see the same bytes, and what both type arrives in whole pieces", {
  tag: "@web",
}, async ({ app }) => {
  const [session] = await startShells(app, 1);
  if (!session) throw new Error("a shell was started");
  await using first = await connectClient(app.home);
  await using second = await connectClient(app.home);
  const views = [
    await look(first.client, session.id),
    await look(second.client, session.id),
  ] as const;
  const words = Array.from({ length: 20 }, (_, n) => `${"ab"[n % 2]}${n}`.repeat(12));
  for (const [n, word] of words.entries()) views[n % 2 === 0 ? 0 : 1].type(`: ${word}\r`);
  for (const view of views)
    for (const word of words) await expect.poll(() => view.text()).toContain(`: ${word}\r`);
  const [one, other] = views.map((view) => view.bytes());
  // Both have everything from where the later one came on.
  for (const [offset, byte] of one ?? []) {
    if (other?.has(offset)) expect(other.get(offset)).toBe(byte);
  }
  expect([...(other?.keys() ?? [])].every((offset) => one?.has(offset))).toBe(true);

  await first.client.call("terminal.resize", { session: session.id, cols: 91, rows: 21 });
  for (const view of views) await expect.poll(() => view.size()).toEqual([91, 21]);
  await second.client.call("terminal.resize", { session: session.id, cols: 77, rows: 19 });
  for (const view of views) await expect.poll(() => view.size()).toEqual([77, 19]);
});

test("sessions are stopped and respawned all at once, one is restarted, and labels find them again", {
  tag: "@web",
}, async ({ app }) => {
  test.setTimeout(90_000);
  const before = await startShells(app, 3);
  const working = async () =>
    (await app.client.call("session.list", {})).filter(({ state }) => state === "working");
  const conversations = (sessions: readonly Session[]) =>
    sessions.map(({ providerSession }) => providerSession).toSorted();

  expect((await app.cli("session", "stop", "--all")).json).toHaveLength(3);
  expect(await working()).toEqual([]);
  const tasks = await app.client.call("task.list", {});
  expect(tasks.map(({ status }) => status)).toEqual(["needs-input", "needs-input", "needs-input"]);

  expect((await app.cli("session", "respawn", "--all")).json).toHaveLength(3);
  await expect.poll(async () => (await working()).length, { timeout: 30_000 }).toBe(3);
  expect(conversations(await working())).toEqual(conversations(before));
  const spawned = (await app.client.call("app.events", { since: 0, limit: 5_000 })).filter(
    ({ kind }) => kind === "session.spawned",
  );
  const times = spawned.slice(-3).map(({ at }) => Date.parse(at));
  // A second lies between their turns; what each does before its program runs takes its own time.
  expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000);

  const [first] = await working();
  if (!first) throw new Error("three sessions work");
  await app.cli("session", "label", first.id, "ui", "slow");
  const labelled = await app.cli("session", "list", "--label", "ui", "--state", "working");
  expect(labelled.json.map(({ id }: Session) => id)).toEqual([first.id]);
  const restarted = (await app.cli("session", "restart", first.id)).json as Session;
  expect(restarted).toMatchObject({ providerSession: first.providerSession });
  expect(restarted.id).not.toBe(first.id);
  await expect.poll(async () => (await working()).length, { timeout: 30_000 }).toBe(3);
});

test("an idle session of the real program is stopped, and goes on with its conversation at the next message", {
  tag: "@web",
}, async () => {
  test.setTimeout(240_000);
  await using home = await createAppHome({});
  await using demo = await prepareDemo({ folder: home.workFolder });
  await using _core = await startCore(home);
  writeFileSync(path.join(home.folder, "config.yaml"), "guards: { idle-minutes: 0.1 }\n");
  const [profile] = demo.profiles;
  if (!profile) throw new Error("the demo has a profile");
  const variables = Object.entries(profile.env).flatMap(([key, value]) => [
    "--env",
    `${key}=${value}`,
  ]);
  const { name, path: repository, target } = demo.project;
  await command(
    home,
    "profile",
    "add",
    profile.name,
    "--plan",
    "max",
    "--executable",
    profile.executable,
    ...variables,
  );
  await command(
    home,
    "project",
    "add",
    repository,
    "--name",
    name,
    "--target",
    target,
    "--no-checks",
  );
  const body = script(
    { tool: { name: "mcp__switchyard__task_blocked", input: { reason: "which port?" } } },
    { say: "I wait." },
  );
  const { id: task } = await command(
    home,
    "task",
    "create",
    "Ask",
    "--body",
    body,
    "--project",
    name,
  );
  await expect
    .poll(async () => (await command(home, "task", "show", task)).status, { timeout: 60_000 })
    .toBe("needs-input");
  const { session: before } = await command(home, "task", "show", task);
  const show = (id: string) => command(home, "session", "show", id);
  await expect
    .poll(async () => (await show(before)).state, { timeout: 120_000, intervals: [1_000] })
    .toBe("stopped");
  const stopped = await show(before);
  expect(stopped.reason).toBe("idle for 0.1 minutes; it goes on at your next message");
  expect(await command(home, "task", "show", task)).toMatchObject({
    status: "needs-input",
    reason: "blocked: which port?",
    session: before,
  });

  const sent = await command(home, "session", "send", before, script({ say: "Port 8080 it is." }));
  expect(sent).toMatchObject({ isDelivered: true });
  expect(sent.session).not.toBe(before);
  expect((await show(sent.session)).providerSession).toBe(stopped.providerSession);
  const { client, ...connected } = await connectClient(home.folder);
  await using _connection = connected;
  await expect
    .poll(async () => {
      const { lines } = await client.call("session.peek", { session: sent.session, lines: 60 });
      return lines.join("\n");
    })
    .toContain("Port 8080 it is.");
});

test("F70: of many apps that are started at once one runs, and the others say where", {
  tag: "@web",
}, async () => {
  test.setTimeout(120_000);
  await using home = await createAppHome({});
  const apps = Array.from({ length: 12 }, () => startOne(home));
  try {
    const outcomes = await Promise.all(apps.map((app) => app.outcome));
    const running = outcomes.filter((outcome) => outcome.kind === "running");
    expect(running).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.kind === "running") continue;
      expect(outcome.exitCode).toBe(3);
      expect(outcome.said).toContain("data-folder-busy");
      expect(outcome.said).toContain(String(readCorePid(home)));
    }
  } finally {
    for (const app of apps) await app.end();
  }
});

/** In the place of claude: takes its first message and then ignores every polite signal, as does a child that left its group. */
const STUBBORN = `trap '' TERM HUP INT
${TAKE_MESSAGE}
setsid sh -c 'trap "" TERM HUP; sleep 1000' &
while :; do sleep 1000; done`;

async function startStubborn(home: AppHome): Promise<void> {
  const executable = writeWorker(home.workFolder, "stubborn-worker", STUBBORN);
  const repository = path.join(home.workFolder, "stubborn");
  runGit(home.workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  const { client, ...connected } = await connectClient(home.folder);
  await using _connection = connected;
  await client.call("profile.add", { name: "p", plan: "custom", cap: WORKERS, executable });
  await client.call("project.add", { path: repository, name: "stubborn", withoutChecks: true });
  for (let n = 1; n <= WORKERS; n += 1)
    await client.call("task.create", { project: "stubborn", title: `Stubborn ${n}` });
  await untilWorking(home, WORKERS);
}

async function listLive(home: AppHome): Promise<readonly Session[]> {
  const { client, ...connected } = await connectClient(home.folder);
  await using _connection = connected;
  return (await client.call("session.list", {})).filter(({ state }) => isLive(state));
}

async function untilWorking(home: AppHome, count: number): Promise<void> {
  await expect
    .poll(async () => (await listLive(home)).filter(({ state }) => state === "working").length, {
      timeout: 40_000,
    })
    .toBe(count);
}

/** Every process that carries the session's mark, whatever group it is in. */
function processesOf(home: AppHome, session: string) {
  const marks = [`SWITCHYARD_SESSION=${session}`, `SWITCHYARD_HOME=${home.folder}`];
  const hasMarks = (pid: string) => {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return marks.every((mark) => variables.includes(mark));
    } catch {
      return false;
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && hasMarks(name))
    .map((pid) => ({ pid: Number(pid), startTicks: startTicks(Number(pid)), bootId: null }));
}

function readCorePid(home: AppHome): number {
  return JSON.parse(readFileSync(dataFolder(home.folder).coreFile, "utf8")).pid;
}

/** A window that is connected, watches everything, has a pane open, and from then on neither reads nor answers. */
async function hangAWindow(home: AppHome): Promise<AsyncDisposable & { isThere(): boolean }> {
  const access = path.join(import.meta.dirname, "app-access.ts");
  const body = `
    import { connectClient } from ${JSON.stringify(access)};
    const { client } = await connectClient(${JSON.stringify(home.folder)});
    await client.call("app.watch", {});
    const [session] = await client.call("session.list", {});
    await client.call("terminal.attach", { session: session.id, isFocused: true });
    console.log("connected");
  `;
  const window = spawn(process.execPath, ["--input-type=module-typescript", "-e", body], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => window.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface(window.stdout).once("line", () => resolve());
    window.once("close", () => reject(new Error("the window ended before it was connected")));
  });
  window.kill("SIGSTOP");
  return {
    isThere: () => window.exitCode === null && window.signalCode === null,
    async [Symbol.asyncDispose]() {
      window.kill("SIGKILL");
      await ended;
    },
  };
}

async function look(client: Client<AppContract>, session: Session["id"]) {
  const { stream } = await client.call("terminal.attach", { session, isFocused: true });
  const bytes = new Map<number, number>();
  let text = "";
  let size: readonly number[] = [];
  client.onStream(stream, (packed) => {
    const frame = unpackTerminalFrame(packed);
    if (!frame || frame.kind === "input") return;
    text += Buffer.from(frame.bytes).toString("latin1");
    if (frame.kind === "snapshot") size = [frame.cols, frame.rows];
    else for (const [n, byte] of frame.bytes.entries()) bytes.set(frame.offset + n, byte);
    const end = frame.kind === "snapshot" ? frame.offset : frame.offset + frame.bytes.length;
    client.ack(stream, end);
  });
  return {
    text: () => text,
    bytes: () => bytes,
    size: () => size,
    type: (keys: string) =>
      client.sendStream(stream, packTerminalFrame({ kind: "input", bytes: Buffer.from(keys) })),
  };
}

/** What the scripted model does when it reads this. */
function script(...steps: readonly object[]): string {
  return `[[script: ${JSON.stringify(steps)}]]`;
}

type Outcome =
  | { readonly kind: "running" }
  | { readonly kind: "ended"; readonly exitCode: number | null; readonly said: string };

function startOne(home: AppHome): {
  readonly outcome: Promise<Outcome>;
  end(): Promise<void>;
} {
  const app = spawn(process.execPath, [cliProgram, "serve", "--json", "--no-open"], {
    env: { ...home.env },
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  app.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<Outcome>((resolve) =>
    app.once("close", (exitCode) => resolve({ kind: "ended", exitCode, said })),
  );
  const ready = new Promise<Outcome>((resolve) =>
    createInterface(app.stdout).once("line", () => resolve({ kind: "running" })),
  );
  return {
    outcome: Promise.race([ended, ready]),
    async end() {
      app.kill("SIGTERM");
      await ended;
    },
  };
}
