import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import type { BuildLock } from "../shared/model/build-lock.ts";
import { ProfileName } from "../shared/model/ids.ts";
import { cliProgram, connectClient, runPlainCli } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { bash, finish, PATIENCE, prepareWork } from "./with-worker.ts";
import { writeDyingWorker } from "./worker-programs.ts";

type Place = Pick<AppHome, "env" | "workFolder">;

interface Locked {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

/** `switchyard lock` in a process of its own. */
function lock(home: Place, ...args: readonly string[]): Locked {
  const child = spawn(process.execPath, [cliProgram, "lock", ...args], {
    env: home.env,
    cwd: home.workFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, said: () => said };
}

/** A command that says that it began, and ends once the test opens its gate. */
function gated(home: Pick<Place, "workFolder">, name: string) {
  const [begun, gate] = ["begun", "gate"].map((what) =>
    path.join(home.workFolder, `${name}-${what}`),
  );
  if (!begun || !gate) throw new Error("two names give two paths");
  const script = `echo x >> '${begun}'; until test -e '${gate}'; do sleep 0.05; done; echo ${name} is done`;
  return {
    words: ["sh", "-c", script],
    /** How often it was started. */
    starts: () => (existsSync(begun) ? readFileSync(begun, "utf8").split("x").length - 1 : 0),
    open: () => writeFileSync(gate, ""),
    hasBegun: () => expect.poll(() => existsSync(begun), PATIENCE).toBe(true),
  };
}

/** `h h|w`: two hold and one waits. */
async function look(home: AppHome, name = "build"): Promise<string> {
  const locks: BuildLock[] = await command(home, "lock", "--list");
  const found = locks.find((each) => each.name === name);
  const marks = (mark: string, claims: readonly unknown[] = []) => claims.map(() => mark).join(" ");
  return `${marks("h", found?.holders)}|${marks("w", found?.waiting)}`;
}
const looksLike = (home: AppHome, picture: string, name?: string) =>
  expect.poll(() => look(home, name), PATIENCE).toBe(picture);

function configure(home: AppHome, lines: readonly string[]): void {
  mkdirSync(home.folder, { recursive: true });
  writeFileSync(path.join(home.folder, "config.yaml"), `${lines.join("\n")}\n`);
}

test("one slot: a holder and a waiter that are killed, and the death of the core in between", {
  tag: "@web",
}, async () => {
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  configure(home, ["locks: { build: { slots: 1 } }"]);
  let core = await startCore(home);
  const [one, two, three, four] = ["one", "two", "three", "four"].map((name) => gated(home, name));
  if (!one || !two || !three || !four) throw new Error("four names give four commands");
  try {
    const first = lock(home, "--", ...one.words);
    await one.hasBegun();
    const second = lock(home, "--", ...two.words);
    await looksLike(home, "h|w");
    const killed = lock(home, "--", "sh", "-c", "exit 0");
    await looksLike(home, "h|w w");
    killed.child.kill("SIGKILL");
    await looksLike(home, "h|w");
    const third = lock(home, "--", ...three.words);
    await looksLike(home, "h|w w");

    core.kill();
    await core.ended;
    core = await startCore(home);
    await looksLike(home, "h|w w");
    expect([one.starts(), two.starts(), three.starts()]).toEqual([1, 0, 0]);

    // Its command is ended with it, so the slot is truly free.
    first.child.kill("SIGKILL");
    await two.hasBegun();
    await looksLike(home, "h|w");
    expect(one.starts()).toBe(1);
    two.open();
    expect(await second.ended).toBe(0);
    expect(second.said()).toContain("two is done");

    // A command that ends while no core is there leaves its slot too.
    await three.hasBegun();
    core.kill();
    await core.ended;
    three.open();
    expect(await third.ended).toBe(0);
    core = await startCore(home);
    const fourth = lock(home, "--", ...four.words);
    await four.hasBegun();
    four.open();
    expect(await fourth.ended).toBe(0);
    expect([two.starts(), three.starts(), four.starts()]).toEqual([1, 1, 1]);
    await looksLike(home, "|");
  } finally {
    await core[Symbol.asyncDispose]();
    await command(home, "stop").catch(() => {});
  }
});

test("three slots let three run and a fourth wait; another lock knows nothing of them; a signal, a time limit, a nested call", {
  tag: "@web",
}, async () => {
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  configure(home, ["locks: { build: { slots: 3 } }"]);
  await using _core = await startCore(home);
  const commands = ["a", "b", "c", "d", "e"].map((name) => gated(home, name));
  const [, , , last, other] = commands;
  if (!last || !other) throw new Error("five names give five commands");
  const running = commands.slice(0, 4).map((each) => lock(home, "--", ...each.words));
  await looksLike(home, "h h h|w");
  const inOther = lock(home, "--name", "db", "--", ...other.words);
  await other.hasBegun();
  await looksLike(home, "h|", "db");

  const late = await runPlainCli(home, ["lock", "--timeout", "0.2", "--", "true"]);
  expect(late.exitCode).toBe(5);
  expect(late.stderr).toContain("No build slot was free within 0.2 s");
  await looksLike(home, "h h h|w");

  // Whoever interrupts the wait leaves the queue.
  const waiting = commands.findIndex((each) => each.starts() === 0);
  running[waiting]?.child.kill("SIGINT");
  await looksLike(home, "h h h|");
  const signalled = running.findIndex((_, at) => at !== waiting);
  running[signalled]?.child.kill("SIGTERM");
  expect(await running[signalled]?.ended).toBe(143);
  await looksLike(home, "h h|");

  for (const each of commands) each.open();
  expect(await inOther.ended).toBe(0);
  await looksLike(home, "|");
  const nested = ["--name", "db", "--", process.execPath, cliProgram, "lock", "--name", "db"];
  const inside = await runPlainCli(home, ["lock", ...nested, "--", "sh", "-c", "echo in; exit 7"]);
  expect([inside.exitCode, inside.stdout]).toEqual([7, "in\n"]);
});

test("a command that fails, is not there, or prints much is as it is without a lock; without a core it runs at once", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const plain = (...words: readonly string[]) => runPlainCli(home, ["lock", "--", ...words]);
  const alone = await plain("sh", "-c", "echo built");
  expect([alone.exitCode, alone.stdout]).toEqual([0, "built\n"]);
  expect(alone.stderr).toContain("runs without a build slot");

  await using _core = await startCore(home);
  expect((await plain("sh", "-c", "exit 9")).exitCode).toBe(9);
  const missing = await plain("no-such-program", "--json");
  expect(missing).toMatchObject({ exitCode: 127, stdout: "" });
  expect(missing.stderr).toContain("There is no program no-such-program.");
  const much = await plain("sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' x; echo oops >&2");
  expect([much.exitCode, much.stdout.length, much.stderr]).toEqual([0, 20_000_000, "oops\n"]);
  expect(await look(home)).toBe("|");
});

test("the window shows who holds slots and who waits, for as long as somebody does", async ({
  app,
}) => {
  const { page } = app;
  const repository = path.join(app.workFolder, "shop");
  runGit(app.workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  const executable = writeDyingWorker(app.workFolder, "unused", 0);
  const name = ProfileName.parse("max-1");
  await app.client.call("profile.add", { name, plan: "max", executable });
  await app.client.call("project.add", { path: repository, withoutChecks: true });
  await expect(page.getByLabel("Project", { exact: true })).toHaveValue("shop");
  const held = gated(app, "held");
  const first = lock(app, "--name", "db", "--", ...held.words);
  await held.hasBegun();
  const second = lock(app, "--name", "db", "--", "sh", "-c", "true");
  await page.keyboard.press("Alt+3");
  const slots = page.getByRole("list", { name: "Slots of db" });
  await expect(slots.getByRole("listitem")).toHaveText([/Runs/, /Waits, 1st.*sh -c true/]);
  await checkAccessibility(page, "build slots");
  held.open();
  expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  await expect(slots).toHaveCount(0);
});

test("a worker's listed command waits for a slot, and the queue's check goes ahead of others", {
  tag: "@web",
}, async () => {
  test.skip(!findClaude().isReal, "the stand-in runs no hook that changes a call");
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  configure(home, [
    'locks: { build: { slots: 1, commands: ["sh build.sh"] } }',
    'agents: { worker: { allow: ["Bash(git *)", "Bash(sh build.sh)"] } }',
  ]);
  const order = path.join(home.workFolder, "order");
  const note = (what: string) => `test -z "$SWITCHYARD_LOCK_TICKET" || echo ${what} >> '${order}'`;
  const build = gated(home, "build");
  const model = createScriptedModel({
    scenario: {
      rules: [
        {
          prompt: "You are working on task",
          steps: [
            { write: { path: "build.sh", content: `${build.words.at(-1)}\n${note("build")}\n` } },
            // Found on its path, and let run by the rule for what runs inside.
            bash("switchyard lock -- git add build.sh"),
            bash("true && sh build.sh"),
            ...finish,
          ],
        },
      ],
    },
  });
  await model.listen(0);
  const core = await startCore(home);
  const [person, next] = [gated(home, "person"), gated(home, "next")];
  try {
    await prepareWork(home, model.url, { token: "switchyard-lock-token" });
    await command(home, "project", "set", "app", "--check", note("check"));
    const first = lock(home, "--", ...person.words);
    await person.hasBegun();
    const { id } = await command(home, "task", "create", "Build", "--project", "app");
    const claims = async (which: "holders" | "waiting") => {
      const { locks } = await command(home, "status");
      const found: BuildLock["waiting"] = locks[0]?.[which] ?? [];
      return found.map(({ rank, task, command: text }) => `${rank} ${task} ${text.slice(0, 20)}`);
    };
    const added = `command ${id} git add build.sh`;
    await expect.poll(() => claims("waiting"), PATIENCE).toEqual([added]);
    person.open();
    await first.ended;
    await build.hasBegun();
    expect(await claims("holders")).toEqual([`command ${id} sh build.sh`]);

    // Both come before the queue's check: one holds the slot when it comes, the other waits.
    const second = lock(home, "--", ...next.words);
    await looksLike(home, "h|w");
    const third = lock(home, "--", "sh", "-c", note("person"));
    await looksLike(home, "h|w w");
    build.open();
    await expect
      .poll(async () => (await claims("waiting")).map((text) => text.split(" ")[0]), PATIENCE)
      .toEqual(["check", "command"]);
    // Who looks at the check is told what it waits for.
    await using connected = await connectClient(home.folder);
    const [entry] = await connected.client.call("queue.list", {});
    if (!entry) throw new Error("the branch is in the queue");
    const { text } = await connected.client.call("queue.log", { entry: entry.id, from: 0 });
    expect(text).toContain("Waits for a build slot: ");
    next.open();
    await Promise.all([second.ended, third.ended]);
    await expect
      .poll(async () => (await command(home, "task", "show", id)).status, PATIENCE)
      .toBe("landed");
    expect(readFileSync(order, "utf8")).toBe("build\ncheck\nperson\n");
  } finally {
    await command(home, "stop").catch(() => {});
    await core[Symbol.asyncDispose]();
    await model.close();
  }
});
