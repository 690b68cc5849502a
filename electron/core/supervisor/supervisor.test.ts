import { expect, test, vi } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { sampleSession } from "../store/sample-rows.ts";
import { createWorld, prompt, turnEnded } from "./supervisor-world.ts";

test("ready tasks start until the profile's cap is full, and the next when a slot is free", async () => {
  const world = createWorld({ cap: 1 });
  const first = world.addTask("first");
  const second = world.addTask("second");
  world.supervisor.run();
  await world.untilStarted(first);
  expect(world.steps.require(second).status).toBe("ready");
  world.tell(first, prompt);
  world.steps.apply(first, { kind: "finished" }, "test");
  world.tell(first, turnEnded);
  await world.untilStarted(second);
  expect(world.sessionOf(first).state).toBe("ended");
  expect(world.store.profiles.list()[0]?.live).toBe(1);
});

test("a worker that ends its turn without a word is reminded once, then its work is taken as done", async () => {
  const world = createWorld();
  const task = world.addTask("quiet");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, turnEnded);
  await world.until(() => world.host.typed.length > 0 || world.steps.require(task).reminders > 0);
  await expect.poll(() => world.host.typed.join("")).toContain("task_done");
  expect(world.steps.require(task).status).toBe("running");
  const [, pasted = ""] = world.host.typed.join("").split("\u001b[200~");
  const [reminder = ""] = pasted.split("\u001b[201~");
  world.tell(task, { ...prompt, prompt: reminder });
  world.tell(task, turnEnded);
  await world.untilTask(task, "queued");
});

test("work whose checks fail after the reminder waits for the person", async () => {
  const world = createWorld({ checksPass: false });
  const task = world.addTask("red");
  world.store.write("test", () => world.store.tasks.update(task, { reminders: 1 }));
  world.supervisor.run();
  await world.untilStarted(task);
  world.store.write("test", () => world.store.tasks.update(task, { reminders: 1 }));
  world.tell(task, prompt);
  world.tell(task, turnEnded);
  await world.untilTask(task, "needs-input");
  expect(world.steps.require(task).reason).toBe(
    "its worker ended its turn, and the check tests fails with exit code 1",
  );
});

test("a question needs the person until the worker works again", async () => {
  const world = createWorld();
  const task = world.addTask("asks");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "asks to use Bash: rm -r build",
  });
  world.tell(task, { kind: "tool-ended", tool: "Bash" });
  expect(world.steps.require(task).status).toBe("running");
});

test("a blocked task stays so while its turn runs out, until a message reaches the worker", async () => {
  const world = createWorld();
  const task = world.addTask("blocked");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.steps.apply(task, { kind: "person-needed", reason: "blocked: which port?" }, "test");
  world.tell(task, { kind: "tool-ended", tool: "mcp" });
  world.tell(task, turnEnded);
  expect(world.steps.require(task).status).toBe("needs-input");
  world.tell(task, prompt);
  expect(world.steps.require(task).status).toBe("running");
});

test("a crashed session's task rests, goes out again, and after three in a row asks the person", async () => {
  const world = createWorld();
  const task = world.addTask("crashes");
  world.supervisor.run();
  for (const attempt of [1, 2, 3]) {
    await world.until(
      () => world.steps.require(task).attempts === attempt && world.sessionOf(task).pid !== null,
    );
    world.crash(task);
    if (attempt === 3) break;
    expect(world.steps.require(task).status).toBe("ready");
    await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
    await world.clock.advance(8_000);
  }
  expect(world.steps.require(task)).toMatchObject({ status: "failed", failures: 3 });
});

test("a program that its person left is not started again behind their back", async () => {
  const world = createWorld();
  const task = world.addTask("left");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  const { id } = world.sessionOf(task);
  world.sessions.onExit(id, world.host.end(id, 0, null));
  expect(world.steps.require(task).status).toBe("needs-input");
});

test("a task that has landed lets what waited for it start", async () => {
  const world = createWorld();
  const first = world.addTask("first");
  const second = world.addTask("second", [first]);
  expect(world.steps.require(second)).toMatchObject({
    status: "waiting",
    reason: `waits for ${first}`,
  });
  world.supervisor.run();
  await world.untilStarted(first);
  world.steps.apply(first, { kind: "finished" }, "test");
  world.steps.apply(first, { kind: "landed" }, "test");
  await world.untilStarted(second);
});

test("work that came back goes on in the same conversation on the same profile", async () => {
  const world = createWorld();
  const task = world.addTask("returned");
  world.supervisor.run();
  await world.untilStarted(task);
  const before = world.sessionOf(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  world.steps.apply(task, { kind: "finished" }, "test");
  world.tell(task, turnEnded);
  await world.untilSession(before.id, "ended");
  world.steps.apply(task, { kind: "returned", reason: "conflict", times: 1 }, "queue", {
    handback: "merge main",
  });
  await world.until(() => world.steps.require(task).session !== before.id);
  expect(world.sessionOf(task)).toMatchObject({
    isResumed: true,
    providerSession: before.providerSession,
    profile: before.profile,
  });
});

/** Work that was handed in and came back with a note; its next session has begun. */
async function bringBack() {
  const world = createWorld();
  const task = world.addTask("returned");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  const { id } = world.sessionOf(task);
  await world.finisher.finish(task, id, "done", "test");
  world.tell(task, turnEnded);
  await world.untilSession(id, "ended");
  const [entry] = world.store.entries.list({ task });
  if (!entry) throw new Error("nothing was queued");
  world.store.write("test", () =>
    world.store.entries.update(entry.id, {
      state: "returned",
      reason: "returned with a note: redo",
    }),
  );
  world.steps.apply(task, { kind: "returned", reason: "redo", times: 0 }, "queue", {
    handback: "redo",
  });
  await world.until(() => world.sessionOf(task).id !== id && world.sessionOf(task).pid !== null);
  return { world, task };
}

test("what a session was to be told and never took up is told to the next, however it died", async () => {
  const { world, task } = await bringBack();
  const second = world.sessionOf(task).id;
  world.host.rows.clear();
  await world.sessions.reconcile();
  expect(world.steps.require(task).handback).toBe("redo");
  await world.until(
    () => world.sessionOf(task).id !== second && world.sessionOf(task).pid !== null,
  );
  expect(world.sessionOf(task).isResumed).toBe(true);
  // Its prompt was heard, but the program can have died before it wrote the conversation down.
  world.tell(task, { ...prompt, prompt: "redo", signal: "hook:UserPromptSubmit" });
  world.crash(task);
  expect(world.steps.require(task).handback).toBe("redo");
});

test("what a session has taken up is not told again", async () => {
  const { world, task } = await bringBack();
  world.tell(task, { ...prompt, prompt: "redo", signal: "hook:UserPromptSubmit" });
  world.tell(task, { kind: "tool-ended", tool: "Bash", signal: "hook:PostToolUse" });
  expect(world.steps.require(task).handback).toBe(null);
  world.crash(task);
  expect(world.steps.require(task).handback).toMatch(/^The session before this one ended early/);
});

test("a branch that came back is not queued again without a new commit, and the person is asked in the end", async () => {
  const { world, task } = await bringBack();
  const { id } = world.sessionOf(task);
  world.tell(task, { ...prompt, prompt: "redo", signal: "hook:UserPromptSubmit" });
  const outcome = await world.finisher.finish(task, id, "done", "test");
  expect(outcome).toEqual({ kind: "unchanged", reason: "returned with a note: redo" });
  world.store.write("test", () => world.store.tasks.update(task, { reminders: 1 }));
  world.tell(task, turnEnded);
  await world.untilTask(task, "needs-input");
  expect(world.steps.require(task).reason).toBe(
    "its worker ended its turn, and its branch has no commit since it came back (returned with a note: redo)",
  );
  expect(world.store.entries.list({ task })).toHaveLength(1);
});

test("after a crash of everything, a session that nobody runs any more gives its task back", async () => {
  const world = createWorld();
  const task = world.addTask("lost");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.host.rows.clear();
  await world.sessions.reconcile();
  expect(world.store.sessions.find(id)?.state).toBe("failed");
  expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 0 });
});

test("a start that is under way while the host is joined again is not taken for lost", async () => {
  const world = createWorld();
  const task = world.addTask("young");
  await world.sessions.reconcile();
  world.supervisor.run();
  const claimed = world.dispatcher.claim(task);
  await world.sessions.reconcile();
  expect(world.store.sessions.find(world.sessionOf(task).id)?.state).toBe("starting");
  expect(claimed?.task.attempts).toBe(1);
});

test("work that comes back while its session still ends its turn waits for that end", async () => {
  const world = createWorld();
  const task = world.addTask("returned at once");
  const other = world.addTask("another", [task]);
  world.supervisor.run();
  await world.untilStarted(task);
  const before = world.sessionOf(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  world.steps.apply(task, { kind: "finished" }, "test");
  world.steps.apply(task, { kind: "returned", reason: "conflict", times: 1 }, "queue", {
    handback: "merge main",
  });
  expect(world.dispatcher.claim(task)).toBeNull();
  expect(world.dispatcher.place(world.steps.require(task))).toEqual({
    kind: "none",
    reasons: [`Its session ${before.id} has not ended yet.`],
  });
  expect(() => world.dispatcher.startNow(other)).toThrow("waiting");
  world.tell(task, turnEnded);
  await world.until(() => world.steps.require(task).session !== before.id);
  expect(world.sessionOf(task).providerSession).toBe(before.providerSession);
});

test("who finds no place because sessions wait for the person is told so", async () => {
  const world = createWorld({ cap: 2 });
  const [first, , third] = ["a", "b", "c"].map((title) => world.addTask(title));
  if (!first || !third) throw new Error("the world has three tasks");
  world.supervisor.run();
  await world.untilStarted(first);
  await world.until(() => world.store.sessions.list({ isLive: true }).length === 2);
  world.steps.apply(first, { kind: "person-needed", reason: "blocked: which port?" }, "test");
  const { name } = world.store.profiles.list()[0] ?? {};
  expect(world.dispatcher.place(world.steps.require(third))).toEqual({
    kind: "none",
    reasons: [`${name} is full: 2 of 2 sessions, 1 of them waits for you: switchyard inbox`],
  });
});

test("a session that is ended before its program was started never gets one", async () => {
  const world = createWorld();
  const task = world.addTask("overtaken");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  const { session } = claimed;
  await world.sessions.end(session.id, "stopped", "person");
  await world.sessions.begin(session, { file: "claude", args: [], env: {} });
  expect(world.host.rows.size).toBe(0);
  expect(world.store.sessions.find(session.id)?.state).toBe("stopped");
});

test("a session that is ended while its program is being started leaves none behind", async () => {
  const world = createWorld();
  const task = world.addTask("overtaken");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  const { session } = claimed;
  const beginning = world.sessions.begin(session, { file: "claude", args: [], env: {} });
  world.sessions.fail(session.id, "ended meanwhile");
  await beginning;
  expect(world.host.rows.size).toBe(0);
  expect(world.store.sessions.find(session.id)?.pid).toBeNull();
});

test("a dispatcher that was halted claims nothing more and starts nothing that waits its turn", async () => {
  const world = createWorld();
  const [first, second] = [world.addTask("first"), world.addTask("second")];
  world.supervisor.run();
  await world.until(() => world.steps.require(second).status === "running");
  world.dispatcher.halt();
  const third = world.addTask("third");
  await world.dispatcher.dispose();
  await world.sessions.end(world.sessionOf(first).id, "stopped", "person");
  expect(world.host.rows.has(world.sessionOf(second).id)).toBe(false);
  expect(world.steps.require(third).status).toBe("ready");
});

const limited = { kind: "turn-failed", error: "rate-limit", message: "limit reached" };

test("a limit is told to the profile once, and its session goes on when the profile is ready again", async () => {
  const world = createWorld();
  const task = world.addTask("limited");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, limited);
  world.tell(task, { kind: "session-ready" });
  expect(world.steps.require(task).status).toBe("parked");
  expect(world.limits).toHaveLength(1);
  world.setProfile("ready");
  await expect
    .poll(() => world.host.typed.join(""))
    .toContain("The limit that stopped you is over");
  world.tell(task, prompt);
  expect(world.steps.require(task).status).toBe("running");
});

const menu = { kind: "status-level", signal: "level:waiting", level: "waiting" } as const;

test("a session at whose limit its program opened a menu goes on in a new session, with no key typed and no mark against it", async () => {
  const world = createWorld();
  const task = world.addTask("menu");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  const { id, providerSession } = world.sessionOf(task);
  world.tell(task, limited);
  const { at } = world.sessionOf(task).evidence.at(-1) ?? { at: "" };
  world.record.told = {
    kind: "turn-told",
    signal: "transcript:rate-limit",
    at,
    ending: "rate-limit",
    message: "limit reached",
  };
  world.tell(task, { ...menu, waitingFor: "dialog open" });
  expect(world.sessionOf(task)).toMatchObject({ state: "limited", reason: "limit reached" });
  expect(world.steps.require(task).status).toBe("parked");
  expect(world.limits).toHaveLength(1);
  await expect(world.sessions.messages.send(id, "hello")).rejects.toMatchObject({
    code: "wrong-state",
  });
  world.setProfile("ready");
  await world.untilSession(id, "stopped");
  await world.until(() =>
    world.sessionOf(task).id === id ? false : world.sessionOf(task).pid !== null,
  );
  expect(world.host.typed).toEqual([]);
  expect(world.sessionOf(task).id).not.toBe(id);
  expect(world.sessionOf(task)).toMatchObject({ providerSession, isResumed: true });
  expect(world.steps.require(task).failures).toBe(0);
});

test("work that money stops is parked for the person, and goes on once that is settled", async () => {
  const world = createWorld();
  const task = world.addTask("poor");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, { kind: "turn-failed", error: "spend", message: "monthly spend limit" });
  expect(world.steps.require(task)).toMatchObject({ status: "parked" });
  expect(world.steps.require(task).reason).toMatch(
    /^spend: cannot pay: monthly spend limit; .*profile check/,
  );
  world.setProfile("ready");
  await expect
    .poll(() => world.host.typed.join(""))
    .toContain("The limit that stopped you is over");
});

test("a session that was one too many leaves its slot, and its task goes on in the same conversation once one is free", async () => {
  const world = createWorld({ cap: 2 });
  const first = world.addTask("first");
  const second = world.addTask("second");
  world.supervisor.run();
  await world.untilStarted(first);
  await world.untilStarted(second);
  world.tell(first, prompt);
  world.tell(second, prompt);
  const { id, providerSession } = world.sessionOf(second);
  world.tell(second, { ...limited, message: "Too many concurrent sessions" });
  await world.untilSession(id, "stopped");
  await world.untilTask(second, "ready");
  expect(world.store.sessions.find(id)?.reason).toBe(
    "the provider refused one more session of its profile",
  );
  expect(world.steps.require(second)).toMatchObject({ failures: 0 });
  expect(world.dispatcher.place(world.steps.require(second))).toEqual({
    kind: "none",
    reasons: ["max-1 is full: 1 of 1 session (the provider refused more; its cap is 2)"],
  });
  world.crash(first);
  await world.untilTask(second, "running");
  expect(world.sessionOf(second)).toMatchObject({ providerSession, isResumed: true });
});

test("one refusal lowers the cap once, whatever its session tells while it is being ended", async () => {
  const world = createWorld({ cap: 3 });
  const tasks = ["first", "second", "third"].map((title) => world.addTask(title));
  world.supervisor.run();
  for (const task of tasks) {
    await world.untilStarted(task);
    world.tell(task, prompt);
  }
  const [first, , third] = tasks;
  if (!first || !third) throw new Error("three tasks were added");
  const { id } = world.sessionOf(third);
  world.tell(third, { ...limited, message: "Too many concurrent sessions" });
  // Of those that were admitted one is done meanwhile.
  world.crash(first);
  world.tell(third, { kind: "session-ready" });
  await world.untilSession(id, "stopped");
  expect(world.limits).toHaveLength(1);
  expect(world.store.profiles.list()[0]?.learnedCap).toBe(2);
});

test("a session that does not go on after its limit asks for the person, and is not typed into again", async () => {
  const world = createWorld();
  const task = world.addTask("mute");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.tell(task, limited);
  world.setProfile("ready");
  await expect.poll(() => world.host.typed.length).toBe(1);
  await world.clock.advance(5_000);
  await world.untilTask(task, "needs-input");
  expect(world.steps.require(task).reason).toContain("may be over");
  world.tell(task, { kind: "session-ready" });
  world.setProfile("ready");
  expect(world.host.typed).toHaveLength(1);
  expect(world.limits).toHaveLength(1);
});

test("a limit that ended while no core ran holds nobody up at the next start", async () => {
  const world = createWorld();
  const task = world.addTask("limited");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  world.tell(task, prompt);
  world.tell(task, limited);
  world.steps.apply(task, { kind: "parked", reason: "rate-limit" }, "test");
  world.supervisor.run();
  expect(world.limits).toEqual([]);
  await expect
    .poll(() => world.host.typed.join(""))
    .toContain("The limit that stopped you is over");
});

test("work that cannot be looked at when its worker falls silent waits for the person", async () => {
  const world = createWorld({ isWorktreeGone: true });
  const task = world.addTask("gone");
  world.supervisor.run();
  await world.untilStarted(task);
  world.store.write("test", () => world.store.tasks.update(task, { reminders: 1 }));
  world.tell(task, prompt);
  world.tell(task, turnEnded);
  await world.untilTask(task, "needs-input");
  expect(world.steps.require(task).reason).toContain("the worktree is gone");
});

test("a task that was cancelled just before a crash has its session ended by the next core", async () => {
  const world = createWorld();
  const task = world.addTask("cancelled");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  world.tell(task, prompt);
  world.steps.apply(task, { kind: "cancel-asked" }, "person");
  world.supervisor.run();
  await world.untilSession(claimed.session.id, "ended");
});

test("a start that a crash cut off leaves no open intent behind", async () => {
  const world = createWorld();
  const [lost, begun] = [world.addTask("lost"), world.addTask("begun")];
  for (const task of [lost, begun]) world.dispatcher.claim(task);
  await world.sessions.begin(world.sessionOf(begun), { file: "claude", args: [], env: {} });
  await world.sessions.reconcile();
  expect(world.store.sessions.find(world.sessionOf(lost).id)?.state).toBe("failed");
  expect(world.store.intents.listOpen()).toEqual([]);
});

test("work that was taken out of the queue waits for the person, also while its worker's last turn runs out", async () => {
  const world = createWorld();
  const task = world.addTask("taken out");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.tell(task, prompt);
  expect(await world.finisher.finish(task, id, "done", "test")).toMatchObject({ kind: "queued" });
  world.steps.apply(task, { kind: "taken-out" }, "person");
  world.tell(task, { kind: "tool-ended", tool: "mcp" });
  expect(world.steps.require(task).status).toBe("needs-input");
  expect(await world.finisher.finish(task, id, "done", "test")).toEqual({ kind: "not-held" });
  world.tell(task, turnEnded);
  await world.untilSession(id, "ended");
  expect(world.steps.require(task)).toMatchObject({
    status: "needs-input",
    reason: "you took it out of the merge queue; retry it to go on",
  });
});

test("what a session told while no core ran is read to its end, however much it was", async () => {
  const world = createWorld();
  const task = world.addTask("talkative");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  const bodies = [prompt, { kind: "tool-ended", tool: "Bash" }, turnEnded];
  for (const [index, body] of bodies.entries()) {
    const at = `2026-11-21T09:00:0${index}.000Z`;
    const told = { at, signal: "hook:Test", ...body };
    world.host.journal.push({ seq: index + 1, at, kind: "hook", body: told });
  }
  await world.sessions.reconcile();
  expect(world.store.sessions.find(claimed.session.id)).toMatchObject({
    state: "idle",
    signalSeq: 3,
  });
});

test("what a session left running when it ended by itself is stopped before the host forgets it", async () => {
  const world = createWorld();
  const task = world.addTask("crashes");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.crash(task);
  await expect.poll(() => world.host.rows.has(id)).toBe(false);
  expect(world.host.stopped).toContain(id);
});

test("a conversation that could not be continued is not tried again: the next session begins anew", async () => {
  const world = createWorld();
  const task = world.addTask("forgotten");
  world.supervisor.run();
  await world.untilStarted(task);
  const first = world.sessionOf(task);
  world.tell(task, { ...prompt, signal: "hook:UserPromptSubmit" });
  world.crash(task);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== first.id);
  await world.untilStarted(task);
  const second = world.sessionOf(task);
  expect(second.providerSession).toBe(first.providerSession);
  world.crash(task);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(8_000);
  await world.until(() => world.sessionOf(task).id !== second.id);
  expect(world.sessionOf(task)).toMatchObject({ isResumed: false });
});

test("a task that cannot be claimed keeps no other waiting, and is tried again", async () => {
  const world = createWorld();
  world.unclaimable.title = "first";
  const [first, second] = [world.addTask("first"), world.addTask("second")];
  world.supervisor.run();
  await world.untilStarted(second);
  expect(world.steps.require(first).status).toBe("ready");
  world.unclaimable.title = null;
  await world.clock.advance(30_000);
  await world.untilStarted(first);
});

test("a sign-in whose end could not be followed is followed again until it is, and then no more", async () => {
  const world = createWorld();
  const { store, clock, signIns } = world;
  world.supervisor.run();
  signIns.failing = true;
  const profile = store.profiles.list()[0]?.name ?? ProfileName.parse("max-1");
  const { id } = store.write("person", () =>
    store.sessions.insert(sampleSession({ kind: "sign-in", profile, state: "working" })),
  );
  store.write("host", (record) => {
    store.sessions.update(id, { state: "ended" });
    record("session.ended", id);
  });
  await expect.poll(() => signIns.ended).toEqual([id]);
  await expect.poll(() => clock.pending()).toBeGreaterThan(0);
  signIns.failing = false;
  await clock.advance(10_000);
  await expect.poll(() => signIns.ended).toEqual([id, id]);
  await clock.advance(60_000);
  expect(signIns.ended).toEqual([id, id]);
});

test("a sign-in link goes with the session that offered it", async () => {
  const world = createWorld();
  const task = world.addTask("signs in");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.tell(task, { kind: "link-offered", url: "https://example.org/sign-in?state=1" });
  expect(world.store.sessions.find(id)?.link).toContain("sign-in");
  world.crash(task);
  expect(world.store.sessions.find(id)?.link).toBeNull();
});

const started = { ...prompt, signal: "hook:UserPromptSubmit" };

test("a session that broke off is resumed, and says so", async () => {
  const world = createWorld();
  const task = world.addTask("breaks");
  world.supervisor.run();
  await world.untilStarted(task);
  const first = world.sessionOf(task);
  expect(first.recovery).toBeNull();
  world.tell(task, started);
  world.crash(task);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== first.id);
  expect(world.sessionOf(task).recovery).toMatchObject({
    rung: "resumed",
    reason: `${first.id} broke off: exit code 1`,
  });
});

test("a conversation that cannot be continued costs no try: the task goes out again with a new one", async () => {
  const world = createWorld();
  const task = world.addTask("forgotten");
  world.supervisor.run();
  await world.untilStarted(task);
  const first = world.sessionOf(task);
  world.tell(task, started);
  world.crash(task);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== first.id);
  await world.untilStarted(task);
  const second = world.sessionOf(task);
  world.crash(task);
  await world.clock.advance(2_000);
  await world.until(() => world.sessionOf(task).id !== second.id);
  const third = world.sessionOf(task);
  expect(third).toMatchObject({ isResumed: false, recovery: { rung: "re-dispatched" } });
  expect(third.recovery?.reason).toContain("could not be continued");
  expect(world.steps.require(task).failures).toBe(1);
});

test("a minute of work clears the crashes before it; a task that is given up says that it needs you", async () => {
  const world = createWorld();
  const task = world.addTask("crashes");
  world.supervisor.run();
  const crashNext = async (attempt: number, healthyMs: number) => {
    await world.until(
      () => world.steps.require(task).attempts === attempt && world.sessionOf(task).pid !== null,
    );
    world.tell(task, started);
    await world.clock.advance(healthyMs);
    world.crash(task);
  };
  await crashNext(1, 0);
  await expect.poll(() => world.clock.pending()).toBeGreaterThan(0);
  await world.clock.advance(2_000);
  await crashNext(2, 0);
  expect(world.steps.require(task).failures).toBe(2);
  await world.clock.advance(8_000);
  await crashNext(3, 60_000);
  expect(world.steps.require(task)).toMatchObject({ status: "ready", failures: 1 });
  await world.clock.advance(2_000);
  await crashNext(4, 0);
  await world.clock.advance(8_000);
  await crashNext(5, 0);
  expect(world.steps.require(task).status).toBe("failed");
  expect(world.sessionOf(task).recovery?.rung).toBe("needs-you");
});

test("three tasks in a row that are given up break their profile, once", async () => {
  const world = createWorld();
  const tasks = ["one", "two", "three"].map((title) => world.addTask(title));
  world.store.write("test", () => {
    for (const task of tasks) world.store.tasks.update(task, { failures: 2 });
  });
  world.supervisor.run();
  await world.clock.advance(8_000);
  for (const task of tasks) {
    await world.untilStarted(task);
    world.crash(task);
    await world.untilTask(task, "failed");
  }
  expect(world.broken).toEqual(["max-1"]);
});

test("a burst of refused logins is one incident; its sessions wait for the sign-in and are charged nothing", async () => {
  const world = createWorld();
  const tasks = [world.addTask("one"), world.addTask("two")];
  world.supervisor.run();
  for (const task of tasks) {
    await world.untilStarted(task);
    world.tell(task, prompt);
  }
  for (const task of tasks)
    world.tell(task, { kind: "turn-failed", error: "authentication", message: "401" });
  for (const task of tasks) {
    expect(world.steps.require(task)).toMatchObject({ status: "parked", failures: 0 });
    expect(world.steps.require(task).reason).toContain("sign-in: cannot sign in: 401");
  }
  world.setProfile("ready");
  await expect.poll(() => world.host.typed.length).toBe(2);
});

const unreachable = { kind: "turn-failed", error: "server", message: "ConnectionRefused" };

test("without a network a session waits, ever longer, and goes on by itself; nothing is charged", async () => {
  const world = createWorld();
  const task = world.addTask("offline");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  for (const [round, waitMs] of [30_000, 60_000].entries()) {
    world.tell(task, unreachable);
    expect(world.steps.require(task)).toMatchObject({ status: "parked", failures: 0 });
    expect(world.steps.require(task).reason).toMatch(
      /^retry: cannot reach the provider.*; tried again at \w{3} \d+ \w{3}, \d\d:\d\d \(.+\)$/,
    );
    await world.clock.advance(waitMs - 1);
    expect(world.host.typed).toHaveLength(round);
    await world.clock.advance(1);
    await expect.poll(() => world.host.typed.length).toBe(round + 1);
    world.tell(task, { ...prompt, prompt: typedText(world.host.typed.at(-1)) });
    expect(world.steps.require(task).status).toBe("running");
  }
  expect(world.limits).toEqual([]);
});

test("a session without a network waits anew after a restart of the core", async () => {
  const world = createWorld();
  const task = world.addTask("offline");
  const claimed = world.dispatcher.claim(task);
  if (!claimed) throw new Error("nothing was claimed");
  await world.sessions.begin(claimed.session, { file: "claude", args: [], env: {} });
  world.tell(task, prompt);
  world.tell(task, unreachable);
  world.steps.apply(task, { kind: "parked", reason: "retry: whatever" }, "test");
  world.supervisor.run();
  expect(world.host.typed).toEqual([]);
  await world.clock.advance(30_000);
  await expect.poll(() => world.host.typed.length).toBe(1);
});

test("what could not be saved on a full disk is taken up again once there is room", async () => {
  const world = createWorld({ survivesFailures: true });
  const task = world.addTask("full");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  const apply = vi.spyOn(world.steps, "apply").mockImplementation(() => {
    throw new SwitchyardError("disk-full", "The disk is full.");
  });
  world.tell(task, { kind: "turn-failed", error: "rate-limit", message: "limit" });
  await world.clock.advance(10_000);
  expect(world.steps.require(task).status).toBe("running");
  apply.mockRestore();
  await world.clock.advance(10_000);
  expect(world.steps.require(task).status).toBe("parked");
});

test("an idle session whose turn's end could not be followed up is looked at again, and keeps no slot", async () => {
  const world = createWorld();
  const task = world.addTask("idle");
  world.supervisor.run();
  await world.untilStarted(task);
  world.tell(task, prompt);
  world.store.write("test", () => world.store.tasks.update(task, { reminders: 1 }));
  const finish = vi
    .spyOn(world.finisher, "finish")
    .mockImplementation(async () => ({ kind: "nothing-committed" }));
  const apply = vi.spyOn(world.steps, "apply").mockImplementation(() => {
    throw new SwitchyardError("disk-full", "The disk is full.");
  });
  world.tell(task, turnEnded);
  await world.clock.advance(10_000);
  expect(world.steps.require(task).status).toBe("running");
  apply.mockRestore();
  finish.mockRestore();
  await world.clock.advance(10_000);
  await world.untilTask(task, "queued");
  expect(world.looks.again).toBeGreaterThan(0);
});

test("a session that could not be ended is ended once it can be", async () => {
  const world = createWorld();
  const task = world.addTask("stuck");
  world.supervisor.run();
  await world.untilStarted(task);
  const { id } = world.sessionOf(task);
  world.tell(task, prompt);
  world.host.unkillable.add(id);
  world.store.write("person", () => world.steps.apply(task, { kind: "cancel-asked" }, "person"));
  world.tell(task, turnEnded);
  await world.clock.advance(10_000);
  expect(world.store.sessions.find(id)?.state).toBe("idle");
  world.host.unkillable.clear();
  await world.clock.advance(20_000);
  await world.untilSession(id, "ended");
});

test("what a session has not committed is kept before it is ended", async () => {
  const world = createWorld();
  const task = world.addTask("stopped");
  world.supervisor.run();
  await world.untilStarted(task);
  const id = world.steps.require(task).session;
  if (!id) throw new Error("no session was started");
  await world.sessions.end(id, "stopped", "person");
  expect(world.kept).toEqual([{ id, wasStopped: false }]);
  expect(world.host.stopped).toContain(id);
});

function typedText(typed = ""): string {
  return typed.replace("\u001b[200~", "").replace("\u001b[201~\r", "");
}

test("a task whose budget is used up is not started, says why, and starts when there is a new one", async () => {
  const world = createWorld();
  world.hold.reason = "Today has cost $50.10 of the $50.00 that a day may.";
  const task = world.addTask("dear");
  world.supervisor.run();
  expect(world.dispatcher.claim(task)).toBeNull();
  expect(world.dispatcher.place(world.steps.require(task))).toEqual({
    kind: "none",
    reasons: [world.hold.reason],
  });
  world.hold.reason = null;
  world.dispatcher.wake();
  await world.untilStarted(task);
});
