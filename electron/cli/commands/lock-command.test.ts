import { expect, test } from "vitest";
import { BuildLock } from "../../../shared/model/build-lock.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { runAgainst } from "../fake-surroundings.ts";

const claim = (own: object) => ({
  rank: "command",
  command: "make",
  session: null,
  task: null,
  project: null,
  pid: null,
  since: "2026-11-21T09:00:00.000Z",
  ...own,
});
const taken = BuildLock.parse({
  name: "build",
  slots: 1,
  holders: [claim({ task: "t-7", session: "s-9", command: "cargo build" })],
  waiting: [
    claim({ rank: "check", project: "app", command: "npm test" }),
    claim({ pid: process.pid }),
  ],
});

/** A core that gives slots, or not; what is asked of it, and what is run. */
function createApp(own: { readonly isFull?: boolean; readonly exitCode?: number } = {}) {
  const asked: object[] = [];
  const run: (readonly string[])[] = [];
  const environments: Readonly<Record<string, string | undefined>>[] = [];
  const left = Promise.withResolvers<void>();
  const handlers = {
    "lock.take": (input: { readonly ticket: string }) => {
      asked.push(input);
      return own.isFull ? new Promise<never>(() => {}) : { ticket: input.ticket };
    },
    "lock.leave": () => {
      left.resolve();
      return {};
    },
    "lock.list": () => [taken],
  };
  const runAttached = async (
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ) => {
    run.push(command);
    environments.push(env);
    return { exitCode: own.exitCode ?? 0, problem: null };
  };
  return { handlers, runAttached, asked, run, environments, left: left.promise };
}

test("a command runs with its own words, ends with its own exit code and gives the slot back", async () => {
  const app = createApp({ exitCode: 7 });
  const outcome = await runAgainst(app, "lock", "--", "npm", "run", "build", "--json", "--help");
  expect(outcome).toMatchObject({ exitCode: 7, out: "", err: "" });
  expect(app.run).toEqual([["npm", "run", "build", "--json", "--help"]]);
  await app.left;
});

test("the core is told whose command it is, and the command in which slot it runs", async () => {
  const env = { SWITCHYARD_SESSION: "s-9", SWITCHYARD_TASK: "t-7", SWITCHYARD_PROJECT: "app" };
  const app = createApp();
  await runAgainst({ ...app, env }, "lock", "--name", "db", "--", "./migrate");
  expect(app.asked[0]).toMatchObject({
    lock: "db",
    command: "./migrate",
    session: "s-9",
    task: "t-7",
    project: "app",
    process: { pid: process.pid },
    isRunning: false,
    inside: null,
  });
  const { ticket } = app.asked[0] as { readonly ticket: string };
  expect(app.environments[0]).toMatchObject({ ...env, SWITCHYARD_LOCK_TICKET: ticket });
});

test("variables that name no session, task or ticket are passed over", async () => {
  const env = { SWITCHYARD_SESSION: "'; drop", SWITCHYARD_TASK: "7", SWITCHYARD_LOCK_TICKET: "x" };
  const app = createApp();
  expect((await runAgainst({ ...app, env }, "lock", "--", "make")).exitCode).toBe(0);
  expect(app.asked[0]).toMatchObject({ session: null, task: null, inside: null });
});

test("what runs inside a slot says in which", async () => {
  const ticket = "0d4b8d7c-3d7e-4f6a-9b1c-2f6a7f5f0a11";
  const app = createApp();
  const env = { SWITCHYARD_LOCK_TICKET: ticket };
  await runAgainst({ ...app, env }, "lock", "--", "make");
  expect(app.asked[0]).toMatchObject({ inside: ticket });
});

test("a wait that runs out of time ends with 5, says who holds the slot, and runs nothing", async () => {
  const app = createApp({ isFull: true });
  const outcome = await runAgainst(app, "lock", "--timeout", "0.05", "--", "make");
  expect(outcome.exitCode).toBe(5);
  expect(outcome.err).toContain(
    "No build slot was free within 0.05 s: 2nd of 2; t-7 runs cargo build",
  );
  expect(app.run).toEqual([]);
  await app.left;
});

test("without a core the command runs at once, and that is said", async () => {
  const app = createApp({ exitCode: 3 });
  const outcome = await runAgainst({ ...app, isRunning: false }, "lock", "--", "make");
  expect(outcome).toMatchObject({ exitCode: 3, out: "" });
  expect(outcome.err).toContain("Switchyard is not running, so this runs without a build slot.");
});

test("a refusal is told and nothing runs", async () => {
  const app = createApp();
  const refuse = () => {
    throw new SwitchyardError("cap-full", "1000 commands wait already.");
  };
  const handlers = { ...app.handlers, "lock.take": refuse };
  const outcome = await runAgainst({ ...app, handlers }, "lock", "--", "make");
  expect(outcome).toMatchObject({ exitCode: 3, err: "1000 commands wait already.\n" });
  expect(app.run).toEqual([]);
});

test.each([
  [["lock"], "Say what to run"],
  [["lock", "--name", "No Such", "--", "make"], "small letters"],
  [["lock", "--timeout", "soon", "--", "make"], "number of seconds"],
  [["lock", "--frobnicate", "--", "make"], "unknown option"],
])("%j is wrong: exit 2", async (args, sentence) => {
  const outcome = await runAgainst(createApp(), ...args);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err.toLowerCase()).toContain(sentence.toLowerCase());
});

test("--list shows holders, and who waits in order", async () => {
  const { out } = await runAgainst(createApp(), "lock", "--list");
  const lines = out.split("\n");
  expect(lines[1]).toMatch(/^build {2}holds 1 of 1 {2}t-7 +s-9 +2026-\S+ +cargo build$/);
  expect(lines[2]).toMatch(/^build {2}waits 1 +the merge queue +app +\S+ +npm test$/);
  expect(lines[3]).toMatch(/^build {2}waits 2 +process \d+ +\S+ +make$/);
  expect((await runAgainst(createApp(), "--json", "lock", "--list")).json()).toEqual([taken]);
});
