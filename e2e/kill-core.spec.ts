import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { checkTarget } from "../demo/check-target.ts";
import { judgeDemo } from "../demo/judge-demo.ts";
import { type Demo, prepareDemo } from "../demo/prepare-demo.ts";
import { runGit } from "../demo/run-git.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import type { Session } from "../shared/model/session.ts";
import { cliProgram, connectClient, runCli } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command, createByCommandLine } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { writeWorker } from "./worker-programs.ts";

const FILES = 2_000;
const KILLS = 5;
const PLAN_LIMIT_MS = 300_000;

/** Its kills fall anywhere between these two, counted from when the core was ready. */
const KILL_EARLIEST_MS = 1_500;
const KILL_LATEST_MS = 9_000;

test("a plan given by the command line lands in a repository of 2,000 files", {
  tag: "@web",
}, async () => {
  test.setTimeout(PLAN_LIMIT_MS + 60_000);
  await using home = await createAppHome({});
  await using demo = await prepareDemo({ folder: home.workFolder, files: FILES });
  await using _core = await startCore(home);
  const { plan, tasks } = await createByCommandLine(home, demo);
  await waitUntilLanded(home, plan);
  await checkOutcome(home, demo, tasks);
});

test("the same plan lands while the core is killed five times", { tag: "@web" }, async () => {
  test.setTimeout(PLAN_LIMIT_MS + 120_000);
  await using home = await createAppHome({});
  await using demo = await prepareDemo({ folder: home.workFolder, files: FILES });
  let core = await startCore(home);
  try {
    const counting = await startCountingSession(home);
    const host = readFileSync(dataFolder(home.folder).hostFile, "utf8");
    const { plan, tasks } = await createByCommandLine(home, demo);
    for (let kill = 0; kill < KILLS; kill++) {
      await setTimeout(KILL_EARLIEST_MS + Math.random() * (KILL_LATEST_MS - KILL_EARLIEST_MS));
      const before = await listLive(home);
      core.kill();
      await core.ended;
      core = await startCore(home);
      await checkReattached(home, before);
    }
    await waitUntilLanded(home, plan);
    await checkOutcome(home, demo, tasks);
    expect(
      readFileSync(dataFolder(home.folder).hostFile, "utf8"),
      "the terminal host has lived through it",
    ).toBe(host);
    await checkCounting(home, counting);
  } finally {
    await core[Symbol.asyncDispose]();
  }
});

interface RunningCore extends AsyncDisposable {
  readonly ended: Promise<void>;
  kill(): void;
}

async function startCore(home: AppHome): Promise<RunningCore> {
  const child = spawn(process.execPath, [cliProgram, "serve", "--json", "--no-open"], {
    env: { ...home.env },
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).once("line", () => resolve());
    child.once("close", (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return {
    ended,
    kill: () => void child.kill("SIGKILL"),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listLive(home: AppHome): Promise<readonly Session[]> {
  const { client, [Symbol.asyncDispose]: close } = await connectClient(home.folder);
  try {
    return (await client.call("session.list", {})).filter(
      (session) => session.endedAt === null && session.pid !== null,
    );
  } finally {
    await close();
  }
}

/** A session that lived before the kill lives on as the same process, or has ended in order; it was never started twice. */
async function checkReattached(home: AppHome, before: readonly Session[]): Promise<void> {
  const { client, [Symbol.asyncDispose]: close } = await connectClient(home.folder);
  try {
    const now = new Map(
      (await client.call("session.list", {})).map((session) => [session.id, session]),
    );
    for (const session of before) {
      const after = now.get(session.id);
      expect(after?.pid, `${session.id} is the same process`).toBe(session.pid);
      expect(
        ["ended", "starting", "working", "idle", "needs-input", "unknown"],
        `${session.id} is ${after?.state}: ${after?.reason}`,
      ).toContain(after?.state);
    }
  } finally {
    await close();
  }
}

/** The command line's own wait, until the plan has landed or a task needs a person. */
async function waitUntilLanded(home: AppHome, plan: string): Promise<void> {
  const deadline = Date.now() + PLAN_LIMIT_MS;
  while (Date.now() < deadline) {
    const waited = await runCli(home, [
      "wait",
      "--plan",
      plan,
      "--until",
      "landed",
      "--timeout",
      "50",
    ]);
    if (waited.exitCode === 0) return;
    expect(waited.exitCode, `${waited.stdout}${waited.stderr}`).toBe(5);
  }
  throw new Error(
    `the plan did not land: ${JSON.stringify(await command(home, "plan", "show", plan))}`,
  );
}

async function checkOutcome(home: AppHome, demo: Demo, tasks: readonly string[]): Promise<void> {
  const rows: { id: string; status: string; landed: { commit: string } | null }[] = await command(
    home,
    "task",
    "list",
    "--project",
    demo.project.name,
  );
  const ours = rows.filter((row) => tasks.includes(row.id));
  expect(ours.map((row) => `${row.id} ${row.status}`)).toEqual(tasks.map((id) => `${id} landed`));

  const trailers = runGit(
    demo.project.path,
    "log",
    "--first-parent",
    "--format=%(trailers:key=Switchyard-Task,valueonly,separator=%x2C)",
    demo.project.target,
  );
  const landed = trailers.split("\n").filter((line) => line !== "");
  expect(landed.toSorted(), "each task landed once").toEqual(tasks.toSorted());

  const commits = ours.flatMap((row) => (row.landed ? [row.landed.commit] : []));
  expect(await checkTarget(demo.project, commits, AbortSignal.timeout(60_000))).toEqual([]);
  const { client, [Symbol.asyncDispose]: close } = await connectClient(home.folder);
  try {
    const sessions = await client.call("session.list", {});
    expect(
      judgeDemo(demo.model.calls, sessions, demo.profiles).map((finding) => finding.text),
    ).toEqual([]);
  } finally {
    await close();
  }
}

const LINES = 30_000;

/** A session whose program says one number a line, without haste: a gap in its log would show. */
async function startCountingSession(home: AppHome): Promise<string> {
  const count = `n=0
while [ $n -lt ${LINES} ]; do n=$((n+1)); echo "line $n."; [ $((n % 50)) = 0 ] && sleep 0.05; done
exec sleep 600`;
  const program = writeWorker(home.workFolder, "counting", count);
  const repository = path.join(home.workFolder, "counted");
  runGit(home.workFolder, "init", "-q", "-b", "main", repository);
  runGit(
    repository,
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@example.test",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "first",
  );
  await command(
    home,
    "profile",
    "add",
    "counting",
    "--plan",
    "custom",
    "--cap",
    "1",
    "--executable",
    program,
  );
  await command(home, "project", "add", repository, "--name", "counted", "--no-checks");
  await command(home, "task", "create", "Count", "--project", "counted", "--profile", "counting");
  for (;;) {
    const [session] = (await listLive(home)).filter((each) => each.profile === "counting");
    if (session) return session.id;
    await setTimeout(50);
  }
}

async function checkCounting(home: AppHome, session: string): Promise<void> {
  const log = path.join(dataFolder(home.folder).sessionDir(session), "output.log");
  const whole = Array.from({ length: LINES }, (_, n) => `line ${n + 1}.\r\n`).join("");
  await expect.poll(() => readFileSync(log, "utf8").length, { timeout: 60_000 }).toBe(whole.length);
  expect(readFileSync(log, "utf8") === whole, "every byte, once and in order").toBe(true);
  await command(home, "session", "stop", session);
}
