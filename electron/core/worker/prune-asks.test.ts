import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SessionId } from "../../../shared/model/ids.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { Repeat } from "../base/repeat.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile, sampleProject, sampleSession } from "../store/sample-rows.ts";
import type { AskRecord, Store } from "../store/store.ts";
import { pruneAsks } from "./prune-asks.ts";

const HOUR_MS = 3_600_000;
let home: string;
let store: Store;
let clock: FakeClock;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-asks-"));
  const folder = dataFolder(home);
  prepareDataFolder(folder);
  clock = fakeClock();
  store = openStore({ folder, clock, mode: "write" });
  store.write("test", () => {
    store.projects.insert(sampleProject());
    store.profiles.insert(sampleProfile(), {});
  });
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

const addSession = () =>
  store.write("test", () => store.sessions.insert(sampleSession({ state: "working" }))).id;

let requests = 0;
function addAsk(session: SessionId, isClosed = true): AskRecord {
  return store.write("test", () => {
    const ask = store.asks.insert({
      kind: "permission",
      session,
      task: null,
      project: sampleProject().name,
      profile: sampleProfile().name,
      tool: "Bash",
      summary: "ls",
      detail: "ls",
      why: null,
      questions: [],
      request: `r-${requests++}`,
      input: "{}",
    });
    if (isClosed) store.asks.close(ask.id, "allowed", null);
    return ask;
  });
}
const hourly = () =>
  new Repeat({
    clock,
    everyMs: HOUR_MS,
    work: () => pruneAsks({ store, clock }),
    onError: (error) => expect.unreachable(String(error)),
  });
const idsOf = (session: SessionId) => store.asks.list({ session }).map(({ id }) => id);

test("what was closed a month ago goes, but for what is open and the newest of each session", async () => {
  const [one, other] = [addSession(), addSession()];
  const [, , open] = [addAsk(one), addAsk(one), addAsk(one, false)];
  const last = addAsk(one);
  const only = addAsk(other);
  await using keeper = hourly();
  keeper.run();
  await clock.advance(30 * 24 * HOUR_MS);
  expect(idsOf(one)).toHaveLength(4);
  const newer = addAsk(other);
  await clock.advance(HOUR_MS);
  expect(idsOf(one)).toEqual([open.id, last.id]);
  expect(idsOf(other)).toEqual([newer.id]);
  expect(store.asks.find(only.id)).toBeUndefined();
  expect(store.events.newest(1)[0]).toMatchObject({ kind: "asks.pruned", data: { count: 3 } });
});

test("a session that asks all day keeps its newest 500, and all of the last day", async () => {
  const session = addSession();
  const early = Array.from({ length: 510 }, () => addAsk(session).id);
  await using keeper = hourly();
  keeper.run();
  expect(idsOf(session)).toHaveLength(510);
  await clock.advance(25 * HOUR_MS);
  expect(idsOf(session)).toEqual(early.slice(-500));
  // Nothing more goes, and nothing is told again.
  const told = store.events.lastSeq();
  await clock.advance(HOUR_MS);
  expect(store.events.lastSeq()).toBe(told);
});
