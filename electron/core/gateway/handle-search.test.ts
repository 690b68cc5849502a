import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { createGatewayFixture, type GatewayFixture } from "./gateway-fixture.ts";
import { handleSearch } from "./handle-search.ts";

let fixture: GatewayFixture;
let store: Store;
let client: Client<AppContract>;
let screens: Record<string, readonly string[]>;
/** Reading a screen waits for this. */
let gate: Promise<unknown>;

beforeEach(() => {
  fixture = createGatewayFixture();
  const { folder } = fixture;
  ({ store } = fixture);
  store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), {});
  });
  screens = {};
  gate = Promise.resolve();
  const handlers = handleSearch({
    store,
    places: {
      recordOf: (session) =>
        session.name === "shell" ? null : recordFile(session.providerSession),
      readScreen: async (session) => {
        await gate;
        return screens[session.id] ?? [];
      },
    },
    folderOf: (id) => folder.sessionDir(id),
    signal: new AbortController().signal,
  });
  client = fixture.serve(handlers);
});
afterEach(() => fixture[Symbol.dispose]());

const recordFile = (conversation: string) => join(fixture.folder.home, `${conversation}.jsonl`);
const user = (content: unknown) => ({
  type: "user",
  timestamp: "2026-11-21T09:00:00.000Z",
  message: { content },
});
const worker = (...content: unknown[]) => ({ type: "assistant", message: { content } });
const text = (said: string) => ({ type: "text", text: said });

function add(more: Parameters<typeof sampleSession>[0] = {}) {
  return store.write("test", () => store.sessions.insert(sampleSession(more)));
}

function record(conversation: string, lines: readonly unknown[]): void {
  writeFileSync(
    recordFile(conversation),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
}

test("text is found in what was said, with who said it, and not in what the program notes for itself", async () => {
  const session = add({ state: "ended" });
  record(session.providerSession, [
    { type: "mode", mode: "Lemon curd" },
    user('Make a "lemon curd" with zest.\nThen stop.'),
    worker(text("It needs eggs."), { type: "thinking", thinking: "lemon curd" }),
    worker({ type: "tool_use", name: "Bash", input: { command: "make LEMON CURD" } }),
    user([{ type: "tool_result", content: "no rule for lemon\u001b[0m curd" }]),
  ]);
  const answer = await client.call("search.find", { text: "lemon curd" });
  expect(answer).toMatchObject({ searched: 1, isCut: false });
  expect(answer.found[0]?.hits).toEqual([
    {
      where: "transcript",
      line: 2,
      at: "2026-11-21T09:00:00.000Z",
      who: "you",
      text: 'Make a "lemon curd" with zest.',
      from: 8,
      length: 10,
    },
    expect.objectContaining({ line: 4, who: "tool", text: "Bash command: make LEMON CURD" }),
  ]);
  const quoted = await client.call("search.find", { text: '"lemon' });
  expect(quoted.found[0]?.hits).toHaveLength(1);
  expect((await client.call("search.find", { text: "(lemon|egg).*" })).found).toEqual([]);
});

test("a live terminal is searched too, and what it drew many times is found once, the newest first", async () => {
  const session = add({ state: "working" });
  screens[session.id] = ["$ make pie", "a pie", "$ ls", "a pie", "crumbs"];
  const { found } = await client.call("search.find", { text: "PIE" });
  expect(found[0]?.hits.map(({ where, line, text }) => [where, line, text])).toEqual([
    ["terminal", 4, "a pie"],
    ["terminal", 1, "$ make pie"],
  ]);
});

test("a conversation is searched once, in its newest session; one without a record by what it showed", async () => {
  const conversation = "11111111-2222-4333-8444-555555555555";
  const shell = add({ name: "shell", state: "failed" });
  add({ state: "ended", providerSession: conversation });
  const newer = add({ state: "ended", providerSession: conversation });
  record(conversation, [user("find the plum")]);
  screens[shell.id] = ["npm: plum is missing"];
  const { found } = await client.call("search.find", { text: "plum" });
  expect(found.map(({ session }) => session)).toEqual([newer.id, shell.id]);
});

test("of many hits the first are told and the others counted, and many sessions are cut", async () => {
  const conversation = Array.from({ length: 20 }, () => user("the same"));
  store.write("test", () => {
    for (let n = 0; n < 40; n += 1)
      record(
        store.sessions.insert(sampleSession({ state: "ended" })).providerSession,
        conversation,
      );
  });
  const { found, isCut, searched } = await client.call("search.find", { text: "same" });
  expect(found[0]?.hits).toHaveLength(8);
  expect(found[0]?.more).toBe(12);
  expect([isCut, searched]).toEqual([true, 30]);
});

test("a newer search of the same window ends the one before it", async () => {
  const { id } = add({ state: "working" });
  add({ state: "working" });
  screens[id] = ["needle"];
  const opened = Promise.withResolvers<void>();
  gate = opened.promise;
  const first = client.call("search.find", { text: "need" });
  first.catch(() => undefined);
  const second = client.call("search.find", { text: "needle" });
  opened.resolve();
  await expect(first).rejects.toMatchObject({ code: "wrong-state" });
  expect((await second).found).toHaveLength(1);
});

test("a transcript is read from a line on, or its end; keys in it are masked and long texts cut", async () => {
  const session = add();
  record(session.providerSession, [
    user("one"),
    { type: "mode" },
    worker(text(`two sk-ant-${"k".repeat(20)}`)),
    user("x".repeat(30_000)),
  ]);
  const call = (input: object) =>
    client.call("session.transcript", { session: session.id, lines: 2, ...input });
  const start = await call({ from: 1 });
  expect(start).toMatchObject({ from: 1, end: 4 });
  expect(start.entries.map(({ text: said }) => said)).toEqual(["one"]);
  const end = await call({});
  expect(end.from).toBe(3);
  expect(end.entries.map(({ line, isCut }) => [line, isCut])).toEqual([
    [3, false],
    [4, true],
  ]);
  expect(end.entries[0]?.text).toBe(`two sk-ant-${"x".repeat(20)}`);
});

test("the last answer of a worker is given as it wrote it; where there is none that is said", async () => {
  const session = add();
  const ask = () => client.call("session.answer", { session: session.id });
  await expect(ask()).rejects.toMatchObject({
    code: "not-found",
    hint: `See what it shows: switchyard session log ${session.id}`,
  });
  record(session.providerSession, [worker(text("first")), worker(text("# Done\n\nAll of it."))]);
  expect(await ask()).toEqual({ text: "# Done\n\nAll of it." });
});

test("a search for nothing, in no session or no project is refused", async () => {
  const refused = (input: never) =>
    expect(client.call("search.find", input)).rejects.toMatchObject({
      code: expect.stringMatching(/bad-input|not-found/),
    });
  await refused({ text: "" } as never);
  await refused({ text: "a", session: "s-99" } as never);
  await refused({ text: "a", project: "nowhere" } as never);
});
