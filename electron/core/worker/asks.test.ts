import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AskAnswer } from "../../../shared/model/ask.ts";
import type { AskId, SessionId } from "../../../shared/model/ids.ts";
import type { Session } from "../../../shared/model/session.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import {
  readClaudeAsk,
  readClaudeGate,
  writeClaudeAnswer,
} from "../provider/claude/read-claude-ask.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { Asks, isDialog } from "./asks.ts";

let home: string;
let store: Store;
let asks: Asks;
let session: SessionId;
/** What the host holds open; answering takes it away. */
let held: Set<string>;
let answers: { request: string; body: unknown }[];
/** Whether the session's row takes what is heard. */
let isFull: boolean;
const clock = fakeClock();
const ending = new AbortController();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-asks-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  store = openStore({ folder, clock, mode: "write" });
  session = store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), {});
    return store.sessions.insert(sampleSession({ state: "working" })).id;
  });
  held = new Set();
  answers = [];
  isFull = false;
  asks = nextCore();
});
afterEach(() => {
  asks[Symbol.dispose]();
  store.close();
  rmSync(home, { recursive: true, force: true });
});

/** What a core makes of the same store and host. */
function nextCore(): Asks {
  const made = new Asks({
    store,
    clock,
    log: silentLog,
    held: async () => [...held],
    answer: async (request, body) => {
      answers.push({ request, body: JSON.parse(body) });
      return held.delete(request);
    },
    read: (purpose, body) => (purpose === "gate" ? readClaudeGate(body) : readClaudeAsk(body)),
    write: writeClaudeAnswer,
    hear: (id, { kind, signal, at }) => {
      if (isFull) throw new Error("the disk is full");
      const evidence = [{ signal, at, detail: null }];
      const state = kind === "tool-started" ? "working" : "needs-input";
      store.write("test", () => store.sessions.update(id, { state, evidence }));
    },
  });
  made.run();
  return made;
}

/** The host hands over what was asked just now. */
const take = (request: string, purpose: "ask" | "gate", body: string) =>
  asks.take({ request, session, purpose, body, at: clock.now().toISOString() });
const later = () => new Date(clock.now().getTime() + 1_000).toISOString();

async function asked(tool_name: string, tool_input: object, request = "r-1") {
  held.add(request);
  await take(request, "ask", JSON.stringify({ tool_name, tool_input }));
  return theAsk();
}

async function stopped(command: string, request = "r-1", place = ".") {
  held.add(request);
  const why = "it removes what is outside";
  const body = { tool_name: "Bash", tool_input: { command }, why, place };
  await take(request, "gate", JSON.stringify(body));
}

function theAsk() {
  const [ask] = store.asks.list();
  if (!ask) throw new Error("nothing was asked");
  return ask;
}

const move = (state: Session["state"], level?: string) =>
  store.write("test", () => {
    const evidence = level ? [{ signal: `level:${level}`, at: later(), detail: null }] : [];
    store.sessions.update(session, { state, evidence });
  });
const stateOf = (id: AskId) => store.asks.find(id)?.state;
const decision = (body: unknown) =>
  (body as { hookSpecificOutput: { decision: object } }).hookSpecificOutput.decision;
const yes: AskAnswer = { kind: "allow" };

test("a permission shows the whole command, and a yes lets exactly that one go on", async () => {
  const ask = await asked("Bash", { command: "rm -rf ../x\necho done", description: "d" });
  expect(ask).toMatchObject({
    kind: "permission",
    state: "open",
    summary: "rm -rf ../x echo done",
    detail: "rm -rf ../x\necho done",
  });
  expect(store.sessions.find(session)?.state).toBe("needs-input");
  expect(await asks.answer(ask.id, yes)).toMatchObject({ state: "allowed" });
  expect(answers.map(({ body }) => decision(body))).toEqual([{ behavior: "allow" }]);
});

test("a no is told with the person's words", async () => {
  const ask = await asked("Write", { file_path: "/etc/hosts", content: "x" });
  await asks.answer(ask.id, { kind: "deny", note: "not there" });
  expect(decision(answers[0]?.body)).toEqual({ behavior: "deny", message: "not there" });
});

test("the first answer wins, and the second hears who did", async () => {
  const ask = await asked("Bash", { command: "x" });
  const both = [asks.answer(ask.id, yes), asks.answer(ask.id, { kind: "deny" })];
  const [first, second] = await Promise.allSettled(both);
  expect(first?.status).toBe("fulfilled");
  expect(second).toMatchObject({
    reason: { code: "wrong-state", message: `${ask.id} was allowed already.` },
  });
  expect(answers).toHaveLength(1);
});

test("a card goes when its dialog was answered in the pane, whatever the answer was", async () => {
  for (const [request, state, level] of [
    ["r-1", "working", "busy"],
    ["r-2", "interrupted", "idle"],
    ["r-3", "idle", "idle"],
  ] as const) {
    await asked("Bash", { command: request }, request);
    move("needs-input", "waiting");
    move(state, level);
    const ask = store.asks.findByRequest(request);
    expect([request, ask?.state]).toEqual([request, "in-pane"]);
    await expect(asks.answer(ask?.id ?? ("" as AskId), yes)).rejects.toMatchObject({
      message: expect.stringContaining("answered in its pane already"),
    });
    await clock.advance(5_000);
  }
  expect(answers.map(({ body }) => body)).toEqual([{}, {}, {}]);
});

test("a status that is written a little late takes no card away", async () => {
  const ask = await asked("Bash", { command: "x" });
  const at = clock.now().toISOString();
  const evidence = [{ signal: "level:busy", at, detail: null }];
  store.write("test", () => store.sessions.update(session, { state: "working", evidence }));
  expect(stateOf(ask.id)).toBe("open");
});

test("what was asked and answered in the pane while no core ran is no ask any more", async () => {
  move("working", "busy");
  held.add("r-1");
  await take("r-1", "ask", JSON.stringify({ tool_name: "Bash", tool_input: { command: "x" } }));
  expect([store.asks.list(), answers]).toEqual([[], [{ request: "r-1", body: {} }]]);
  expect(store.sessions.find(session)?.state).toBe("working");
});

test("what other tools do while a dialog is open does not take its card away", async () => {
  const ask = await asked("Bash", { command: "x" });
  move("needs-input", "waiting");
  move("working", "waiting");
  expect(stateOf(ask.id)).toBe("open");
});

test("what a subagent asks stays while its session goes on, and holds no message up", async () => {
  held.add("r-1");
  const call = { tool_name: "Bash", tool_input: { command: "x" } };
  const body = { ...call, agent_id: "a5", agent_type: "general-purpose" };
  await take("r-1", "ask", JSON.stringify(body));
  expect(theAsk()).toMatchObject({ why: "its subagent general-purpose asks", state: "open" });
  expect(store.sessions.find(session)?.state).toBe("working");
  move("working", "busy");
  move("idle", "idle");
  expect([stateOf(theAsk().id), isDialog(theAsk())]).toEqual(["open", false]);
  await asks.answer(theAsk().id, yes);
  expect(decision(answers[0]?.body)).toEqual({ behavior: "allow" });
  expect(store.sessions.find(session)?.state).toBe("idle");
});

test("an ask is gone with its session, with its asker, and with the host that held it", async () => {
  const one = await asked("Bash", { command: "1" }, "r-1");
  asks.dropped("r-1");
  expect(stateOf(one.id)).toBe("gone");
  await asked("Bash", { command: "2" }, "r-2");
  held.clear();
  await asks.reconcile();
  expect(store.asks.findByRequest("r-2")?.state).toBe("gone");
  await asked("Bash", { command: "3" }, "r-3");
  move("stopped");
  expect(store.asks.findByRequest("r-3")?.state).toBe("gone");
});

test("the core dies while an ask is open: the next one holds the same ask, once", async () => {
  const ask = await asked("Bash", { command: "x" });
  asks[Symbol.dispose]();
  asks = nextCore();
  await asks.reconcile();
  await asked("Bash", { command: "x" });
  expect(store.asks.list().map(({ id, state }) => [id, state])).toEqual([[ask.id, "open"]]);
  await asks.answer(ask.id, yes);
  expect(answers).toHaveLength(1);
});

test("the core dies between the answer and its delivery: the next one delivers it", async () => {
  const ask = await asked("Bash", { command: "x" });
  store.write("person", () => store.asks.close(ask.id, "denied", "no"));
  asks[Symbol.dispose]();
  asks = nextCore();
  await asked("Bash", { command: "x" });
  expect(decision(answers[0]?.body)).toEqual({ behavior: "deny", message: "no" });
});

test("an answer that nobody waits for any more says so", async () => {
  const ask = await asked("Bash", { command: "x" });
  held.clear();
  await expect(asks.answer(ask.id, yes)).rejects.toMatchObject({
    code: "wrong-state",
    message: expect.stringContaining("came too late"),
  });
});

const colours = {
  questions: [
    {
      question: "Which?",
      header: "W",
      multiSelect: true,
      options: [{ label: "Red", description: "r" }, { label: "Blue" }],
    },
    { question: "How?", options: [] },
  ],
};

test("a question is answered with its labels or with one's own words", async () => {
  const ask = await asked("AskUserQuestion", colours);
  expect(ask).toMatchObject({
    kind: "question",
    questions: [
      { question: "Which?", isMultiple: true, options: [{ label: "Red" }, { label: "Blue" }] },
      { question: "How?", isMultiple: false, header: null },
    ],
  });
  const chosen = { "Which?": ["Red", "Blue"], "How?": ["slowly"] };
  await asks.answer(ask.id, { kind: "choose", answers: chosen });
  expect(decision(answers[0]?.body)).toEqual({
    behavior: "allow",
    updatedInput: { ...colours, answers: { "Which?": "Red, Blue", "How?": "slowly" } },
  });
});

test("an answer that does not fit is refused, and the ask stays open", async () => {
  const ask = await asked("AskUserQuestion", colours);
  const wrong: AskAnswer[] = [
    yes,
    { kind: "choose", answers: { "Which?": ["Red"] } },
    { kind: "choose", answers: { "Which?": ["Red"], "How?": ["a", "b"] } },
    { kind: "choose", answers: { "Which?": ["Red"], "How?": ["a"], "Why?": ["c"] } },
  ];
  for (const answer of wrong)
    await expect(asks.answer(ask.id, answer)).rejects.toMatchObject({ code: "bad-input" });
  expect(stateOf(ask.id)).toBe("open");
});

test("a plan is shown as it reads, and its yes carries the plan back", async () => {
  const input = { plan: "# Do it\n1. First", planFilePath: "/p.md" };
  const ask = await asked("ExitPlanMode", input);
  expect(ask).toMatchObject({ kind: "plan", summary: "Do it", detail: input.plan });
  await asks.answer(ask.id, yes);
  expect(decision(answers[0]?.body)).toMatchObject({ behavior: "allow", updatedInput: input });
});

test("a remembered yes lets the same command by in the same project, and no other", async () => {
  const first = await asked("Bash", { command: "make install", description: "Installs" });
  await asks.answer(first.id, { kind: "allow", isRemembered: true });
  await asked("Bash", { description: "Installs it again", command: "make install" }, "r-2");
  expect(store.asks.findByRequest("r-2")).toMatchObject({ state: "allowed" });
  expect(decision(answers[1]?.body)).toEqual({ behavior: "allow" });
  await asked("Bash", { command: "make install-all" }, "r-3");
  expect(store.asks.findByRequest("r-3")?.state).toBe("open");
});

test("a remembered yes at the gate holds for the folder in which the call was made, and for no other", async () => {
  await stopped("rm -rf ../build", "r-1", "packages/a");
  await asks.answer(theAsk().id, { kind: "allow", isRemembered: true });
  await stopped("rm -rf ../build", "r-2", "packages/a");
  await stopped("rm -rf ../build", "r-3");
  await stopped("rm -rf ../build", "r-4", "/srv/other");
  expect(["r-2", "r-3", "r-4"].map((request) => store.asks.findByRequest(request)?.state)).toEqual([
    "allowed",
    "open",
    "open",
  ]);
});

test("a command that holds a key is not remembered: its mask would let by one with another key", async () => {
  const key = `sk-ant-${"x".repeat(20)}`;
  const ask = await asked("Bash", { command: `curl -H 'x-api-key: ${key}' https://example.org` });
  const remembered = asks.answer(ask.id, { kind: "allow", isRemembered: true });
  await expect(remembered).rejects.toThrow("What holds a key cannot be remembered.");
  expect(store.asks.find(ask.id)?.state).toBe("open");
});

test("a description that does something is part of what is remembered", async () => {
  const issue = (description: string) => ({ title: "Leak", description });
  const first = await asked("mcp__tracker__create_issue", issue("one"));
  await asks.answer(first.id, { kind: "allow", isRemembered: true });
  await asked("mcp__tracker__create_issue", issue("two"), "r-2");
  expect(store.asks.findByRequest("r-2")?.state).toBe("open");
});

test("a large input is kept by its digest alone, and remembered as exactly", async () => {
  const write = (end: string) => ({
    file_path: "/srv/x",
    content: `${"x".repeat(1_000_000)}${end}`,
  });
  const first = await asked("Write", write("1"));
  expect(first.input.length).toBeLessThan(100);
  expect(first.detail.length).toBeLessThanOrEqual(20_000);
  expect(first.detail).toMatch(/… and \d+ more characters that are not shown here$/);
  await asks.answer(first.id, { kind: "allow", isRemembered: true });
  await asked("Write", write("1"), "r-2");
  await asked("Write", write("2"), "r-3");
  expect(["r-2", "r-3"].map((request) => store.asks.findByRequest(request)?.state)).toEqual([
    "allowed",
    "open",
  ]);
});

test("the gate lets nothing by that was not allowed", async () => {
  await stopped("rm -rf /srv");
  expect(theAsk()).toMatchObject({ kind: "gate", why: "it removes what is outside" });
  await asks.answer(theAsk().id, { kind: "deny", note: "no" });
  await stopped("rm -rf /srv2", "r-2");
  await asks.answer(store.asks.findByRequest("r-2")?.id ?? ("" as AskId), yes);
  held.add("r-3");
  await take("r-3", "gate", "not JSON");
  expect(answers.map(({ body }) => (body as { decision: string }).decision)).toEqual([
    "deny",
    "allow",
    "deny",
  ]);
});

test("what was allowed at the gate is not asked for again, that one time", async () => {
  await stopped("rm -rf /srv");
  await asks.answer(theAsk().id, yes);
  await asked("Bash", { command: "rm -rf /srv", description: "Removes it" }, "r-2");
  expect(store.asks.findByRequest("r-2")).toMatchObject({ state: "allowed" });
  await asked("Bash", { command: "rm -rf /srv" }, "r-3");
  expect(store.asks.findByRequest("r-3")?.state).toBe("open");
});

test("a session is at work again once the gate or a tool's question was answered", async () => {
  await stopped("rm -rf /srv");
  expect(store.sessions.find(session)?.state).toBe("needs-input");
  await asks.answer(theAsk().id, yes);
  expect(store.sessions.find(session)?.state).toBe("working");
});

test("a tool's question waits for its answer, over a core's death too", async () => {
  held.add("r-1");
  const gone = new AbortController();
  const lost = asks.question("r-1", session, "Which way?", ["left"], gone.signal);
  gone.abort(new Error("the core is stopping"));
  await expect(lost).rejects.toThrow("the core is stopping");
  asks[Symbol.dispose]();
  asks = nextCore();
  const waiting = asks.question("r-1", session, "Which way?", ["left"], ending.signal);
  await asks.answer(theAsk().id, { kind: "choose", answers: { "Which way?": ["up"] } });
  expect(await waiting).toMatchObject({ state: "answered", note: '{"Which way?":["up"]}' });
  const again = await asks.question("r-1", session, "Which way?", ["left"], ending.signal);
  expect(again.state).toBe("answered");
});

test("one answered while the host is asked keeps its answer, and the rest is closed all the same", async () => {
  const one = await asked("Bash", { command: "1" }, "r-1");
  await asked("Bash", { command: "2" }, "r-2");
  held.clear();
  const reconciling = asks.reconcile();
  store.write("person", () => store.asks.close(one.id, "allowed", null));
  await asked("Bash", { command: "3" }, "r-3");
  await reconciling;
  const states = store.asks.list().map(({ state }) => state);
  expect(states).toEqual(["allowed", "gone", "open"]);
});

test("a tool's question that comes again in one core is answered each time, and leaves no listener", async () => {
  const listening: string[] = [];
  const { signal } = new AbortController();
  signal.addEventListener = (name: string) => listening.push(name);
  signal.removeEventListener = () => listening.pop();
  const ask = () => asks.question("r-1", session, "Which way?", [], signal);
  const both = [ask(), ask()];
  expect(listening).toHaveLength(2);
  await asks.answer(theAsk().id, { kind: "choose", answers: { "Which way?": ["up"] } });
  expect(await Promise.all(both)).toMatchObject([{ state: "answered" }, { state: "answered" }]);
  expect(listening).toEqual([]);
});

test("an answer reaches who waits for it though the session's row takes nothing", async () => {
  isFull = true;
  await stopped("rm -rf /srv");
  await asks.answer(theAsk().id, yes);
  expect(answers).toMatchObject([{ request: "r-1", body: { decision: "allow" } }]);
  const waiting = asks.question("r-2", session, "Which way?", [], ending.signal);
  const id = store.asks.findByRequest("r-2")?.id ?? ("" as AskId);
  await asks.answer(id, { kind: "choose", answers: { "Which way?": ["up"] } });
  expect(await waiting).toMatchObject({ state: "answered" });
});

test("an ask whose session ended unheard is closed when everything is looked at again", async () => {
  const { id } = await asked("Bash", { command: "make" });
  // What followed from that commit was not carried out.
  asks[Symbol.dispose]();
  move("failed");
  expect(stateOf(id)).toBe("open");
  asks.lookAgain();
  expect(stateOf(id)).toBe("gone");
});

test("what is no ask is left to the pane", async () => {
  held.add("r-1");
  await take("r-1", "ask", "[]");
  expect([answers, store.asks.list()]).toEqual([[{ request: "r-1", body: {} }], []]);
});
