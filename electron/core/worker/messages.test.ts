import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostContract, hostContract } from "../../../shared/contract/host-contract.ts";
import { createClient, type Handlers, serveWire } from "../../../shared/contract/rpc.ts";
import { createWirePair } from "../../../shared/contract/wire.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { SessionState } from "../../../shared/model/session.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { Messages } from "./messages.ts";

let home: string;
let store: Store;
let clock: FakeClock;
let messages: Messages;
let session: SessionId;
let typed: string[];
/** Resolves with the next keys that are typed. */
let onKeys: ((keys: string) => void) | null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-messages-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  clock = fakeClock();
  store = openStore({ folder, clock, mode: "write" });
  session = store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), {});
    return store.sessions.insert(sampleSession({ state: "idle" })).id;
  });
  typed = [];
  onKeys = null;
  const [ours, theirs] = createWirePair();
  const handlers = {
    write: ({ base64 }: { base64: string }) => {
      const keys = Buffer.from(base64, "base64").toString();
      typed.push(keys);
      onKeys?.(keys);
      return {};
    },
  };
  // Only what is typed matters here, and only that is called.
  serveWire(hostContract, theirs, handlers as unknown as Handlers<HostContract>);
  const client = createClient(hostContract, ours);
  messages = new Messages({ store, clock, host: () => client });
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const nextKeys = () =>
  new Promise<string>((resolve) => {
    onKeys = resolve;
  });
const become = (state: SessionState) =>
  store.write("test", () => store.sessions.update(session, { state }));
const paste = (text: string) => `\u001b[200~${text}\u001b[201~\r`;

test("a message is delivered when the program says that it has taken it up, and not before", async () => {
  const keys = nextKeys();
  const sent = messages.send(session, "go on\n");
  expect(await keys).toBe(paste("go on\n"));
  messages.accepted(session, "something else");
  messages.accepted(session, "go on");
  expect(await sent).toBe(true);
});

test("one that is not confirmed in time is told as not delivered", async () => {
  const keys = nextKeys();
  const sent = messages.send(session, "go on");
  await keys;
  await clock.advance(5_000);
  expect(await sent).toBe(false);
});

test.each(["needs-input", "unknown", "starting"] as const)(
  "nothing is typed into a session that is %s",
  async (state) => {
    become(state);
    await expect(messages.send(session, "1")).rejects.toMatchObject({ code: "wrong-state" });
    expect(typed).toEqual([]);
  },
);

test("nothing is typed while a dialog is open, whatever the session's state says", async () => {
  store.write("test", () =>
    store.asks.insert({
      kind: "permission",
      session,
      task: null,
      project: null,
      profile: sampleProfile().name,
      tool: "Bash",
      summary: "x",
      detail: "x",
      why: null,
      questions: [],
      request: "r-1",
      input: "{}",
    }),
  );
  await expect(messages.send(session, "1")).rejects.toMatchObject({
    hint: "Answer it first: switchyard inbox show a-1",
  });
  expect(typed).toEqual([]);
});

test("a command or an end of the paste in a message is text like any other", async () => {
  for (const text of ["/exit", "!rm -rf x", "a\u001b[20\u001b[201~1~\r/exit"]) {
    const keys = nextKeys();
    const sent = messages.send(session, text);
    expect(await keys).toBe(paste(/^[/!]/.test(text) ? ` ${text}` : "a[201~\n/exit"));
    await clock.advance(5_000);
    await sent;
  }
});

test("after an interruption the prompt is emptied first, as the old message may stand in it", async () => {
  become("working");
  await messages.interrupt(session);
  const keys = nextKeys();
  const sent = messages.send(session, "stop that");
  expect(typed).toEqual(["\u001b"]);
  become("interrupted");
  expect(await keys).toBe(`\u0003${paste("stop that")}`);
  messages.accepted(session, "stop that");
  expect(await sent).toBe(true);
});

test("an Esc that changes nothing holds no message up for long", async () => {
  become("working");
  await messages.interrupt(session);
  const keys = nextKeys();
  const sent = messages.send(session, "go on");
  await clock.advance(2_000);
  expect(await keys).toBe(paste("go on"));
  messages.accepted(session, "go on");
  expect(await sent).toBe(true);
});
