import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { createConnection } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { runGit } from "../demo/run-git.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import type { QueueEntry } from "../shared/model/queue-entry.ts";
import { type CliAnswer, runCli, runPlainCli } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startServer } from "./launch-web.ts";
import {
  writeBrokenWorker,
  writeDyingWorker,
  writeQuickWorker,
  writeSignedOutWorker,
} from "./worker-programs.ts";

// What a person, a script or the world does wrong: a sentence with the way out, the right exit code, and nothing is lost.

/** Where SQLite's file format keeps `user_version`. */
const SCHEMA_VERSION_AT = 60;

interface Refusal {
  readonly exit: number;
  readonly code: string;
  /** Each is in the sentence or in the way out. */
  readonly says: readonly string[];
}

async function refuses(home: AppHome, args: readonly string[], refusal: Refusal): Promise<void> {
  checkRefusal(await runCli(home, args), args, refusal);
}

function checkRefusal(answer: CliAnswer, args: readonly string[], refusal: Refusal): void {
  const what = args.join(" ").slice(0, 120);
  expect(answer.stdout, `${what}: nothing on standard output`).toBe("");
  const { error } = JSON.parse(answer.stderr);
  expect([answer.exitCode, error.code], `${what}: ${answer.stderr}`).toEqual([
    refusal.exit,
    refusal.code,
  ]);
  expect(Object.keys(error)).toEqual(["code", "message", "hint"]);
  const told = `${error.message} ${error.hint ?? ""}`;
  for (const words of refusal.says) expect(told, what).toContain(words);
  // Words of programmers: the names of error codes, of types and of the library that parses.
  expect(told, what).not.toMatch(/\bE[A-Z]{4,}\b|undefined|\[object|expected (string|number)|Zod/);
}

function makeRepository(home: AppHome, name: string): string {
  const repository = path.join(home.workFolder, name);
  runGit(home.workFolder, "init", "-q", "-b", "main", repository);
  writeFileSync(path.join(repository, "list.txt"), lines(12));
  commit(repository, "first");
  return repository;
}

function commit(repository: string, message: string): void {
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, "add", "-A");
  runGit(repository, ...author, "commit", "-q", "-m", message);
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => `line ${n + 1}\n`).join("");

test("what is no repository to work from is not taken in", { tag: "@web" }, async () => {
  await using home = await createAppHome({});
  const inWork = (name: string) => path.join(home.workFolder, name);
  mkdirSync(inWork("plain"));
  runGit(home.workFolder, "init", "-q", inWork("empty"));
  runGit(home.workFolder, "init", "-q", "--bare", inWork("bare.git"));
  const app = makeRepository(home, "app");
  const add = (where: string, code: string, ...says: string[]) =>
    refuses(home, ["project", "add", where], { exit: 3, code, says });

  await add("plain", "not-a-repository", inWork("plain"), "git init");
  await add("nowhere", "not-a-repository", "There is no folder", inWork("nowhere"));
  await add("app/list.txt", "not-a-repository", "is a file", "Name the folder");
  await add("empty", "empty-repository", "no commit yet", "first commit");
  await add("bare.git", "not-a-repository", "bare repository", "Clone it");
  for (const target of ["nope", "../x", "-x", "refs/heads/main"]) {
    await refuses(home, ["project", "add", app, "--target", target], {
      exit: 3,
      code: "no-such-branch",
      says: [`no branch ${target}`, "Create it"],
    });
  }
  runGit(app, "checkout", "-q", "--detach");
  await add("app", "no-such-branch", "--target");
  expect(await command(home, "project", "list")).toEqual([]);
});

test("a wrong settings file keeps its project out, with the line", { tag: "@web" }, async () => {
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  mkdirSync(path.join(app, ".switchyard"));
  const file = path.join(app, ".switchyard/config.yaml");
  const wrong = async (text: string, ...says: string[]) => {
    writeFileSync(file, text);
    await refuses(home, ["project", "add", "app"], {
      exit: 3,
      code: "settings-invalid",
      says: [...says.map((each) => each.replace("FILE", file)), "Correct"],
    });
  };
  await wrong("version: 1\nquue: {}\n", "FILE:2: quue: there is no such key", "queue");
  await wrong("checks: npm test\n", "FILE:1: checks:", "It is a list");
  await wrong("queue:\n  land: sideways\n", "FILE:2: queue.land:", "merge, squash, rebase");
  await wrong("checks: [\n", "FILE:", "not valid YAML");
  rmSync(file);
  mkdirSync(file);
  await refuses(home, ["project", "add", "app"], {
    exit: 3,
    code: "settings-invalid",
    says: [file, "it is a folder"],
  });
  rmSync(file, { recursive: true });
  await command(home, "project", "add", "app");
});

test("a name that exists, a name that is none and a cap that is none are refused", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  makeRepository(home, "app");
  makeRepository(home, "other");
  const executable = writeSignedOutWorker(home.workFolder);
  const add = ["profile", "add", "max-1", "--plan", "max", "--executable", executable];
  await command(home, ...add);
  await command(home, "project", "add", "app");
  const before = await command(home, "status");

  const taken = { exit: 3, code: "name-taken" };
  await refuses(home, add, { ...taken, says: ["already a profile max-1", "profile set"] });
  await refuses(home, ["project", "add", "other", "--name", "app"], {
    ...taken,
    says: ["already a project app", "--name"],
  });
  await refuses(home, ["project", "add", "app", "--name", "again"], {
    ...taken,
    says: ["already the project app", "project show app"],
  });
  for (const cap of ["0", "-1", "many", "1.5", "1000", ""]) {
    const sentence = { exit: 2, code: "usage", says: ["from 1 to 100", "disable it"] };
    await refuses(home, ["profile", "set", "max-1", "--cap", cap], sentence);
  }
  for (const name of ["../x", "x".repeat(300), "two\nlines", "🎉", "", ".git"]) {
    const sentence = { exit: 2, code: "bad-input", says: ["1 to 40 letters"] };
    await refuses(home, ["profile", "add", name, "--plan", "max"], sentence);
    await refuses(home, ["project", "add", "other", "--name", name], sentence);
  }
  await refuses(home, ["profile", "add", "--plan", "max", "--", "-x"], {
    exit: 2,
    code: "bad-input",
    says: ["starts with a letter"],
  });
  await refuses(home, ["profile", "set", "nobody", "--cap", "2"], {
    exit: 3,
    code: "unknown-profile",
    says: ["no profile nobody", "profile list"],
  });
  expect(await command(home, "status")).toEqual(before);
});

test("a task that could never start is refused, and one with a hostile title is not", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  await command(home, "project", "add", app);
  const inApp = (...args: string[]) => [...args, "--project", "app"];
  const first = (await command(home, ...inApp("task", "create", "first"))).id;
  const second = (await command(home, ...inApp("task", "create", "second", "--after", first))).id;
  const third = (await command(home, ...inApp("task", "create", "third", "--after", second))).id;

  const cycle = { exit: 3, code: "cycle" };
  await refuses(home, ["task", "edit", first, "--after", third], {
    ...cycle,
    says: [`${first} waits for ${third} waits for ${second} waits for ${first}`, "Leave one"],
  });
  await refuses(home, ["task", "edit", first, "--after", first], {
    ...cycle,
    says: [`${first} waits for ${first}`],
  });
  const notFound = { exit: 3, code: "not-found" };
  await refuses(home, inApp("task", "create", "x", "--after", "t-99"), {
    ...notFound,
    says: ["no task t-99", "task list"],
  });
  await refuses(home, inApp("task", "create", "x", "--plan", "p-9"), {
    ...notFound,
    says: ["no plan p-9", "plan list"],
  });
  await refuses(home, inApp("task", "create", "x", "--profile", "nobody"), {
    exit: 3,
    code: "unknown-profile",
    says: ["no profile nobody", "profile list"],
  });
  await refuses(home, ["task", "create", "x"], {
    ...notFound,
    says: [`${home.workFolder} is in no project`, "--project"],
  });

  const file = path.join(home.workFolder, "body");
  const badBody = async (content: string | Buffer, code: string, ...says: string[]) => {
    writeFileSync(file, content);
    await refuses(home, inApp("task", "create", "x", "--body-file", file), { exit: 2, code, says });
  };
  await badBody("long".repeat(50_000), "bad-input", "100,000", "into a file");
  await badBody("🎉".repeat(40_000), "bad-input", "100,000", "into a file");
  await badBody("a\0b", "bad-input", "zero byte");
  await badBody(Buffer.from([0xff, 0xfe, 0x41]), "usage", "it is not text", "UTF-8");
  const unread = { exit: 2, code: "usage" };
  await refuses(home, inApp("task", "create", "x", "--body-file", "gone"), {
    ...unread,
    says: ["there is no such file"],
  });
  await refuses(home, inApp("task", "import", "."), { ...unread, says: ["it is a folder"] });
  await refuses(home, inApp("task", "import", "app/list.txt"), {
    exit: 2,
    code: "bad-input",
    says: ["no open item", "- [ ] title"],
  });
  for (const title of ["", "  ", "x".repeat(300), "two\nlines", "bell\u0007"]) {
    const sentence = { exit: 2, code: "bad-input", says: ["a title"] };
    await refuses(home, inApp("task", "create", title), sentence);
  }
  expect(await command(home, "task", "list")).toHaveLength(3);
  for (const title of [
    "-x",
    "--json",
    "../x",
    "🎉",
    "$(reboot) `reboot` 'x' \"y\"",
    "x".repeat(200),
  ]) {
    const created = await command(home, "task", "create", "--project", "app", "--", title);
    expect(created).toMatchObject({ title, status: "ready" });
  }
});

test("wrong words show the usage, and commands that need the app say so", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [[], "A command is missing"],
    [["frobnicate"], "Unknown command 'frobnicate'"],
    [["task"], "A command is missing"],
    [["task", "show"], "Missing required argument 'task'"],
    [["task", "show", "t-1", "t-2"], "Too many arguments"],
    [["task", "create", "x", "--bogus"], "Unknown option '--bogus'"],
    [["task", "create", "x", "--priority", "9"], "from 1 to 5"],
    [["profile", "add", "x", "--plan", "gold"], "free, pro, max, api, custom"],
    [["serve", "--port", "99999"], "from 0 to 65535"],
    [["wait", "--task", "t-1", "--timeout", "soon"], "number of seconds"],
  ];
  for (const [args, sentence] of wrong) {
    await refuses(home, args, { exit: 2, code: "usage", says: [sentence] });
    const plain = await runPlainCli(home, args);
    expect([plain.exitCode, plain.stdout]).toEqual([2, ""]);
    expect(plain.stderr).toContain(sentence);
    expect(plain.stderr).toContain("Usage: switchyard");
  }
  await refuses(home, ["task", "show", "banana"], {
    exit: 2,
    code: "bad-input",
    says: ["named like t-7"],
  });

  const needing = [
    ["session", "send", "s-1", "hi"],
    ["session", "interrupt", "s-1"],
    ["session", "stop", "s-1"],
    ["session", "respawn", "s-1"],
    ["queue", "approve", "q-1"],
    ["queue", "pause", "--project", "app"],
    ["profile", "login", "max-1"],
    ["events", "--follow"],
    ["stop"],
  ];
  for (const args of needing) {
    await refuses(home, args, { exit: 4, code: "needs-app", says: ["switchyard serve"] });
  }
});

test("a data folder from a newer version or that is none is left as it is", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  await command(home, "status");
  const newer = path.join(home.workFolder, "newer");
  cpSync(home.folder, newer, { recursive: true });
  chmodSync(dataFolder(newer).run, 0o700);
  const file = dataFolder(newer).db;
  const bytes = readFileSync(file);
  bytes.writeUInt32BE(99, SCHEMA_VERSION_AT);
  writeFileSync(file, bytes);
  for (const args of [["status"], ["serve", "--no-open"], ["serve", "--detach", "--no-open"]]) {
    await refuses(home, ["--home", newer, ...args], {
      exit: 3,
      code: "data-folder-newer",
      says: [file, "newer Switchyard", "99", "--home"],
    });
  }
  expect(readFileSync(file).equals(bytes), "every byte is as it was").toBe(true);

  const folder = path.join(home.workFolder, "a-file");
  writeFileSync(folder, "mine");
  for (const args of [["status"], ["serve", "--no-open"], ["stop"]]) {
    await refuses(home, ["--home", folder, ...args], {
      exit: 3,
      code: "data-folder-unusable",
      says: [folder, "a file where a folder belongs", "--home"],
    });
  }
  expect(readFileSync(folder, "utf8")).toBe("mine");
});

test("one that runs already, a port in use and noise on its socket do it no harm", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  await using other = await listenSomewhere();
  await refuses(home, ["serve", "--no-open", "--port", String(other.port)], {
    exit: 3,
    code: "port-in-use",
    says: [`Port ${other.port} is in use`, "--port"],
  });

  await using server = await startServer(home);
  for (const how of [[], ["--detach"]]) {
    const args = ["serve", "--no-open", ...how];
    const answer = await runCli(home, args);
    const { error, url } = JSON.parse(answer.stderr);
    expect([answer.exitCode, error.code]).toEqual([3, "data-folder-busy"]);
    expect(error.message).toMatch(/held by a running Switchyard \(process \d+\)/);
    expect(error.hint).toContain(url);
    expect(new URL(url).origin).toBe(new URL(server.url).origin);
  }

  for (const noise of ["{", "\0".repeat(100), '{"t":"call"}\n', "x".repeat(1 << 20)]) {
    await makeNoise(dataFolder(home.folder).coreSocket, noise);
  }
  await command(home, "project", "add", app);
  const { id } = await command(home, "task", "create", "waits", "--project", "app");
  await refuses(home, ["wait", "--task", id, "--timeout", "0.2"], {
    exit: 5,
    code: "timeout",
    says: [`${id} has not landed`, `task why ${id}`],
  });
  const why = await command(home, "task", "why", id);
  expect(why.reasons.map((reason: { text: string }) => reason.text)).toEqual([
    expect.stringContaining("switchyard profile add"),
  ]);
});

test("a program that is missing, cannot run, ends at once or is signed out is told by name", {
  tag: "@web",
}, async () => {
  const bare = `${path.dirname(process.execPath)}:/usr/bin:/bin`;
  await using home = await createAppHome({ PATH: bare });
  const app = makeRepository(home, "app");
  await using _server = await startServer(home);
  await command(home, "project", "add", app, "--no-checks");
  const notRunnable = path.join(home.workFolder, "not-runnable");
  writeFileSync(notRunnable, "#!/bin/sh\n");
  chmodSync(notRunnable, 0o644);

  const add = async (name: string, executable: string | null): Promise<string> => {
    const program = executable === null ? [] : ["--executable", executable];
    const added = await command(home, "profile", "add", name, "--plan", "max", ...program);
    return `${added.state}: ${added.reason}`;
  };
  const taskFor = async (profile: string): Promise<string> => {
    const fields = ["--project", "app", "--profile", profile];
    return (await command(home, "task", "create", `for ${profile}`, ...fields)).id;
  };
  expect(await add("dying", writeDyingWorker(home.workFolder, "no license here", 7))).toBe(
    "ready: null",
  );
  const dying = await taskFor("dying");
  await add("leaving", writeDyingWorker(home.workFolder, "nothing to do", 0));
  const leaving = await taskFor("leaving");

  const troubles: readonly (readonly [string, string | null, readonly string[]])[] = [
    ["none", null, ["Claude Code is not installed", "profile set none --executable"]],
    ["gone", "./gone", [path.join(home.workFolder, "gone"), "profile set gone --executable"]],
    ["mute", notRunnable, ["no permission to run", "chmod +x"]],
    ["folder", home.workFolder, ["it is a folder", "profile set folder --executable"]],
    ["broken", writeBrokenWorker(home.workFolder, "segments are faulty"), ["segments are faulty"]],
  ];
  for (const [name, executable, says] of troubles) {
    const state = await add(name, executable);
    expect(state).toMatch(/^incident: /);
    for (const words of says) expect(state).toContain(words);
    const task = await taskFor(name);
    expect(await reasonsOf(home, task)).toContain(`${name} takes no work`);
    await command(home, "task", "cancel", task);
  }
  expect(await add("out", writeSignedOutWorker(home.workFolder))).toMatch(/^signed-out/);
  expect(await reasonsOf(home, await taskFor("out"))).toContain(
    "out is signed out: nobody is signed in; sign in with: switchyard profile login out",
  );
  await refuses(home, ["profile", "login", "gone"], {
    exit: 3,
    code: "executable-missing",
    says: ["There is no program", "profile set gone"],
  });

  const mended = writeQuickWorker(home.workFolder, "list.txt");
  expect(await command(home, "profile", "set", "gone", "--executable", mended)).toMatchObject({
    state: "ready",
  });
  cpSync(mended, notRunnable);
  expect((await command(home, "profile", "check", "mute")).profile).toMatchObject({
    state: "ready",
  });

  // It is tried three times with growing pauses, and then a person is asked.
  const waited = await runCli(home, ["wait", "--task", dying, "--timeout", "40"]);
  checkRefusal(waited, ["wait"], { exit: 1, code: "failed", says: [dying, "no license here"] });
  const task = await command(home, "task", "show", dying);
  expect(task).toMatchObject({ status: "failed", attempts: 3 });
  expect(task.reason).toMatch(/exit code 7; it said: no license here \(3 times in a row\)/);
  const log = await runPlainCli(home, ["session", "log", task.session]);
  expect(log.stdout).toContain("no license here");
  checkRefusal(await runCli(home, ["wait", "--task", leaving, "--timeout", "20"]), ["wait"], {
    exit: 1,
    code: "failed",
    says: [leaving, "exit code 0", "nothing to do"],
  });
  expect(await command(home, "profile", "show", "dying")).toMatchObject({
    state: "ready",
    live: 0,
    learnedCap: null,
  });
  const sessions: { profile: string }[] = await command(home, "session", "list");
  expect(sessions.map(({ profile }) => profile).toSorted()).toEqual([
    ...["dying", "dying", "dying"],
    ...["leaving", "leaving", "leaving"],
  ]);
});

test("a checkout with changes in the way holds the entry, which lands by itself afterwards", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  const file = path.join(app, "list.txt");
  await using _server = await startServer(home);
  await command(home, "project", "add", app, "--no-checks");
  const executable = writeQuickWorker(home.workFolder, "list.txt");
  await command(home, "profile", "add", "quick", "--plan", "custom", "--executable", executable);
  const land = (id: string) => command(home, "wait", "--task", id, "--timeout", "30");

  const work = async (): Promise<string> => {
    writeFileSync(file, `mine\n${readFileSync(file, "utf8")}`);
    const before = readFileSync(file);
    const { id } = await command(home, "task", "create", "../x -y 🎉", "--project", "app");
    const held = async () => {
      const entries: QueueEntry[] = await command(home, "queue", "list", "--project", "app");
      return entries.find((entry) => entry.task === id)?.state;
    };
    await expect.poll(held, { timeout: 20_000 }).toBe("held");
    const [entry] = (await command(home, "queue", "list", "--project", "app")) as QueueEntry[];
    expect(entry).toMatchObject({ files: ["list.txt"] });
    expect(entry?.reason).toContain("uncommitted changes");
    expect(await reasonsOf(home, id)).toContain("list.txt");
    expect(readFileSync(file).equals(before), "the person's file is untouched").toBe(true);
    return id;
  };

  const putAway = await work();
  runGit(app, "stash", "-q");
  await land(putAway);
  runGit(app, "stash", "pop", "-q");
  expect(readFileSync(file, "utf8")).toBe(`mine\n${lines(12)}by ${putAway}\n`);

  const committed = await work();
  commit(app, "mine");
  await land(committed);
  expect(readFileSync(file, "utf8")).toBe(
    `mine\nmine\n${lines(12)}by ${putAway}\nby ${committed}\n`,
  );
  expect(runGit(app, "status", "--porcelain")).toBe("");
});

test("work that the queue returns again and again waits for a person", {
  tag: "@web",
}, async () => {
  // Six sessions and six merges, one after the other.
  test.setTimeout(300_000);
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  // Only its own worker settles a conflict here, which this one never does.
  mkdirSync(path.join(app, ".switchyard"));
  writeFileSync(path.join(app, ".switchyard/config.yaml"), "queue: { resolver: off }\n");
  await using _server = await startServer(home);
  await command(home, "project", "add", app, "--no-checks");
  // It adds another line at the end each time, and never merges what the other task added there.
  const executable = writeQuickWorker(home.workFolder, "list.txt");
  const ids: string[] = [];
  for (const title of ["one", "other"])
    ids.push((await command(home, "task", "create", title, "--project", "app")).id);
  const program = ["--executable", executable];
  // Nothing lands before both have begun on the same target.
  await command(home, "queue", "pause", "--project", "app");
  await command(home, "profile", "add", "quick", "--plan", "custom", "--cap", "2", ...program);
  const statuses = async () => {
    const tasks: { status: string }[] = await command(home, "task", "list");
    return tasks.map(({ status }) => status).toSorted();
  };
  await expect.poll(statuses, { timeout: 60_000 }).toEqual(["queued", "queued"]);
  await command(home, "queue", "resume", "--project", "app");
  await expect.poll(statuses, { timeout: 270_000 }).toEqual(["landed", "needs-input"]);
  const tasks = await Promise.all(ids.map((id) => command(home, "task", "show", id)));
  const returned = tasks.find((task) => task.status === "needs-input");
  expect(returned).toMatchObject({ attempts: 5 });
  expect(await reasonsOf(home, returned.id)).toMatch(/returned 5 times; retry the task/);
});

test("settings that go wrong keep their last good values, and the doctor names the line", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const app = makeRepository(home, "app");
  const { config } = dataFolder(home.folder);
  mkdirSync(home.folder, { mode: 0o700 });
  writeFileSync(config, "agents: { worker: { permission-mode: plan } }\n");
  await using _server = await startServer(home);
  await command(home, "project", "add", app, "--no-checks");
  const executable = writeQuickWorker(home.workFolder, "list.txt");
  await command(home, "profile", "add", "quick", "--plan", "custom", "--executable", executable);
  const modeOfNext = async () => {
    const { id } = await command(home, "task", "create", "next", "--project", "app");
    const task = await command(home, "wait", "--task", id, "--timeout", "30");
    const log = await runPlainCli(home, ["session", "log", task.session]);
    return /--permission-mode (\w+)/.exec(log.stdout.replaceAll(/\r?\n/g, ""))?.[1];
  };
  const problem = async () => {
    // Ends with 1 when something is bad.
    const { json: findings } = await runCli(home, ["doctor"]);
    return (findings as { name: string; result: string; detail: string }[]).find(
      (finding) => finding.name === "Settings" && finding.result === "bad",
    )?.detail;
  };

  writeFileSync(config, "version: 1\nagents:\n  worker: { permission-mode: sometimes }\n");
  expect(await problem()).toContain(`${config}:3: agents.worker.permission-mode:`);
  expect(await problem()).toContain("acceptEdits");
  expect(await modeOfNext()).toBe("plan");
  rmSync(config);
  mkdirSync(config);
  expect(await problem()).toContain(`${config} cannot be read: it is a folder`);
  expect(await modeOfNext()).toBe("plan");
  rmSync(config, { recursive: true });
  expect(await problem()).toBeUndefined();
  expect(await modeOfNext()).toBe("acceptEdits");
});

test("a full disk refuses what it cannot keep, and loses nothing that was confirmed", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  mkdirSync(home.folder, { mode: 0o700 });
  const whyNot = mountSmallDisk(home.folder);
  test.skip(whyNot !== null, `no small disk can be made here: ${whyNot}`);
  try {
    const app = makeRepository(home, "app");
    await command(home, "project", "add", app);
    await using _server = await startServer(home);
    const filler = path.join(home.folder, "filler");
    const confirmed: string[] = [];
    const create = async (title: string) => {
      const body = title.padEnd(90_000, ".");
      const fields = ["--project", "app", "--body", body];
      const answer = await runCli(home, ["task", "create", title, ...fields]);
      if (answer.exitCode === 0) confirmed.push(answer.json.id);
      return answer;
    };
    await create("before");
    fillUp(filler);
    const refused = await create("too much");
    checkRefusal(refused, ["task", "create"], {
      exit: 1,
      code: "disk-full",
      says: ["disk", "full", "Free some space"],
    });
    rmSync(filler);
    expect((await create("after")).exitCode).toBe(0);
    const tasks: { id: string; title: string }[] = await command(home, "task", "list");
    expect(tasks.map(({ id }) => id)).toEqual(confirmed);
    expect(tasks.map(({ title }) => title)).toEqual(["before", "after"]);
    await command(home, "stop");
    expect(await command(home, "task", "list")).toHaveLength(2);

    fillUp(filler);
    const offline = await create("too much for a command alone");
    checkRefusal(offline, ["task", "create"], {
      exit: 1,
      code: "disk-full",
      says: ["disk", "full", "Free some space"],
    });
    rmSync(filler);
    expect(await command(home, "task", "list")).toHaveLength(2);
  } finally {
    await endAndUnmount(home);
  }
});

test("without a display, or on a Node too old, npm start says what to do", {
  tag: "@web",
}, async () => {
  await using home = await createAppHome({});
  const start = path.resolve(import.meta.dirname, "../build/start.mjs");
  const env = { ...home.env, DISPLAY: "", WAYLAND_DISPLAY: "", SWITCHYARD_SHELL: "electron" };
  if (process.platform === "linux") {
    expect(await runNode([start], env)).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: expect.stringMatching(/there is no display.*`switchyard serve` needs none/),
    });
  }
  expect(await runNode([start], { ...env, SWITCHYARD_SHELL: "sideways" })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("electron, web or auto"),
  });
  expect(await runNode([...asNode("18.20.4"), start], env)).toEqual({
    exitCode: 3,
    stdout: "",
    stderr: expect.stringMatching(/needs Node 20\.19 or newer.*this is Node 18\.20\.4/),
  });
  const carried = { ...env, SWITCHYARD_CARRIED_NODE: "1" };
  expect(await runNode([...asNode("20.19.0"), start], carried)).toEqual({
    exitCode: 3,
    stdout: "",
    stderr: expect.stringMatching(/this is Node 20\.19\.0.*Install Node 24/),
  });

  const child = spawn(process.execPath, [start], {
    env: { ...env, SWITCHYARD_SHELL: "auto" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  const [line] = await once(createInterface(child.stderr), "line");
  if (process.platform === "linux") {
    expect(line).toMatch(
      /^Starting Switchyard at http:\/\/127\.0\.0\.1:\d+\/#code=\S+: there is no display/,
    );
  }
  child.kill("SIGTERM");
  await ended;
});

test("the window says what is wrong and keeps what was typed", async ({ app }) => {
  const { page, workFolder, cli } = app;
  const alert = page.getByRole("alert");
  const plain = path.join(workFolder, "plain");
  mkdirSync(plain);
  const place = page.getByLabel("Path of the repository");
  await place.fill(plain);
  await page.getByLabel("Checks, one command a line").fill("unit: npm test");
  await page.getByRole("button", { name: "Add project" }).click();
  await expect(alert.filter({ hasText: `${plain} is not in a git repository` })).toBeVisible();
  await expect(place).toHaveValue(plain);
  await expect(page.getByLabel("Checks, one command a line")).toHaveValue("unit: npm test");

  const executable = writeSignedOutWorker(workFolder);
  await page.getByRole("button", { name: "Add profile" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add profile" });
  const field = (label: string) => dialog.getByLabel(label, { exact: true });
  const typed = { Name: "max-2", "Sessions at once": "0", Executable: executable };
  for (const [label, value] of Object.entries(typed)) await field(label).fill(value);
  await dialog.getByRole("button", { name: "Add and sign in" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "a cap is at least 1" })).toBeVisible();
  for (const [label, value] of Object.entries(typed)) await expect(field(label)).toHaveValue(value);

  await cli("profile", "add", "max-1", "--plan", "max", "--executable", executable);
  await field("Name").fill("max-1");
  await field("Sessions at once").fill("2");
  await dialog.getByRole("button", { name: "Add and sign in" }).click();
  const taken = dialog.getByRole("alert").filter({ hasText: "already a profile max-1" });
  await expect(taken).toBeVisible();
  await expect(field("Name")).toHaveValue("max-1");
  await expect(field("Sessions at once")).toHaveValue("2");
});

async function reasonsOf(home: AppHome, task: string): Promise<string> {
  const { reasons } = await command(home, "task", "why", task);
  return reasons.map((reason: { text: string }) => reason.text).join("\n");
}

async function listenSomewhere(): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server that listens on an IP address has an address object, not a pipe's name.
  const { port } = server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

/** Returns when the other side has hung up, or has taken it all in. */
async function makeNoise(socket: string, noise: string): Promise<void> {
  const connection = createConnection(socket);
  connection.on("error", () => {});
  const closed = new Promise<void>((resolve) => connection.once("close", () => resolve()));
  await once(connection, "connect");
  connection.resume().end(noise);
  await closed;
}

/** Null, or why it could not be done: only root may. */
function mountSmallDisk(folder: string): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root may mount one";
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=700", "none", folder], {
      stdio: "pipe",
    });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Leaves no byte free: the last block is filled with single bytes. */
function fillUp(file: string): void {
  for (const size of ["64k", "4k", "1"]) {
    try {
      execFileSync(
        "dd",
        ["if=/dev/zero", `of=${file}`, `bs=${size}`, "oflag=append", "conv=notrunc"],
        {
          stdio: "pipe",
        },
      );
    } catch {
      // Full, as it should be.
    }
  }
}

async function endAndUnmount(home: AppHome): Promise<void> {
  await runCli(home, ["stop"]);
  if (existsSync(home.folder)) execFileSync("umount", ["-l", home.folder]);
}

interface Ended {
  readonly exitCode: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function runNode(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Node's own words for "pretend to be this version". */
function asNode(version: string): readonly string[] {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" });`;
  return ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`];
}
